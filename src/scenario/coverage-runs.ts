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

/** One run after the other; whoever stops in between can go on later. */
export class CoverageRuns {
  readonly #gatherer = new CoverageGatherer([...CLAUSE_5_3, ...ANNEX_A]);
  readonly #wanted: readonly Wanted[];
  #done = 0;

  constructor(catalog: readonly ValidScenario[]) {
    this.#wanted = wantedOf(catalog);
  }

  get done(): number {
    return this.#done;
  }

  get of(): number {
    return this.#wanted.length;
  }

  /** Computes the next run; false when there is none. An expectation that a run breaks asserts nothing. */
  next(): boolean {
    const wanted = this.#wanted[this.#done];
    if (wanted === undefined) return false;
    const { scenario, changes } = wanted;
    const result = runAndJudge(scenario, { seed: SEED, changes });
    if ('kind' in result) throw new Error(result.message);
    this.#gatherer.add({ scenario: scenario.id, trace: result.trace, met: result.met });
    this.#done++;
    return true;
  }

  /** What is covered by those that are done. */
  result(): Coverage {
    return this.#gatherer.result(CLAIMS);
  }
}

/** Hears how many runs of how many are done. */
export type OnProgress = (done: number, of: number) => void;

/** Computes every run. */
export function computeCoverage(catalog: readonly ValidScenario[], onProgress: OnProgress = () => undefined): Coverage {
  const runs = new CoverageRuns(catalog);
  while (runs.next()) onProgress(runs.done, runs.of);
  return runs.result();
}
