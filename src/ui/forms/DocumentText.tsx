import { useRef } from 'react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Forms.module.css';
import type { TextFault } from './rules-form.ts';

interface Props {
  readonly text: string;
  readonly fault: TextFault | undefined;
  /** What is odd about a document that the server takes, in a sentence. */
  readonly oddity: string | undefined;
  readonly isNew: boolean;
  readonly onChange: (text: string) => void;
}

/** The document as it is sent. Whatever stands here stays, readable or not. */
export function DocumentText({ text, fault, oddity, isNew, onChange }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const line = fault?.line;
  // What is not written yet is no mistake.
  const isBad = fault !== undefined && fault.isUnfinished !== true;
  const showLine = (): void => {
    const area = field.current;
    if (area === null || line === undefined) return;
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', start);
    area.focus();
    area.setSelectionRange(start, end < 0 ? text.length : end);
    const lines = text.split('\n').length;
    area.scrollTop = Math.max(0, ((line - 3) / lines) * area.scrollHeight);
  };
  return (
    <section className={styles.text} aria-label="The document as text">
      <div className={styles.textHead}>
        <h3 className={styles.title}>The document, as it is sent</h3>
        <span className={styles.size}>{text.length === 0 ? '' : `${text.length.toLocaleString('en').replaceAll(',', '\u00a0')} characters`}</span>
      </div>
      <textarea
        ref={field}
        className={styles.area}
        aria-label="Text of the document"
        aria-invalid={isBad}
        aria-describedby="document-verdict"
        value={text}
        spellCheck={false}
        placeholder={isNew ? 'There is no document yet. Add something in the form, or write it here.' : 'Nothing: the document would be taken away.'}
        onChange={(event) => onChange(event.target.value)}
      />
      <div
        id="document-verdict"
        className={styles.verdict}
        data-state={isBad ? 'bad' : fault !== undefined ? 'unfinished' : oddity === undefined ? 'good' : 'odd'}
        role="status"
      >
        {text.trim() === '' ? (
          <p>{isNew ? 'Nothing is written yet.' : 'Sent like this, the document is deleted.'}</p>
        ) : fault === undefined ? (
          <p>{oddity ?? 'The server takes this: it is well-formed and keeps to its schema.'}</p>
        ) : (
          <>
            <p>
              {line === undefined ? '' : `Line ${line}: `}
              {fault.reason} The server would answer 409 (Conflict).
            </p>
            {line !== undefined && <Button onPress={showLine}>Show line {line}</Button>}
          </>
        )}
      </div>
    </section>
  );
}
