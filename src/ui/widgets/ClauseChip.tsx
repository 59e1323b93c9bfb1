/** Where a standard says so. A clause that nobody looked up is not named: then the chip names the document, and its edge is broken. */
import { formatClause, isUnchecked } from './clause.ts';
import styles from './widgets.module.css';

export function ClauseChip({ clause }: { readonly clause: string }) {
  const open = isUnchecked(clause);
  return (
    <span
      className={styles.clause}
      data-open={open}
      title={open ? 'The document in which it stands; which clause of it says so was not looked up' : 'Where the standard says so'}
    >
      {formatClause(clause)}
      {open && <span className="visually-hidden"> (clause not checked)</span>}
    </span>
  );
}
