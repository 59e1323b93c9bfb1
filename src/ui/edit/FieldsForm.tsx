import { Plus, Trash2, Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import { diffHeaders } from '#ui/inspector/header-diff.ts';
import { splitSipText } from '#ui/inspector/sip-text.ts';
import { Button } from '#ui/widgets/Button.tsx';
import { bytesOf, draftFrom, fieldFrom, fieldsOf, type Field } from './draft.ts';
import styles from './Edit.module.css';

interface Props {
  readonly sent: Uint8Array;
  readonly draft: string;
  readonly onChange: (draft: string) => void;
}

/** The message as a form: a line for each header field, those that were taken out struck in their place. */
export function FieldsForm({ sent, draft, onChange }: Props) {
  const fields = fieldsOf(draft);
  const rows = useMemo(() => diffHeaders(splitSipText(sent), splitSipText(bytesOf(sent, draft))), [sent, draft]);
  const write = (lines: readonly Field[]): void => onChange(draftFrom({ ...fields, lines }));
  const replace = (at: number, field: Field): void => write(fields.lines.map((line, i) => (i === at ? field : line)));
  let next = 0;
  return (
    <div className={styles.fields}>
      <label className={styles.start}>
        <span>Start line</span>
        <input value={fields.start} spellCheck={false} onChange={(event) => onChange(draftFrom({ ...fields, start: event.target.value }))} />
      </label>
      <ol className={styles.lines} aria-label="Header fields">
        {rows.map((row, i) => {
          if (row.change === 'removed') {
            const place = next;
            const back = fieldFrom(row.written, row.value);
            return (
              <li key={i} className={styles.line} data-change="removed">
                <s className={styles.gone}>
                  {row.written}: {row.value}
                </s>
                <Button
                  className={styles.act ?? ''}
                  label={`Put ${row.name} back`}
                  icon={<Undo2 />}
                  onPress={() => write([...fields.lines.slice(0, place), back, ...fields.lines.slice(place)])}
                />
              </li>
            );
          }
          const at = next++;
          const line = fields.lines[at];
          if (line === undefined) return null;
          return (
            <li key={i} className={styles.line} data-change={row.change}>
              <input
                className={styles.name}
                aria-label={`Name of line ${at + 1}`}
                value={line.name}
                spellCheck={false}
                onChange={(event) => replace(at, fieldFrom(event.target.value, line.value))}
              />
              <input
                className={styles.value}
                aria-label={`Value of ${line.name}`}
                value={line.value}
                spellCheck={false}
                onChange={(event) => replace(at, fieldFrom(line.name, event.target.value))}
              />
              <Button
                className={styles.act ?? ''}
                label={`Take ${line.name} out`}
                icon={<Trash2 />}
                onPress={() => write(fields.lines.filter((_, other) => other !== at))}
              />
            </li>
          );
        })}
      </ol>
      <Button icon={<Plus />} className={styles.add ?? ''} onPress={() => write([...fields.lines, fieldFrom('X-New', '')])}>
        Add a header field
      </Button>
      {fields.body !== undefined && (
        <label className={styles.bodyField}>
          <span>Body</span>
          <textarea
            value={fields.body}
            rows={fields.body === '' ? 2 : 9}
            spellCheck={false}
            onChange={(event) => onChange(draftFrom({ ...fields, body: event.target.value }))}
          />
        </label>
      )}
    </div>
  );
}
