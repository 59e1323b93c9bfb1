/** The locator of a network with several HSSs (ims/slf): built only where a scenario asks for one. */
import type { Chance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { Slf } from '#ims/slf/slf.ts';
import { entityOf, type NetworkPlan, type PlannedEntity } from './plan.ts';

/** The locator of home2: which HSS holds which identity. */
export function buildSlf(plan: NetworkPlan, entity: PlannedEntity, chance: Chance): Machine {
  const holders = plan.users
    .filter((user) => user.homeRole === entity.networkRole)
    .flatMap((user) => user.publicIdentities.map((identity) => ({ identity, hss: entityOf(plan, user.options.hss ?? 'hss2').id })));
  return new Slf({ host: entity.id, domain: entity.network, address: entity.address, holders }, chance);
}
