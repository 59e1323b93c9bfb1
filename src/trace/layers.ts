/** The layers of a run, which a reader shows or hides: to which of them a message belongs, and what is left of a network without some of them. */
import type { Protocol } from '#base/machine.ts';
import type { EntityId, MessageRecord, Trace } from './record.ts';

export type Layer = 'SIP' | 'Diameter' | 'Charging' | 'DNS' | 'HTTP' | 'XMPP' | 'Security' | 'Report';

/** In the order in which they are listed. SIP tells the story and cannot be hidden from the map. */
export const LAYERS: readonly Layer[] = ['SIP', 'Diameter', 'Charging', 'DNS', 'HTTP', 'XMPP', 'Security', 'Report'];
export type LayerSet = ReadonlySet<Layer>;
/** Whether a person wants to see a layer; nothing of those about which nobody has said anything. */
export type LayerChoices = ReadonlyMap<Layer, boolean>;

/** Names are looked up in every story, and few stories are about them: unless somebody wants it, only those show it (`tells` of a trace). */
const SELDOM_TOLD: LayerSet = new Set(['DNS']);
const known = new WeakMap<LayerChoices, Map<string, LayerSet>>();

/** What is hidden; the same set for the same choices and story. */
export function hiddenLayersOf(choices: LayerChoices, tells: readonly string[]): LayerSet {
  const sets = known.get(choices) ?? new Map<string, LayerSet>();
  known.set(choices, sets);
  const key = tells.join(' ');
  const set = sets.get(key) ?? new Set(LAYERS.filter((layer) => !(choices.get(layer) ?? (!SELDOM_TOLD.has(layer) || tells.includes(layer)))));
  sets.set(key, set);
  return set;
}

/** Servers that are there for one layer only. A security gateway is none of them: SIP passes it. */
const LAYER_OF_KIND: Readonly<Record<string, Layer>> = {
  hss: 'Diameter',
  slf: 'Diameter',
  'charging-data-function': 'Charging',
  'dns-server': 'DNS',
  'xmpp-server': 'XMPP',
  'content-server': 'HTTP',
  msc: 'Report',
  sgsn: 'Report',
  ggsn: 'Report',
  gmlc: 'Report',
  'calendar-server': 'HTTP',
};

const LAYER_OF_POINT: Readonly<Record<string, Layer>> = {
  Cx: 'Diameter',
  Dx: 'Diameter',
  Sh: 'Diameter',
  Ph: 'Diameter',
  Rf: 'Charging',
  DNS: 'DNS',
  XMPP: 'XMPP',
  HTTP: 'HTTP',
  Ut: 'HTTP',
  Za: 'Security',
  Pc: 'Report',
  Pg: 'Report',
  Pk: 'Report',
  Pl: 'Report',
};

type Network = Pick<Trace, 'networks' | 'entities' | 'links'>;
type Sent = Pick<MessageRecord, 'protocol' | 'from' | 'to'>;

const layerOfProtocol = (protocol: Protocol): Layer => (protocol === 'IKE' || protocol === 'ESP' ? 'Security' : protocol);

/** Tells the layer of a message: Diameter that reaches or leaves a charging function is charging. */
export function createLayerOf({ entities }: Pick<Trace, 'entities'>): (message: Sent) => Layer {
  const charging = new Set(entities.filter(({ kind }) => LAYER_OF_KIND[kind] === 'Charging').map(({ id }) => id));
  return ({ protocol, from, to }) => (protocol === 'Diameter' && (charging.has(from) || charging.has(to)) ? 'Charging' : layerOfProtocol(protocol));
}

const pairOf = (a: EntityId, b: EntityId): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** The network without what only the hidden layers use: their servers, their links, and networks in which nobody is left. The same object when nothing is hidden. */
export function withoutLayers<T extends Network>(network: T, records: Trace['records'], hidden: LayerSet): T | Network {
  if (hidden.size === 0) return network;
  const layerOf = createLayerOf(network);
  const used = new Map<string, Set<Layer>>();
  for (const record of records) {
    if (record.kind !== 'message') continue;
    const pair = pairOf(record.from, record.to);
    const layers = used.get(pair) ?? new Set<Layer>();
    used.set(pair, layers.add(layerOf(record)));
  }
  const entities = network.entities.filter(({ kind }) => !hidden.has(LAYER_OF_KIND[kind] ?? 'SIP'));
  const left = new Set(entities.map(({ id }) => id));
  const links = network.links.filter(({ a, b, referencePoint }) => {
    if (!left.has(a) || !left.has(b)) return false;
    const layers = used.get(pairOf(a, b)) ?? new Set([LAYER_OF_POINT[referencePoint] ?? 'SIP']);
    return [...layers].some((layer) => !hidden.has(layer));
  });
  const inhabited = new Set(entities.map((entity) => entity.network));
  const emptied = new Set(network.entities.map((entity) => entity.network).filter((domain) => !inhabited.has(domain)));
  return { networks: network.networks.filter(({ domain }) => !emptied.has(domain)), entities, links };
}
