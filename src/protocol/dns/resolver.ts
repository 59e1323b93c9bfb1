/**
 * The resolver of one entity: asks its DNS server what RFC 3263 §4 needs to find the next hop of a request, and what RFC 6116 needs to find the address of a
 * number; remembers answers, and asks identical questions once. Queries are retransmitted 1 s and 3 s after the first and given up after 5 s (our choice; RFC 1035 §4.2.1 leaves 2 to 5 s between two).
 * Omitted: TCP to the server (a truncated answer is used as far as it goes), several servers, failing over to another target (the caller's).
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, between, inSeconds, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import type { ViewTable, ViewTimer } from '#base/view.ts';
import { AnswerCache, answerAmong, answerKey, readAnswers, type CachedAnswer } from './answer-cache.ts';
import { translateNumber, type Translation } from './enum.ts';
import { locate, type Leg, type LocatedServer, type Location, type SipTarget, type SipTransport } from './locate.ts';
import { createQuery, encodeDnsMessage, labelOfDns, parseDnsMessage, RCODE, rcodeName, type DnsMessage } from './message.ts';
import { canonicalName } from './name.ts';
import type { DnsRecord } from './record.ts';
import type { FailureReason, Known, Question } from './search.ts';

export type { SipTarget, SipTransport } from './locate.ts';

/** One place to try, in order. */
export interface ResolvedTarget {
  readonly transport: SipTransport;
  readonly address: string;
  readonly port: number;
  readonly host: string;
}

export type Resolution =
  | { readonly kind: 'targets'; readonly targets: readonly ResolvedTarget[]; readonly notes: readonly Note[] }
  /** What a telephone number stands for. */
  | { readonly kind: 'translated'; readonly uri: string; readonly notes: readonly Note[] }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly notes: readonly Note[] };

export interface Resolved<U> {
  readonly user: U;
  readonly resolution: Resolution;
}

export interface ResolverOptions {
  readonly server: Endpoint;
  readonly local: Endpoint;
  readonly chance: Chance;
  /** Own transports, in the order of own preference; only UDP and TCP count. */
  readonly supports: readonly Transport[];
}

/** A resolution under way. */
interface Pending<U> {
  /** The servers of a SIP target, or the address of a number. */
  readonly work: { readonly kind: 'locate'; readonly target: SipTarget; readonly key: string } | { readonly kind: 'translate'; readonly number: string };
  readonly user: U;
  /** What its questions brought, good for it whatever the time to live (which may be zero). */
  readonly learnt: Map<string, CachedAnswer>;
  done: boolean;
}

/** A question under way. */
interface Asked<U> {
  readonly key: string;
  readonly question: Question;
  readonly query: DnsMessage;
  readonly bytes: Uint8Array;
  readonly waiting: Set<Pending<U>>;
  tries: number;
  /** How often the server has said that it had trouble. */
  troubles: number;
  timer: Timer<Asked<U>> | undefined;
}

/** A finished resolution kept for the next call: as it is, or with servers among which chance decides each time. */
interface Remembered {
  readonly expiresAt: SimTime;
  readonly resolution: Resolution;
  readonly drawn: Extract<Location, { kind: 'located' }> | undefined;
}

/** When each further transmission, and at last giving up, is due after the one before. */
const WAITS = [seconds(1), seconds(2), seconds(2)] as const;
const MAX_REMEMBERED = 10_000;
/** Fewer than there are ids, so that a free one is always at hand. */
const MAX_UNDER_WAY = 10_000;
const FROM_CACHE: Note = { op: 'decided', reason: 'The target was resolved before and the answers are still good.', clause: 'RFC 1035 §3.2.1' };
const TROUBLE: Note = {
  op: 'decided',
  reason: 'The DNS server had trouble finding out: that is no answer, and the question stands until its time is over.',
  clause: 'RFC 1034 §5.3.3',
};
const AGAIN: Note = { op: 'decided', reason: 'No answer came in time, so the question is sent again.', clause: 'RFC 1035 §4.2.1' };

