/** From transmissions to the arrows of stage 2: which of them belong together, between whose hands, under which name. */
import { factsOf, type SipFacts } from './message-facts.ts';
import type { EntityId, MessageRecord, RecordId } from './record.ts';
import { Casting, type FunctionId, type Place, type Stage2Function } from './stage2-functions.ts';
import { isStage2Request, isToldOverPi, reportName, stage2Name } from './stage2-names.ts';
import type { Step } from './steps.ts';
import type { TraceIndex } from './trace-index.ts';

export interface Arrow {
  /** Of its first transmission. */
  readonly id: RecordId;
  readonly from: FunctionId;
  readonly to: FunctionId;
  readonly label: string;
  readonly referencePoint: string;
  /** In the order in which they were sent. */
  readonly records: readonly MessageRecord[];
  /** Those of them that left the one function for the other: tried again, or on another way, there are several. */
  readonly crossings: readonly MessageRecord[];
}

export interface ArrowReading {
  readonly arrows: readonly Arrow[];
  readonly functions: readonly Stage2Function[];
  /** In whose hands each transmission was when it was sent and when it arrived, and who sent it. */
  readonly holders: ReadonlyMap<RecordId, readonly [FunctionId, FunctionId, EntityId]>;
}

interface GrowingArrow extends Arrow {
  readonly records: MessageRecord[];
  readonly crossings: MessageRecord[];
  answered: boolean;
}

/** What has been sent since the message came into the hands of its holder. */
interface Luggage {
  readonly records: MessageRecord[];
  /** The arrow that brought it into these hands. */
  readonly entry: GrowingArrow | undefined;
  readonly holder: FunctionId;
  /** Of a publication in the hands of somebody who only carries it: the network whose proxy it is for, should it never get there. */
  readonly bound: string | undefined;
  readonly name: Naming;
}

/** One transmission and its repetitions. */
interface Hop {
  readonly from: Place;
  readonly to: Place;
  /** Of the whole way of this request, or of this answer. */
  readonly naming: Naming;
  /** For the next hop: undefined as long as nothing has been sent since it came into other hands. */
  luggage: Luggage | undefined;
  readonly arrow: GrowingArrow | undefined;
}

interface Naming {
  /** The same for all hops of one request, and of one answer to it. */
  readonly key: string;
  readonly label: string;
  readonly referencePoint: string;
}

/** LIR and SAR, by which the presentity's proxy learns where it has to go (TS 29.228 §6.1.4, §6.1.2). */
const QUERIES: ReadonlySet<number> = new Set([302, 301]);

const UPDATES: ReadonlySet<string> = new Set(['Pep', 'Pen', 'Pex']);

export function readArrows(index: TraceIndex): ArrowReading {
  const reader = new Reader(index);
  for (const step of index.steps) reader.read(step);
  return reader.finish();
}

class Reader {
  readonly #index: TraceIndex;
  readonly #casting = new Casting();
  readonly #hops = new Map<RecordId, Hop>();
  readonly #requests = new Map<string, Hop>();
  readonly #queries = new Map<string, GrowingArrow>();
  readonly #open = new Map<string, GrowingArrow>();
  readonly #arrows: GrowingArrow[] = [];
  readonly #repetitions = new Map<RecordId, MessageRecord[]>();
  readonly #luggage = new Set<Luggage>();
  readonly #holders = new Map<RecordId, readonly [FunctionId, FunctionId, EntityId]>();

  constructor(index: TraceIndex) {
    this.#index = index;
  }

  read(step: Step): void {
    if (step.retransmissionOf !== undefined) this.#again(step.retransmissionOf.message, step.message);
    else if (step.message.protocol === 'SIP') this.#sip(step.message);
    else if (step.message.protocol === 'Diameter') this.#diameter(step.message);
    else if (step.message.protocol === 'Report') this.#report(step.message);
  }

