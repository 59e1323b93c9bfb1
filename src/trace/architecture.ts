/**
 * The reference architecture of the presence service (TS 23.141 §4.3, see spec section 1.2) as this network has it: which functions stand here, which
 * reference points join them, by which reference points of the IMS they are realised, and which are not there and why. Read off the network, not off a picture.
 */
import type { EntityId, EntityKind, Trace, TraceEntity, TraceLink } from './record.ts';
import { Casting, FUNCTIONS, type FunctionId, type FunctionKind, type Stage2Function } from './stage2-functions.ts';

type Network = Pick<Trace, 'entities' | 'links'>;

/** Everybody who can play a function here, and who has played one. */
export function functionsOf(network: Network, played: readonly Stage2Function[]): readonly Stage2Function[] {
  const casting = new Casting();
  const byId = new Map(network.entities.map((entity) => [entity.id, entity]));
  const ofKind = (kind: string, domain: string): readonly TraceEntity[] => network.entities.filter((each) => each.kind === kind && each.network === domain);
  for (const ue of network.entities.filter(({ kind, role }) => kind === 'ue' && role?.includes('watcher') === true)) {
    casting.play('watcher', ue);
    for (const proxy of [...neighboursOf(network, ue.id, 'p-cscf'), ...ofKind('s-cscf', ue.home)]) casting.play('wpp', proxy, ue.home);
  }
  for (const server of network.entities.filter(({ kind }) => kind === 'presence-server')) {
    for (const kind of ['i-cscf', 's-cscf']) for (const proxy of ofKind(kind, server.network)) casting.play('ppp', proxy);
    for (const hss of ofKind('hss', server.network)) casting.play('hss', hss);
    casting.play('presence-server', server);
  }
  for (const ue of network.entities.filter(({ kind, role }) => kind === 'ue' && role?.includes('presentity') === true)) casting.play('pua', ue);
  for (const { id } of network.entities.filter((each) => isKind(each, 'list-server'))) casting.play('list-server', byId.get(id) as TraceEntity);
  for (const each of network.entities) {
    if (isKind(each, 'network-agent')) casting.play('pna', each);
    else if (SUPPLYING.has(each.kind)) casting.play('supplier', each);
  }
  for (const each of played) {
    for (const member of each.members) {
      const entity = byId.get(member);
      if (entity !== undefined) casting.play(each.function, entity, each.network);
    }
  }
  return casting.functions();
}

/** Network elements that supply presence information and are nothing else in the presence service (TS 23.141 §5.2.2.2). */
const SUPPLYING: ReadonlySet<string> = new Set(['msc', 'sgsn', 'ggsn', 'gmlc']);

/** Kinds of entities that a network may come to have, by their word. */
const isKind = ({ kind }: { readonly kind: string }, wanted: string): boolean => kind === wanted;

function neighboursOf({ entities, links }: Network, id: string, kind: EntityKind): readonly TraceEntity[] {
  return entities.filter((each) => each.kind === kind && links.some(({ a, b }) => (a === id && b === each.id) || (b === id && a === each.id)));
}

export interface ReferencePoint {
  readonly name: string;
  /** `Watcher application and Presence Server, through both presence proxies`. */
  readonly between: string;
  /** What it is for. */
  readonly carries: string;
  /** Reference points of the IMS by which it is there: `Gm`, `Mw`, `ISC`; empty when it is not. */
  readonly by: readonly string[];
  /** Why it is not there, in a sentence. */
  readonly missing: string | undefined;
}

/** Reference points of the network agent, whose links bear their names: what realises them here (TS 23.141 §4.3.2, §4.3.5 to §4.3.11). */
const BY_WHICH: Readonly<Record<string, string>> = {
  Pen: 'SIP within the operator',
  Ph: 'Sh',
  Pi: 'ISC',
  Pc: 'reports of stage 2',
  Pg: 'reports of stage 2',
  Pk: 'reports of stage 2',
  Pl: 'reports of stage 2',
};

/** What joins two functions, or a function and a node outside the presence service. */
interface Rule {
  readonly name: string;
  readonly ends: readonly [FunctionKind, FunctionKind] | readonly [FunctionKind, string];
  readonly between: string;
  readonly carries: string;
  /** Which links of the network it runs over, by the kinds of their ends. */
  readonly over: readonly (readonly [string, string])[];
  /** Said when both ends are there but none of these links is. */
  readonly otherwise: string;
}

