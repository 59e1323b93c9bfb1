/**
 * Non-INVITE server transactions: give each request up once, send its answer where it came from, and answer copies of it from memory.
 * Governed by RFC 3261 §17.2.2 and §17.2.3, §18.2, RFC 4320. The rules stand in transaction-tables.ts.
 * Omitted: INVITE server transactions (an INVITE is passed up and answered like any other request), transport errors while answering.
 */
import type { BytesInput, Effect } from '#base/machine.ts';
import { KeyTable, type Place } from '#base/key-table.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { after, type SimTime } from '#base/time.ts';
import type { Timer, Timers } from '#base/timers.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { MAGIC_COOKIE } from './branch.ts';
import { flowOf, isReliable, sendOn, stampVia, type Flow } from './flow.ts';
import { labelOf } from './label.ts';
import { createResponse, encodeSipMessage, type SipRequest, type SipResponse } from './message.ts';
import { tagOf } from './name-addr.ts';
import {
  NON_INVITE_SERVER,
  SERVER_RULES,
  transactionTimeout,
  tryingDelay,
  type ServerEvent,
  type ServerStateName,
  type ServerTimerName,
  type TimerValues,
  type TransactionTimer,
} from './transaction-tables.ts';
import type { ViaHead } from './via.ts';

/** A request that waits for our answer. */
export interface ServerTransaction {
  readonly key: string;
  readonly request: SipRequest;
  /** The way the request came. */
  readonly flow: Flow;
  readonly arrivedAt: SimTime;
  /** The way the answer goes (RFC 3261 §18.2.2). An entity may replace it before it answers: a P-CSCF sends over UDP from its protected client port. */
  responseFlow: Flow;
  /** What the request looked like when it came, for the branch with which a proxy sends it on (RFC 3261 §16.6); set by the proxy. */
  loopKey: string | undefined;
}

class Running implements ServerTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  responseFlow: Flow;
  loopKey: string | undefined = undefined;
  readonly timers: TimerValues;
  readonly arrivedAt: SimTime;
  state: 'trying' | 'proceeding' = 'trying';
  /** The 100 that was sent. */
  provisional: { readonly bytes: Uint8Array; readonly label: string } | undefined = undefined;
  timer: Timer<TransactionTimer> | undefined = undefined;

  constructor(key: string, request: SipRequest, flow: Flow, responseFlow: Flow, timers: TimerValues, arrivedAt: SimTime) {
    this.key = key;
    this.request = request;
    this.flow = flow;
    this.responseFlow = responseFlow;
    this.timers = timers;
    this.arrivedAt = arrivedAt;
  }
}

/** All that is left while copies of the request may come: the answer as it was sent. */
interface Completed {
  readonly state: 'completed';
  readonly bytes: Uint8Array;
  readonly label: string;
  readonly flow: Flow;
  readonly timer: Timer<TransactionTimer>;
}

type Known = Place<Running | Completed>;

export class ServerTransactions {
  readonly #timersOf: (flow: Flow, request: SipRequest) => TimerValues;
  readonly #timers: Timers<TransactionTimer>;
  readonly #endings: Timers<TransactionTimer>;
  readonly #byKey = new KeyTable<Running | Completed>();

  /** `endings` are the timers of which nobody hears anything: Timer J. */
  constructor(timersOf: (flow: Flow, request: SipRequest) => TimerValues, timers: Timers<TransactionTimer>, endings: Timers<TransactionTimer>) {
    this.#timersOf = timersOf;
    this.#timers = timers;
    this.#endings = endings;
  }