  finish(): ArrowReading {
    for (const { records, entry, holder, bound, name } of this.#luggage) {
      // Nobody else got it: what was sent belongs to the arrow that came in, or is all that there is of one.
      if (entry !== undefined) entry.records.push(...records);
      else if (bound !== undefined && records[0] !== undefined) this.#draw(name, holder, this.#casting.publishingProxy(bound), records, records[0]);
    }
    const byTime = (a: MessageRecord, b: MessageRecord): number => a.sentAt - b.sentAt || a.id - b.id;
    for (const { records, crossings } of this.#arrows) {
      for (const list of [records, crossings]) for (const record of [...list]) list.push(...(this.#repetitions.get(record.id) ?? []));
      records.sort(byTime);
      crossings.sort(byTime);
    }
    return {
      arrows: this.#arrows.map(({ answered: _, ...arrow }) => ({ ...arrow, id: arrow.records[0]?.id ?? arrow.id })),
      functions: this.#casting.functions(),
      holders: this.#holders,
    };
  }

  #again(first: MessageRecord, message: MessageRecord): void {
    const holders = this.#holders.get(first.id);
    if (holders === undefined) return;
    this.#holders.set(message.id, holders);
    const repetitions = this.#repetitions.get(first.id);
    if (repetitions === undefined) this.#repetitions.set(first.id, [message]);
    else repetitions.push(message);
  }

  #sip(message: MessageRecord): void {
    const { sip, transaction } = factsOf(message);
    if (sip === undefined) return;
    const before = this.#hopBefore(message);
    if (sip.status === undefined) {
      if (this.#toldOverPi(message, sip)) return;
      if (!isStage2Request(sip)) return;
      const sender = this.#index.entity(message.from);
      if (sender === undefined) return;
      const from = before?.to ?? this.#casting.origin(sender, sip);
      if (from === undefined) return;
      const hop = this.#travel(
        message,
        from,
        this.#casting.arrival(from, this.#index.entity(message.to), sip),
        before,
        before?.naming ?? requestNaming(message, sip, from),
      );
      if (transaction !== undefined) this.#requests.set(transaction, hop);
      return;
    }
    const request = transaction === undefined ? undefined : this.#requests.get(transaction);
    if (request === undefined || sip.status < 200) return;
    // Somebody who plays no function answers for whom the request was.
    const bound = request.luggage?.bound;
    const from = before?.to ?? (bound === undefined ? request.to : { ...request.to, holder: this.#casting.publishingProxy(bound) });
    const to = request.from.plays ? request.from : { ...request.from, holder: from.holder };
    if (request.arrow !== undefined) request.arrow.answered = true;
    this.#travel(message, from, to, before, before?.naming ?? answerNaming(message, sip, request.naming));
  }

  /** The same message on its hop before, as it was first sent. */
  #hopBefore(message: MessageRecord): Hop | undefined {
    const before = this.#index.previousHop(message);
    return before === undefined ? undefined : this.#hops.get(this.#index.step(before.id)?.retransmissionOf?.message.id ?? before.id);
  }

  #travel(message: MessageRecord, from: Place, to: Place, before: Hop | undefined, naming: Naming): Hop {
    this.#holders.set(message.id, [from.holder, to.holder, message.from]);
    const leaves = to.plays && to.holder !== from.holder;
    // Ways that were tried from the same place share it: the one that leads on stands for all.
    let luggage = before?.luggage;
    if (luggage === undefined && !leaves) {
      const entry = before?.arrow;
      const bound = UPDATES.has(naming.referencePoint) && entry === undefined ? from.home : undefined;
      luggage = { records: [], entry, holder: from.holder, bound, name: naming };
      this.#luggage.add(luggage);
      if (before !== undefined) before.luggage = luggage;
    }
    luggage?.records.push(message);
    const hop: Hop = leaves
      ? { from, to, naming, luggage: undefined, arrow: this.#draw(naming, from.holder, to.holder, luggage?.records.splice(0) ?? [message], message) }
      : { from, to, naming, luggage, arrow: undefined };
    this.#hops.set(message.id, hop);
    return hop;
  }

  /** A request that is tried on another way before anybody answered is the same arrow. */
  #draw(naming: Naming, from: FunctionId, to: FunctionId, records: readonly MessageRecord[], crossing: MessageRecord): GrowingArrow {
    const key = `${naming.key} ${from} ${to}`;
    const open = this.#open.get(key);
    if (open !== undefined && !open.answered) {
      for (const record of records) if (!open.records.includes(record)) open.records.push(record);
      open.crossings.push(crossing);
      return open;
    }
    const { label, referencePoint } = naming;
    const arrow: GrowingArrow = { id: crossing.id, from, to, label, referencePoint, records: [...records], crossings: [crossing], answered: false };
    this.#open.set(key, arrow);
    this.#arrows.push(arrow);
    return arrow;
  }

