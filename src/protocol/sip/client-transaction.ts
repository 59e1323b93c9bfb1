/**
 * Non-INVITE client transactions: send a request until an answer comes or Timer F fires, give its first final answer up once.
 * Governed by RFC 3261 §17.1.2 and §17.1.3, §18.1.1 and §18.1.2, RFC 4320 §4.2. The rules stand in transaction-tables.ts.
 * Omitted: INVITE and ACK; falling back to UDP when TCP fails (the entity's choice).
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Endpoint } from '#base/machine.ts';
import { KeyTable, type Place } from '#base/key-table.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import { after, shorter, times, type Duration, type SimTime } from '#base/time.ts';
import type { Timer, Timers } from '#base/timers.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { createBranch, formatOwnVia } from './branch.ts';
import { isReliable, sendOn, type Flow } from './flow.ts';
import { encodeSipMessage, type SipRequest, type SipResponse } from './message.ts';
import {
  CLIENT_RULES,
  NON_INVITE_CLIENT,
  transactionTimeout,
  type ClientEvent,
  type ClientStateName,
  type ClientTimerName,
  type TimerValues,
  type TransactionTimer,
} from './transaction-tables.ts';
import { parseCSeq } from './values.ts';
import { branchOf, parseVia } from './via.ts';

/** A request of ours and whom its answer concerns (`user`, given back as it came). */
export interface ClientTransaction<U> {
  /** The branch of our Via. */
  readonly key: string;
  readonly request: SipRequest;
  readonly user: U;
  /** The way it was really sent. */
  readonly flow: Flow;
}

export interface SendOptions<U> {
  /** Gets our Via on top. Must not be changed afterwards. */
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Our host in the Via, with a port unless it is the default: `pcscf1.visited1.net:7531`. */
  readonly sentBy: string;
  readonly user: U;
  readonly timers: TimerValues;
  /** What was done to the request so far; taken over, and the note about the Via is added. */
  readonly notes: Note[];
  /** Hashed into the branch, see `loopHashOf`. */
  readonly loopKey?: string | undefined;
  /** Used instead, Via included, when the encoded request exceeds 1300 bytes on UDP. */
  readonly reliableFlow?: Flow | undefined;
  /** Further parameters of the Via as they stand, with their semicolon: `;rport`. */
  readonly viaParams?: string;
}

export type ClientTransactionEvent<U> =
  /** The topmost Via is checked and removed. */
  | { readonly kind: 'response'; readonly transaction: ClientTransaction<U>; readonly response: SipResponse }
  /** Timer F. */
  | { readonly kind: 'timeout'; readonly transaction: ClientTransaction<U> }
  | { readonly kind: 'transport-error'; readonly transaction: ClientTransaction<U> };

/** RFC 3261 §18.1.1: the largest request sent over UDP where the path's MTU is unknown. */
export const LARGEST_UDP_REQUEST = 1300;

class Running<U> implements ClientTransaction<U> {
  readonly key: string;
  readonly request: SipRequest;
  readonly user: U;
  readonly flow: Flow;
  state: 'trying' | 'proceeding' = 'trying';
  readonly bytes: Uint8Array;
  /** Our Via up to the branch: what a response must bring back. */
  readonly sentBy: string;
  readonly timers: TimerValues;
  interval: Duration;
  transmissions = 1;
  timerE: Timer<TransactionTimer> | undefined = undefined;
  timerF: Timer<TransactionTimer> | undefined = undefined;

  constructor(key: string, request: SipRequest, user: U, flow: Flow, bytes: Uint8Array, sentBy: string, timers: TimerValues) {
    this.key = key;
    this.request = request;
    this.user = user;
    this.flow = flow;
    this.bytes = bytes;
    this.sentBy = sentBy;
    this.timers = timers;
    this.interval = timers.t1;
  }
}

/** What is left while further copies of the answer may come. */
interface Completed {
  readonly state: 'completed';
  readonly method: string;
  readonly timerK: Timer<TransactionTimer>;
}

type Known<U> = Place<Running<U> | Completed>;

