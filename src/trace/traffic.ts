/**
 * How much a run took: messages and bytes on every link, across every border between networks, by protocol and by kind of message. Bytes are those of the messages themselves (SIP, Diameter, DNS, HTTP, ...),
 * without IP and what is below. Every transmission counts, retransmissions and lost ones too: they were sent. Pure: two runs are compared by comparing what this gives.
 */
import type { Protocol } from '#base/machine.ts';
import type { EntityId, MessageRecord, Trace } from './record.ts';
import { isMessage } from './steps.ts';

export interface Amount {
  readonly messages: number;
  readonly bytes: number;
}

export interface LinkTraffic extends Amount {
  /** In the order of the link, or of the first message where the network has no such link. */
  readonly a: EntityId;
  readonly b: EntityId;
  /** `Gm`, `Mw`, `ISC`; empty where the network has no such link. */
  readonly referencePoint: string;
}

export interface BorderTraffic extends Amount {
  /** Domains, in the order of the trace's networks. */
  readonly networks: readonly [string, string];
}

export interface ProtocolTraffic extends Amount {
  readonly protocol: Protocol;
}

/** What kind of message it is: `SUBSCRIBE`, `Answers to SUBSCRIBE`, `LIR and LIA`, `DNS`. */
export interface KindTraffic extends Amount {
  readonly kind: string;
}

export interface Traffic {
  readonly total: Amount;
  /** The busiest first; answers stand behind what they answer. */
  readonly kinds: readonly KindTraffic[];
  /** Links on which something travelled, in the order of the trace's links. */
  readonly links: readonly LinkTraffic[];
  readonly borders: readonly BorderTraffic[];
  readonly protocols: readonly ProtocolTraffic[];
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** Of all messages, or of those that `counts`. */
export function countTraffic(
  trace: Pick<Trace, 'records' | 'entities' | 'links' | 'networks'>,
  counts: (message: MessageRecord) => boolean = () => true,
): Traffic {
  const places = new Map(trace.links.map(({ a, b }, i) => [pairOf(a, b), i]));
  const networks = trace.networks.map(({ domain }) => domain);
  const networkOf = new Map(trace.entities.map(({ id, network }) => [id, network]));
  const links = new Map<string, Growing<LinkTraffic>>();
  const borders = new Map<string, Growing<BorderTraffic>>();
  const protocols = new Map<Protocol, Growing<ProtocolTraffic>>();
  const kinds = new Map<string, Growing<KindTraffic>>();
  const total = { messages: 0, bytes: 0 };
  for (const message of trace.records) {
    if (!isMessage(message) || !counts(message)) continue;
    const { from, to, protocol } = message;
    const pair = pairOf(from, to);
    const link = trace.links[places.get(pair) ?? -1];
    const { a, b, referencePoint } = link ?? { a: from, b: to, referencePoint: '' };
    grow(total, message);
    grow(entryOf(links, pair, { a, b, referencePoint, messages: 0, bytes: 0 }), message);
    grow(entryOf(protocols, protocol, { protocol, messages: 0, bytes: 0 }), message);
    const kind = kindOf(message);
    grow(entryOf(kinds, kind, { kind, messages: 0, bytes: 0 }), message);
    const [one = '', other = ''] = [networkOf.get(from), networkOf.get(to)].sort((x, y) => networks.indexOf(x ?? '') - networks.indexOf(y ?? ''));
    if (one !== other) grow(entryOf(borders, `${one} ${other}`, { networks: [one, other], messages: 0, bytes: 0 }), message);
  }
  const placeOf = ({ a, b }: LinkTraffic): number => places.get(pairOf(a, b)) ?? trace.links.length;
  const busyness = ({ kind }: KindTraffic): number => kinds.get(kind.startsWith(ANSWERS) ? kind.slice(ANSWERS.length) : kind)?.messages ?? 0;
  return {
    total,
    kinds: [...kinds.values()].sort((x, y) => busyness(y) - busyness(x) || orderOfKinds(x.kind, y.kind)),
    links: [...links.values()].sort((x, y) => placeOf(x) - placeOf(y)),
    borders: [...borders.values()].sort((x, y) => orderOf(networks, x) - orderOf(networks, y)),
    protocols: [...protocols.values()].sort((x, y) => y.messages - x.messages || (x.protocol < y.protocol ? -1 : 1)),
  };
}

/** The messages of the story: what a prologue took is left out. */
export function afterPrologue({ chapters }: Pick<Trace, 'chapters'>): (message: MessageRecord) => boolean {
  const first = chapters.find(({ prologue }) => prologue !== true);
  const hasPrologue = chapters.some(({ prologue }) => prologue === true);
  const from = hasPrologue ? (first?.at ?? 0) : 0;
  return ({ sentAt }) => sentAt >= from;
}

const ANSWERS = 'Answers to ';
const ANSWER = /^\d{3} .*\((\S+)\)$/;

function kindOf({ protocol, label }: MessageRecord): string {
  if (protocol === 'DNS') return 'DNS';
  // A Diameter request and its answer differ in their last letter.
  if (protocol === 'Diameter') return /^[A-Z]{2,4}[RA]$/.test(label) ? `${label.slice(0, -1)}R and ${label.slice(0, -1)}A` : label;
  const answered = ANSWER.exec(label)?.[1];
  return answered === undefined ? label : `${ANSWERS}${answered}`;
}

/** A request before its answers, and otherwise by name. */
function orderOfKinds(x: string, y: string): number {
  const bare = (kind: string): string => (kind.startsWith(ANSWERS) ? `${kind.slice(ANSWERS.length)} ` : kind);
  return bare(x) < bare(y) ? -1 : bare(x) > bare(y) ? 1 : 0;
}

const pairOf = (a: EntityId, b: EntityId): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
const orderOf = (networks: readonly string[], { networks: [one, other] }: BorderTraffic): number =>
  networks.indexOf(one) * networks.length + networks.indexOf(other);

function entryOf<K, V>(map: Map<K, V>, key: K, fresh: V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, fresh);
  return fresh;
}

function grow(amount: Growing<Amount>, { bytes }: MessageRecord): void {
  amount.messages++;
  amount.bytes += bytes.length;
}
