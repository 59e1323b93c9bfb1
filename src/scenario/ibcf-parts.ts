/** The border node of a network (ims/ibcf) and what others of the network know of it: built only where a scenario asks for one. */
import { type Chance, createKeyedChance } from '#base/chance.ts';
import { Ibcf } from '#ims/ibcf/ibcf.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { ZoneFile } from '#protocol/dns/zone.ts';
import { entityOf, type NetworkPlan, type PlannedEntity } from './plan.ts';
import type { NetworkRole } from './standings.ts';
import { borderNode, zonesOf } from './zones.ts';

export function buildIbcf(plan: NetworkPlan, entity: PlannedEntity, node: NodeConfig, seed: number, chance: Chance): Ibcf {
  const own = [...plan.entities.values()].filter((one) => one.networkRole === entity.networkRole);
  return new Ibcf(
    {
      ...node,
      inside: new Set(own.map((one) => one.address)),
      entry: entityOf(plan, entity.networkRole === 'home2' ? 'icscf2' : 'icscf1').id,
      hides: plan.networks.some(({ domain, hides }) => domain === entity.network && hides === true),
      // One key per network, whatever the name of the node that uses it.
      key: createKeyedChance(seed, `Kv of ${entity.network}`).bytes('key', 16),
    },
    chance,
  );
}

/** For the S-CSCF: through whom requests leave. */
export function borderOf(plan: NetworkPlan, network: NetworkRole): { readonly border?: string } {
  const node = borderNode(plan, network);
  return node === undefined ? {} : { border: node.id };
}

/** For the name server: what partners are told. */
export function outsideZones(plan: NetworkPlan, network: NetworkRole): { readonly outsideZones?: readonly ZoneFile[] } {
  return borderNode(plan, network) === undefined ? {} : { outsideZones: zonesOf(plan, network, true) };
}
