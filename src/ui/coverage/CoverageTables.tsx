import { useState, type ReactNode } from 'react';
import type { Coverage, Occurrence } from '#check/coverage.ts';
import { useAppState } from '#ui/simulator-context.tsx';
import table from '#ui/widgets/table.module.css';
import styles from './Coverage.module.css';
import { blocksOf, nameOf, rowsOf, sumsOf, type Block, type Part, type Row } from './covered.ts';

type Subject = Part | 'all';

const SUBJECTS: readonly (readonly [Subject, string])[] = [
  ['Clause 5.3', 'Clause 5.3 of TS 23.141'],
  ['Annex A', 'Annex A'],
  ['all', 'Every clause'],
];

interface Props {
  readonly coverage: Coverage;
  /** Every run is in it: what is not covered is a gap. Before that it may still come. */
  readonly isWhole: boolean;
  readonly onOpen: (occurrence: Occurrence) => void;
}

export function CoverageTables({ coverage, isWhole, onOpen }: Props) {
  const [subject, setSubject] = useState<Subject>('Clause 5.3');
  const [search, setSearch] = useState('');
  const [onlyGaps, setOnlyGaps] = useState(false);
  const { runs, items, covered, explained, gaps, clauses, asserted } = sumsOf(coverage, subject === 'all' ? 'Clause 5.3' : subject);
  const wish = { search: search.trim(), onlyGaps };
  const blocks = subject === 'all' ? [] : blocksOf(coverage, subject, wish);
  const rows = subject === 'all' ? rowsOf(coverage, wish) : [];
  return (
    <>
      <div className={styles.wishes}>
        <fieldset className={styles.subjects}>
          <legend className="visually-hidden">What is listed</legend>
          {SUBJECTS.map(([of, title]) => (
            <label key={of} className={styles.subject}>
              <input type="radio" name="subject" checked={subject === of} onChange={() => setSubject(of)} />
              {title}
            </label>
          ))}
        </fieldset>
        <input
          type="search"
          className={styles.search}
          aria-label="Search clauses, words and scenarios"
          placeholder="Search, e.g. RFC 6665 or find-slf"
          autoComplete="off"
          spellCheck={false}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <label className={styles.onlyGaps}>
          <input type="checkbox" checked={onlyGaps} onChange={(event) => setOnlyGaps(event.target.checked)} />
          Only gaps
        </label>
      </div>
      <p className={styles.sums}>
        {!isWhole && 'So far: '}
        {subject === 'all'
          ? `${asserted} of ${clauses} clauses happened in ${runs} runs and are asserted there.`
          : `${covered} of ${items} ${subject === 'Annex A' ? 'flows' : 'statements'} are covered by ${runs === 1 ? '1 run' : `${runs} runs`}${isWhole ? `, ${explained} wait with a reason, ${gaps === 1 ? '1 is a gap' : `${gaps} are gaps`}` : ''}.`}
      </p>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Coverage">
        <table className={`${table.table ?? ''} ${styles.table ?? ''}`}>
          <thead>
            <tr>
              <th scope="col">What it asks</th>
              <th scope="col">Clauses</th>
              <th scope="col">Happened in</th>
              <th scope="col">Asserted by</th>
            </tr>
          </thead>
          {blocks.map((block) => (
            <BlockRows key={block.key} block={block} isWhole={isWhole} onOpen={onOpen} />
          ))}
          {rows.length > 0 && (
            <tbody>
              {rows.map((row) => (
                <RowCells key={row.key} row={row} isWhole={isWhole} onOpen={onOpen} />
              ))}
            </tbody>
          )}
        </table>
        {blocks.length + rows.length === 0 && <p className={styles.nothing}>Nothing of the kind is listed.</p>}
      </div>
    </>
  );
}

const STATUS: Readonly<Record<Block['status'], string>> = { covered: 'covered', 'explained gap': 'later', gap: 'gap' };

function BlockRows({ block, isWhole, onOpen }: { readonly block: Block } & Pick<Props, 'isWhole' | 'onOpen'>) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4} className={styles.item}>
          <span className={styles.clause}>{block.clause}</span> {block.says} <Status status={block.status} isWhole={isWhole} />
          {block.reason !== undefined && (isWhole || block.status !== 'gap') && <p className={styles.reason}>{block.reason}</p>}
        </th>
      </tr>
      {block.rows.map((row) => (
        <RowCells key={row.key} row={row} isWhole={isWhole} onOpen={onOpen} />
      ))}
    </tbody>
  );
}

function Status({ status, isWhole }: { readonly status: Block['status']; readonly isWhole: boolean }) {
  const isOpen = status === 'gap' && !isWhole;
  return (
    <span className={styles.status} data-status={isOpen ? 'explained gap' : status}>
      {isOpen ? 'not yet' : STATUS[status]}
    </span>
  );
}

function RowCells({ row, isWhole, onOpen }: { readonly row: Row } & Pick<Props, 'isWhole' | 'onOpen'>) {
  const scenarios = useAppState((state) => state.session.scenarios);
  return (
    <tr>
      <td>
        {row.asks} {!row.covered && <Status status="gap" isWhole={isWhole} />}
      </td>
      <td data-label="Clauses">
        <Some of={row.clauses.map((clause) => [clause, clause])} what="clauses" />
      </td>
      <td data-label="Happened in">
        <Some
          what="scenarios"
          of={row.occurrences.map((one) => [
            one.scenario,
            <button
              key={one.scenario}
              type="button"
              className={styles.open}
              title={scenarios.find((each) => each.id === one.scenario)?.title}
              onClick={() => onOpen(one)}
            >
              {nameOf(one)}
            </button>,
          ])}
        />
      </td>
      <td data-label="Asserted by">
        {row.asserted.length === 0 && 'Nothing yet.'}
        <Some
          of={row.asserted.map(({ title, test }) => [
            `${test} ${title}`,
            <span key={title} title={test}>
              {title}
            </span>,
          ])}
          what="assertions"
        />
      </td>
    </tr>
  );
}

const FEW = 3;

/** The first few, and the others when they are asked for. */
function Some({ of, what }: { readonly of: readonly (readonly [key: string, shown: ReactNode])[]; readonly what: string }) {
  const [all, setAll] = useState(false);
  const shown = all || of.length === FEW + 1 ? of : of.slice(0, FEW);
  return (
    <ul className={styles.some}>
      {shown.map(([key, each]) => (
        <li key={key}>{each}</li>
      ))}
      {shown.length < of.length && (
        <li>
          <button type="button" className={styles.more} onClick={() => setAll(true)}>
            {of.length - shown.length} more <span className="visually-hidden">{what}</span>
          </button>
        </li>
      )}
    </ul>
  );
}
