import { describe, expect, it } from 'vitest';
import type { ClauseCoverage, Coverage } from '#check/coverage.ts';
import { blocksOf, rowsOf, sumsOf } from './covered.ts';

const clause = (name: string, covered: boolean): ClauseCoverage => ({
  clause: name,
  asks: `what ${name} asks`,
  occurrences: [{ scenario: 'registration', set: [] }],
  asserted: covered ? [{ kind: 'rule', test: 'src/check/rules.test.ts', title: `rule of ${name}` }] : [],
  covered,
});
const one = clause('RFC 3261 §16.6', true);
const two = clause('TS 24.229 (clause unchecked)', false);
const coverage: Coverage = {
  runs: 3,
  clauses: [one, two],
  items: [
    {
      part: 'Clause 5.3',
      id: '5.3.1-1',
      clause: '5.3.1',
      says: 'Proxies route.',
      status: 'covered',
      needs: [{ what: 'they are routed', clauses: [one], occurrences: one.occurrences, asserted: one.asserted, covered: true }],
    },
    { part: 'Clause 5.3', id: '5.3.4-9', clause: '5.3.4', says: 'By a URL.', status: 'explained gap', reason: 'Later.', needs: [] },
    {
      part: 'Annex A',
      id: 'A.6',
      clause: 'TS 24.141 A.6',
      says: 'Own watchers.',
      status: 'gap',
      needs: [{ what: 'a watcher waits', clauses: [], occurrences: [], asserted: [], covered: false }],
    },
  ],
};
const ALL = { search: '', onlyGaps: false };

describe('the table of coverage', () => {
  it('shows under a sentence of clause 5.3 the clauses that count, and why there is a gap', () => {
    const [routed, url] = blocksOf(coverage, 'Clause 5.3', ALL);
    expect(routed?.rows).toEqual([
      {
        key: '5.3.1-1 0',
        asks: 'they are routed',
        clauses: ['RFC 3261 §16.6'],
        occurrences: [{ scenario: 'registration', set: [] }],
        asserted: [{ title: 'rule of RFC 3261 §16.6', test: 'src/check/rules.test.ts' }],
        covered: true,
      },
    ]);
    expect(blocksOf(coverage, 'Annex A', ALL)).toMatchObject([{ key: 'A.6', status: 'gap', rows: [{ asks: 'a watcher waits', clauses: [], covered: false }] }]);
    expect(url).toMatchObject({ status: 'explained gap', reason: 'Later.', rows: [] });
  });

  it('names the document alone where the clause was not read', () => {
    expect(rowsOf(coverage, ALL).map((row) => row.clauses)).toEqual([['RFC 3261 §16.6'], ['TS 24.229']]);
  });

  it('is narrowed to gaps, and by words', () => {
    expect(blocksOf(coverage, 'Clause 5.3', { search: '', onlyGaps: true }).map(({ key }) => key)).toEqual(['5.3.4-9']);
    expect(rowsOf(coverage, { search: '', onlyGaps: true }).map(({ key }) => key)).toEqual([two.clause]);
    expect(blocksOf(coverage, 'Clause 5.3', { search: '16.6 Route', onlyGaps: false }).map(({ key }) => key)).toEqual(['5.3.1-1']);
    expect(rowsOf(coverage, { search: 'registration 3261', onlyGaps: false })).toHaveLength(1);
  });

  it('is summed up', () => {
    expect(sumsOf(coverage, 'Annex A')).toMatchObject({ items: 1, covered: 0, gaps: 1 });
    expect(sumsOf(coverage, 'Clause 5.3')).toEqual({ runs: 3, items: 2, covered: 1, explained: 1, gaps: 0, clauses: 2, asserted: 1 });
  });
});
