/** The presence list servers (ims/list-server): built only where a scenario asks for one. */
import type { Chance } from '#base/chance.ts';
import { identityKey, sameIdentity } from '#ims/node/identity.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { ListServer } from '#ims/list-server/list-server.ts';
import type { KeptDocument } from '#ims/xdms/xdms.ts';
import { formatResourceLists, formatServices, type ListService } from '#presence/lists/resource-lists.ts';
import { XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';
import { DEFAULT_MAX_EXPIRES } from './parts.ts';
import { type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';

const MIN_EXPIRES = 60;

export function buildListServer(plan: NetworkPlan, entity: PlannedEntity, node: NodeConfig, chance: Chance): ListServer {
  const xdms = entity.scenarioRole === 'rls1' ? plan.entities.get('xdms1') : undefined;
  const here = (plan.options.lists ?? []).filter(({ at }) => at === entity.scenarioRole);
  // What its owner keeps in an XDMS is fetched there.
  const lists = here.filter(({ owner }) => xdms === undefined || owner === undefined);
  const services = formatServices(lists.map(serviceOf));
  const identitiesOf = (identity: string): readonly string[] =>
    plan.users.find(({ publicIdentities }) => publicIdentities.some((one) => sameIdentity(one, identity)))?.publicIdentities ?? [identity];
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
      maxExpires: plan.options.presence?.maxExpires ?? DEFAULT_MAX_EXPIRES,
      trust: trustOf(plan, entity.networkRole),
      ...(xdms === undefined ? {} : { kept: { xdms: { host: xdms.id, address: xdms.address }, identitiesOf } }),
    },
    chance,
  );
}

type PlannedList = NonNullable<NetworkPlan['options']['lists']>[number];

const serviceOf = ({ identity, name, members }: PlannedList): ListService => ({
  uri: identity,
  ...(name === undefined ? {} : { name }),
  entries: members.map((member) => ({ uri: member.uri, ...(member.name === undefined ? {} : { name: member.name }) })),
  packages: ['presence'],
});

/** The name of the document in which lists stand that others refer to: any will do (RFC 4826 §3.4.7). */
const LISTS_DOCUMENT = 'friends';

/** What the XDMS of home1 keeps already: the lists of each owner, as one document, and those to which it refers in another. */
export function keptLists(plan: NetworkPlan, host: string): readonly KeptDocument[] {
  return plan.users.flatMap(({ role, publicIdentities: [xui] }) => {
    const own = (plan.options.lists ?? []).filter(({ at, owner }) => at === 'rls1' && owner === role);
    if (xui === undefined || own.length === 0) return [];
    const apart = own.flatMap((list, i) => (list.apart === true ? [{ list, handle: `list${i + 1}` }] : []));
    const services = own.map((list) => {
      const handle = apart.find((one) => one.list === list)?.handle;
      return handle === undefined ? serviceOf(list) : { ...serviceOf(list), refersTo: addressOfList(host, xui, handle) };
    });
    const lists = apart.map(({ list, handle }) => ({ ...serviceOf(list), handle }));
    return [
      { auid: 'rls-services', xui, text: formatServices(services) },
      ...(apart.length === 0 ? [] : [{ auid: 'resource-lists', xui, document: LISTS_DOCUMENT, text: formatResourceLists(lists) }]),
    ];
  });
}

const addressOfList = (host: string, xui: string, handle: string): string =>
  `http://${host}${formatXcapTarget(XCAP_ROOT, `resource-lists/users/${xui}/${LISTS_DOCUMENT}`, { path: `resource-lists/list[@name="${handle}"]`, namespaces: [] })}`;