export class Resolver<U> {
  readonly #options: ResolverOptions;
  readonly #supports: readonly SipTransport[];
  readonly #addressTypes: readonly ('AAAA' | 'A')[];
  readonly #cache = new AnswerCache();
  readonly #remembered = new Map<string, Remembered>();
  readonly #asked = new Map<string, Asked<U>>();
  readonly #byId = new Map<number, Asked<U>>();
  readonly #timers = new Timers<Asked<U>>();

  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#supports = options.supports.filter((transport) => transport === 'udp' || transport === 'tcp');
    this.#addressTypes = options.local.address.includes(':') ? ['AAAA', 'A'] : ['A', 'AAAA'];
  }

  /**
   * Where a request to `target` goes. Undefined when DNS has to be asked first: the resolution then comes, with `user`, out of `receive` or `fire`.
   * `targets` begins with the transport to prefer and holds the other ones after it. Never throws, whatever host a peer has named.
   */
  resolve(target: SipTarget, user: U, now: SimTime, out: Effect[]): Resolution | undefined {
    const key = `${target.host}|${target.port ?? ''}|${target.transport ?? ''}|${target.stream?.name ?? target.service ?? target.scheme}`;
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined && now < remembered.expiresAt) {
      return remembered.drawn === undefined ? remembered.resolution : this.#targetsOf(remembered.drawn, [FROM_CACHE]);
    }
    return this.#run({ work: { kind: 'locate', target, key }, user, learnt: new Map(), done: false }, now, out);
  }

  /** The address of a global telephone number such as `+12125552222` (enum.ts); otherwise as `resolve`. */
  translate(number: string, user: U, now: SimTime, out: Effect[]): Resolution | undefined {
    return this.#run({ work: { kind: 'translate', number }, user, learnt: new Map(), done: false }, now, out);
  }

  /** Takes a datagram from the DNS server. Whatever is not the answer to a question under way is left aside with a note. */
  receive(input: BytesInput, now: SimTime, out: Effect[]): Resolved<U>[] {
    const message = parseDnsMessage(input.bytes);
    if (message.kind === 'dns-error') return this.#ignore(`It is no DNS message (${message.fault} at octet ${message.at}).`, 'RFC 1035 §4.1', out);
    const asked = this.#byId.get(message.id);
    const question = message.questions[0];
    // RFC 5452 §9.1: an answer counts only from the server asked, with the id and the question that were sent.
    if (!message.response || message.opcode !== 0 || asked === undefined) return this.#ignore('It answers nothing that was asked.', 'RFC 5452 §9.1', out);
    if (input.remote.address !== this.#options.server.address || input.remote.port !== this.#options.server.port) {
      return this.#ignore('It comes from somebody who was not asked.', 'RFC 5452 §9.1', out);
    }
    const sent = asked.query.questions[0];
    const isSame =
      message.questions.length === 1 &&
      question?.class === undefined &&
      question?.type === sent?.type &&
      canonicalName(question?.name ?? '') === canonicalName(sent?.name ?? '');
    if (!isSame) return this.#ignore('It repeats another question than the one asked under this id.', 'RFC 5452 §9.1', out);
    // RFC 1034 §5.3.3: a server failure is no answer. There is no other server, so this one is asked again at its time, and what was asked meanwhile may still be answered.
    if (message.rcode === RCODE.serverFailure && (asked.tries < WAITS.length || ++asked.troubles < asked.tries)) {
      out.push({ kind: 'note', note: TROUBLE });
      return [];
    }
    this.#finish(asked);
    if (message.rcode !== RCODE.noError && message.rcode !== RCODE.noSuchDomain) {
      return this.#giveUp(asked, `The DNS server could not answer for ${asked.question.name} (${rcodeName(message.rcode)}).`, 'RFC 1035 §4.1.1');
    }
    const answers = readAnswers(message, asked.question, now);
    this.#cache.absorb(answers, now);
    const resolved: Resolved<U>[] = [];
    for (const pending of asked.waiting) {
      if (pending.done) continue;
      for (const [key, answer] of answers) pending.learnt.set(key, answer);
      const resolution = this.#run(pending, now, out);
      if (resolution !== undefined) resolved.push({ user: pending.user, resolution });
    }
    return resolved;
  }

  /** Does what is due: sends questions again, gives them up. */
  fire(now: SimTime, out: Effect[]): Resolved<U>[] {
    const resolved: Resolved<U>[] = [];
    for (let asked = this.#timers.due(now); asked !== undefined; asked = this.#timers.due(now)) {
      const wait = WAITS[asked.tries];
      if (wait === undefined) {
        this.#finish(asked);
        resolved.push(...this.#giveUp(asked, `The DNS server did not answer for ${asked.question.name} within 5 s.`, 'RFC 1035 §4.2.1'));
      } else {
        asked.tries++;
        asked.timer = this.#timers.set(after(now, wait), asked);
        this.#send(asked, [AGAIN], out);
      }
    }
    return resolved;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  /** What is remembered at `now`, for people. */
  viewCache(now: SimTime): ViewTable {
    const rows: string[][] = [];
    for (const answer of this.#cache.live(now)) {
      const left = `${Math.ceil(inSeconds(between(now, answer.expiresAt)))} s`;
      const absence = answer.kind === 'no-such-domain' ? 'no such domain' : 'no such record';
      rows.push([answer.name, answer.type === '*' ? 'any' : answer.type, answer.kind === 'found' ? answer.records.map(contentOf).join('; ') : absence, left]);
    }
    return { title: 'DNS cache', columns: ['Name', 'Type', 'Answer', 'Good for'], rows, empty: 'Nothing is remembered.' };
  }

  viewTimers(): ViewTimer[] {
    return [...this.#asked.values()].flatMap(({ tries, timer, question }) =>
      timer === undefined
        ? []
        : [{ name: tries < WAITS.length ? 'DNS retransmission' : 'DNS giving up', subject: `${question.type} ${question.name}`, firesAt: timer.firesAt }],
    );
  }

  /** Works on a resolution until it is finished or has to wait for answers. */
  #run(pending: Pending<U>, now: SimTime, out: Effect[]): Resolution | undefined {
    const { work } = pending;
    const known: Known = (name, type) => answerAmong(pending.learnt, name, type) ?? this.#cache.find(name, type, now);
    const location: Location | Translation =
      work.kind === 'translate'
        ? translateNumber(work.number, known)
        : locate(work.target, { supports: this.#supports, addressTypes: this.#addressTypes, known });
    if (location.kind === 'ask' && this.#asked.size > MAX_UNDER_WAY) {
      pending.done = true;
      return { kind: 'failed', reason: 'no-answer', notes: [{ op: 'rejected', reason: 'Too many DNS questions are under way.' }] };
    }
    if (location.kind === 'ask') {
      for (const question of location.questions) this.#ask(question, pending, now, out);
      return undefined;
    }
    pending.done = true;
    if (location.kind === 'translated') return { kind: 'translated', uri: location.uri, notes: location.notes };
    const resolution =
      location.kind === 'failed' ? { kind: 'failed' as const, reason: location.reason, notes: location.notes } : this.#targetsOf(location, location.notes);
    // Without an answer used there is nothing to save, and addresses of users are many.
    if (work.kind === 'locate' && location.expiresAt !== undefined && location.expiresAt > now) {
      const drawn = location.kind === 'located' && location.legs.some(isDrawn) ? location : undefined;
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(work.key, {
        expiresAt: location.expiresAt,
        resolution: { ...resolution, notes: [FROM_CACHE, ...resolution.notes.slice(-1)] },
        drawn,
      });
    }
    return resolution;
  }

  #targetsOf(location: Extract<Location, { kind: 'located' }>, notes: readonly Note[]): Resolution {
    const targets: ResolvedTarget[] = [];
    for (const leg of location.legs) {
      for (const server of orderServers(leg.servers, this.#options.chance)) {
        for (const address of server.addresses) targets.push({ transport: leg.transport, address, port: server.port, host: server.host });
      }
    }
    const first = targets[0] as ResolvedTarget;
    const drawn = location.legs.some(isDrawn) ? ', drawn by weight,' : '';
    const choice: Note = {
      op: 'decided',
      reason: `The request goes to ${first.host}${drawn} at ${first.address} port ${first.port} over ${first.transport.toUpperCase()}.`,
      clause: 'RFC 3263 §4.2',
    };
    return { kind: 'targets', targets, notes: [...notes, choice] };
  }

  #ask(question: Question, pending: Pending<U>, now: SimTime, out: Effect[]): void {
    const key = answerKey(question.name, question.type);
    const underWay = this.#asked.get(key);
    if (underWay !== undefined) {
      underWay.waiting.add(pending);
      return;
    }
    // RFC 5452 §9.2: ids are drawn at random, here among those not in use.
    let id = this.#options.chance.bits('dns id') & 0xffff;
    while (this.#byId.has(id)) id = (id + 1) & 0xffff;
    const query = createQuery(id, question.name, question.type);
    const asked: Asked<U> = { key, question, query, bytes: encodeDnsMessage(query), waiting: new Set([pending]), tries: 1, troubles: 0, timer: undefined };
    asked.timer = this.#timers.set(after(now, WAITS[0]), asked);
    this.#asked.set(key, asked);
    this.#byId.set(id, asked);
    this.#send(asked, [question.note], out);
  }

  #send(asked: Asked<U>, notes: readonly Note[], out: Effect[]): void {
    const { local, server } = this.#options;
    out.push({ kind: 'send', bytes: asked.bytes, protocol: 'DNS', label: labelOfDns(asked.query), transport: 'udp', local, remote: server, notes });
  }

  #finish(asked: Asked<U>): void {
    this.#timers.cancel(asked.timer);
    this.#asked.delete(asked.key);
    this.#byId.delete(asked.query.id);
  }

  #giveUp(asked: Asked<U>, reason: string, clause: string): Resolved<U>[] {
    const resolved: Resolved<U>[] = [];
    for (const pending of asked.waiting) {
      if (pending.done) continue;
      pending.done = true;
      resolved.push({ user: pending.user, resolution: { kind: 'failed', reason: 'no-answer', notes: [{ op: 'rejected', reason, clause }] } });
    }
    return resolved;
  }

  #ignore(why: string, clause: string, out: Effect[]): Resolved<U>[] {
    out.push({ kind: 'note', note: { op: 'rejected', reason: `The DNS answer is left aside. ${why}`, clause } });
    return [];
  }
}

