import { expect, it } from 'vitest';
import fetch from '#catalog/fetch/scenario.ts';
import { computeCoverage, CoverageRuns } from './coverage-runs.ts';
import { type ValidScenario, validateScenario } from './scenario.ts';

it('runs one after the other, knows what is covered in between, and comes to the same when it is gone on with', () => {
  const catalog = [validateScenario({ ...fetch, changes: fetch.changes.slice(0, 1) }) as ValidScenario];
  const runs = new CoverageRuns(catalog);
  expect([runs.done, runs.result().runs]).toEqual([0, 0]);
  expect(runs.next()).toBe(true);
  const soFar = runs.result();
  expect(soFar.runs).toBe(1);
  expect(soFar.clauses.length).toBeGreaterThan(0);
  while (runs.next());
  expect(runs.done).toBe(runs.of);
  expect(runs.result()).toEqual(computeCoverage(catalog));
});
