/** Every scenario of the catalog, and every named change of it, keeps its expectations and all rules. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runAndJudge } from '#scenario/run.ts';
import { isScenarioError, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import type { Change, Trace } from '#trace/record.ts';
import template from './_template/scenario.ts';
import { CATALOG, PRINCIPAL } from './catalog.ts';

function judged(scenario: ValidScenario, seed: number, changes: readonly Change[] = []): { readonly trace: Trace; readonly broken: readonly string[] } {
  const result = runAndJudge(scenario, { seed, changes });
  if ('kind' in result) throw new Error(result.message);
  return result;
}

const sentences = (trace: Trace): readonly string[] => checkTrace(trace).map(({ rule, message }) => `${rule}: ${message}`);

describe('the catalog', () => {
  it('opens with the principal flow and has every id once', () => {
    expect(CATALOG[0]?.id).toBe(PRINCIPAL);
    expect(new Set(CATALOG.map(({ id }) => id)).size).toBe(CATALOG.length);
  });

  it.each(CATALOG.flatMap((scenario) => [1, 2, 3, 4, 5].map((seed) => ({ id: scenario.id, scenario, seed }))))(
    '$id meets its expectations and all rules with seed $seed',
    ({ scenario, seed }) => {
      const { trace, broken } = judged(scenario, seed);
      expect(broken).toEqual([]);
      expect(sentences(trace)).toEqual([]);
      expect(scenario.expectations?.length).toBeGreaterThan(0);
    },
  );

  it('has a template that runs clean as it stands', () => {
    const scenario = validateScenario(template);
    if (isScenarioError(scenario)) throw new Error(scenario.message);
    const { trace, broken } = judged(scenario, 1);
    expect([...broken, ...sentences(trace)]).toEqual([]);
  });

  const changed = CATALOG.flatMap((scenario) =>
    (scenario.changes ?? []).flatMap(({ name, values }) => values.map(({ value }) => ({ id: scenario.id, scenario, name, value }))),
  );
  it.each(changed)('$id runs clean with $name=$value', ({ scenario, name, value }) => {
    for (const seed of [1, 2, 3]) {
      const { trace, broken } = judged(scenario, seed, [{ kind: 'set', name, value }]);
      expect(broken).toEqual([]);
      expect(sentences(trace)).toEqual([]);
    }
  });
});
