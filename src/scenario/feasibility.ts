/** What a schema cannot tell: whether the network of a scenario can stand at all. Asked before anything is built, so that a user's own file gets a sentence. */
import type { Intent } from '#base/machine.ts';
import { readPolicy } from '#presence/composition/policy.ts';
import type { EntityKind } from '#trace/record.ts';
import { entityOf, type NetworkPlan } from './plan.ts';
import { ROLES, type Role } from './roles.ts';
import type { ScenarioError, ValidScenario } from './scenario.ts';
import { workloadProblem } from './workload.ts';

/** Why the scenario cannot be run in its own network, or undefined. */
export function infeasibility(scenario: ValidScenario, plan: NetworkPlan): ScenarioError | undefined {
  const problem = problemOf(scenario, plan);
  return problem === undefined ? undefined : { kind: 'scenario-error', message: `Not a valid scenario: at ${problem}.` };
}

/** What somebody can be asked to do, and whether it must be told to whom. */
type Wishes = ReadonlyMap<string, 'needs to' | 'needs user' | 'plain'>;

const OF_UE: Wishes = new Map([
  ['register', 'plain'],
  ['deregister', 'plain'],
  ['subscribe', 'needs to'],
  ['fetch', 'needs to'],
  ['enquire-next-change', 'needs to'],
  ['refresh', 'plain'],
  ['unsubscribe', 'plain'],
  ['publish', 'plain'],
  ['unpublish', 'plain'],
  ['refresh-publication', 'plain'],
  ['publish-with-wrong-tag', 'plain'],
  ['answer-watcher', 'plain'],
  ['read-rules', 'plain'],
  ['write-rules', 'plain'],
  ['write-rule', 'plain'],
  ['delete-rules', 'plain'],
  ['read-lists', 'plain'],
  ['write-lists', 'plain'],
  ['delete-lists', 'plain'],
]);

const OF_WATCHER_OUTSIDE: Wishes = new Map([
  ['register', 'needs to'],
  ['subscribe', 'needs to'],
  ['fetch', 'needs to'],
  ['refresh', 'plain'],
  ['unsubscribe', 'plain'],
]);

/** The wishes of those who have an account at the server. */
const OF_XMPP: Wishes = new Map([
  ['available', 'plain'],
  ['unavailable', 'plain'],
  ['subscribe', 'needs to'],
  ['unsubscribe', 'needs to'],
  ['probe', 'needs to'],
  ['approve', 'needs to'],
  ['deny', 'needs to'],
]);

/** What the owner of a calendar does there. */
const OF_CALENDAR: Wishes = new Map([
  ['enter-event', 'plain'],
  ['move-event', 'plain'],
  ['cancel-event', 'plain'],
  ['classify-event', 'plain'],
]);

const OF_AGENT: Wishes = new Map([
  ['follow-calendar', 'plain'],
  ['leave-calendar', 'plain'],
]);

/** What happens to a subscriber: all of them need to know to whom. */
const happenings = (...kinds: readonly string[]): Wishes => new Map(kinds.map((kind) => [kind, 'needs user']));

/** By kind of entity: `ims/ue`, `ims/external-watcher`, `ims/xmpp-server`, `ims/network-node`, `ims/calendar-server`, `ims/external-agent`. */
const WISHES: ReadonlyMap<EntityKind, Wishes> = new Map([
  ['ue', OF_UE],
  ['external-watcher', OF_WATCHER_OUTSIDE],
  ['xmpp-server', OF_XMPP],
  ['msc', happenings('attach', 'begin-call', 'end-call', 'lose-coverage', 'detach')],
  ['sgsn', happenings('attach', 'lose-coverage', 'detach')],
  ['ggsn', happenings('activate-context', 'deactivate-context')],
  ['gmlc', happenings('locate', 'lose-sight')],
  ['calendar-server', OF_CALENDAR],
  ['external-agent', OF_AGENT],
]);

type Need = 'user' | 'neighbour' | 'policy';

