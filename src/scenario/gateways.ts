/** Which networks of a plan are reached through a security gateway: the way of packets, whatever the gateway does to them. */
import { createGateways, type Gateways } from '#sim/gateways.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import { NETWORK_ROLES, type NetworkRole, SECURITY_GATEWAYS } from './standings.ts';

export const gatewayOf = (plan: NetworkPlan, network: NetworkRole): PlannedEntity | undefined => {
  const role = SECURITY_GATEWAYS[network];
  return role === undefined ? undefined : plan.entities.get(role);
};

/** Undefined where no network has a gateway: packets then go straight. */
export function gatewaysOf(plan: NetworkPlan): Gateways | undefined {
  const gateways = new Map<string, string>();
  for (const network of NETWORK_ROLES) {
    const gateway = gatewayOf(plan, network);
    if (gateway !== undefined) gateways.set(gateway.network, gateway.id);
  }
  if (gateways.size === 0) return undefined;
  return createGateways(new Map([...plan.entities.values()].map((entity) => [entity.id, entity.network])), gateways);
}
