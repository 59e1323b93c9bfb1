/** Every message of a computed run of the principal flow, as bytes: raw material for tests that spoil them. */
import { findScenario, PRINCIPAL } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';

export function realMessages(): readonly Uint8Array[] {
  const scenario = findScenario(PRINCIPAL);
  const trace = scenario === undefined ? undefined : runScenario(scenario, { seed: 1, changes: [] });
  if (trace === undefined || 'kind' in trace) throw new Error('the principal flow cannot be run');
  return trace.records.flatMap((one) => (one.kind === 'message' ? [one.bytes] : []));
}