const RULES: readonly Rule[] = [
  {
    name: 'Pw',
    ends: ['watcher', 'presence-server'],
    between: 'Watcher application and Presence Server, through both presence proxies',
    carries: 'enquiries and notifications',
    over: [
      ['ue', 'p-cscf'],
      ['p-cscf', 's-cscf'],
      ['s-cscf', 'i-cscf'],
      ['i-cscf', 's-cscf'],
      ['s-cscf', 'presence-server'],
      ['p-cscf', 'presence-server'],
    ],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Px',
    ends: ['ppp', 'hss'],
    between: 'Presentity Presence Proxy and HSS',
    carries: 'where the presentity is served, and the profile that names its server',
    over: [
      ['i-cscf', 'hss'],
      ['s-cscf', 'hss'],
      ['i-cscf', 'slf'],
    ],
    otherwise: 'No CSCF of the presentity reaches an HSS.',
  },
  {
    name: 'Pep',
    ends: ['pua', 'presence-server'],
    between: 'Presence User Agent and Presence Server',
    carries: 'what the user says of himself',
    over: [
      ['ue', 'p-cscf'],
      ['p-cscf', 's-cscf'],
      ['s-cscf', 'presence-server'],
    ],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Peu',
    ends: ['pua', 'presence-server'],
    between: 'Presence User Agent and Presence Server',
    carries: 'who may see what (authorization policy)',
    over: [['ue', 'xdms']],
    otherwise: 'Nobody offers Ut here: the rules are set by the operator.',
  },
  {
    name: 'Ut',
    ends: ['pua', 'presence-server'],
    between: 'terminal and application server',
    carries: 'lists and rules, by XCAP',
    over: [['ue', 'xdms']],
    otherwise: 'No document server stands in this network.',
  },
  {
    name: 'Pen',
    ends: ['pna', 'presence-server'],
    between: 'Presence Network Agent and Presence Server',
    carries: 'what the network knows',
    over: [
      ['network-agent', 'presence-server'],
      ['network-agent', 's-cscf'],
    ],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pex',
    ends: ['pea', 'presence-server'],
    between: 'Presence External Agent and Presence Server',
    carries: 'what others know',
    over: [
      ['external-agent', 'presence-server'],
      ['external-agent', 'i-cscf'],
    ],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Ph',
    ends: ['pna', 'hss'],
    between: 'HSS and Presence Network Agent',
    carries: 'subscriber data and state',
    over: [['network-agent', 'hss']],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pi',
    ends: ['pna', 's-cscf'],
    between: 'S-CSCF and Presence Network Agent',
    carries: 'whether a user is registered',
    over: [['s-cscf', 'network-agent']],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pc',
    ends: ['pna', 'msc'],
    between: 'MSC Server or VLR and Presence Network Agent',
    carries: 'circuit-switched attachment and calls',
    over: [['msc', 'network-agent']],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pg',
    ends: ['pna', 'sgsn'],
    between: 'SGSN and Presence Network Agent',
    carries: 'packet-switched attachment',
    over: [['sgsn', 'network-agent']],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pk',
    ends: ['pna', 'ggsn'],
    between: 'GGSN and Presence Network Agent',
    carries: 'IP connectivity',
    over: [['ggsn', 'network-agent']],
    otherwise: 'No link joins them.',
  },
  {
    name: 'Pl',
    ends: ['pna', 'gmlc'],
    between: 'GMLC and Presence Network Agent',
    carries: 'location',
    over: [['gmlc', 'network-agent']],
    otherwise: 'No link joins them.',
  },
  { name: 'Pr', ends: ['pna', 'aaa'], between: '3GPP AAA server and Presence Network Agent', carries: 'WLAN attachment', over: [], otherwise: '' },
];

/** What the agent of the network would ask besides the HSS: by the reference point at its edge. */
export const AGENT_PORTS: readonly (readonly [string, string])[] = [
  ['Pi', 'S-CSCF'],
  ['Pc', 'MSC/VLR'],
  ['Pg', 'SGSN'],
  ['Pk', 'GGSN'],
  ['Pl', 'GMLC'],
  ['Pr', '3GPP AAA'],
];

const NODES: Readonly<Record<string, string>> = {
  msc: 'MSC Server or VLR',
  sgsn: 'SGSN',
  ggsn: 'GGSN',
  gmlc: 'GMLC',
  aaa: '3GPP AAA server',
  's-cscf': 'S-CSCF',
};

const titleOf = (end: string): string => (end in FUNCTIONS ? FUNCTIONS[end as FunctionKind].title : (NODES[end] ?? end));

