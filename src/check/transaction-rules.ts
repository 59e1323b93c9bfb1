/**
 * Non-INVITE transactions on the wire: Timers E and F with the values of the IMS, RFC 4320, and TCP for what is long.
 * (RFC 3261 §17.1.2, §18.1.1; TS 24.229 §7.7 for the timer values.)
 */
import { CORE_TIMERS, transactionTimeout, tryingDelay, UE_TIMERS, type TimerValues } from '#protocol/sip/transaction-tables.ts';
import { finalArrival, hasForgotten, type Evidence, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

/** The longer timers apply at the UE and at the P-CSCF towards the UE. */
export const timersOf = ({ entities }: Evidence, { client, server }: Transaction): TimerValues =>
  entities.get(client)?.kind === 'ue' || entities.get(server)?.kind === 'ue' ? UE_TIMERS : CORE_TIMERS;

/** Kinds that may wait less for those behind them: somebody else can step in. */
const IMPATIENT: ReadonlySet<string> = new Set(['i-cscf', 's-cscf']);

/** An operator may wait less than Timer F where somebody else can step in: then its node has gone on, or has answered, by that moment. */
function gaveUp({ entities }: Evidence, transaction: Transaction, due: number): boolean {
  const { client, server, parent } = transaction;
  const to = entities.get(server)?.kind;
  if (!IMPATIENT.has(entities.get(client)?.kind ?? '') || (to !== undefined && to !== 's-cscf' && to !== 'presence-server')) return false;
  if (parent === undefined) return transaction.method === 'REGISTER';
  const last = transaction.transmissions.at(-1)?.record.sentAt ?? 0;
  return (
    parent.responses.some(({ record }) => record.sentAt > last && record.sentAt <= due) ||
    parent.children.some((other) => other !== transaction && other.request.record.sentAt > last)
  );
}

export const RETRANSMISSION = rule(
  'retransmission',
  'A request over UDP is sent again at the times of Timer E until a final response arrives or Timer F fires, and at no other time; over TCP never.',
  'RFC 3261 §17.1.2.2',
  (evidence, blame) => {
    for (const transaction of evidence.transactions) {
      const { request, transmissions, responses } = transaction;
      if (request.record.transport !== 'udp') {
        if (transmissions.length > 1) blame(transmissions[1] ?? request, 'is sent again over a reliable transport');
        continue;
      }
      const timers = timersOf(evidence, transaction);
      const stop = Math.min(finalArrival(transaction)?.at ?? Infinity, request.record.sentAt + transactionTimeout(timers));
      let due = request.record.sentAt;
      let interval: number = timers.t1;
      const provisional = Math.min(...responses.filter((r) => r.message.status < 200).map((r) => r.record.arrivedAt ?? Infinity));
      for (let i = 1; ; i++) {
        due += interval;
        const sent = transmissions[i];
        // What is due at the very moment at which the answer arrives may be sent or not.
        if (sent === undefined) {
          const excused = gaveUp(evidence, transaction, due) || hasForgotten(evidence, transaction.client, request.record.sentAt, due);
          if (due < stop && due < evidence.trace.until && !excused) blame(request, `should have been sent again at ${due / 1e6} s, and was not`);
          break;
        }
        if (sent.record.sentAt !== due || due > stop) {
          blame(sent, `is sent again at ${sent.record.sentAt / 1e6} s, when ${due > stop ? 'nothing was due any more' : `${due / 1e6} s was due`}`);
          break;
        }
        interval = provisional <= due ? timers.t2 : Math.min(2 * interval, timers.t2);
      }
    }
  },
);

export const PROVISIONAL = rule(
  'provisional',
  'No provisional response but 100 to a non-INVITE request, and over UDP not before its Timer E has reached T2.',
  'RFC 4320 §4.1',
  (evidence, blame) => {
    for (const transaction of evidence.transactions) {
      if (transaction.method === 'INVITE') continue;
      for (const response of transaction.responses) {
        const { status } = response.message;
        if (status >= 200) continue;
        if (status !== 100) blame(response, `is the provisional response ${status}`);
        const earliest = transaction.request.record.sentAt + tryingDelay(timersOf(evidence, transaction));
        if (response.record.transport === 'udp' && response.record.sentAt < earliest) blame(response, `comes before ${earliest / 1e6} s`);
      }
    }
  },
);

export const NO_408 = rule('no-408', 'Nobody answers 408 to a non-INVITE request.', 'RFC 4320 §4.2', ({ sip }, blame) => {
  for (const fact of sip) if (fact.message.kind === 'response' && fact.message.status === 408 && fact.method !== 'INVITE') blame(fact, 'is a 408');
});

/** Octets, RFC 3261 §18.1.1: 200 less than the path's MTU of 1500. */
const LARGEST_DATAGRAM = 1300;

export const LARGE_REQUESTS = rule(
  'large-request',
  'A request of more than 1300 octets does not travel over UDP.',
  'RFC 3261 §18.1.1',
  ({ transactions }, blame) => {
    for (const { request } of transactions) {
      const { transport, bytes } = request.record;
      if (transport === 'udp' && bytes.length > LARGEST_DATAGRAM) blame(request, `has ${bytes.length} octets and travels over UDP`);
    }
  },
);

export const SINGLE_ANSWER = rule(
  'single-answer',
  'One final response per transaction: what is sent again is the same octets.',
  'RFC 3261 §17.2.2',
  ({ transactions }, blame) => {
    for (const { responses } of transactions) {
      const finals = responses.filter((r) => r.message.status >= 200);
      for (const other of finals)
        if (other.message.status !== finals[0]?.message.status || other.toTag !== finals[0].toTag) blame(other, 'is a second final response');
    }
  },
);

export const TRANSACTION_RULES: readonly Rule[] = [RETRANSMISSION, PROVISIONAL, NO_408, LARGE_REQUESTS, SINGLE_ANSWER];
