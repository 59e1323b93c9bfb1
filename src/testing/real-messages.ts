/** What a computed run of the catalog says to one entity, as bytes, with the door at which each message comes: raw material for tests that spoil them. */
import type { Endpoint, Transport } from '#base/machine.ts';
import { CATALOG } from '#catalog/catalog.ts';
import { applyNamedChanges } from '#scenario/changes.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import { runScenario } from '#scenario/run.ts';
import type { NetworkOptions, Role, ValidScenario } from '#scenario/scenario.ts';
import type { Change } from '#trace/record.ts';

export interface RealMessage {
  readonly bytes: Uint8Array;
  readonly transport: Transport;
  readonly source: Endpoint;
  /** An address of its own, unless it is a gateway through which the packet passes. */
  readonly destination: Endpoint;
}

function endpointOf(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

/** The first scenario in which that role stands, one that charges first: there an entity has the most to say. */
function scenarioWith(role: Role): ValidScenario {
  const stands = (scenario: ValidScenario): boolean => planNetwork(scenario.network ?? {}).entities.has(role);
  const found = CATALOG.find(({ id }) => id === 'charging');
  const other = found !== undefined && stands(found) ? found : CATALOG.find(stands);
  if (other === undefined) throw new Error(`${role} stands in no scenario`);
  return other;
}

/** With the named changes of a scenario turned over, where one is named. */
export interface Setting {
  readonly scenario: string;
  readonly changes: readonly Change[];
}

export function messagesTo(role: Role, setting?: Setting): { readonly network: NetworkOptions; readonly messages: readonly RealMessage[] } {
  const given = setting === undefined ? scenarioWith(role) : CATALOG.find(({ id: each }) => each === setting.scenario);
  const scenario = given === undefined ? undefined : applyNamedChanges(given, setting?.changes ?? []);
  if (scenario === undefined || 'kind' in scenario) throw new Error(`${role} stands in no such scenario`);
  const network = scenario.network ?? {};
  const { id } = entityOf(planNetwork(network), role);
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(`${scenario.id} cannot be run`);
  const messages = trace.records.flatMap((one): RealMessage[] =>
    one.kind === 'message' && one.to === id
      ? [{ bytes: one.bytes, transport: one.transport, source: endpointOf(one.src), destination: endpointOf(one.dst) }]
      : [],
  );
  return { network, messages };
}
