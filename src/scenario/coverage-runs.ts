/** Every scenario as it stands, and with each value of its named changes: what coverage is computed from. */
import { CoverageGatherer, type Coverage } from '#check/coverage.ts';
import { CLAIMS } from '#check/coverage-claims.ts';
import { ANNEX_A } from '#check/annex-items.ts';
import { CLAUSE_5_3 } from '#check/coverage-items.ts';
import type { Change } from '#trace/record.ts';
import { runAndJudge } from './run.ts';
import type { ValidScenario } from './scenario.ts';

export type { Coverage } from '#check/coverage.ts';

const SEED = 1;

interface Wanted {
  readonly scenario: ValidScenario;
  readonly changes: readonly Change[];
}

const wantedOf = (catalog: readonly ValidScenario[]): readonly Wanted[] =>
  catalog.flatMap((scenario) => [
    { scenario, changes: [] },
    ...(scenario.changes ?? []).flatMap(({ name, values }) =>
      values.slice(1).map(({ value }) => ({ scenario, changes: [{ kind: 'set' as const, name, value }] })),
    ),
  ]);

/** Hears how many runs of how many are done, and can ask for what they cover so far. */
export type OnProgress = (done: number, of: number, soFar: () => Coverage) => void;

/** Computes every run. An expectation that a run breaks asserts nothing. */
export function computeCoverage(catalog: readonly ValidScenario[], onProgress: OnProgress = () => undefined): Coverage {
  const gatherer = new CoverageGatherer([...CLAUSE_5_3, ...ANNEX_A]);
  const wanted = wantedOf(catalog);
  for (const [i, { scenario, changes }] of wanted.entries()) {
    const result = runAndJudge(scenario, { seed: SEED, changes });
    if ('kind' in result) throw new Error(result.message);
    gatherer.add({ scenario: scenario.id, trace: result.trace, met: result.met });
    onProgress(i + 1, wanted.length, () => gatherer.result(CLAIMS));
  }
  return gatherer.result(CLAIMS);
}
