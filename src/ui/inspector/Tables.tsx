import type { ViewTable } from '#base/view.ts';
import styles from './Inspector.module.css';
import { formatColumn } from './time-left.ts';

/** A cell that is longer makes a table too wide for the panel. */
const SHORT_CELL = 22;
const isNarrow = ({ columns, rows }: ViewTable): boolean => columns.length <= 3 && rows.every((row) => row.every((cell) => cell.length <= SHORT_CELL));
/** What an entity merely remembers. */
export const isCache = ({ title, rows }: ViewTable): boolean => rows.length > 0 && /\bcache\b|^Remembered/i.test(title);

export function Tables({ tables }: { readonly tables: readonly ViewTable[] }) {
  return tables.map((table) => (
    <section key={table.title} className={styles.block}>
      <h3 className={styles.title}>{table.title}</h3>
      {table.rows.length === 0 ? <p className={styles.none}>{table.empty === '' ? 'None.' : table.empty}</p> : <Rows table={table} />}
    </section>
  ));
}

export function FoldedTables({ tables }: { readonly tables: readonly ViewTable[] }) {
  return tables.map((table) => (
    <details key={table.title} className={`${styles.block ?? ''} ${styles.fold ?? ''}`}>
      <summary>
        {table.title} · {table.rows.length}
      </summary>
      <Rows table={table} />
    </details>
  ));
}

/** As a table where it fits, else row by row as names and values. */
function Rows({ table }: { readonly table: ViewTable }) {
  const { title, columns, rows } = table;
  const forms = columns.map(formatColumn);
  if (isNarrow(table)) {
    return (
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            {columns.map((column, n) => (
              <th key={column} scope="col">
                {forms[n]?.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, n) => (
                <td key={n} title={forms[n]?.title === columns[n] ? undefined : `${cell} s`}>
                  {forms[n]?.cell(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  return (
    <ul className={styles.records}>
      {rows.map((row, i) => (
        <li key={i}>
          <dl>
            {columns.map((column, n) => (
              <div key={column}>
                <dt>{forms[n]?.title}</dt>
                <dd>{row[n] === undefined || row[n] === '' ? '–' : forms[n]?.cell(row[n])}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
