/**
 * The plan of the network: who stands where under which name and address. Everything that a scenario leaves open gets its usual value here
 * (names of TS 24.141 A.2, addresses of the documentation ranges RFC 3849 and RFC 5737).
 */
import type { TraceEntity, TraceLink, TraceNetwork } from '#trace/record.ts';
import { ROLES, type Role } from './roles.ts';
import type { NetworkOptions, UserOptions } from './scenario.ts';
import type { TrustPolicy } from '#ims/node/trust.ts';
import { addressPrefix } from '#protocol/dns/ip-address.ts';
import { AT_HOME, BORDER_NODES, LINKS, NETWORK_ROLES, type NetworkRole, PREFIXES, SECURITY_GATEWAYS, STANDINGS, SUBNETS } from './standings.ts';

export interface PlannedEntity extends TraceEntity {
  readonly scenarioRole: Role;
  readonly networkRole: NetworkRole;
  readonly address: string;
  /** Of a crowd: who they are, one for each of its addresses. */
  readonly crowd?: readonly string[];
}

export interface PlannedUser {
  readonly role: 'ue1' | 'ue2';
  readonly homeRole: 'home1' | 'home2';
  readonly displayName: string;
  readonly privateIdentity: string;
  /** The implicit registration set, default identity first. */
  readonly publicIdentities: readonly string[];
  readonly key: string;
  readonly opc: string;
  readonly sequence: number;
  readonly password?: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly capabilities: readonly number[];
  readonly options: Partial<UserOptions>;
}

export interface NetworkPlan {
  readonly options: NetworkOptions;
  readonly domains: Readonly<Record<NetworkRole, string>>;
  readonly networks: readonly TraceNetwork[];
  readonly entities: ReadonlyMap<Role, PlannedEntity>;
  readonly users: readonly PlannedUser[];
  readonly links: readonly TraceLink[];
  readonly protectedPorts: { readonly client: number; readonly server: number };
}

