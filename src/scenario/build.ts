/** Turns a plan into entities: each one gets its configuration and its own source of chance. */
import { createKeyedChance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { type Duration, seconds } from '#base/time.ts';
import { DnsServer } from '#ims/dns-server/dns-server.ts';
import { Hss } from '#ims/hss/hss.ts';
import type { Subscription } from '#ims/hss/subscribers.ts';
import { ICscf } from '#ims/i-cscf/i-cscf.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { PCscf } from '#ims/p-cscf/p-cscf.ts';
import { PresenceServer } from '#ims/presence-server/presence-server.ts';
import { SCscf } from '#ims/s-cscf/s-cscf.ts';
import { Ue } from '#ims/ue/ue.ts';
import type { InitialFilterCriterion, ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import type { EntityId } from '#trace/record.ts';
import { buildDirectory, directoryPartner } from './directory.ts';
import { borderOf, outsideZones } from './border.ts';
import { holds, servedServices, serversOf, servicesOf, subscriberData } from './finding.ts';
import { algorithmsOf, deviceOf, furtherSubscriptions, NONCE_LIFETIME, recordedSecret } from './authentication.ts';
import { chargingOf } from './charging.ts';
import { distributorCriteria } from './distributors.ts';
import { gatewayConfig } from './interworking.ts';
import { listCriteria } from './lists.ts';
import { agentCriteria, agentsOf } from './agents.ts';
import { DEFAULT_MAX_EXPIRES, DEFAULT_MIN_EXPIRES, type PartContext, type Parts } from './parts.ts';
import { entityOf, type NetworkPlan, type PlannedEntity, type PlannedUser, trustOf } from './plan.ts';
import type { CriterionOptions, Role } from './scenario.ts';
import { CHARGING_FUNCTIONS, NAME_SERVERS, NETWORK_ROLES, type NetworkRole } from './standings.ts';
import { xcapFactsOf } from './ut.ts';
import { zonesOf } from './zones.ts';

const patienceOf = (given: number | undefined): { readonly patience?: Duration } => (given === undefined ? {} : { patience: seconds(given) });

/** All machines of the plan, by entity id, in the order of the plan. Throws when the plan has an entity of a kind that is neither built here nor by `parts`. */
export function buildEntities(plan: NetworkPlan, seed: number, startsAt: string, parts: Parts): ReadonlyMap<EntityId, Machine> {
  const machines = new Map<EntityId, Machine>();
  for (const entity of plan.entities.values()) machines.set(entity.id, buildProtected(plan, entity, seed, startsAt, parts));
  return machines;
}

/** The machine of an entity that comes back after it was stopped: anew, but for what it had on disk. `life` counts its restarts. */
export function rebuildEntity(plan: NetworkPlan, id: EntityId, seed: number, startsAt: string, parts: Parts, stopped: Machine, life: number): Machine {
  const entity = [...plan.entities.values()].find((one) => one.id === id);
  if (entity === undefined) throw new Error(`the plan has no ${id}`);
  return buildProtected(plan, entity, seed, startsAt, parts, life, stopped);
}

function buildProtected(plan: NetworkPlan, entity: PlannedEntity, seed: number, startsAt: string, parts: Parts, life = 0, stopped?: Machine): Machine {
  const machine = buildEntity(plan, entity, seed, startsAt, parts, life, stopped);
  return parts.abilities?.protect(plan, entity, machine, seed, life) ?? machine;
}

/** Another life draws other numbers: no tag or entity-tag comes twice. */
function buildEntity(plan: NetworkPlan, entity: PlannedEntity, seed: number, startsAt: string, parts: Parts, life: number, stopped?: Machine): Machine {
  const chance = createKeyedChance(seed, life === 0 ? entity.id : `${entity.id} ${life}`);
  switch (entity.kind) {
    case 'ue':
      if (entity.crowd !== undefined) return buildCrowd(parts, { plan, entity, node: nodeConfig(plan, entity, startsAt), seed, startsAt, chance });
      return new Ue(
        {
          ...ueConfig(plan, entity, startsAt),
          ...xcapFactsOf(plan, entity.scenarioRole, seed),
          ...(parts.abilities?.ue === undefined ? {} : { abilities: parts.abilities.ue }),
        },
        chance,
      );
    case 'p-cscf':
      return new PCscf(
        {
          ...nodeConfig(plan, entity, startsAt),
          protectedPorts: plan.protectedPorts,
          algorithms: algorithmsOf(plan.options.authentication?.algorithms),
          allowWithoutIpsec: plan.options.authentication?.ipsecOnly !== true,
        },
        chance,
      );
    case 'i-cscf':
      return new ICscf(
        {
          ...nodeConfig(plan, entity, startsAt),
          ...subscriberData(plan, entity.networkRole),
          servers: serversOf(plan, entity.networkRole),
          trust: trustOf(plan, entity.networkRole),
          ...patienceOf(plan.options.patience?.scscf),
        },
        chance,
      );
    case 's-cscf': {
      const recordRoute = plan.options.recordRoute ?? {};
      return new SCscf(
        {
          ...nodeConfig(plan, entity, startsAt),
          ...subscriberData(plan, entity.networkRole),
          ...borderOf(plan, entity.networkRole),
          authenticatesAgain: plan.options.authentication?.everyTime ?? false,
          nonceLifetime: plan.options.authentication?.nonceLifetime ?? NONCE_LIFETIME,
          ...gatewayConfig(plan, entity.networkRole),
          trust: trustOf(plan, entity.networkRole),
          ...patienceOf(plan.options.patience?.server),
          recordRoute: {
            originating: entity.scenarioRole === 'scscf1' ? (recordRoute.scscf1 ?? true) : true,
            terminating: entity.networkRole === 'home2' ? (recordRoute.scscf2 ?? false) : false,
          },
        },
        chance,
      );
    }
    case 'hss':
      return new Hss(
        {
          host: entity.id,
          domain: entity.network,
          address: entity.address,
          subscriptions: [
            ...plan.users.filter((user) => holds(entity, user)).map((user) => subscriptionOf(plan, user)),
            ...servedServices(plan, entity),
            ...furtherSubscriptions(plan, entity, furtherCriteria(plan, entity.networkRole)),
          ],
          services: servicesOf(plan, entity),
          sh: parts.abilities?.sh({ plan, entity, node: nodeConfig(plan, entity, startsAt), seed, startsAt, chance }),
        },
        chance,
        stopped instanceof Hss ? stopped.stored : undefined,
      );
    case 'dns-server':
      if (entity.scenarioRole === 'enum1') return buildDirectory(plan, entity, seed);
      return new DnsServer(
        {
          host: entity.id,
          address: entity.address,
          zones: zonesOf(plan, entity.networkRole),
          ...outsideZones(plan, entity.networkRole),
          partners: partnersOf(plan, entity),
        },
        chance,
      );
    case 'presence-server': {
      const { presence } = plan.options;
      return new PresenceServer(
        {
          ...nodeConfig(plan, entity, startsAt),
          defaultHandling: presence?.default ?? 'allow',
          rules: presence?.rules ?? [],
          unidentified: presence?.unidentified ?? 'block',
          trust: trustOf(plan, entity.networkRole),
          minExpires: presence?.minExpires ?? DEFAULT_MIN_EXPIRES,
          maxExpires: presence?.maxExpires ?? DEFAULT_MAX_EXPIRES,
          ...(presence?.presentities === undefined ? {} : { presentities: presence.presentities }),
          ...(presence?.accepts202 === true ? { accepts202: true } : {}),
          agents: agentsOf(plan),
        },
        chance,
        parts.abilities?.presenceServer({ plan, entity, node: nodeConfig(plan, entity, startsAt), seed, startsAt, chance, stopped }),
      );
    }
    default: {
      const build = parts[entity.kind];
      if (build === undefined) throw new Error(`Nobody handed in how a ${entity.kind} is built.`);
      return build({ plan, entity, node: nodeConfig(plan, entity, startsAt), seed, startsAt, chance, stopped });
    }
  }
}

/** The name server of a network; a network without one of its own uses that of the watcher's home. */
function dnsRole(plan: NetworkPlan, network: NetworkRole): Role {
  const own = NAME_SERVERS[network];
  return own !== undefined && plan.entities.has(own) ? own : 'dns1';
}

function nodeConfig(plan: NetworkPlan, entity: PlannedEntity, startsAt: string): NodeConfig {
  return {
    host: entity.id,
    domain: entity.network,
    address: entity.address,
    dns: entityOf(plan, dnsRole(plan, entity.networkRole)).address,
    ...(plan.networks.some(({ domain, hides }) => domain === entity.network && hides === true) ? { hidden: true } : {}),
    ...chargingOf(plan, entity, startsAt),
  };
}

function partnersOf(plan: NetworkPlan, own: PlannedEntity): readonly { readonly origin: string; readonly server: string }[] {
  const networks = NETWORK_ROLES.filter(
    (network) => network !== own.networkRole && [...plan.entities.values()].some((entity) => entity.networkRole === network),
  );
  return [
    ...networks.map((network) => ({ origin: plan.domains[network], server: entityOf(plan, dnsRole(plan, network)).address })),
    ...directoryPartner(plan, own),
  ];
}

function userOfRole(plan: NetworkPlan, role: Role): PlannedUser {
  const user = plan.users.find((one) => one.role === role);
  if (user === undefined) throw new Error(`the plan has no user ${role}`);
  return user;
}

function ueConfig(plan: NetworkPlan, entity: PlannedEntity, startsAt: string): ConstructorParameters<typeof Ue>[0] {
  const user = userOfRole(plan, entity.scenarioRole);
  const proxy = entityOf(plan, user.role === 'ue1' ? 'pcscf1' : 'pcscf2');
  return {
    id: entity.id,
    address: entity.address,
    displayName: user.displayName,
    ...deviceOf(plan, user, proxy.networkRole),
    homeDomain: plan.domains[user.homeRole],
    clientPort: user.clientPort,
    serverPort: user.serverPort,
    proxy: { host: proxy.id, address: proxy.address },
    startsAt,
  };
}

function subscriptionOf(plan: NetworkPlan, user: PlannedUser): Subscription {
  const domain = plan.domains[user.homeRole];
  return {
    privateIdentity: user.privateIdentity,
    publicIdentities: user.publicIdentities.map((identity) => ({ identity, barred: user.options.barred?.includes(identity) === true })),
    filterCriteria: (user.options.filterCriteria ?? usualCriteria(plan, user)).map((criterion) => criterionOf(plan, criterion, user.homeRole)),
    secret: recordedSecret(user, domain),
    roamingAllowed: user.options.roaming?.map((network) => plan.domains[network]) ?? 'everywhere',
    mandatoryCapabilities: user.capabilities,
    chargingCollection: plan.entities.get(CHARGING_FUNCTIONS[user.homeRole] ?? 'cdf1')?.id ?? `ccf1.${domain}`,
    sequence: user.sequence,
    serverName: undefined,
    state: 'not registered',
  };
}

/**
 * The presentity's filter criteria: who subscribes to the user's presence is sent to the presence server, registered or not, and so is what the user publishes
 * (TS 29.228 Annex B for the form; the same as in spec/presence-flows.md section 4.5).
 */
const PRESENTITY_CRITERIA: readonly CriterionOptions[] = [
  {
    priority: 10,
    cnf: false,
    triggers: [
      { method: 'SUBSCRIBE', groups: [0, 1] },
      { header: { name: 'Event', content: '^presence(\\.winfo)?(;.*)?$' }, groups: [0, 1] },
      { sessionCase: 1, groups: [0] },
      { sessionCase: 2, groups: [1] },
    ],
    defaultHandling: 1,
  },
  {
    priority: 20,
    cnf: false,
    triggers: [{ method: 'PUBLISH' }, { header: { name: 'Event', content: '^presence(;.*)?$' } }, { sessionCase: 0 }],
    defaultHandling: 1,
  },
];

/** The watcher is watched too where its own network has a presence server. */
function usualCriteria(plan: NetworkPlan, { role }: PlannedUser): readonly CriterionOptions[] {
  if (role === 'ue2') return [...distributorCriteria(plan, 'home2'), ...PRESENTITY_CRITERIA, ...agentCriteria(plan)];
  return plan.entities.has('ps1') ? [...distributorCriteria(plan, 'home1'), ...listCriteria(plan), ...PRESENTITY_CRITERIA] : listCriteria(plan);
}

/** The presentity's usual criteria, with the presence server of the plan. */
export const presentityCriteria = (plan: NetworkPlan): readonly InitialFilterCriterion[] =>
  PRESENTITY_CRITERIA.map((criterion) => criterionOf(plan, criterion));

/** Further subscribers with presence: that they are watched; that they publish only where they have a UE. */
function furtherCriteria(plan: NetworkPlan, network: NetworkRole): readonly InitialFilterCriterion[] {
  const hasUes = plan.entities.has(network === 'home1' ? 'crowd1' : 'crowd2');
  const criteria = hasUes ? [...distributorCriteria(plan, network), ...PRESENTITY_CRITERIA] : PRESENTITY_CRITERIA.slice(0, 1);
  return criteria.map((criterion) => criterionOf(plan, criterion, network));
}

function buildCrowd(parts: Parts, context: PartContext): Machine {
  const build = parts.abilities?.crowd;
  if (build === undefined) throw new Error('Nobody handed in how a crowd is built.');
  return build(context);
}

/** `network`: in which network the criterion holds. */
export function criterionOf(plan: NetworkPlan, options: CriterionOptions, network: NetworkRole = 'home2'): InitialFilterCriterion {
  const presenceServer = network === 'home1' && plan.entities.has('ps1') ? 'ps1' : 'ps';
  return {
    priority: options.priority,
    ...(options.triggers.length === 0 ? {} : { triggerPoint: { cnf: options.cnf ?? false, spts: options.triggers.map(triggerOf) } }),
    applicationServer: {
      serverName: options.server ?? `sip:${entityOf(plan, presenceServer).id}`,
      ...(options.defaultHandling === undefined ? {} : { defaultHandling: options.defaultHandling }),
    },
    ...(options.profilePart === undefined ? {} : { profilePart: options.profilePart }),
  };
}

function triggerOf(options: CriterionOptions['triggers'][number]): ServicePointTrigger {
  const common = { negated: options.negated ?? false, groups: options.groups ?? [0] };
  if (options.method !== undefined) return { ...common, kind: 'method', method: options.method };
  if (options.requestUri !== undefined) return { ...common, kind: 'request-uri', requestUri: options.requestUri };
  if (options.sessionCase !== undefined) return { ...common, kind: 'session-case', sessionCase: options.sessionCase };
  const { name, content } = options.header ?? { name: 'Event' };
  return { ...common, kind: 'header', header: content === undefined ? { name } : { name, content } };
}