export class ClientTransactions<U> {
  readonly #chance: Chance;
  readonly #timers: Timers<TransactionTimer>;
  readonly #endings: Timers<TransactionTimer>;
  readonly #byBranch = new KeyTable<Running<U> | Completed>();

  /** `endings` are the timers of which nobody hears anything: Timer K. */
  constructor(chance: Chance, timers: Timers<TransactionTimer>, endings: Timers<TransactionTimer>) {
    this.#chance = chance;
    this.#timers = timers;
    this.#endings = endings;
  }

  send(options: SendOptions<U>, now: SimTime, out: Effect[]): ClientTransaction<U> {
    const { request, sentBy, user, timers } = options;
    const key = createBranch(this.#chance, options.loopKey);
    const { notes } = options;
    let flow = options.flow;
    let via = formatOwnVia(flow.transport, sentBy, key, options.viaParams);
    request.headers.prepend('Via', via);
    let bytes = encodeSipMessage(request);
    // RFC 3261 §18.1.1
    if (flow.transport === 'udp' && bytes.length > LARGEST_UDP_REQUEST && options.reliableFlow !== undefined) {
      flow = options.reliableFlow;
      via = formatOwnVia(flow.transport, sentBy, key, options.viaParams);
      request.headers.removeFirst('Via');
      request.headers.prepend('Via', via);
      notes.push({
        op: 'decided',
        reason: `With ${bytes.length} bytes it is larger than ${LARGEST_UDP_REQUEST}: sent over ${flow.transport.toUpperCase()} instead of UDP.`,
        clause: 'RFC 3261 §18.1.1',
      });
      bytes = encodeSipMessage(request);
    }
    notes.push({
      op: 'added',
      header: 'Via',
      to: via,
      reason: 'The answer comes back along this entry; its branch names the transaction.',
      clause: options.loopKey === undefined ? 'RFC 3261 §8.1.1.7' : 'RFC 3261 §16.6',
    });
    out.push(sendOn(flow, bytes, request.method, notes));
    const transaction = new Running(key, request, user, flow, bytes, via.slice(0, via.indexOf(';') + 1), timers);
    const place: Known<U> = this.#byBranch.add(key, transaction);
    if (!isReliable(flow.transport)) transaction.timerE = this.#timers.set(after(now, timers.t1), { name: 'Timer E', place });
    transaction.timerF = this.#timers.set(after(now, transactionTimeout(timers)), { name: 'Timer F', place });
    return transaction;
  }

  /** A response has arrived: removes our Via and finds its transaction; strays and repetitions are dropped with a note. */
  receive(response: SipResponse, now: SimTime, out: Effect[]): ClientTransactionEvent<U> | undefined {
    const value = response.headers.first('Via');
    const branch = value === undefined ? undefined : branchOf(value);
    const place = branch === undefined ? undefined : this.#byBranch.find(branch);
    // RFC 3261 §17.1.3 and §18.1.2
    if (value === undefined || place === undefined || !belongsTo(place.value, value, response)) {
      // RFC 4320 §4.2
      out.push(remark('rejected', 'The topmost Via names no transaction that is under way here: dropped, not passed on.', 'RFC 4320 §4.2', value));
      return undefined;
    }
    const one = place.value;
    if (one.state === 'completed') {
      out.push(remark('decided', 'The answer came already: this copy is absorbed (Timer K is running).', 'RFC 3261 §17.1.2.2'));
      return undefined;
    }
    response.headers.removeFirst('Via');
    return this.#happen(place, one, response.status < 200 ? 'provisional' : 'final', response, now, out);
  }

  fire(name: ClientTimerName, place: Place<unknown>, now: SimTime, out: Effect[]): ClientTransactionEvent<U> | undefined {
    const known = place as Known<U>;
    const one = known.value;
    if (one.state !== 'completed') return this.#happen(known, one, name, undefined, now, out);
    this.#byBranch.remove(known);
    return undefined;
  }

  /** Nothing can be sent to `remote`: every transaction towards it ends. */
  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): ClientTransactionEvent<U>[] {
    const events: ClientTransactionEvent<U>[] = [];
    for (const place of [...this.#byBranch.places()]) {
      const one = place.value;
      if (one.state === 'completed') continue;
      const to = one.flow.remote;
      if (to.address !== remote.address || to.port !== remote.port) continue;
      const event = this.#happen(place, one, 'transport error', undefined, now, out);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #happen(
    place: Known<U>,
    one: Running<U>,
    on: ClientEvent,
    response: SipResponse | undefined,
    now: SimTime,
    out: Effect[],
  ): ClientTransactionEvent<U> | undefined {
    const step = transition(CLIENT_RULES, one.state, on, () => isReliable(one.flow.transport));
    if (step === undefined) return undefined;
    let event: ClientTransactionEvent<U> | undefined;
    if (step.to === 'trying' || step.to === 'proceeding') one.state = step.to;
    else {
      this.#timers.cancel(one.timerE);
      this.#timers.cancel(one.timerF);
      if (step.to === 'terminated') this.#byBranch.remove(place);
    }
    for (const action of step.actions) {
      switch (action) {
        case 'send again':
          one.transmissions++;
          out.push(sendOn(one.flow, one.bytes, one.request.method, [retransmission(one.transmissions)]));
          break;
        case 'double Timer E':
          one.interval = shorter(times(one.interval, 2), one.timers.t2);
          one.timerE = this.#timers.set(after(now, one.interval), { name: 'Timer E', place });
          break;
        case 'set Timer E to T2':
          one.interval = one.timers.t2;
          one.timerE = this.#timers.set(after(now, one.interval), { name: 'Timer E', place });
          break;
        case 'pass the response up':
          if (response !== undefined) event = { kind: 'response', transaction: one, response };
          break;
        case 'start Timer K':
          place.value = { state: 'completed', method: one.request.method, timerK: this.#endings.set(after(now, one.timers.t4), { name: 'Timer K', place }) };
          break;
        case 'report the timeout':
          event = { kind: 'timeout', transaction: one };
          break;
        case 'report the transport error':
          event = { kind: 'transport-error', transaction: one };
      }
    }
    return event;
  }

  *viewTimers(now: SimTime): Iterable<ViewTimer> {
    for (const { value: one } of this.#byBranch.places()) {
      if (isOver(one, now)) continue;
      if (one.state === 'completed') yield { name: 'Timer K', subject: one.method, firesAt: one.timerK.firesAt };
      else {
        const { method, uri } = one.request;
        const subject = `${method} to ${uri}`;
        if (one.timerE !== undefined) yield { name: 'Timer E', subject, firesAt: one.timerE.firesAt };
        if (one.timerF !== undefined) yield { name: 'Timer F', subject, firesAt: one.timerF.firesAt };
      }
    }
  }

  *viewStates(now: SimTime): Iterable<LiveState> {
    for (const { key, value: one } of this.#byBranch.places()) {
      if (isOver(one, now)) continue;
      const state: ClientStateName = one.state;
      yield { machine: NON_INVITE_CLIENT.name, key: `${one.state === 'completed' ? one.method : one.request.method} ${key}`, state };
    }
  }
}

/** Its ending was due and only waits to be carried out. */
const isOver = <U>(one: Running<U> | Completed, now: SimTime): boolean => one.state === 'completed' && one.timerK.firesAt <= now;

/** Same method, and our own sent-by as we wrote it or as it reads the same. */
function belongsTo<U>(one: Running<U> | Completed, via: string, response: SipResponse): boolean {
  const method = one.state === 'completed' ? one.method : one.request.method;
  if (parseCSeq(response.headers.get('CSeq') ?? '')?.method !== method) return false;
  if (one.state === 'completed' || via.startsWith(one.sentBy)) return true;
  const ours = parseVia(one.sentBy.slice(0, -1));
  const theirs = parseVia(via);
  return ours !== undefined && theirs !== undefined && ours.host === theirs.host && ours.port === theirs.port;
}

const retransmission = (transmission: number): Note => ({
  op: 'decided',
  reason: `No answer yet: sent again (Timer E), transmission ${transmission}.`,
  clause: 'RFC 3261 §17.1.2.2',
});

function remark(op: Note['op'], reason: string, clause: string, via?: string): Effect {
  return { kind: 'note', note: via === undefined ? { op, reason, clause } : { op, header: 'Via', from: via, reason, clause } };
}
