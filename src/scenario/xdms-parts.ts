/** The server that keeps the presentities' rules (ims/xdms): built only where a scenario asks for it. */
import { Xdms } from '#ims/xdms/xdms.ts';
import { formatRuleset } from '#presence/authorization/write-ruleset.ts';
import type { PartContext } from './parts.ts';
import { rulesetOf } from './presence-parts.ts';
import { utPasswordOf } from './ut.ts';

export function buildXdms({ plan, entity, node, seed, chance, stopped }: PartContext): Xdms {
  const users = plan.users.filter(({ homeRole }) => homeRole === entity.networkRole);
  const { ruleset } = plan.options.presence ?? {};
  const kept =
    ruleset === undefined
      ? []
      : users.flatMap(({ publicIdentities: [xui] }) => (xui === undefined ? [] : [{ xui, text: formatRuleset(rulesetOf(plan, ruleset)) }]));
  return new Xdms(
    {
      ...node,
      users: users.map((user) => ({ username: user.privateIdentity, password: utPasswordOf(user, seed), identities: user.publicIdentities })),
      servers: [...plan.entities.values()]
        .filter(({ kind, networkRole }) => kind === 'presence-server' && networkRole === entity.networkRole)
        .map(({ address }) => address),
      rules: kept,
    },
    chance,
    stopped instanceof Xdms ? stopped.stored : undefined,
  );
}
