/**
 * The rules of non-INVITE transactions as data, and their timer values.
 * Governed by RFC 3261 §17.1.2 (client) and §17.2.2 (server), both as changed by RFC 4320; the IMS values come from TS 24.229 §7.7.
 * Omitted: INVITE transactions, outside this project's scope.
 */
import type { Place } from '#base/key-table.ts';
import { compileTable, type StateTable } from '#base/state-table.ts';
import { seconds, times, type Duration } from '#base/time.ts';

/** T1: estimate of a round trip; T2: longest pause between retransmissions; T4: longest life of a message in the network. */
export interface TimerValues {
  readonly t1: Duration;
  readonly t2: Duration;
  readonly t4: Duration;
  /** How long a client waits for a final answer, where an operator wants less than 64·T1. */
  readonly patience?: Duration;
}

/** Between elements of the core network. TS 24.229 §7.7. */
export const CORE_TIMERS: TimerValues = { t1: seconds(0.5), t2: seconds(4), t4: seconds(5) };
/** At the UE, and at the P-CSCF towards the UE. TS 24.229 §7.7. */
export const UE_TIMERS: TimerValues = { t1: seconds(2), t2: seconds(16), t4: seconds(17) };

/** Timer F, and Timer J over UDP. */
export const transactionTimeout = (timers: TimerValues): Duration => timers.patience ?? times(timers.t1, 64);

/** How long after the first transmission a client sets its Timer E to T2: before that no 100 over UDP, at that moment a 100 is due. */
// RFC 4320 §4.1
export function tryingDelay(timers: TimerValues): Duration {
  let passed = 0;
  for (let interval: number = timers.t1; interval < timers.t2; interval *= 2) passed += interval;
  return passed as Duration;
}

export type ClientStateName = 'trying' | 'proceeding' | 'completed' | 'terminated';
export type ClientEvent = 'provisional' | 'final' | 'Timer E' | 'Timer F' | 'Timer K' | 'transport error';
export type TransactionGuard = 'reliable transport';
export type ClientAction =
  'send again' | 'double Timer E' | 'set Timer E to T2' | 'pass the response up' | 'report the timeout' | 'report the transport error' | 'start Timer K';

/** Figure 6 of RFC 3261. */
export const NON_INVITE_CLIENT: StateTable<ClientStateName, ClientEvent, TransactionGuard, ClientAction> = {
  name: 'non-INVITE client transaction',
  states: ['trying', 'proceeding', 'completed', 'terminated'],
  initial: 'trying',
  final: ['terminated'],
  rows: [
    { from: 'trying', on: 'Timer E', to: 'same', actions: ['send again', 'double Timer E'], clause: 'RFC 3261 §17.1.2.2' },
    { from: 'proceeding', on: 'Timer E', to: 'same', actions: ['send again', 'set Timer E to T2'], clause: 'RFC 3261 §17.1.2.2' },
    { from: ['trying', 'proceeding'], on: 'provisional', to: 'proceeding', actions: ['pass the response up'], clause: 'RFC 3261 §17.1.2.2' },
    {
      from: ['trying', 'proceeding'],
      on: 'final',
      guard: 'reliable transport',
      to: 'terminated',
      actions: ['pass the response up'],
      clause: 'RFC 3261 §17.1.2.2',
    },
    { from: ['trying', 'proceeding'], on: 'final', to: 'completed', actions: ['pass the response up', 'start Timer K'], clause: 'RFC 3261 §17.1.2.2' },
    { from: ['trying', 'proceeding'], on: 'Timer F', to: 'terminated', actions: ['report the timeout'], clause: 'RFC 3261 §17.1.2.2' },
    { from: ['trying', 'proceeding'], on: 'transport error', to: 'terminated', actions: ['report the transport error'], clause: 'RFC 3261 §17.1.4' },
    { from: 'completed', on: 'provisional', to: 'same', clause: 'RFC 3261 §17.1.2.2' },
    { from: 'completed', on: 'final', to: 'same', clause: 'RFC 3261 §17.1.2.2' },
    { from: 'completed', on: 'Timer K', to: 'terminated', clause: 'RFC 3261 §17.1.2.2' },
  ],
};

export type ServerStateName = 'trying' | 'proceeding' | 'completed' | 'terminated';
export type ServerEvent = 'the request again' | 'provisional' | 'final' | '100 due' | 'too late' | 'Timer J';
export type ServerAction = 'send' | 'send the last response again' | 'send 100' | 'start Timer J';

/** Figure 8 of RFC 3261, with the 100 and the silence of RFC 4320. */
export const NON_INVITE_SERVER: StateTable<ServerStateName, ServerEvent, TransactionGuard, ServerAction> = {
  name: 'non-INVITE server transaction',
  states: ['trying', 'proceeding', 'completed', 'terminated'],
  initial: 'trying',
  final: ['terminated'],
  rows: [
    { from: 'trying', on: 'the request again', to: 'same', clause: 'RFC 3261 §17.2.2' },
    { from: ['proceeding', 'completed'], on: 'the request again', to: 'same', actions: ['send the last response again'], clause: 'RFC 3261 §17.2.2' },
    { from: ['trying', 'proceeding'], on: 'provisional', to: 'proceeding', actions: ['send'], clause: 'RFC 3261 §17.2.2' },
    { from: 'trying', on: '100 due', to: 'proceeding', actions: ['send 100'], clause: 'RFC 4320 §4.1' },
    { from: ['trying', 'proceeding'], on: 'final', guard: 'reliable transport', to: 'terminated', actions: ['send'], clause: 'RFC 3261 §17.2.2' },
    { from: ['trying', 'proceeding'], on: 'final', to: 'completed', actions: ['send', 'start Timer J'], clause: 'RFC 3261 §17.2.2' },
    { from: ['trying', 'proceeding'], on: 'too late', to: 'terminated', clause: 'RFC 4320 §4.2' },
    { from: 'completed', on: 'final', to: 'same', clause: 'RFC 3261 §17.2.2' },
    { from: 'completed', on: 'Timer J', to: 'terminated', clause: 'RFC 3261 §17.2.2' },
  ],
};

export const CLIENT_RULES = compileTable(NON_INVITE_CLIENT);
export const SERVER_RULES = compileTable(NON_INVITE_SERVER);

export type ClientTimerName = 'Timer E' | 'Timer F' | 'Timer K';
export type ServerTimerName = '100 Trying' | 'Last moment to answer' | 'Timer J';

/** What a timer is for. The place is one of the table of the timer's side; when it fires, less may stand there than when it was set. */
export interface TransactionTimer {
  readonly name: ClientTimerName | ServerTimerName;
  readonly place: Place<unknown>;
}

export const isClientTimer = (name: TransactionTimer['name']): name is ClientTimerName => name === 'Timer E' || name === 'Timer F' || name === 'Timer K';
