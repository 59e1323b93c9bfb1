/** Which charging data function an entity reports to, where the scenario's network charges. */
import type { ChargingConfig } from '#ims/charging/charging-trigger.ts';
import { DIAMETER_PORT } from '#protocol/diameter/peer.ts';
import { NODE_FUNCTIONALITY } from '#protocol/diameter/rf-information.ts';
import type { EntityKind } from '#trace/record.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import { CHARGING_FUNCTIONS } from './standings.ts';

const FUNCTIONALITIES: Readonly<Partial<Record<EntityKind, number>>> = {
  'p-cscf': NODE_FUNCTIONALITY.pCscf,
  'i-cscf': NODE_FUNCTIONALITY.iCscf,
  's-cscf': NODE_FUNCTIONALITY.sCscf,
  'presence-server': NODE_FUNCTIONALITY.as,
  'list-server': NODE_FUNCTIONALITY.as,
  'network-agent': NODE_FUNCTIONALITY.as,
};

/** The charging data function of the network in which the entity stands (TS 32.260 §5.2.2.1.5: also for a P-CSCF in a visited network). */
function functionFor(plan: NetworkPlan, { networkRole }: PlannedEntity): PlannedEntity | undefined {
  const role = CHARGING_FUNCTIONS[networkRole];
  return role === undefined ? undefined : plan.entities.get(role);
}

/** The member `charging` of an entity's configuration; empty where nothing is charged. */
export function chargingOf(plan: NetworkPlan, entity: PlannedEntity, startsAt: string): { readonly charging?: ChargingConfig } {
  const functionality = FUNCTIONALITIES[entity.kind];
  const cdf = functionality === undefined ? undefined : functionFor(plan, entity);
  if (functionality === undefined || cdf === undefined) return {};
  return { charging: { cdf: { host: cdf.id, endpoint: { address: cdf.address, port: DIAMETER_PORT } }, functionality, startsAt } };
}
