import { expect, it } from 'vitest';
import { computeCoverage, CoverageRuns } from './coverage-runs.ts';
import { type ValidScenario, validateScenario } from './scenario.ts';

/** Somebody registers, roaming or at home. */
const catalog = [
  validateScenario({
    format: 1,
    id: 'registers',
    title: 'Somebody registers',
    summary: 'One registration.',
    until: 10,
    timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
    changes: [
      {
        name: 'watcher',
        title: 'Where the watcher is',
        values: [
          { value: 'roaming', title: 'roams', patches: [] },
          { value: 'at-home', title: 'is at home', patches: [{ path: '/network/watcherAtHome', value: true }] },
        ],
      },
    ],
  }) as ValidScenario,
];

it('runs one after the other, knows what is covered in between, and comes to the same when it is gone on with', () => {
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
