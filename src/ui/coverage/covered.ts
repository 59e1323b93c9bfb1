/** The table of coverage as rows: clause 5.3 sentence by sentence, or every clause that happened, as the search and the wish for gaps leave them. */
import type { ClauseCoverage, Coverage, ItemCoverage } from '#check/coverage.ts';
import { formatClause } from '#ui/caption/caption.ts';

export interface Row {
  readonly key: string;
  /** What is asked for, in words. */
  readonly asks: string;
  readonly clauses: readonly string[];
  readonly scenarios: readonly string[];
  /** What fails when it is not so, a sentence each. */
  readonly asserted: readonly { readonly title: string; readonly test: string }[];
  readonly covered: boolean;
}

export interface Block {
  readonly key: string;
  readonly clause: string;
  readonly says: string;
  readonly status: ItemCoverage['status'];
  readonly reason: string | undefined;
  readonly rows: readonly Row[];
}

export interface Wish {
  readonly search: string;
  readonly onlyGaps: boolean;
}

const rowOf = (key: string, asks: string, of: readonly ClauseCoverage[], covered: boolean): Row => ({
  key,
  asks,
  clauses: of.map(({ clause }) => formatClause(clause)),
  scenarios: [...new Set(of.flatMap((each) => each.scenarios))],
  asserted: [...new Map(of.flatMap((each) => each.asserted).map(({ title, test }) => [`${test} ${title}`, { title, test }])).values()],
  covered,
});

function isWanted(search: string, ...texts: readonly string[]): boolean {
  const text = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const blocksOf = ({ items }: Coverage, { search, onlyGaps }: Wish): readonly Block[] =>
  items
    .map(({ id, clause, says, status, reason, needs }): Block => {
      const rows = needs.map((need, i) => {
        const counted = need.clauses.filter((each) => each.covered);
        return rowOf(`${id} ${i}`, need.what, counted.length > 0 ? counted : need.clauses, need.covered);
      });
      return { key: id, clause, says, status, reason, rows };
    })
    .filter(({ clause, says, status, rows }) => {
      if (onlyGaps && status === 'covered') return false;
      return isWanted(search, clause, says, ...rows.flatMap((row) => [row.asks, ...row.clauses, ...row.scenarios]));
    });

export const rowsOf = ({ clauses }: Coverage, { search, onlyGaps }: Wish): readonly Row[] =>
  clauses
    .map((each) => rowOf(each.clause, each.asks, [each], each.covered))
    .filter((row) => !(onlyGaps && row.covered) && isWanted(search, row.asks, ...row.clauses, ...row.scenarios));

/** In numbers, for a sentence above the table. */
export function sumsOf({ runs, items, clauses }: Coverage) {
  const count = (status: ItemCoverage['status']): number => items.filter((each) => each.status === status).length;
  return {
    runs,
    items: items.length,
    covered: count('covered'),
    explained: count('explained gap'),
    gaps: count('gap'),
    clauses: clauses.length,
    asserted: clauses.filter((each) => each.covered).length,
  };
}