/** Whether chance has a say: two servers of the same priority. */
const isDrawn = (leg: Leg): boolean => leg.servers.some((server, i) => leg.servers.some((other, k) => k > i && other.priority === server.priority));

/** RFC 2782: lowest priority first; among equals, each next one is drawn with a probability that follows its weight. */
function orderServers(servers: readonly LocatedServer[], chance: Chance): readonly LocatedServer[] {
  if (servers.length < 2) return servers;
  // Weight zero stands first within its priority, so that it has a small chance next to others.
  const left = [...servers].sort((a, b) => a.priority - b.priority || Math.sign(a.weight) - Math.sign(b.weight));
  const ordered: LocatedServer[] = [];
  while (left.length > 0) {
    const priority = (left[0] as LocatedServer).priority;
    const group = left.filter((server) => server.priority === priority);
    let chosen = group[0] as LocatedServer;
    if (group.length > 1) {
      const sum = group.reduce((total, server) => total + server.weight, 0);
      const point = chance.bits('srv weight') % (sum + 1);
      let running = 0;
      for (const server of group) {
        running += server.weight;
        chosen = server;
        if (running >= point) break;
      }
    }
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}

function contentOf(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address;
    case 'NS':
    case 'CNAME':
      return record.target;
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case 'NAPTR':
      return `${record.order} ${record.preference} "${record.flags}" "${record.service}" "${record.regexp}" ${record.replacement === '' ? '.' : record.replacement}`;
    case 'SOA':
      return `${record.primary} ${record.serial}`;
    case 'other':
      return `TYPE${record.code}, ${record.content.length} octets`;
  }
}
