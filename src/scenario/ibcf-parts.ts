/** The border node of a network (ims/ibcf): built only where a scenario asks for one. */
import { type Chance, createKeyedChance } from '#base/chance.ts';
import { Ibcf } from '#ims/ibcf/ibcf.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { entityOf, type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';

export function buildIbcf(plan: NetworkPlan, entity: PlannedEntity, node: NodeConfig, seed: number, chance: Chance): Ibcf {
  const own = [...plan.entities.values()].filter((one) => one.networkRole === entity.networkRole);
  return new Ibcf(
    {
      ...node,
      inside: new Set(own.map((one) => one.address)),
      entry: entityOf(plan, entity.networkRole === 'home2' ? 'icscf2' : 'icscf1').id,
      trust: trustOf(plan, entity.networkRole),
      hides: node.hidden === true,
      // One key per network, whatever the name of the node that uses it.
      key: createKeyedChance(seed, `Kv of ${entity.network}`).bytes('key', 16),
    },
    chance,
  );
}