/** All of them, in the order of the rules. */
export function referencePoints(network: Network, functions: readonly Stage2Function[]): readonly ReferencePoint[] {
  const kinds = new Map(network.entities.map(({ id, kind }) => [id, kind as string]));
  const here = new Set<string>([...functions.map((each) => each.function), ...kinds.values()]);
  return RULES.map(({ name, ends, between, carries, over, otherwise }) => {
    const absent = ends.filter((end) => !here.has(end)).map(titleOf);
    const [first] = absent;
    if (first !== undefined) return { name, between, carries, by: [], missing: `No ${first} stands in this network.` };
    const runs = network.links.filter((link) => over.some(([p, q]) => joins(link, kinds, p, q)));
    const own = BY_WHICH[name];
    const by = own !== undefined && runs.length > 0 ? [own] : inOrder(runs.map(({ referencePoint }) => referencePoint));
    return { name, between, carries, by, missing: runs.length === 0 ? otherwise : undefined };
  });
}

function joins({ a, b }: TraceLink, kinds: ReadonlyMap<string, string>, p: string, q: string): boolean {
  return (kinds.get(a) === p && kinds.get(b) === q) || (kinds.get(a) === q && kinds.get(b) === p);
}

/** Reference points of the IMS in this network, each once, and those that only a fuller network has. */
export function imsPoints(network: Network): { readonly here: readonly string[]; readonly absent: readonly string[] } {
  const found = new Set(network.links.map(({ referencePoint }) => referencePoint));
  const here = IMS_POINTS.filter((each) => found.has(each));
  return { here, absent: IMS_POINTS.filter((each) => !found.has(each)) };
}

const IMS_POINTS: readonly string[] = ['Gm', 'Mw', 'ISC', 'Cx', 'Dx', 'Sh', 'Ma', 'Mx', 'Ici', 'Za', 'Rf'];

/** By which reference points of the IMS two functions are joined: between their members, else over an entity that plays neither and is on the way. */
export function realisation(links: readonly TraceLink[], a: readonly EntityId[], b: readonly EntityId[]): readonly string[] {
  const ims = links.filter(({ referencePoint }) => IMS_POINTS.includes(referencePoint));
  const other = (link: TraceLink, ids: readonly EntityId[]): EntityId | undefined =>
    ids.includes(link.a) ? link.b : ids.includes(link.b) ? link.a : undefined;
  const direct = ims.filter((link) => b.includes(other(link, a) ?? ''));
  if (direct.length > 0) return inOrder(direct.map(({ referencePoint }) => referencePoint));
  const over = ims.flatMap((first) => {
    const middle = other(first, a);
    const second = middle === undefined ? undefined : ims.find((link) => b.includes(other(link, [middle]) ?? ''));
    return second === undefined ? [] : [first.referencePoint, second.referencePoint];
  });
  return inOrder(over);
}

/** Each once, from the terminal inwards. */
const inOrder = (points: readonly string[]): readonly string[] => IMS_POINTS.filter((each) => points.includes(each));

/** A pair of functions that a reference point joins where both are there, whether or not anything has been said. */
export interface FunctionLink {
  readonly a: FunctionId;
  readonly b: FunctionId;
  readonly referencePoint: string;
}

const USUAL: readonly (readonly [FunctionKind, FunctionKind, string])[] = [
  ['watcher', 'wpp', 'Pw'],
  ['wpp', 'ppp', 'Pw'],
  ['wpp', 'list-server', 'ISC'],
  ['ppp', 'presence-server', 'Pw'],
  ['ppp', 'hss', 'Px'],
  ['pua', 'ppp', 'Pep'],
];

/** The links between functions: the usual ones, of which a user's only lead to his own network, and whatever else the run has used. */
export function functionLinks(functions: readonly Stage2Function[], used: readonly TraceLink[]): readonly FunctionLink[] {
  const links = new Map<string, { readonly a: FunctionId; readonly b: FunctionId; readonly points: Set<string> }>();
  const add = (a: FunctionId, b: FunctionId, points: readonly string[]): void => {
    const [p, q] = a < b ? [a, b] : [b, a];
    const link = links.get(`${p} ${q}`) ?? { a: p, b: q, points: new Set<string>() };
    links.set(`${p} ${q}`, link);
    for (const point of points) link.points.add(point);
  };
  const present = new Set(functions.map(({ id }) => id));
  for (const [from, to, point] of USUAL)
    for (const a of functions.filter((each) => each.function === from))
      for (const b of functions.filter((each) => each.function === to && (from === 'wpp' || from === 'ppp' ? true : each.network === a.network)))
        add(a.id, b.id, [point]);
  for (const { a, b, referencePoint } of used) if (present.has(a) && present.has(b)) add(a, b, referencePoint.split(' · '));
  return Array.from(links.values(), ({ a, b, points }) => ({
    a,
    b,
    referencePoint: [...points].sort((x, y) => (x === 'Pw' ? -1 : y === 'Pw' ? 1 : x < y ? -1 : 1)).join(' · '),
  }));
}
