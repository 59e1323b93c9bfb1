import { formatClause } from '#ui/caption/caption.ts';
import styles from './Inspector.module.css';

/** Where a standard says so; the document alone where the clause was not read. */
export function Clause({ clause }: { readonly clause: string | undefined }) {
  return clause === undefined ? null : <span className={styles.clause}>{formatClause(clause)}</span>;
}
