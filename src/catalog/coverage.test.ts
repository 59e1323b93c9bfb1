/** Coverage claims nothing that is not so: the bytes show what the notes say, and every test that is named stands where it is said to. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clausesOf, CoverageGatherer } from '#check/coverage.ts';
import { CLAIMS } from '#check/coverage-claims.ts';
import { ANNEX_A } from '#check/annex-items.ts';
import { CLAUSE_5_3, type CoverageNeed } from '#check/coverage-items.ts';
import { hasFlow } from '#check/flow.ts';
import { checkTrace } from '#check/check.ts';
import { isShown } from '#check/note-truth.ts';
import { runScenario } from '#scenario/run.ts';
import type { Change, Trace } from '#trace/record.ts';
import { CATALOG } from './catalog.ts';

function run(scenario: (typeof CATALOG)[number], changes: readonly Change[] = []): Trace {
  const trace = runScenario(scenario, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

/** Where a flow of Annex A is seen only with something turned over. */
const TURNED: readonly (readonly [scenario: string, name: string, value: string])[] = [['partial-notify', 'publications', 'partial']];

describe('coverage', () => {
  const unseen = new Set<CoverageNeed>(ANNEX_A.flatMap(({ needs }) => needs.filter(({ flow }) => flow !== undefined)));
  const look = (trace: Trace): void => {
    for (const need of [...unseen]) if (hasFlow(trace, need.flow ?? []) && checkTrace(trace).length === 0) unseen.delete(need);
  };

  it.each(CATALOG.map((scenario) => ({ id: scenario.id, scenario })))('the bytes show what the notes say in $id', ({ scenario }) => {
    const trace = run(scenario);
    const untrue = trace.records.flatMap((record) => {
      const message = record.kind === 'note' && record.message !== undefined ? trace.records[record.message - 1] : undefined;
      if (record.kind !== 'note' || message?.kind !== 'message' || isShown(record, message) !== false) return [];
      return [`${record.header ?? ''} ${record.op} ${record.from ?? ''} -> ${record.to ?? ''} by ${record.entity} in ${message.label} (${message.id})`];
    });
    expect(untrue).toEqual([]);
    look(trace);
  });

  it.each(CLAIMS.map((claim) => [`${claim.clause}: ${claim.test}`, claim] as const))('%s is a test that is there', (_, { test, title }) => {
    expect(readFileSync(test, 'utf8')).toContain(title);
  });

  it('counts a clause only where it happened and something asserts it', () => {
    const trace = run(CATALOG[0] as (typeof CATALOG)[number]);
    const gatherer = new CoverageGatherer([
      { part: 'Clause 5.3', id: '1', clause: '1', says: '', needs: [{ what: 'a partner is asked', by: ['RFC 1034 §4.3.1'] }] },
    ]);
    const claims = [
      { clause: 'RFC 9999 §1', test: 'src/none.test.ts', title: 'claims what never happened' },
      { clause: 'RFC 1034 §4.3.2', test: 'src/some.test.ts', title: 'asserts' },
    ];
    gatherer.add({ scenario: 'x', trace, met: [] });
    const { clauses, items } = gatherer.result(claims);
    const of = (clause: string) => clauses.find((each) => each.clause === clause);
    expect(of('RFC 9999 §1')).toBeUndefined();
    expect(of('RFC 1034 §4.3.2')).toMatchObject({ covered: true, occurrences: [{ scenario: 'x', set: [] }] });
    expect(of('RFC 1034 §4.3.1')).toMatchObject({ covered: false, occurrences: [{ scenario: 'x', set: [] }], asserted: [] });
    expect(items[0]).toMatchObject({ status: 'gap', reason: 'No run of the catalog shows, or no test asserts: a partner is asked.' });
  });

  it.each([
    ['RFC 6665 §4.2.1.2', ['RFC 6665 §4.2.1.2']],
    ['TS 33.203 §7.1, §7.4.2a', ['TS 33.203 §7.1', 'TS 33.203 §7.4.2a']],
    ['RFC 3261 §17.1.2.2, RFC 4320 §4.1; RFC 3263 §4 and §4.1', ['RFC 3261 §17.1.2.2', 'RFC 4320 §4.1', 'RFC 3263 §4', 'RFC 3263 §4.1']],
    ['TS 24.229 (clause unchecked); RFC 3581 §4', ['TS 24.229 (clause unchecked)', 'RFC 3581 §4']],
    ['RFC 2782 "Usage rules"; RFC 3263 §4.2, §4.3', ['RFC 2782 "Usage rules"', 'RFC 3263 §4.2', 'RFC 3263 §4.3']],
    ['TS 33.210', ['TS 33.210']],
  ])('reads %s as the clauses that it names', (citation, clauses) => {
    expect(clausesOf(citation)).toEqual(clauses);
  });

  it('says of each scenario in which run of it a clause happened: the one with the fewest changes', () => {
    const trace = run(CATALOG[0] as (typeof CATALOG)[number]);
    const turned: Trace = { ...trace, changes: [{ kind: 'set', name: 'watcher', value: 'at-home' }] };
    const occurrencesIn = (...traces: readonly Trace[]) => {
      const gatherer = new CoverageGatherer([]);
      for (const each of traces) gatherer.add({ scenario: 'x', trace: each, met: [] });
      return gatherer.result([]).clauses[0]?.occurrences;
    };
    const withChange = [{ scenario: 'x', set: [{ name: 'watcher', value: 'at-home' }] }];
    expect(occurrencesIn(turned)).toEqual(withChange);
    expect(occurrencesIn(turned, trace)).toEqual([{ scenario: 'x', set: [] }]);
    expect(occurrencesIn(trace, turned)).toEqual([{ scenario: 'x', set: [] }]);
  });

  it('finds every flow of Annex A in a run', { timeout: 120_000 }, () => {
    for (const [id, name, value] of TURNED) {
      const scenario = CATALOG.find((each) => each.id === id);
      if (scenario !== undefined) look(run(scenario, [{ kind: 'set', name, value }]));
    }
    // Run alone, this test has to look for itself.
    for (const scenario of CATALOG) if (unseen.size > 0) look(run(scenario));
    expect([...unseen].map(({ what }) => what)).toEqual([]);
  });

  it('has every statement of clause 5.3 and every flow of Annex A once', () => {
    const all = [...CLAUSE_5_3, ...ANNEX_A];
    expect(new Set(all.map((item) => item.id)).size).toBe(all.length);
    for (const { needs, gap } of all) expect(needs.length > 0 || gap !== undefined).toBe(true);
  });
});
