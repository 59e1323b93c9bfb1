/** A run of the entities themselves, for tests of views, which do not import the engine. */
import { CATALOG, findScenario } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario, type Scenario } from '#scenario/scenario.ts';
import type { Change, Trace } from '#trace/record.ts';

/** The trace of a scenario as it stands, with seed 1. Throws when it cannot be run. */
export function computeRun(scenario: Scenario): Trace {
  const valid = validateScenario(scenario);
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

/** The scenarios of the catalog, for tests that may not import it. */
export const SCENARIO_IDS: readonly string[] = CATALOG.map(({ id }) => id);

/** The trace of a scenario of the catalog with seed 1, some of its named changes turned over, and changed further: for tests that may not import the catalog. */
export function computeNamed(id: string, set: Readonly<Record<string, string>> = {}, further: readonly Change[] = []): Trace {
  const scenario = findScenario(id);
  if (scenario === undefined) throw new Error(`There is no scenario ${id}.`);
  const turned = Object.entries(set).map(([name, value]): Change => ({ kind: 'set', name, value }));
  const trace = runScenario(scenario, { seed: 1, changes: [...turned, ...further] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
