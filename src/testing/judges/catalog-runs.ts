/** Every scenario of the catalog as it stands, and every named change once: the runs about which the judges from outside are asked. */
import { CATALOG, findScenario } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';
import type { Change, Trace } from '#trace/record.ts';

export interface CatalogRun {
  /** `registration`, `registration key=wrong`. */
  readonly title: string;
  readonly scenario: string;
  readonly changes: readonly Change[];
}

function listRuns(): CatalogRun[] {
  const runs: CatalogRun[] = CATALOG.map(({ id }) => ({ title: id, scenario: id, changes: [] }));
  const asked = new Set<string>();
  for (const { id, changes } of CATALOG) {
    for (const { name, values } of changes ?? []) {
      // The first value is how the scenario stands.
      for (const { value } of values.slice(1)) {
        const words = `${name}=${value}`;
        if (asked.has(words)) continue;
        asked.add(words);
        runs.push({ title: `${id} ${words}`, scenario: id, changes: [{ kind: 'set', name, value }] });
      }
    }
  }
  return runs;
}

/** The principal scenario comes first in the catalog, so all its changes are made to it. */
export const CATALOG_RUNS: readonly CatalogRun[] = listRuns();

/** Throws when the run cannot be made. */
export function traceOf({ scenario, changes }: CatalogRun, seed = 1): Trace {
  const found = findScenario(scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  const trace = runScenario(found, { seed, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