  /** A request has arrived: a new transaction, or undefined for a copy (answered or ignored, with a note) and for ACK. */
  receive(request: SipRequest, input: BytesInput, now: SimTime, out: Effect[]): ServerTransaction | undefined {
    const flow = flowOf(input);
    if (request.method === 'ACK') {
      out.push({ kind: 'note', note: { op: 'decided', reason: 'An ACK is never answered, and no call is set up here: absorbed.', clause: 'RFC 3261 §17' } });
      return undefined;
    }
    const stamped = stampVia(request, flow, out);
    if (stamped === undefined) {
      out.push({
        kind: 'note',
        note: { op: 'rejected', header: 'Via', reason: 'Without a readable topmost Via nobody can be answered: dropped.', clause: 'RFC 3261 §18.2.2' },
      });
      return undefined;
    }
    const key = keyOf(request, stamped.value, stamped.via);
    const known = this.#byKey.find(key);
    if (known !== undefined) {
      this.#happen(known, 'the request again', undefined, [], now, out);
      return undefined;
    }
    const timers = this.#timersOf(flow, request);
    const running = new Running(key, request, flow, stamped.responseFlow, timers, now);
    running.timer = this.#timers.set(after(now, tryingDelay(timers)), { name: '100 Trying', place: this.#byKey.add(key, running) });
    return running;
  }

  respond(transaction: ServerTransaction, response: SipResponse, notes: readonly Note[], now: SimTime, out: Effect[]): void {
    const { key, request } = transaction;
    const place = this.#byKey.find(key);
    if (place === undefined) {
      // RFC 4320 §4.2
      out.push(refusal(`The transaction has ended, nobody waits for this ${response.status} any more: nothing is sent.`, 'RFC 4320 §4.2'));
      return;
    }
    const one = place.value;
    if (one.state !== 'completed' && request.method !== 'INVITE') {
      const forbidden = forbiddenBy4320(one, response.status, now);
      if (forbidden !== undefined) {
        out.push(forbidden);
        return;
      }
    }
    this.#happen(place, response.status < 200 ? 'provisional' : 'final', response, notes, now, out);
  }

  fire(name: ServerTimerName, place: Place<unknown>, now: SimTime, out: Effect[]): void {
    const known = place as Known;
    const one = known.value;
    const on: ServerEvent = name === '100 Trying' ? '100 due' : name === 'Timer J' ? 'Timer J' : 'too late';
    this.#happen(known, on, undefined, [], now, out);
    // RFC 4320 §4.2: when the client has given up (its Timer F), so do we, in silence.
    if (on === '100 due' && one.state !== 'completed') {
      const end = after(one.arrivedAt, transactionTimeout(one.timers));
      one.timer = this.#timers.set(end, { name: 'Last moment to answer', place: known });
    }
    if (on === 'too late') {
      out.push({
        kind: 'note',
        note: {
          op: 'decided',
          reason: 'The sender has given up by now (Timer F): the request stays without final answer, no 408 is sent.',
          clause: 'RFC 4320 §4.2',
        },
      });
    }
  }

