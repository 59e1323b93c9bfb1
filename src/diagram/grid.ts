/**
 * Which cell each entity takes: networks side by side, in each of them columns and rows by kind of entity. The watcher's side has its UE
 * outermost and the S-CSCF near the border, border nodes beyond it; the presentity's side has the I-CSCF near the border and the presence server at the far side.
 */
import type { EntityId, Trace, TraceEntity, TraceNetwork } from '#trace/record.ts';

/** Rows: servers that are asked (HSS, DNS) above, the way of the requests in the middle, the rest below. */
const ABOVE = 0;
const MAIN = 1;
const BELOW = 2;

export interface Cell {
  readonly entity: TraceEntity;
  readonly column: number;
  readonly row: number;
}

export interface NetworkGrid {
  readonly network: TraceNetwork;
  /** Columns are numbered without holes, from the left. */
  readonly columns: number;
  readonly cells: readonly Cell[];
}

export type Topology = Pick<Trace, 'networks' | 'entities' | 'links'>;

const isWatcher = (entity: TraceEntity): boolean => entity.kind === 'ue' && entity.role !== undefined && entity.role.includes('watcher');
const isPresentity = (entity: TraceEntity): boolean => entity.kind === 'ue' && entity.role !== undefined && entity.role.includes('presentity');

export function findWatcher(topology: Topology): TraceEntity | undefined {
  return topology.entities.find(isWatcher);
}

export function findPresentity(topology: Topology): TraceEntity | undefined {
  const watcher = findWatcher(topology);
  return topology.entities.find((entity) => isPresentity(entity) && entity !== watcher) ?? topology.entities.find(isPresentity);
}

/** Neighbours of an entity that are of one kind, in the order of the links. */
export function neighbours(topology: Topology, id: EntityId, kind: TraceEntity['kind']): TraceEntity[] {
  const byId = new Map(topology.entities.map((entity) => [entity.id, entity]));
  const found: TraceEntity[] = [];
  for (const link of topology.links) {
    const other = byId.get(link.a === id ? link.b : link.b === id ? link.a : '');
    if (other?.kind === kind && !found.includes(other)) found.push(other);
  }
  return found;
}

/** Whether a network outside has to do with the watcher's networks only: then it stands beside them. */
function isOnWatchersSide(topology: Topology, outside: TraceNetwork, watcher: TraceEntity | undefined): boolean {
  const networkOf = new Map(topology.entities.map((entity) => [entity.id, entity.network]));
  const partners = topology.links.flatMap(({ a, b, referencePoint }) => {
    const [one, other] = [networkOf.get(a), networkOf.get(b)];
    if (referencePoint === 'DNS' || (one === outside.domain) === (other === outside.domain)) return [];
    return one === outside.domain ? [other] : [one];
  });
  return partners.length > 0 && partners.every((domain) => domain === watcher?.home || domain === watcher?.network);
}

/** The watcher's networks on the left, then the presentity's, then all others; what is outside stands at the far end of the side that it has to do with. */
export function orderNetworks(topology: Topology): TraceNetwork[] {
  const known = new Map(topology.networks.map((network) => [network.domain, network]));
  for (const entity of topology.entities) {
    if (!known.has(entity.network)) known.set(entity.network, { domain: entity.network, title: '', kind: 'home' });
  }
  const watcher = findWatcher(topology);
  const presentity = findPresentity(topology);
  const outside = topology.networks.filter((network) => network.kind === 'outside' && isOnWatchersSide(topology, network, watcher)).map(({ domain }) => domain);
  const wanted = [...outside, watcher?.network, watcher?.home, presentity?.home, presentity?.network, ...known.keys()];
  const order: TraceNetwork[] = [];
  for (const domain of wanted) {
    const network = domain === undefined ? undefined : known.get(domain);
    if (network !== undefined && !order.includes(network)) order.push(network);
  }
  return order;
}

export function arrangeNetworks(topology: Topology): NetworkGrid[] {
  const order = orderNetworks(topology);
  const watcher = findWatcher(topology);
  const lastLeft = watcher === undefined ? -1 : Math.max(...[watcher.network, watcher.home].map((domain) => order.findIndex((n) => n.domain === domain)));
  return order.map((network, i) => arrange(topology, network, i <= lastLeft));
}

function arrange(topology: Topology, network: TraceNetwork, left: boolean): NetworkGrid {
  const members = topology.entities.filter((entity) => entity.network === network.domain);
  const has = (kind: TraceEntity['kind']): boolean => members.some((entity) => entity.kind === kind);
  const facts = { left, serving: has('s-cscf'), interrogating: has('i-cscf'), outside: network.kind === 'outside' };
  const taken = new Set<string>();
  const cells: Cell[] = [];
  const late: { entity: TraceEntity; column: number; row: number }[] = [];
  for (const entity of members) {
    const [column, row] = preferredCell(topology, entity, facts);
    if (taken.has(`${column} ${row}`)) late.push({ entity, column, row });
    else {
      taken.add(`${column} ${row}`);
      cells.push({ entity, column, row });
    }
  }
  for (const { entity, column, row } of late) {
    const free = nearestFree(taken, column, row);
    taken.add(`${free.column} ${free.row}`);
    cells.push({ entity, ...free });
  }
  const used = [...new Set(cells.map((cell) => cell.column))].sort((a, b) => a - b);
  return { network, columns: Math.max(1, used.length), cells: cells.map((cell) => ({ ...cell, column: used.indexOf(cell.column) })) };
}

