/** The table of coverage as rows: clause 5.3 sentence by sentence, Annex A flow by flow, or every clause that happened, as the search and the wish for gaps leave them. */
import type { Assertion, Coverage, ItemCoverage, Occurrence } from '#check/coverage.ts';
import { formatClause } from '#ui/widgets/clause.ts';

export type Part = ItemCoverage['part'];

export interface Row {
  readonly key: string;
  /** What is asked for, in words. */
  readonly asks: string;
  readonly clauses: readonly string[];
  /** Each scenario once, with what has to be turned over in it. */
  readonly occurrences: readonly Occurrence[];
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

/** `enquiry, kind: next-change`. */
export const nameOf = ({ scenario, set }: Occurrence): string => [scenario, ...set.map(({ name, value }) => `${name}: ${value}`)].join(', ');

interface Shown {
  readonly occurrences: readonly Occurrence[];
  readonly asserted: readonly Assertion[];
  readonly covered: boolean;
}

const rowOf = (key: string, asks: string, clauses: readonly string[], { occurrences, asserted, covered }: Shown): Row => ({
  key,
  asks,
  clauses: clauses.map(formatClause),
  occurrences,
  asserted: asserted.map(({ title, test }) => ({ title, test })),
  covered,
});

function isWanted(search: string, ...texts: readonly string[]): boolean {
  const text = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const blocksOf = ({ items }: Coverage, part: Part, { search, onlyGaps }: Wish): readonly Block[] =>
  items
    .filter((item) => item.part === part)
    .map(({ id, clause, says, status, reason, needs }): Block => {
      const rows = needs.map((need, i) =>
        rowOf(
          `${id} ${i}`,
          need.what,
          need.clauses.map((each) => each.clause),
          need,
        ),
      );
      return { key: id, clause, says, status, reason, rows };
    })
    .filter(({ clause, says, status, rows }) => {
      if (onlyGaps && status === 'covered') return false;
      return isWanted(search, clause, says, ...rows.flatMap((row) => [row.asks, ...row.clauses, ...row.occurrences.map(nameOf)]));
    });

export const rowsOf = ({ clauses }: Coverage, { search, onlyGaps }: Wish): readonly Row[] =>
  clauses
    .map((each) => rowOf(each.clause, each.asks, [each.clause], each))
    .filter((row) => !(onlyGaps && row.covered) && isWanted(search, row.asks, ...row.clauses, ...row.occurrences.map(nameOf)));

/** In numbers, for a sentence above the table. */
export function sumsOf({ runs, items: all, clauses }: Coverage, part: Part) {
  const items = all.filter((each) => each.part === part);
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