// Any two distinct keys would do; these are of our own making, the HSS and the USIM hold the same.
const DEFAULT_KEYS = {
  ue1: { key: '5a1f0c3e7b924d68a0c1e2f3948576b1', opc: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  ue2: { key: '6b2e1d4f8ca35e79b1d2f3049586a7c2', opc: '1a2b3c4d5e6f708192a3b4c5d6e7f809' },
} as const;

/** Users of a network beside the two of whom the story tells: its further subscribers, each with a UE. */
const CROWDS: readonly Role[] = ['crowd1', 'crowd2'];

/** Draws the plan up. */
export function planNetwork(options: NetworkOptions): NetworkPlan {
  const domains = {
    visited1: options.visited1 ?? 'visited1.net',
    home1: options.home1 ?? 'home1.net',
    home2: options.home2 ?? 'home2.net',
    outside: options.outside ?? 'example.org',
  };
  const atHome = options.watcherAtHome === true;
  const entities = new Map<Role, PlannedEntity>();
  for (const role of ROLES) {
    if (atHome && (AT_HOME[role] !== undefined || role === 'seg0')) continue;
    if (STANDINGS[role].optional === true && !isWanted(role, options)) continue;
    entities.set(role, planEntity(role, options, domains, atHome));
  }
  const links: TraceLink[] = [];
  for (const [from, to, referencePoint, only] of LINKS) {
    if (only !== undefined && !entities.has(only)) continue;
    const a = entities.get((atHome ? AT_HOME[from] : undefined) ?? from);
    const b = entities.get((atHome ? AT_HOME[to] : undefined) ?? to);
    if (a === undefined || b === undefined || a === b || isReplaced(entities, a, b, referencePoint) || isPassedBy(entities, a, b, options)) continue;
    links.push({ a: a.id, b: b.id, referencePoint });
  }
  links.splice(0, links.length, ...throughGateways(links, entities));
  const networks: TraceNetwork[] = [
    ...(atHome ? [] : [{ domain: domains.visited1, title: 'where the watcher roams', kind: 'visited' as const }]),
    { domain: domains.home1, title: titleOf("the watcher's network", 'home1', options), kind: 'home', ...peculiarities('home1', options, entities) },
    { domain: domains.home2, title: titleOf("the presentity's network", 'home2', options), kind: 'home', ...peculiarities('home2', options, entities) },
    ...([...entities.values()].some((entity) => entity.networkRole === 'outside')
      ? [
          {
            domain: domains.outside,
            title: 'not a mobile network',
            kind: 'outside' as const,
            ...(isTrustedRole('outside', options) ? { trusted: true } : {}),
          },
        ]
      : []),
  ];
  const users = (['ue1', 'ue2'] as const).map((role) => planUser(role, domains, options.users?.find((user) => user.role === role) ?? {}));
  return { options, domains, networks, entities, users, links, protectedPorts: options.protectedPorts ?? { client: 8642, server: 7531 } };
}

/** Asked for by name, or by what the network is to do. */
const isWanted = (role: Role, options: NetworkOptions): boolean =>
  isAskedFor(role, options.with ?? []) || (options.charging === true && STANDINGS[role].kind === 'charging-data-function');

function hasBorderNode(entities: ReadonlyMap<Role, PlannedEntity>, network: NetworkRole): boolean {
  const role = BORDER_NODES[network];
  return role !== undefined && entities.has(role);
}

/** What joins two networks goes through their security gateways: Za between these, and an inside leg (Zb, where it is protected) to each of them. */
function throughGateways(links: readonly TraceLink[], entities: ReadonlyMap<Role, PlannedEntity>): readonly TraceLink[] {
  const byId = new Map([...entities.values()].map((entity) => [entity.id, entity]));
  const gatewayOf = ({ networkRole }: PlannedEntity): PlannedEntity | undefined => {
    const role = SECURITY_GATEWAYS[networkRole];
    return role === undefined ? undefined : entities.get(role);
  };
  const through: TraceLink[] = [];
  for (const link of links) {
    const [a, b] = [byId.get(link.a), byId.get(link.b)];
    const stations = a === undefined || b === undefined || a.networkRole === b.networkRole ? [a, b] : [a, gatewayOf(a), gatewayOf(b), b];
    const present = stations.filter((one) => one !== undefined);
    for (const [i, next] of present.slice(1).entries()) {
      const before = present[i];
      if (before === undefined || through.some((one) => [one.a, one.b].includes(before.id) && [one.a, one.b].includes(next.id))) continue;
      const gateways = [before, next].filter(({ kind }) => kind === 'security-gateway').length;
      const referencePoint =
        gateways === 2 ? 'Za' : gateways === 1 && before.networkRole === next.networkRole && link.referencePoint !== 'DNS' ? 'Zb' : link.referencePoint;
      through.push({ a: before.id, b: next.id, referencePoint });
    }
  }
  return through;
}

/** Where a network has a border node, nobody else of it speaks SIP with other networks. */
function isReplaced(entities: ReadonlyMap<Role, PlannedEntity>, a: PlannedEntity, b: PlannedEntity, referencePoint: string): boolean {
  if (a.networkRole === b.networkRole || referencePoint === 'DNS') return false;
  return [a, b].some(({ networkRole, kind }) => kind !== 'ibcf' && kind !== 'ue' && hasBorderNode(entities, networkRole));
}

/** Between a border node and who stands behind it or another one, where no dialog goes straight from one to the other: an S-CSCF that records itself stands in between. */
function isPassedBy(entities: ReadonlyMap<Role, PlannedEntity>, a: PlannedEntity, b: PlannedEntity, options: NetworkOptions): boolean {
  const [border, other] = a.kind === 'ibcf' ? [a, b] : [b, a];
  if (border.kind !== 'ibcf') return false;
  const { scscf1 = true, scscf2 = false } = options.recordRoute ?? {};
  // A guest registers through the border node of the home network, if it has one.
  if (other.scenarioRole === 'pcscf1') return border.scenarioRole === 'ibcf1' ? scscf1 && options.watcherAtHome === true : scscf1 || entities.has('ibcf1');
  if (other.scenarioRole === 'scscf2') return !scscf2 && border.scenarioRole === 'ibcf1';
  return other.scenarioRole === 'ps' && scscf2;
}

const titleOf = (title: string, network: NetworkRole, options: NetworkOptions): string => (isTrustedRole(network, options) ? title : `${title}, not trusted`);

/** What is told of a home network that is not as usual: it hides its proxies, or the others do not trust it. */
function peculiarities(
  network: 'home1' | 'home2',
  options: NetworkOptions,
  entities: ReadonlyMap<Role, PlannedEntity>,
): { readonly hides?: true; readonly trusted?: false } {
  const trust = isTrustedRole(network, options) ? {} : ({ trusted: false } as const);
  const hides: { readonly hides?: true } = options.hiding?.[network] === true && hasBorderNode(entities, network) ? { hides: true } : {};
  return { ...hides, ...trust };
}

/** A domain outside has its name server when anybody stands there. */
const isAskedFor = (role: Role, asked: readonly Role[]): boolean =>
  asked.includes(role) || (role === 'dns3' && asked.some((other) => STANDINGS[other].network === 'outside'));

/** Mobile networks trust each other and nobody outside, unless the scenario says otherwise. */
const isTrustedRole = (role: NetworkRole, options: NetworkOptions): boolean => options.trust?.[role] ?? role !== 'outside';

/** Whom the entities of `own` trust: always themselves. */
export function trustOf(plan: NetworkPlan, own: NetworkRole): TrustPolicy {
  const subnets = SUBNETS[plan.options.family ?? 'ipv6'];
  return NETWORK_ROLES.map((role) => ({
    domain: plan.domains[role],
    prefix: addressPrefix(subnets[role]),
    trusted: role === own || isTrustedRole(role, plan.options),
  }));
}

function planEntity(role: Role, options: NetworkOptions, domains: Record<NetworkRole, string>, atHome: boolean): PlannedEntity {
  const standing = STANDINGS[role];
  const networkRole: NetworkRole = atHome && standing.network === 'visited1' ? 'home1' : standing.network;
  const domain = domains[networkRole];
  const family = options.family ?? 'ipv6';
  const number = standing.number + (options.addressOffset ?? 0);
  const addressAt = (n: number): string => (family === 'ipv6' ? `${PREFIXES.ipv6[networkRole]}${n.toString(16)}` : `${PREFIXES.ipv4[networkRole]}${n}`);
  const address = addressAt(number);
  const homeRole = role === 'ue1' || role === 'crowd1' ? 'home1' : networkRole;
  const crowd = CROWDS.includes(role) ? (options.subscribers ?? []).filter(({ home }) => home === homeRole).map(({ name }) => name) : undefined;
  const id = standing.kind === 'ue' ? role : (options.hosts?.[role] ?? `${standing.host}.${domain}`);
  return {
    scenarioRole: role,
    networkRole,
    id,
    kind: standing.kind,
    network: domain,
    home: domains[homeRole],
    label: standing.label,
    ...(role === 'ue1' ? { role: 'watcher' } : role === 'ue2' ? { role: 'presentity' } : {}),
    addresses: crowd === undefined ? [address] : [address, ...crowd.slice(1).map((_, i) => addressAt(number + 1 + i))],
    address,
    ...(crowd === undefined ? {} : { crowd }),
  };
}

function planUser(role: 'ue1' | 'ue2', domains: Record<NetworkRole, string>, options: Partial<UserOptions>): PlannedUser {
  const homeRole = role === 'ue1' ? 'home1' : 'home2';
  const home = domains[homeRole];
  const n = role === 'ue1' ? 1 : 2;
  return {
    role,
    homeRole,
    displayName: options.displayName ?? (n === 1 ? 'John Doe' : 'Jane Roe'),
    privateIdentity: options.privateIdentity ?? `user${n}_private@${home}`,
    publicIdentities: options.publicIdentities ?? [
      `sip:user${n}_public1@${home}`,
      `sip:user${n}_public2@${home}`,
      n === 1 ? 'tel:+12125551111' : 'tel:+12125552222',
    ],
    key: options.key ?? DEFAULT_KEYS[role].key,
    opc: options.opc ?? DEFAULT_KEYS[role].opc,
    sequence: options.sequence ?? 32,
    ...(options.password === undefined ? {} : { password: options.password }),
    clientPort: options.clientPort ?? (n === 1 ? 2468 : 2470),
    serverPort: options.serverPort ?? (n === 1 ? 1357 : 1359),
    capabilities: options.capabilities ?? [],
    options,
  };
}

/** The entity in that role; throws when the plan has none (a broken invariant of ours). */
export function entityOf(plan: NetworkPlan, role: Role): PlannedEntity {
  const entity = plan.entities.get(role);
  if (entity === undefined) throw new Error(`the plan has no ${role}`);
  return entity;
}