interface NetworkFacts {
  readonly left: boolean;
  readonly serving: boolean;
  readonly interrogating: boolean;
  readonly outside: boolean;
}

function preferredCell(topology: Topology, entity: TraceEntity, facts: NetworkFacts): readonly [number, number] {
  return facts.left ? leftCell(topology, entity, facts) : rightCell(entity, facts);
}

/** Columns: UE, P-CSCF, I-CSCF (below) with the HSS (above), S-CSCF with DNS, presence server. Who charges stands below the one who reports most. */
function leftCell(topology: Topology, entity: TraceEntity, facts: NetworkFacts): readonly [number, number] {
  switch (entity.kind) {
    case 'ue':
      return facts.serving && !isWatcher(entity) && isPresentity(entity) ? [4, BELOW] : [0, MAIN];
    case 'p-cscf': {
      const users = neighbours(topology, entity.id, 'ue');
      return facts.serving && users.length > 0 && users.every((ue) => !isWatcher(ue) && isPresentity(ue)) ? [3, BELOW] : [1, MAIN];
    }
    case 'i-cscf':
      return facts.serving ? [2, BELOW] : [2, MAIN];
    case 's-cscf':
      return [3, MAIN];
    case 'hss':
    case 'slf':
      return facts.interrogating ? [2, ABOVE] : [3, ABOVE];
    case 'dns-server':
      return facts.outside ? [0, ABOVE] : facts.serving ? [facts.interrogating ? 3 : 4, ABOVE] : [1, ABOVE];
    case 'presence-server':
      return [4, MAIN];
    case 'ibcf':
      return [5, BELOW];
    case 'security-gateway':
      return facts.serving ? [6, MAIN] : [2, BELOW];
    case 'watcher-gateway':
      return [3, BELOW];
    case 'list-server':
      return [4, MAIN];
    case 'content-server':
      return [4, ABOVE];
    case 'external-watcher':
    case 'external-agent':
    case 'xmpp-server':
      return [0, MAIN];
    // What the agent draws on.
    case 'calendar-server':
      return [0, BELOW];
    case 'xdms':
      return [5, MAIN];
    case 'network-agent':
      return [5, MAIN];
    case 'msc':
    case 'sgsn':
    case 'ggsn':
    case 'gmlc':
      return [6, ABOVE];
    case 'charging-data-function':
      return facts.serving ? [3, BELOW] : [1, BELOW];
  }
}

/** Columns: I-CSCF with DNS, S-CSCF with the HSS (above) and the P-CSCF (below), presence server with the UE (below). */
function rightCell(entity: TraceEntity, facts: NetworkFacts): readonly [number, number] {
  switch (entity.kind) {
    case 'ue':
      return [2, BELOW];
    case 'p-cscf':
      return [1, BELOW];
    case 'i-cscf':
      return [0, MAIN];
    case 's-cscf':
      return [1, MAIN];
    case 'hss':
    case 'slf':
      return [1, ABOVE];
    case 'dns-server':
      return [facts.serving || facts.outside ? 0 : 1, ABOVE];
    case 'presence-server':
      return [2, MAIN];
    case 'ibcf':
      return [-1, BELOW];
    case 'security-gateway':
      return [-2, MAIN];
    case 'watcher-gateway':
      return [2, ABOVE];
    case 'list-server':
      return [2, ABOVE];
    case 'content-server':
      return [2, ABOVE];
    case 'external-watcher':
    case 'external-agent':
    case 'xmpp-server':
      return [0, MAIN];
    // What the agent draws on.
    case 'calendar-server':
      return [0, BELOW];
    // Beside the user whose documents it keeps.
    case 'xdms':
      return [3, BELOW];
    // Over the presence server that it feeds, and beside it whom it asks.
    case 'network-agent':
      return [2, ABOVE];
    case 'gmlc':
      return [3, BELOW];
    case 'msc':
      return [3, ABOVE];
    case 'sgsn':
      return [3, MAIN];
    case 'ggsn':
      return [4, MAIN];
    case 'charging-data-function':
      return facts.serving ? [0, BELOW] : [2, BELOW];
  }
}

/** What a row below all others, and a column beside them, cost everybody in size. */
const NEW_ROW = 3;
const NEW_COLUMN = 1.5;

/** The nearest that is free, below rather than beside; a way further where that spares the picture a row or a column. */
function nearestFree(taken: ReadonlySet<string>, column: number, row: number): { column: number; row: number } {
  const columns = new Set([...taken].map((cell) => Number(cell.split(' ')[0])));
  let best = { column, row };
  let least = Infinity;
  for (let distance = 1; distance <= least; distance++) {
    for (let aside = 0; aside <= distance; aside++) {
      for (const sign of aside === 0 ? [1] : [1, -1]) {
        const candidate = { column: column + sign * aside, row: row + (distance - aside) };
        if (candidate.column < 0 || candidate.row > BELOW + 2 || taken.has(`${candidate.column} ${candidate.row}`)) continue;
        const cost = distance + (candidate.row > BELOW ? NEW_ROW : 0) + (columns.has(candidate.column) ? 0 : NEW_COLUMN);
        if (cost < least) [best, least] = [candidate, cost];
      }
    }
  }
  return best;
}