/** What an operator can do to an entity, to which kinds of it (none named: to all), and what has to be said with it. */
const ACTS: ReadonlyMap<string, { readonly of?: readonly EntityKind[]; readonly needs?: Need }> = new Map([
  ['overload', { of: ['i-cscf'] }],
  ['relieve', { of: ['i-cscf'] }],
  ['fall-silent', { of: ['charging-data-function'] }],
  ['speak-again', { of: ['charging-data-function'] }],
  ['deregister-user', { of: ['hss'], needs: 'user' }],
  ['change-profile', { of: ['hss'], needs: 'user' }],
  ['change-policy', { of: ['presence-server'], needs: 'policy' }],
  ['alter-content', { of: ['content-server'] }],
  ['spoil-calendar', { of: ['calendar-server'] }],
  ['mend-calendar', { of: ['calendar-server'] }],
  ['crash', {}],
  ['restart', {}],
  ['cut', { needs: 'neighbour' }],
  ['impair', { needs: 'neighbour' }],
  ['restore', { needs: 'neighbour' }],
]);

function timelineProblem({ timeline, until }: ValidScenario, plan: NetworkPlan): string | undefined {
  for (const [i, { at, who, do: wish }] of timeline.entries()) {
    if (at > until) return `/timeline/${i}/at: ${at} s lies behind the end of the run at ${until} s`;
    const act = ACTS.get(wish.kind);
    if (act !== undefined) {
      const kind = plan.entities.get(who)?.kind;
      if (kind !== undefined && act.of?.includes(kind) === false)
        return `/timeline/${i}/do/kind: ${wish.kind} can be done to ${act.of.join(', ')}, not to ${kind}`;
      const lacking = act.needs === undefined ? undefined : lackOf(act.needs, who, wish, plan);
      if (lacking !== undefined) return `/timeline/${i}/do/${lacking}`;
      continue;
    }
    const wishes = WISHES.get(entityOf(plan, who).kind);
    if (wishes === undefined) return `/timeline/${i}/who: only ue1 and ue2, and people outside, do what people want, not ${who}`;
    const needs = wishes.get(wish.kind);
    if (needs === undefined) return `/timeline/${i}/do/kind: nobody knows how to "${wish.kind}"; there are ${[...wishes.keys(), ...ACTS.keys()].join(', ')}`;
    if (needs === 'needs user' && typeof wish['user'] !== 'string')
      return `/timeline/${i}/do/user: ${wish.kind} needs the address of a user, such as sip:user2_public1@home2.net`;
    if (needs === 'needs to' && typeof wish['to'] !== 'string')
      return `/timeline/${i}/do/to: ${wish.kind} needs the address of somebody, such as sip:user2_public1@home2.net`;
  }
  return undefined;
}

function lackOf(need: Need, who: Role, wish: Intent, plan: NetworkPlan): string | undefined {
  if (need === 'user' && typeof wish['user'] !== 'string') return `user: ${wish.kind} needs the address of a user, such as sip:user2_public1@home2.net`;
  if (need === 'policy') return policyProblem(wish, plan);
  if (need !== 'neighbour') return undefined;
  const ends = [plan.entities.get(who)?.id, plan.entities.get(wish['to'] as Role)?.id];
  const isLinked = plan.links.some(({ a, b }) => ends.includes(a) && ends.includes(b));
  return isLinked ? undefined : `to: ${wish.kind} needs the role at the other end of a link of ${who}, such as hss1`;
}

/** A policy that none would take is a mistake of who wrote the scenario; what a person does in the run is answered there. */
function policyProblem(wish: Intent, { options }: NetworkPlan): string | undefined {
  if (options.presence?.composition !== true) return 'kind: change-policy needs a network with "presence": { "composition": true }';
  const policy = readPolicy(wish['policy']);
  return typeof policy === 'string' ? `policy: ${policy.replace(/\.$/, '')}` : undefined;
}

