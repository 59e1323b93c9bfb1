/** Steps: the transmissions of a trace in the order in which they are told, (sentAt, id), and what belongs together. */
import { hashText } from '#base/chance.ts';
import { equalBytes } from '#base/bytes.ts';
import { factsOf } from './message-facts.ts';
import type { MessageRecord, Moment, Trace, TraceChapter, TraceRecord } from './record.ts';

export interface Step {
  /** Place among all steps, from 0. */
  readonly index: number;
  /** `1`, `2`, ... in the story, `P1`, `P2`, ... in the prologue. */
  readonly name: string;
  readonly message: MessageRecord;
  readonly isRequest: boolean;
  /** The chapter in which it was sent; undefined before the first one. */
  readonly chapter: TraceChapter | undefined;
  readonly prologue: boolean;
  /** The first transmission of the same bytes between the same endpoints. */
  readonly retransmissionOf: Step | undefined;
}

type Told = Pick<Trace, 'records' | 'chapters'>;

export const isMessage = (record: TraceRecord): record is MessageRecord => record.kind === 'message';

const stepsOfTrace = new WeakMap<readonly TraceRecord[], readonly Step[]>();

/** All steps of a trace. Computed once per `records` array. */
export function stepsOf(trace: Told): readonly Step[] {
  let steps = stepsOfTrace.get(trace.records);
  if (steps === undefined) {
    steps = tell(trace);
    stepsOfTrace.set(trace.records, steps);
  }
  return steps;
}

function tell(trace: Told): readonly Step[] {
  const messages = trace.records.filter(isMessage).sort((a, b) => a.sentAt - b.sentAt || a.id - b.id);
  const chapters = trace.chapters.toSorted((a, b) => a.at - b.at);
  const firsts = new Map<string, Step[]>();
  const steps: Step[] = [];
  let chapter = -1;
  let prologue = 0;
  for (const message of messages) {
    for (let next = chapters[chapter + 1]; next !== undefined && next.at <= message.sentAt; next = chapters[chapter + 1]) chapter++;
    const current = chapters[chapter];
    const isPrologue = current?.prologue === true;
    if (isPrologue) prologue++;
    // What a person did to a copy on its way does not make it another message for its sender.
    const sent = message.sentBytes ?? message.bytes;
    // The two next to each other belong to it: a packet that a gateway sends on has the same addresses as before.
    const key = `${message.from} ${message.to} ${message.src} ${message.dst} ${message.transport} ${sent.length} ${hashBytes(sent)}`;
    // HTTP leaves it to TCP to send again: the same question twice is two questions.
    const same = message.protocol === 'HTTP' ? undefined : firsts.get(key);
    const step: Step = {
      index: steps.length,
      name: isPrologue ? `P${prologue}` : `${steps.length + 1 - prologue}`,
      message,
      isRequest: factsOf(message).isRequest,
      chapter: current,
      prologue: isPrologue,
      retransmissionOf: same?.find((s) => equalBytes(s.message.sentBytes ?? s.message.bytes, sent)),
    };
    if (step.retransmissionOf === undefined) {
      if (same === undefined) firsts.set(key, [step]);
      else same.push(step);
    }
    steps.push(step);
  }
  return steps;
}

/** FNV-1a, to find equal messages quickly; equality itself is checked byte for byte. */
function hashBytes(bytes: Uint8Array): number {
  let hash = hashText('');
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The last step that was sent by this moment, or undefined before the first one. Steps sent at `moment.t` itself count up to `moment.record`. */
export function stepAt(steps: readonly Step[], moment: Moment): Step | undefined {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { sentAt, id } = (steps[middle] as Step).message;
    if (sentAt < moment.t || (sentAt === moment.t && id <= moment.record)) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1];
}

/** The moment at which a reader of this step stands. */
export const momentOf = (step: Step): Moment => ({ t: step.message.sentAt, record: step.message.id });

/** A request with its retransmissions and responses on one hop. */
export interface TransactionGroup {
  readonly key: string;
  readonly steps: readonly Step[];
}

/** Transactions in the order of their first step: SIP by branch and CSeq method, Diameter by hop-by-hop id, DNS by id and question. */
export function transactionsOf(steps: readonly Step[]): readonly TransactionGroup[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = factsOf(step.message).transaction;
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return Array.from(groups, ([key, members]) => ({ key, steps: members }));
}
