import { useMemo } from 'react';
import { textOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';
import { shown } from '#ui/widgets/shown.ts';
import { Document } from './Body.tsx';
import { formatHex, type Leaf } from './decoded.ts';
import styles from './Inspector.module.css';
import { leavesOf } from './leaves-of.ts';

/** A message that is no text: names and values, and the octets on demand. */
export function BinaryText({ message }: { readonly message: MessageRecord }) {
  const tree = useMemo(() => leavesOf(message), [message]);
  const hex = useMemo(() => formatHex(message.bytes), [message]);
  return (
    <section className={styles.binary} aria-label="Content of the message">
      {tree === undefined ? <Document text={textOf(message) ?? ''} /> : <Leaves leaves={tree} />}
      {message.inside !== undefined && (
        <details className={styles.fold}>
          <summary>What is inside, for those who hold the keys</summary>
          <Document text={textOf({ ...message, ...message.inside }) ?? ''} />
        </details>
      )}
      <details className={styles.fold}>
        <summary>The {message.bytes.length} octets</summary>
        <pre className={styles.hex}>{hex}</pre>
      </details>
    </section>
  );
}

function Leaves({ leaves }: { readonly leaves: readonly Leaf[] }) {
  return (
    <ul className={styles.leaves}>
      {leaves.map(({ name, value, document, members }, i) => (
        <li key={i} data-group={members !== undefined}>
          <span className={styles.leafName}>{name}</span> <span className={styles.leafValue}>{shown(value)}</span>
          {document !== undefined && <Document text={document} />}
          {members !== undefined && <Leaves leaves={members} />}
        </li>
      ))}
    </ul>
  );
}
