/**
 * The plan of the network: who stands where under which name and address. Everything that a scenario leaves open gets its usual value here
 * (names of TS 24.141 A.2, addresses of the documentation ranges RFC 3849 and RFC 5737).
 */
import type { EntityKind, TraceEntity, TraceLink, TraceNetwork } from '#trace/record.ts';
import { ROLES, type NetworkOptions, type Role, type UserOptions } from './scenario.ts';

export type NetworkRole = 'visited1' | 'home1' | 'home2';

export interface PlannedEntity extends TraceEntity {
  readonly scenarioRole: Role;
  readonly networkRole: NetworkRole;
  readonly address: string;
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

interface Standing {
  readonly network: NetworkRole;
  readonly kind: EntityKind;
  readonly label: string;
  readonly host: string;
  readonly number: number;
}

const STANDINGS: Readonly<Record<Role, Standing>> = {
  ue1: { network: 'visited1', kind: 'ue', label: 'UE#1', host: '', number: 0x65 },
  pcscf1: { network: 'visited1', kind: 'p-cscf', label: 'P-CSCF#1', host: 'pcscf1', number: 0x10 },
  dns0: { network: 'visited1', kind: 'dns-server', label: 'DNS visited', host: 'dns', number: 0x53 },
  icscf1: { network: 'home1', kind: 'i-cscf', label: 'I-CSCF#1', host: 'icscf1-p', number: 0x20 },
  scscf1: { network: 'home1', kind: 's-cscf', label: 'S-CSCF#1', host: 'scscf1', number: 0x30 },
  hss1: { network: 'home1', kind: 'hss', label: 'HSS#1', host: 'hss1', number: 0x40 },
  dns1: { network: 'home1', kind: 'dns-server', label: 'DNS#1', host: 'dns', number: 0x53 },
  icscf2: { network: 'home2', kind: 'i-cscf', label: 'I-CSCF#2', host: 'icscf2-s', number: 0x20 },
  hss2: { network: 'home2', kind: 'hss', label: 'HSS#2', host: 'hss2', number: 0x40 },
  dns2: { network: 'home2', kind: 'dns-server', label: 'DNS#2', host: 'dns', number: 0x53 },
  scscf2: { network: 'home2', kind: 's-cscf', label: 'S-CSCF#2', host: 'scscf2', number: 0x30 },
  ps: { network: 'home2', kind: 'presence-server', label: 'PS', host: 'ps', number: 0x50 },
  pcscf2: { network: 'home2', kind: 'p-cscf', label: 'P-CSCF#2', host: 'pcscf2', number: 0x11 },
  ue2: { network: 'home2', kind: 'ue', label: 'UE#2', host: '', number: 0x66 },
};

const PREFIXES = {
  ipv6: { visited1: '2001:db8:a::', home1: '2001:db8:1::', home2: '2001:db8:2::' },
  ipv4: { visited1: '192.0.2.', home1: '198.51.100.', home2: '203.0.113.' },
} as const;

/** Reference points of the IMS (TS 23.228) by role; `Pw` is the watcher's reference point to the presence server (TS 23.141 §5.3.4). */
const LINKS: readonly (readonly [Role, Role, string])[] = [
  ['ue1', 'pcscf1', 'Gm'],
  ['pcscf1', 'icscf1', 'Mw'],
  ['pcscf1', 'scscf1', 'Mw'],
  ['icscf1', 'scscf1', 'Mw'],
  ['icscf1', 'hss1', 'Cx'],
  ['scscf1', 'hss1', 'Cx'],
  ['scscf1', 'icscf2', 'Mw'],
  ['icscf2', 'hss2', 'Cx'],
  ['icscf2', 'scscf2', 'Mw'],
  ['scscf2', 'hss2', 'Cx'],
  ['scscf2', 'ps', 'ISC'],
  ['ps', 'scscf1', 'Pw'],
  ['pcscf2', 'icscf2', 'Mw'],
  ['pcscf2', 'scscf2', 'Mw'],
  ['ue2', 'pcscf2', 'Gm'],
  ['pcscf1', 'dns0', 'DNS'],
  ['icscf1', 'dns1', 'DNS'],
  ['scscf1', 'dns1', 'DNS'],
  ['icscf2', 'dns2', 'DNS'],
  ['scscf2', 'dns2', 'DNS'],
  ['pcscf2', 'dns2', 'DNS'],
  ['ps', 'dns2', 'DNS'],
  ['dns0', 'dns1', 'DNS'],
  ['dns1', 'dns2', 'DNS'],
];

// Any two distinct keys would do; these are of our own making, the HSS and the USIM hold the same.
const DEFAULT_KEYS = {
  ue1: { key: '5a1f0c3e7b924d68a0c1e2f3948576b1', opc: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  ue2: { key: '6b2e1d4f8ca35e79b1d2f3049586a7c2', opc: '1a2b3c4d5e6f708192a3b4c5d6e7f809' },
} as const;

/** Draws the plan up. */
export function planNetwork(options: NetworkOptions): NetworkPlan {
  const domains = { visited1: options.visited1 ?? 'visited1.net', home1: options.home1 ?? 'home1.net', home2: options.home2 ?? 'home2.net' };
  const atHome = options.watcherAtHome === true;
  const entities = new Map<Role, PlannedEntity>();
  for (const role of ROLES) {
    if (atHome && role === 'dns0') continue;
    entities.set(role, planEntity(role, options, domains, atHome));
  }
  const links: TraceLink[] = [];
  for (const [from, to, referencePoint] of LINKS) {
    const a = entities.get(atHome && from === 'dns0' ? 'dns1' : from);
    const b = entities.get(atHome && to === 'dns0' ? 'dns1' : to);
    if (a !== undefined && b !== undefined && a !== b) links.push({ a: a.id, b: b.id, referencePoint });
  }
  const networks: TraceNetwork[] = [
    ...(atHome ? [] : [{ domain: domains.visited1, title: 'where the watcher roams', kind: 'visited' as const }]),
    { domain: domains.home1, title: "the watcher's network", kind: 'home' },
    { domain: domains.home2, title: "the presentity's network", kind: 'home' },
  ];
  const users = (['ue1', 'ue2'] as const).map((role) => planUser(role, domains, options.users?.find((user) => user.role === role) ?? {}));
  return { options, domains, networks, entities, users, links, protectedPorts: options.protectedPorts ?? { client: 8642, server: 7531 } };
}

function planEntity(role: Role, options: NetworkOptions, domains: Record<NetworkRole, string>, atHome: boolean): PlannedEntity {
  const standing = STANDINGS[role];
  const networkRole: NetworkRole = atHome && standing.network === 'visited1' ? 'home1' : standing.network;
  const domain = domains[networkRole];
  const family = options.family ?? 'ipv6';
  const number = standing.number + (options.addressOffset ?? 0);
  const address = family === 'ipv6' ? `${PREFIXES.ipv6[networkRole]}${number.toString(16)}` : `${PREFIXES.ipv4[networkRole]}${number}`;
  const homeRole = role === 'ue1' ? 'home1' : networkRole;
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
    addresses: [address],
    address,
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