  #happen(place: Known, on: ServerEvent, response: SipResponse | undefined, notes: readonly Note[], now: SimTime, out: Effect[]): void {
    const one = place.value;
    const step = transition(SERVER_RULES, one.state, on, () => one.state !== 'completed' && isReliable(one.flow.transport));
    if (step === undefined) return;
    if (step.actions.length === 0 && on === 'the request again') out.push(repeated('The request came again while its answer is being prepared: absorbed.'));
    if (step.to === 'terminated') {
      this.#timers.cancel(one.timer);
      this.#byKey.remove(place);
    }
    if (one.state === 'completed') {
      if (on === 'final') out.push(refusal('The request has its final answer already: nothing is sent.', 'RFC 3261 §17.2.2'));
      for (const action of step.actions) if (action === 'send the last response again') out.push(sendOn(one.flow, one.bytes, one.label, [FROM_MEMORY]));
      return;
    }
    if (step.to === 'proceeding') one.state = 'proceeding';
    let bytes: Uint8Array | undefined;
    let label = '';
    for (const action of step.actions) {
      switch (action) {
        case 'send':
          if (response === undefined) throw new Error('no response to send');
          bytes = encodeSipMessage(response);
          label = labelOf(response);
          out.push(sendOn(one.responseFlow, bytes, label, notes));
          if (response.status < 200) one.provisional = { bytes, label };
          break;
        case 'send 100': {
          const trying = createResponse(one.request, 100);
          one.provisional = { bytes: encodeSipMessage(trying), label: labelOf(trying) };
          out.push(sendOn(one.responseFlow, one.provisional.bytes, one.provisional.label, [STILL_ALIVE]));
          break;
        }
        case 'send the last response again':
          if (one.provisional !== undefined) out.push(sendOn(one.responseFlow, one.provisional.bytes, one.provisional.label, [FROM_MEMORY]));
          break;
        case 'start Timer J': {
          if (bytes === undefined) throw new Error('Timer J without a response');
          this.#timers.cancel(one.timer);
          const timer = this.#endings.set(after(now, transactionTimeout(one.timers)), { name: 'Timer J', place });
          place.value = { state: 'completed', bytes, label, flow: one.responseFlow, timer };
        }
      }
    }
  }

  *viewTimers(now: SimTime): Iterable<ViewTimer> {
    for (const { value: one } of this.#byKey.places()) {
      if (one.timer === undefined || isOver(one, now)) continue;
      const subject = one.state === 'completed' ? one.label : `${one.request.method} to ${one.request.uri}`;
      yield { name: one.timer.what.name, subject, firesAt: one.timer.firesAt };
    }
  }

  *viewStates(now: SimTime): Iterable<LiveState> {
    for (const { key, value: one } of this.#byKey.places()) {
      if (isOver(one, now)) continue;
      const state: ServerStateName = one.state;
      yield { machine: NON_INVITE_SERVER.name, key, state };
    }
  }
}

/** Its ending was due and only waits to be carried out. */
const isOver = (one: Running | Completed, now: SimTime): boolean => one.state === 'completed' && one.timer.firesAt <= now;

/** RFC 4320: no 408, no provisional response but 100, and that not too early over UDP. */
function forbiddenBy4320(one: Running, status: number, now: SimTime): Effect | undefined {
  if (status === 408) return refusal('A 408 to this request could only come too late: nothing is sent.', 'RFC 4320 §4.2');
  if (status >= 200) return undefined;
  if (status !== 100) return refusal(`No provisional response but 100 to a ${one.request.method}: the ${status} is not sent.`, 'RFC 4320 §4.1');
  if (!isReliable(one.flow.transport) && now < after(one.arrivedAt, tryingDelay(one.timers))) {
    return refusal('A 100 over UDP before the Timer E of the sender has reached T2 would only slow its retransmissions: not sent.', 'RFC 4320 §4.1');
  }
  return undefined;
}

/** Joined, not concatenated: a concatenation would keep the whole message alive as long as the key (measured: 1.3 kB against 0.1 kB). */
// RFC 3261 §17.2.3
function keyOf(request: SipRequest, value: string, via: ViaHead): string {
  const { branch } = via;
  if (branch?.startsWith(MAGIC_COOKIE) === true) return [branch, via.host, via.port ?? '', request.method].join(' ');
  const { headers } = request;
  return [request.uri, tagOf(headers.get('To') ?? ''), tagOf(headers.get('From') ?? ''), headers.get('Call-ID'), headers.get('CSeq'), value].join(' ');
}

const FROM_MEMORY: Note = {
  op: 'decided',
  reason: 'The request came again, so the answer was lost or is late: the same answer goes out once more.',
  clause: 'RFC 3261 §17.2.2',
};
const STILL_ALIVE: Note = {
  op: 'decided',
  reason: 'The answer takes long: a 100 tells the sender that its request has arrived and spares it the retransmissions.',
  clause: 'RFC 4320 §4.1',
};
const repeated = (reason: string): Effect => ({ kind: 'note', note: { op: 'decided', reason, clause: 'RFC 3261 §17.2.2' } });
const refusal = (reason: string, clause: string): Effect => ({ kind: 'note', note: { op: 'rejected', reason, clause } });