function chapterProblem({ chapters = [] }: ValidScenario): string | undefined {
  for (const [i, { id, at }] of chapters.entries()) {
    if (chapters.findIndex((other) => other.id === id) < i) return `/chapters/${i}/id: another chapter is called ${id} already`;
    if (at < (chapters[i - 1]?.at ?? 0)) return `/chapters/${i}/at: a chapter cannot begin before the one in front of it`;
  }
  return undefined;
}

function plainRunProblem({ plainRun, changes = [] }: ValidScenario): string | undefined {
  if (plainRun === undefined) return undefined;
  const named = changes.find(({ name }) => name === plainRun.change);
  if (named === undefined) return `/plainRun/change: no change is named ${plainRun.change}`;
  return named.values.slice(1).some(({ value }) => value === plainRun.value)
    ? undefined
    : `/plainRun/value: ${plainRun.change} is never turned over to ${plainRun.value}`;
}

function problemOf(scenario: ValidScenario, plan: NetworkPlan): string | undefined {
  return (
    networkProblem(scenario, plan) ??
    timelineProblem(scenario, plan) ??
    workloadProblem(scenario, plan) ??
    chapterProblem(scenario) ??
    plainRunProblem(scenario)
  );
}

function networkProblem({ timeline, network = {} }: ValidScenario, plan: NetworkPlan): string | undefined {
  const stray = timeline.findIndex(({ who }) => !plan.entities.has(who));
  if (stray >= 0) return `/timeline/${stray}/who: there is no ${timeline[stray]?.who ?? ''} in this network`;
  for (const [i, { between }] of (network.links ?? []).entries()) {
    const absent = between.find((role) => !plan.entities.has(role));
    if (absent !== undefined) return `/network/links/${i}/between: there is no ${absent} in this network`;
    const [a, b] = between.map((role) => plan.entities.get(role)?.id);
    const isLinked = plan.links.some((link) => (link.a === a && link.b === b) || (link.a === b && link.b === a));
    if (!isLinked) return `/network/links/${i}/between: no link joins ${between.join(' and ')}`;
  }
  const domains = plan.networks.map((each) => each.domain);
  if (new Set(domains).size < domains.length) return `/network: its networks must have different domains, not ${domains.join(', ')}`;
  for (const inner of domains) {
    const outer = domains.find((domain) => inner.endsWith(`.${domain}`));
    if (outer !== undefined) return `/network: no network can lie in the domain of another, as ${inner} does in ${outer}`;
  }
  const roles = (network.users ?? []).map((user) => user.role);
  if (new Set(roles).size < roles.length) return `/network/users: ${roles.join(', ')} names somebody twice`;
  const port = portProblem(plan);
  if (port !== undefined) return port;
  const seen = new Set<string>();
  for (const role of ROLES) {
    const entity = plan.entities.get(role);
    if (entity === undefined) continue;
    if (entity.kind !== 'ue' && !entity.id.endsWith(`.${entity.network}`)) return `/network/hosts/${role}: ${entity.id} does not lie in ${entity.network}`;
    if (seen.has(entity.id)) return `/network/hosts/${role}: another entity is called ${entity.id} already`;
    seen.add(entity.id);
  }
  return undefined;
}

/** Ports at which SIP is spoken in the clear. */
const CLEAR: readonly number[] = [5060, 5061];

/** Security associations tell by the ports what is protected, and in which direction. */
function portProblem({ users, protectedPorts }: NetworkPlan): string | undefined {
  const pairs = [
    ...users.map(({ role, clientPort, serverPort }) => ({ where: 'users', whose: `of ${role}`, ports: [clientPort, serverPort] })),
    { where: 'protectedPorts', whose: 'of the P-CSCFs', ports: [protectedPorts.client, protectedPorts.server] },
  ];
  for (const { where, whose, ports } of pairs) {
    const clear = ports.find((port) => CLEAR.includes(port));
    if (clear !== undefined) return `/network/${where}: ${clear} cannot be a protected port ${whose}: SIP is spoken there in the clear`;
    if (ports[0] === ports[1]) return `/network/${where}: the protected client and server ports ${whose} must differ, not both be ${String(ports[0])}`;
  }
  return undefined;
}
