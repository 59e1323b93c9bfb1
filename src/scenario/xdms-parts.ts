/** The servers that keep the presentities' rules and the watcher's lists (ims/xdms): built only where a scenario asks for them. */
import { Xdms } from '#ims/xdms/xdms.ts';
import { formatRuleset } from '#presence/authorization/write-ruleset.ts';
import type { EntityKind } from '#trace/record.ts';
import { keptLists } from './list-parts.ts';
import type { PartContext } from './parts.ts';
import { rulesetOf } from './presence-parts.ts';
import { utPasswordOf } from './ut.ts';

/** Who may read everything. */
const FOLLOWERS: ReadonlySet<EntityKind> = new Set<EntityKind>(['presence-server', 'list-server']);

export function buildXdms({ plan, entity, node, seed, startsAt, chance, stopped }: PartContext): Xdms {
  const users = plan.users.filter(({ homeRole }) => homeRole === entity.networkRole);
  const { ruleset } = plan.options.presence ?? {};
  const kept =
    ruleset === undefined || entity.scenarioRole !== 'xdms'
      ? []
      : users.flatMap(({ publicIdentities: [xui] }) => (xui === undefined ? [] : [{ auid: 'pres-rules', xui, text: formatRuleset(rulesetOf(plan, ruleset)) }]));
  return new Xdms(
    {
      ...node,
      startsAt,
      users: users.map((user) => ({ username: user.privateIdentity, password: utPasswordOf(user, seed), identities: user.publicIdentities })),
      servers: [...plan.entities.values()]
        .filter(({ kind, networkRole }) => FOLLOWERS.has(kind) && networkRole === entity.networkRole)
        .map(({ id, address }) => ({ host: id, address })),
      kept: entity.scenarioRole === 'xdms1' ? [...kept, ...keptLists(plan, entity.id)] : kept,
    },
    chance,
    stopped instanceof Xdms ? stopped.stored : undefined,
  );
}