  /** Whatever is between a network element and the network agent goes straight from the one to the other. */
  #report(message: MessageRecord): void {
    const ends = [message.from, message.to].map((id) => this.#index.entity(id));
    const [from, to] = ends.map((end) => end && this.#casting.straight(end.kind === 'network-agent' ? 'pna' : 'supplier', end));
    if (from === undefined || to === undefined) return;
    this.#travel(message, from, to, undefined, { key: `report ${message.id}`, label: reportName(message), referencePoint: message.label.slice(0, 2) });
  }

  /** Pi: the S-CSCF, one of the presentity's proxy, tells the network agent of a registration. */
  #toldOverPi(message: MessageRecord, sip: SipFacts): boolean {
    const [sender, agent] = [this.#index.entity(message.from), this.#index.entity(message.to)];
    if (agent?.kind !== 'network-agent' || sender === undefined || !isToldOverPi(sip)) return false;
    const from = this.#casting.straight('ppp', sender);
    const naming = { key: exchangeOf(sip), label: reportName(message), referencePoint: 'Pi' };
    const hop = this.#travel(message, from, this.#casting.straight('pna', agent), undefined, naming);
    const { transaction } = factsOf(message);
    if (transaction !== undefined) this.#requests.set(transaction, hop);
    return true;
  }

  #diameter(message: MessageRecord): void {
    const { isRequest, transaction } = factsOf(message);
    const [from, to] = [this.#index.entity(message.from), this.#index.entity(message.to)];
    if (transaction === undefined || from === undefined || to === undefined || !QUERIES.has(commandOf(message.bytes))) return;
    // An SLF only says which HSS to ask.
    if (isRequest && to.kind !== 'hss') return;
    if (isRequest) {
      const hop = this.#askedFor(message);
      if (hop === undefined) return;
      this.#settle(hop);
      this.#queries.set(transaction, this.#query(message, hop.to.holder, this.#casting.play('hss', to)));
    } else {
      const query = this.#queries.get(transaction);
      if (query !== undefined) this.#query(message, query.to, query.from);
    }
  }

  /** A question is asked once the message is in the hands of its holder: what was sent inside until then belongs to the arrow that brought it. */
  #settle({ luggage }: Hop): void {
    if (luggage?.entry === undefined) return;
    luggage.entry.records.push(...luggage.records.splice(0));
  }

  #query(message: MessageRecord, from: FunctionId, to: FunctionId): GrowingArrow {
    this.#holders.set(message.id, [from, to, message.from]);
    return this.#draw({ key: `Px ${message.id}`, label: stage2Name(message), referencePoint: 'Px' }, from, to, [message], message);
  }

  /** The hop of the request for which somebody asks the HSS; undefined when it is none of stage 2. */
  #askedFor(message: MessageRecord): Hop | undefined {
    for (let cause = this.#index.cause(message); cause !== undefined; cause = this.#index.cause(cause)) {
      if (cause.kind !== 'message' || cause.protocol !== 'SIP' || cause.to !== message.from) continue;
      return this.#hops.get(this.#index.step(cause.id)?.retransmissionOf?.message.id ?? cause.id);
    }
    return undefined;
  }
}

/** RFC 6733 §3: three octets after version, length and flags. */
const commandOf = (bytes: Uint8Array): number => ((bytes[5] ?? 0) << 16) | ((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0);

const exchangeOf = (sip: SipFacts): string => `${sip.callId} ${sip.method} ${sip.cseq} ${sip.fromTag ?? ''}`;

function requestNaming(message: MessageRecord, sip: SipFacts, { holder }: Place): Naming {
  const updates = sip.method === 'PUBLISH';
  const referencePoint = !updates ? 'Pw' : holder.startsWith('pna/') ? 'Pen' : holder.startsWith('pea/') ? 'Pex' : 'Pep';
  return { key: exchangeOf(sip), label: stage2Name(message), referencePoint };
}

const answerNaming = (message: MessageRecord, sip: SipFacts, request: Naming): Naming => ({
  key: `${request.key} ${sip.status ?? ''}`,
  label: stage2Name(message),
  referencePoint: request.referencePoint,
});
