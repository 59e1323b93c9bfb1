import { useMemo } from 'react';
import { shown } from '#ui/widgets/shown.ts';
import styles from './Inspector.module.css';
import { tokenizeXml } from './xml-tokens.ts';

/** A document as it travelled; XML coloured. */
export function Body({ text, changed }: { readonly text: string; readonly changed: boolean }) {
  return (
    <section className={styles.body} aria-label="Body" data-change={changed ? 'changed' : 'same'}>
      {changed && <p className={styles.bodyNote}>This hop changed the body.</p>}
      <Document text={text} />
    </section>
  );
}

export function Document({ text: written }: { readonly text: string }) {
  const text = shown(written);
  const tokens = useMemo(() => (text.trimStart().startsWith('<') ? tokenizeXml(text) : undefined), [text]);
  return (
    <pre className={styles.document}>
      {tokens === undefined
        ? text
        : tokens.map((token, i) => (
            <span key={i} data-xml={token.kind}>
              {token.text}
            </span>
          ))}
    </pre>
  );
}
