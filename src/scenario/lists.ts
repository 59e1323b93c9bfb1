/** What the network knows of lists: which addresses lead to their servers, by filter criteria of the owner or by the HSS. */
import type { ServiceIdentity } from '#ims/hss/subscribers.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import type { CriterionOptions } from './scenario.ts';

/** The lists that the HSS leads to by itself (TS 23.228 §5.4.12.2): those of home2, and in home1 those of which the scenario says so. */
export function listServices(plan: NetworkPlan, entity: PlannedEntity): readonly ServiceIdentity[] {
  const role = entity.scenarioRole === 'hss2' ? 'rls2' : entity.scenarioRole === 'hss1' ? 'rls1' : undefined;
  const server = role === undefined ? undefined : plan.entities.get(role);
  if (server === undefined) return [];
  const lists = (plan.options.lists ?? []).filter(({ at, direct }) => at === role && (at === 'rls2' || direct === true));
  return lists.map(({ identity }) => ({ identity, serverName: `sip:${server.id}`, active: true }));
}

/** In front of the presence criteria, so that a list is not taken for somebody. */
const FIRST_PRIORITY = 1;

/** The watcher's filter criteria: who subscribes to a list of the own network is sent to its list server. To tells the whole address, a Request-URI only its host (TS 29.228 Annex F). */
export function listCriteria(plan: NetworkPlan): readonly CriterionOptions[] {
  const server = plan.entities.get('rls1');
  if (server === undefined) return [];
  const lists = (plan.options.lists ?? []).filter(({ at, direct }) => at === 'rls1' && direct !== true);
  return lists.map(({ identity }, i) => ({
    priority: FIRST_PRIORITY + i,
    cnf: false,
    triggers: [
      { method: 'SUBSCRIBE' },
      { header: { name: 'Event', content: '^presence(;.*)?$' } },
      { header: { name: 'To', content: `^<${identity.replaceAll(/[.+*?()[\]{}|^$\\]/g, '\\$&')}>` } },
      { sessionCase: 0 },
    ],
    server: `sip:${server.id}`,
    defaultHandling: 1,
  }));
}
