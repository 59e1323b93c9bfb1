/** The charging data function of a network (ims/charging): built only where a scenario's network charges. */
import type { Chance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { Cdf } from '#ims/charging/cdf.ts';
import type { PlannedEntity } from './plan.ts';

export const buildChargingDataFunction = (entity: PlannedEntity, startsAt: string, chance: Chance): Machine =>
  new Cdf({ host: entity.id, domain: entity.network, address: entity.address, startsAt }, chance);
