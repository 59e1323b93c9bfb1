/** Crowds (ims/crowd): a UE for each further subscriber of a home network. */
import { createKeyedChance } from '#base/chance.ts';
import { Crowd } from '#ims/crowd/crowd.ts';
import { Ue } from '#ims/ue/ue.ts';
import { deviceOfSubscriber } from './authentication.ts';
import { UE_ABILITIES } from './ue-abilities.ts';
import type { PartContext } from './parts.ts';
import { entityOf } from './plan.ts';

/** Of every member: they differ by address. */
const CLIENT_PORT = 2472;
const SERVER_PORT = 1361;

export function buildCrowd({ plan, entity, seed, startsAt }: PartContext): Crowd {
  const proxy = entityOf(plan, entity.scenarioRole === 'crowd1' ? 'pcscf1' : 'pcscf2');
  const members = (entity.crowd ?? []).map((name, i) => {
    const address = entity.addresses[i] ?? entity.address;
    const config = {
      id: name,
      address,
      displayName: name,
      ...deviceOfSubscriber(name, entity.home, proxy.networkRole),
      homeDomain: entity.home,
      clientPort: CLIENT_PORT,
      serverPort: SERVER_PORT,
      proxy: { host: proxy.id, address: proxy.address },
      startsAt,
      abilities: UE_ABILITIES,
    };
    return { name, address, ue: new Ue(config, createKeyedChance(seed, `${entity.id} ${name}`)) };
  });
  return new Crowd(members);
}
