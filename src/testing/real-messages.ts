/** Every message of a computed run, of the principal flow or another, as bytes: raw material for tests that spoil them. */
import { findScenario, PRINCIPAL } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';

export function realMessages(id = PRINCIPAL): readonly Uint8Array[] {
  const scenario = findScenario(id);
  const trace = scenario === undefined ? undefined : runScenario(scenario, { seed: 1, changes: [] });
  if (trace === undefined || 'kind' in trace) throw new Error(`${id} cannot be run`);
  return trace.records.flatMap((one) => (one.kind === 'message' ? [one.bytes] : []));
}
