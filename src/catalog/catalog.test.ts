/** Every scenario of the catalog keeps its expectations and all rules. Its named changes: `changes.test.ts`. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runAndJudge } from '#scenario/run.ts';
import { isScenarioError, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import type { Trace } from '#trace/record.ts';
import template from './_template/scenario.ts';
import { CATALOG, PRINCIPAL } from './catalog.ts';

function judged(scenario: ValidScenario, seed: number): { readonly trace: Trace; readonly broken: readonly string[] } {
  const result = runAndJudge(scenario, { seed, changes: [] });
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
});
