/**
 * The transaction layer of one SIP element: bytes come in, requests and responses go up once each, copies are absorbed and lost ones sent again.
 * Governed by RFC 3261 §17 and §18, RFC 3581, RFC 4320. Its two halves are client-transaction.ts and server-transaction.ts, its rules transaction-tables.ts.
 * Omitted: INVITE transactions (an INVITE is passed up like any request, ACK is absorbed), stateless forwarding, maddr, TLS.
 */
import { hashText, type Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import { Timers } from '#base/timers.ts';
import type { LiveState, ViewTimer } from '#base/view.ts';
import { ClientTransactions, type ClientTransaction, type ClientTransactionEvent, type SendOptions } from './client-transaction.ts';
import { flowOf, sendOn, stampVia, type Flow } from './flow.ts';
import { labelOf } from './label.ts';
import { createResponse, encodeSipMessage, parseSipMessage, type SipError, type SipRequest, type SipResponse } from './message.ts';
import { ServerTransactions, type ServerTransaction } from './server-transaction.ts';
import { isClientTimer, type TimerValues, type TransactionTimer } from './transaction-tables.ts';

export type { ClientTransaction, SendOptions } from './client-transaction.ts';
export { createFlow, type Flow } from './flow.ts';
export type { ServerTransaction } from './server-transaction.ts';
export { CORE_TIMERS, NON_INVITE_CLIENT, NON_INVITE_SERVER, UE_TIMERS, type TimerValues } from './transaction-tables.ts';

export type TransactionEvent<U> =
  { readonly kind: 'request'; readonly transaction: ServerTransaction; readonly request: SipRequest; readonly flow: Flow } | ClientTransactionEvent<U>;

export interface LayerOptions {
  readonly chance: Chance;
  /** Of server transactions. */
  readonly timers: TimerValues;
  /** Where they depend on the peer: a P-CSCF uses the UE's values towards UEs. Undefined means `timers`. */
  readonly timersFor?: (flow: Flow, request: SipRequest) => TimerValues | undefined;
}

/** `U` is what a client transaction carries for its user. Never throws on what a peer sent. */
export class TransactionLayer<U> {
  readonly #timers = new Timers<TransactionTimer>();
  /**
   * Timers K and J: with them a transaction goes, and nobody hears of it. The layer asks to be woken for the last of them only; the others go when
   * something else happens after their time. What they end is never seen later than that.
   */
  readonly #endings = new Timers<TransactionTimer>();
  readonly #clients: ClientTransactions<U>;
  readonly #servers: ServerTransactions;

  constructor({ chance, timers, timersFor }: LayerOptions) {
    this.#clients = new ClientTransactions(chance, this.#timers, this.#endings);
    this.#servers = new ServerTransactions((flow, request) => timersFor?.(flow, request) ?? timers, this.#timers, this.#endings);
  }

  /** Parses a message and finds its transaction. Undefined: nothing for the layer above (a copy, a stray, something malformed); a note says what. */
  receive(input: BytesInput, now: SimTime, out: Effect[]): TransactionEvent<U> | undefined {
    // What arrives at the very moment of an ending is in time.
    this.#end((now - 1) as SimTime, out);
    const message = parseSipMessage(input.bytes);
    if (message.kind === 'response') return this.#clients.receive(message, now, out);
    if (message.kind === 'sip-error') {
      refuse(message, input, out);
      return undefined;
    }
    const transaction = this.#servers.receive(message, input, now, out);
    return transaction === undefined ? undefined : { kind: 'request', transaction, request: message, flow: transaction.flow };
  }

  /** Adds our Via (with a note), sends, and starts Timer E (over UDP) and Timer F. */
  send(options: SendOptions<U>, now: SimTime, out: Effect[]): ClientTransaction<U> {
    return this.#clients.send(options, now, out);
  }

  /** Sends a response the way that RFC 3261 §18.2.2 says and starts Timer J (over UDP). What RFC 4320 forbids is not sent; a note says so. */
  respond(transaction: ServerTransaction, response: SipResponse, notes: readonly Note[], now: SimTime, out: Effect[]): void {
    this.#servers.respond(transaction, response, notes, now, out);
  }

  /** Nothing reaches `remote`: client transactions towards it end. */
  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): TransactionEvent<U>[] {
    return this.#clients.transportFailed(remote, now, out);
  }

  /** All timers that are due, in order. */
  fire(now: SimTime, out: Effect[]): TransactionEvent<U>[] {
    this.#end(now, out);
    const events: TransactionEvent<U>[] = [];
    for (let due = this.#timers.due(now); due !== undefined; due = this.#timers.due(now)) {
      const event = this.#fireOne(due, now, out);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  /** The transactions whose ending was due by then. */
  #end(by: SimTime, out: Effect[]): void {
    for (let due = this.#endings.due(by); due !== undefined; due = this.#endings.due(by)) this.#fireOne(due, by, out);
  }

  #fireOne({ name, place }: TransactionTimer, now: SimTime, out: Effect[]): ClientTransactionEvent<U> | undefined {
    if (isClientTimer(name)) return this.#clients.fire(name, place, now, out);
    this.#servers.fire(name, place, now, out);
    return undefined;
  }

  deadline(): SimTime | undefined {
    return earliest(this.#timers.next(), this.#endings.last());
  }

  viewTimers(now: SimTime): ViewTimer[] {
    return [...this.#clients.viewTimers(now), ...this.#servers.viewTimers(now)].sort((a, b) => a.firesAt - b.firesAt);
  }

  viewStates(now: SimTime): LiveState[] {
    return [...this.#clients.viewStates(now), ...this.#servers.viewStates(now)];
  }
}

/** Answers what cannot be understood without keeping anything; drops it where nobody can or may be answered. */
function refuse(error: SipError, input: BytesInput, out: Effect[]): void {
  const { partial, status, reason, header } = error;
  const about = header === undefined ? {} : { header };
  if (status !== 0 && partial?.kind === 'request' && partial.method !== 'ACK') {
    const flow = flowOf(input);
    const stamped = stampVia(partial, flow, out);
    if (stamped !== undefined) {
      // RFC 3261 §8.2.7: without state the same request must get the same tag, so the tag is a hash of its Via.
      const response = createResponse(partial, status, undefined, hashText(stamped.value).toString(36));
      const note: Note = {
        op: 'rejected',
        ...about,
        reason: `The request cannot be understood. ${reason}`,
        clause: status === 400 ? 'RFC 3261 §21.4.1' : 'RFC 3261 §8.2',
      };
      out.push(sendOn(stamped.responseFlow, encodeSipMessage(response), labelOf(response), [note]));
      return;
    }
  }
  out.push({ kind: 'note', note: { op: 'rejected', ...about, reason: `Dropped without an answer. ${reason}`, clause: 'RFC 3261 §18.3' } });
}
