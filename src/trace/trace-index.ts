/** Questions that views, lessons and checks ask of a trace. */
import type { Protocol } from '#base/machine.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { factsOf, type SipFacts } from './message-facts.ts';
import type { EntityId, EntityKind, MessageRecord, NoteRecord, RecordId, Trace, TraceEntity, TraceRecord } from './record.ts';
import { isMessage, stepsOf, type Step } from './steps.ts';

/** What a message must be like; what is left out does not matter. Plain data, so that lessons can name moments by it. */
export interface MessageQuery {
  readonly from?: EntityId;
  readonly to?: EntityId;
  readonly fromKind?: EntityKind;
  readonly toKind?: EntityKind;
  /** The whole label, e.g. `NOTIFY`, `200 OK (SUBSCRIBE)`. */
  readonly label?: string;
  readonly protocol?: Protocol;
  readonly chapter?: string;
  /** Sent after this record was made. */
  readonly after?: RecordId;
  readonly isRequest?: boolean;
  /** Retransmissions count only when this is set. */
  readonly retransmissions?: boolean;
  /** Which of those that fit, from 1 (the default). */
  readonly ordinal?: number;
}

/** A trace with its ways to look things up. Made once per trace. */
export class TraceIndex {
  readonly trace: Trace;
  readonly steps: readonly Step[];
  readonly #entities: ReadonlyMap<EntityId, TraceEntity>;
  readonly #notes = new Map<RecordId, NoteRecord[]>();
  readonly #consequences = new Map<RecordId, TraceRecord[]>();
  readonly #steps = new Map<RecordId, Step>();

  constructor(trace: Trace) {
    this.trace = trace;
    this.steps = stepsOf(trace);
    this.#entities = new Map(trace.entities.map((e) => [e.id, e]));
    for (const step of this.steps) this.#steps.set(step.message.id, step);
    for (const record of trace.records) {
      if (record.kind === 'note' && record.message !== undefined) add(this.#notes, record.message, record);
      if (record.causedBy !== undefined) add(this.#consequences, record.causedBy, record);
    }
  }

  entity(id: EntityId): TraceEntity | undefined {
    return this.#entities.get(id);
  }

  /** Ids are running numbers from 1; in a reading that leaves records out they only grow. */
  record(id: RecordId): TraceRecord | undefined {
    const { records } = this.trace;
    if (records[id - 1]?.id === id) return records[id - 1];
    let low = 0;
    let high = records.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((records[middle] as TraceRecord).id < id) low = middle + 1;
      else high = middle;
    }
    return records[low]?.id === id ? records[low] : undefined;
  }

  message(id: RecordId): MessageRecord | undefined {
    const record = this.record(id);
    return record !== undefined && isMessage(record) ? record : undefined;
  }

  step(id: RecordId): Step | undefined {
    return this.#steps.get(id);
  }

  /** What was noted about a message: first by its sender, then by its receiver. */
  notesAbout(id: RecordId): readonly NoteRecord[] {
    return this.#notes.get(id) ?? [];
  }

  /** The records that this one caused, directly. */
  consequences(id: RecordId): readonly TraceRecord[] {
    return this.#consequences.get(id) ?? [];
  }

  /** The record that caused this one: an arrived message, a timer or an intent. */
  cause(record: TraceRecord): TraceRecord | undefined {
    return record.causedBy === undefined ? undefined : this.record(record.causedBy);
  }

  /**
   * The same SIP request or response one hop earlier, as it arrived at the sender of this one; undefined where it began.
   * What the sender asked DNS or the HSS in between is passed over, and so is a tunnel: what a security gateway takes out of one is what the other one put in.
   */
  previousHop(message: MessageRecord): MessageRecord | undefined {
    const facts = factsOf(message);
    if (facts.sip === undefined) return undefined;
    const first = this.step(message.id)?.retransmissionOf?.message ?? message;
    for (let cause = this.cause(first); cause !== undefined; cause = this.cause(cause)) {
      if (!isMessage(cause) || (cause.to !== message.from && !(this.#isGateway(message.from) && this.#isGateway(cause.to)))) continue;
      const { sip } = factsOf(cause);
      if (sip === undefined) continue;
      const { callId, cseq, method, status } = facts.sip;
      if (sip.callId === callId && sip.cseq === cseq && sip.method === method && sip.status === status) return cause;
    }
    return facts.isRequest ? this.#requestBefore(first, facts.sip) : undefined;
  }

  /**
   * Requests that waited for the same answer of the DNS are let go by one of them, so the cause of the others leads astray: their hop before is the one whose Via
   * they carry under their own.
   */
  #requestBefore(message: MessageRecord, { callId }: SipFacts): MessageRecord | undefined {
    const [, below] = branchesOf(message);
    if (below === undefined) return undefined;
    for (let i = (this.step(message.id)?.index ?? 0) - 1, left = LOOK_BACK; i >= 0 && left > 0; i--, left--) {
      const other = this.steps[i]?.message;
      if (other === undefined || other.to !== message.from || other.protocol !== 'SIP') continue;
      const { isRequest, sip } = factsOf(other);
      if (isRequest && sip?.callId === callId && branchesOf(other)[0] === below) return this.step(other.id)?.retransmissionOf?.message ?? other;
    }
    return undefined;
  }

  #isGateway(id: EntityId): boolean {
    return this.entity(id)?.kind === 'security-gateway';
  }

  /** The first message (or the `ordinal`-th) in the order of steps that fits. */
  find(query: MessageQuery): MessageRecord | undefined {
    let left = query.ordinal ?? 1;
    for (const step of this.steps) if (this.#fits(step, query) && --left === 0) return step.message;
    return undefined;
  }

  /** Every message that fits; `ordinal` does not matter. */
  findAll(query: MessageQuery): readonly MessageRecord[] {
    return this.steps.flatMap((step) => (this.#fits(step, query) ? [step.message] : []));
  }

  #fits(step: Step, query: MessageQuery): boolean {
    const { message } = step;
    return (
      (query.from === undefined || message.from === query.from) &&
      (query.to === undefined || message.to === query.to) &&
      (query.fromKind === undefined || this.entity(message.from)?.kind === query.fromKind) &&
      (query.toKind === undefined || this.entity(message.to)?.kind === query.toKind) &&
      (query.label === undefined || message.label === query.label) &&
      (query.protocol === undefined || message.protocol === query.protocol) &&
      (query.chapter === undefined || step.chapter?.id === query.chapter) &&
      (query.after === undefined || message.id > query.after) &&
      (query.isRequest === undefined || step.isRequest === query.isRequest) &&
      (query.retransmissions === true || step.retransmissionOf === undefined)
    );
  }
}

/** How many steps a request may have waited. */
const LOOK_BACK = 400;

/** Of its Via entries, from the top. */
const branchesOf = ({ bytes }: MessageRecord): readonly string[] => Array.from(decodeUtf8(bytes).matchAll(/;branch=([^;,\s]+)/gi), ([, branch = '']) => branch);

function add<T>(map: Map<RecordId, T[]>, id: RecordId, item: T): void {
  const list = map.get(id);
  if (list === undefined) map.set(id, [item]);
  else list.push(item);
}
