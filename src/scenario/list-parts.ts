/** The presence list servers (ims/list-server): built only where a scenario asks for one. */
import type { Chance } from '#base/chance.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { ListServer } from '#ims/list-server/list-server.ts';
import { formatServices } from '#presence/lists/resource-lists.ts';
import { type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';

const MIN_EXPIRES = 60;
const MAX_EXPIRES = 86_400;

export function buildListServer(plan: NetworkPlan, entity: PlannedEntity, node: NodeConfig, chance: Chance): ListServer {
  const lists = (plan.options.lists ?? []).filter(({ at }) => at === entity.scenarioRole);
  const services = formatServices(
    lists.map(({ identity, name, members }) => ({
      uri: identity,
      ...(name === undefined ? {} : { name }),
      entries: members.map((member) => ({ uri: member.uri, ...(member.name === undefined ? {} : { name: member.name }) })),
      packages: ['presence'],
    })),
  );
  const owners = lists.flatMap(({ identity, owner }): (readonly [string, readonly string[]])[] => {
    const user = plan.users.find(({ role }) => role === owner);
    return user === undefined ? [] : [[identityKey(identity), user.publicIdentities]];
  });
  const gathers = new Set(lists.filter((list) => list.gathers === true).map(({ identity }) => identityKey(identity)));
  return new ListServer(
    {
      ...node,
      services,
      owners: new Map(owners),
      gathers,
      conditions: plan.options.presence?.lean?.conditions === true,
      minExpires: MIN_EXPIRES,
      maxExpires: MAX_EXPIRES,
      trust: trustOf(plan, entity.networkRole),
    },
    chance,
  );
}
