/** The network of the scenario that the page opens with, at rest: what can be shown before the engine is loaded and the run is computed. */
import principal from '#catalog/subscribe-across-networks/scenario.ts';
import { seconds } from '#base/time.ts';
import { headOf } from '#scenario/head.ts';
import { planNetwork } from '#scenario/plan.ts';
import type { Scenario } from '#scenario/scenario.ts';
import type { Trace } from '#trace/record.ts';

/** A run of which nothing has happened yet. */
export function outlineOfPrincipal(): Trace {
  const scenario: Scenario = principal;
  const head = headOf(scenario, planNetwork(scenario.network ?? {}), { seed: 1, changes: [], until: seconds(scenario.until) });
  return { ...head, tables: [], endedInFlight: [], records: [] };
}
