import type { ViewTable } from '#base/view.ts';
import { shown } from '#ui/widgets/shown.ts';
import { Document } from './Body.tsx';
import styles from './Inspector.module.css';
import { formatColumn } from './time-left.ts';

/** A cell that is longer makes a table too wide for the panel. */
const SHORT_CELL = 22;
const isNarrow = ({ columns, rows }: ViewTable): boolean => columns.length <= 3 && rows.every((row) => row.every((cell) => cell.length <= SHORT_CELL));
/** What an entity merely remembers. */
export const isCache = ({ title, rows }: ViewTable): boolean => rows.length > 0 && /\bcache\b|^Remembered/i.test(title);

/** What a row says, but for time that runs. */
const TIMES = /\d[\d\s.,]*\s?(?:µs|ms|s|min|h|d)\b/g;
const saidBy = ({ title, columns }: ViewTable, row: readonly string[]): string =>
  [title, ...row.filter((_, n) => formatColumn(columns[n] ?? '').title === columns[n])].join('\n').replace(TIMES, '…');

/** Every row of these tables, to tell which are new in others. */
export const saidIn = (tables: readonly ViewTable[]): ReadonlySet<string> => new Set(tables.flatMap((table) => table.rows.map((row) => saidBy(table, row))));

/** `before`: what was said where the reader stood last; without it nothing is new. */
export function Tables({ tables, before }: { readonly tables: readonly ViewTable[]; readonly before?: ReadonlySet<string> | undefined }) {
  return tables.map((table) => (
    <section key={table.title} className={styles.block}>
      <h3 className={styles.title}>{table.title}</h3>
      {table.rows.length === 0 ? <p className={styles.none}>{table.empty === '' ? 'None.' : table.empty}</p> : <Rows table={table} before={before} />}
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
function Rows({ table, before }: { readonly table: ViewTable; readonly before?: ReadonlySet<string> | undefined }) {
  const { title, columns, rows } = table;
  const forms = columns.map(formatColumn);
  const isNew = (row: readonly string[]): boolean => before?.has(saidBy(table, row)) === false;
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
            <tr key={i} data-new={isNew(row)}>
              {row.map((cell, n) => (
                <td key={n} title={forms[n]?.title === columns[n] ? undefined : `${cell} s`}>
                  {n === 0 && isNew(row) && <Changed />}
                  <Cell text={forms[n]?.cell(cell) ?? cell} />
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
        <li key={i} data-new={isNew(row)}>
          {isNew(row) && <Changed />}
          <dl>
            {columns.map((column, n) => (
              <div key={column}>
                <dt>{forms[n]?.title}</dt>
                <dd>
                  <Cell text={row[n] === undefined || row[n] === '' ? '' : (forms[n]?.cell(row[n]) ?? '')} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

const Changed = () => <span className="visually-hidden">Changed at this moment: </span>;

const LONGEST_CELL = 240;

/** Documents are folded, and other long values cut: the title has them whole. */
function Cell({ text: written }: { readonly text: string }) {
  const text = shown(written);
  if (text === '') return '–';
  if (/^\s*<[?\w]/.test(text) && /<\/|\/>/.test(text) && text.length > SHORT_CELL)
    return (
      <details className={styles.fold}>
        <summary>{text.length} characters of XML</summary>
        <Document text={text} />
      </details>
    );
  return text.length > LONGEST_CELL ? <span title={text}>{text.slice(0, LONGEST_CELL)} …</span> : text;
}
