/** Every named change of every scenario of the catalog keeps the expectations about it, and all rules. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { applyNamedChanges } from '#scenario/changes.ts';
import { infeasibility } from '#scenario/feasibility.ts';
import { planNetwork } from '#scenario/plan.ts';
import { runAndJudge, runScenario } from '#scenario/run.ts';
import type { ValidScenario } from '#scenario/scenario.ts';
import { hashOf } from '#trace/hash.ts';
import type { Change, Trace } from '#trace/record.ts';
import { CATALOG } from './catalog.ts';

function judged(scenario: ValidScenario, seed: number, changes: readonly Change[]): { readonly trace: Trace; readonly broken: readonly string[] } {
  const result = runAndJudge(scenario, { seed, changes });
  if ('kind' in result) throw new Error(result.message);
  return result;
}

function hashAsItStands(scenario: ValidScenario): string {
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return hashOf(trace);
}

const named = CATALOG.flatMap((scenario) =>
  (scenario.changes ?? []).map(({ name, values }) => ({ id: scenario.id, scenario, name, values: values.map(({ value }) => value) })),
);

describe('a named change', () => {
  const standing = new Map<string, string>();

  it.each(named)('$id stands as with the first value of $name', ({ id, scenario, name, values: [first = ''] }) => {
    const asItStands = standing.get(id) ?? hashAsItStands(scenario);
    standing.set(id, asItStands);
    const { trace, broken } = judged(scenario, 1, [{ kind: 'set', name, value: first }]);
    expect(broken).toEqual([]);
    // The same messages: they keep the rules with every seed with which the scenario itself does (`catalog.test.ts`).
    expect(hashOf(trace)).toBe(asItStands);
  });

  it.each(named.flatMap(({ values: [, ...others], ...change }) => others.flatMap((value) => [1, 2, 3].map((seed) => ({ ...change, value, seed })))))(
    '$id runs clean with $name=$value and seed $seed',
    ({ scenario, name, value, seed }) => {
      const { trace, broken } = judged(scenario, seed, [{ kind: 'set', name, value }]);
      expect(broken).toEqual([]);
      expect(checkTrace(trace).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    },
  );
});

describe('two named changes', () => {
  const pairs = named.flatMap((one, i) =>
    named
      .slice(i + 1)
      .filter(({ id }) => id === one.id)
      .flatMap((other) =>
        one.values.flatMap((first) => other.values.map((second) => ({ scenario: one.scenario, one: [one.name, first], other: [other.name, second] }))),
      ),
  );

  it('go together, in any order, and leave the scenario as it was', () => {
    const before = JSON.stringify(CATALOG);
    const refused: string[] = [];
    for (const { scenario, one, other } of pairs) {
      const sets = [one, other].map(([name = '', value = '']): Change => ({ kind: 'set', name, value }));
      const outcomes = [sets, [...sets].reverse()].map((changes) => {
        const changed = applyNamedChanges(scenario, changes);
        return 'kind' in changed ? changed : (infeasibility(changed, planNetwork(changed.network ?? {})) ?? changed);
      });
      expect(outcomes[1]).toEqual(outcomes[0]);
      const [outcome] = outcomes;
      if (outcome !== undefined && 'kind' in outcome) refused.push(`${scenario.id} ${one.join('=')} ${other.join('=')}: ${outcome.message}`);
    }
    expect(refused).toEqual([]);
    expect(pairs.length).toBeGreaterThan(700);
    expect(JSON.stringify(CATALOG)).toBe(before);
  });
});
