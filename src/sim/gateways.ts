/**
 * Gateways: entities through which packets between networks go. The simulated network knows who is next and hands over whole packets (`passing`);
 * what a gateway makes of one, it decides itself: send it on under the same addresses, put it into another packet, or nothing.
 */
import type { EntityId } from './packet.ts';

export interface Gateways {
  /** Who gets a packet of `from` that is addressed to `to`: `to` itself, or the next gateway on the way. Both exist. */
  nextHop(from: EntityId, to: EntityId): EntityId;
  /** A gateway may send packets under addresses that are not its own. */
  isGateway(entity: EntityId): boolean;
}

/** One network's gateway stands between its other members and everybody outside. `networkOf` tells the network of every entity, `gatewayOf` its gateway. */
export function createGateways(networkOf: ReadonlyMap<EntityId, string>, gatewayOf: ReadonlyMap<string, EntityId>): Gateways {
  const gateways = new Set(gatewayOf.values());
  return {
    nextHop(from, to) {
      const here = networkOf.get(from);
      const there = networkOf.get(to);
      if (here === there || here === undefined || there === undefined) return to;
      const own = gatewayOf.get(here);
      if (own !== undefined && own !== from) return own;
      return gatewayOf.get(there) ?? to;
    },
    isGateway: (entity) => gateways.has(entity),
  };
}
