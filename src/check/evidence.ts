/**
 * A trace as the rules look at it: every message read once, grouped into SIP transactions with who forwarded what, and subscriptions.
 * Made once per trace. What was lost stays visible as sent, and never counts as received.
 */
import { parseSipMessage, type SipMessage, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { parseCSeq } from '#protocol/sip/values.ts';
import { parseVia, type Via } from '#protocol/sip/via.ts';
import { betweenEnds } from './legs.ts';
import { ascending, groupedInto, hasWithin } from './lookup.ts';
import type { EntityId, MessageRecord, Trace, TraceEntity, TraceRecord } from '#trace/record.ts';

export interface SipFact<M extends SipMessage = SipMessage> {
  readonly record: MessageRecord;
  readonly message: M;
  readonly method: string;
  readonly vias: readonly Via[];
  readonly callId: string;
  readonly cseq: number;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
}

/** One request on one hop: all its transmissions and everything that answers them. */
export interface Transaction {
  readonly client: EntityId;
  readonly server: EntityId;
  readonly method: string;
  /** The first transmission. */
  readonly request: SipFact<SipRequest>;
  readonly transmissions: SipFact<SipRequest>[];
  readonly responses: SipFact<SipResponse>[];
  /** The same request one hop before, when it was forwarded. */
  parent: Transaction | undefined;
  readonly children: Transaction[];
}

/** One subscription dialog as the notifier accepted it. */
export interface Subscription {
  readonly callId: string;
  readonly subscriberTag: string;
  readonly notifierTag: string;
  readonly notifier: EntityId;
  readonly initial: Transaction;
  /** SUBSCRIBE transactions of the dialog at the notifier, the initial one first. */
  readonly subscribes: Transaction[];
  /** NOTIFY transactions that the notifier began. */
  readonly notifies: Transaction[];
}

export interface Evidence {
  readonly trace: Trace;
  readonly entities: ReadonlyMap<EntityId, TraceEntity>;
  /** From end to end, whatever gateways are on the way. */
  readonly messages: readonly MessageRecord[];
  readonly sip: readonly SipFact[];
  /** SIP that could not be read, with the reason. */
  readonly unreadable: readonly { readonly record: MessageRecord; readonly reason: string }[];
  readonly transactions: readonly Transaction[];
  /** Responses that answer no request of this trace. */
  readonly strays: readonly SipFact<SipResponse>[];
  readonly subscriptions: readonly Subscription[];
  /** NOTIFY transactions that belong to none of them. */
  readonly orphans: readonly Transaction[];
  /** When each entity stopped and lost its memory, in the order of time. */
  readonly stops: ReadonlyMap<EntityId, readonly number[]>;
}

const known = new WeakMap<readonly TraceRecord[], Evidence>();

export function evidenceOf(trace: Trace): Evidence {
  let evidence = known.get(trace.records);
  if (evidence === undefined) {
    evidence = gather(trace);
    known.set(trace.records, evidence);
  }
  return evidence;
}

function gather(trace: Trace): Evidence {
  const sent = trace.records.filter((r): r is MessageRecord => r.kind === 'message').sort((a, b) => a.sentAt - b.sentAt || a.id - b.id);
  const messages = betweenEnds(trace, sent);
  const sip: SipFact[] = [];
  const unreadable: { record: MessageRecord; reason: string }[] = [];
  for (const record of messages) {
    if (record.protocol !== 'SIP') continue;
    const fact = read(record);
    if (typeof fact === 'string') unreadable.push({ record, reason: fact });
    else sip.push(fact);
  }
  const { transactions, strays } = groupTransactions(sip);
  const { subscriptions, orphans } = groupSubscriptions(transactions);
  const stopping = trace.records.flatMap((record) =>
    record.kind === 'intent' && record.entity !== undefined && (record.intent.kind === 'crash' || record.intent.kind === 'restart')
      ? [{ entity: record.entity, at: record.at }]
      : [],
  );
  const stops = groupedInto(
    stopping,
    ({ entity }) => entity,
    (all) => ascending(all.map(({ at }) => at)),
  );
  return { trace, entities: new Map(trace.entities.map((e) => [e.id, e])), messages, sip, unreadable, transactions, strays, subscriptions, orphans, stops };
}

/** Whether the entity lost its memory between two moments: what it knew before means nothing after. */
export const hasForgotten = ({ stops }: Evidence, entity: EntityId, from: number, to: number): boolean => hasWithin(stops.get(entity) ?? [], from, to);

function read(record: MessageRecord): SipFact | string {
  const message = parseSipMessage(record.bytes);
  if (message.kind === 'sip-error') return message.reason;
  const { headers } = message;
  const cseq = parseCSeq(headers.get('CSeq') ?? '');
  const vias = headers.values('Via').map(parseVia);
  const callId = headers.get('Call-ID');
  if (cseq === undefined || callId === undefined || vias.length === 0 || vias.includes(undefined)) return 'Via, Call-ID or CSeq cannot be read';
  return {
    record,
    message,
    method: cseq.method,
    vias: vias as Via[],
    callId,
    cseq: cseq.number,
    fromTag: tagOf(headers.get('From') ?? ''),
    toTag: tagOf(headers.get('To') ?? ''),
  };
}

export const isRequest = (fact: SipFact): fact is SipFact<SipRequest> => fact.message.kind === 'request';
const isResponse = (fact: SipFact): fact is SipFact<SipResponse> => fact.message.kind === 'response';

export const branchOf = (fact: SipFact, hop = 0): string => fact.vias[hop]?.branch ?? '';

function groupTransactions(sip: readonly SipFact[]): { transactions: Transaction[]; strays: SipFact<SipResponse>[] } {
  const transactions: Transaction[] = [];
  const strays: SipFact<SipResponse>[] = [];
  const byKey = new Map<string, Transaction>();
  const byBranch = new Map<string, Transaction[]>();
  for (const fact of sip) {
    const { from, to } = fact.record;
    if (isRequest(fact)) {
      const key = `${from} ${to} ${branchOf(fact)} ${fact.method}`;
      const same = byKey.get(key);
      if (same !== undefined) {
        same.transmissions.push(fact);
        continue;
      }
      const transaction: Transaction = {
        client: from,
        server: to,
        method: fact.method,
        request: fact,
        transmissions: [fact],
        responses: [],
        parent: undefined,
        children: [],
      };
      byKey.set(key, transaction);
      const previous = `${branchOf(fact, 1)} ${fact.method}`;
      transaction.parent = fact.vias.length < 2 ? undefined : byBranch.get(previous)?.find((candidate) => candidate.server === from);
      transaction.parent?.children.push(transaction);
      const branch = `${branchOf(fact)} ${fact.method}`;
      const alike = byBranch.get(branch);
      if (alike === undefined) byBranch.set(branch, [transaction]);
      else alike.push(transaction);
      transactions.push(transaction);
    } else if (isResponse(fact)) {
      const transaction = byKey.get(`${to} ${from} ${branchOf(fact)} ${fact.method}`);
      if (transaction === undefined) strays.push(fact);
      else transaction.responses.push(fact);
    }
  }
  return { transactions, strays };
}

function groupSubscriptions(transactions: readonly Transaction[]): { subscriptions: Subscription[]; orphans: Transaction[] } {
  const subscriptions: Subscription[] = [];
  const byDialog = new Map<string, Subscription>();
  const orphans: Transaction[] = [];
  for (const transaction of transactions) {
    const { request, method } = transaction;
    if (method !== 'SUBSCRIBE' || request.toTag !== undefined || transaction.children.length > 0) continue;
    const accepted = transaction.responses.find(isSuccess);
    if (accepted?.toTag === undefined || request.fromTag === undefined) continue;
    const subscription: Subscription = {
      callId: request.callId,
      subscriberTag: request.fromTag,
      notifierTag: accepted.toTag,
      notifier: transaction.server,
      initial: transaction,
      subscribes: [transaction],
      notifies: [],
    };
    subscriptions.push(subscription);
    byDialog.set(`${transaction.server} ${request.callId} ${request.fromTag}`, subscription);
  }
  for (const transaction of transactions) {
    const { request, method } = transaction;
    if (method === 'NOTIFY' && request.vias.length === 1) {
      const subscription = byDialog.get(`${transaction.client} ${request.callId} ${request.toTag ?? ''}`);
      if (subscription === undefined) orphans.push(transaction);
      else subscription.notifies.push(transaction);
    } else if (method === 'SUBSCRIBE' && request.toTag !== undefined) {
      byDialog.get(`${transaction.server} ${request.callId} ${request.fromTag ?? ''}`)?.subscribes.push(transaction);
    }
  }
  return { subscriptions, orphans };
}

export const isSuccess = (response: SipFact<SipResponse>): boolean => response.message.status >= 200 && response.message.status < 300;

/** Earliest moment at which this record reached its receiver, or undefined. */
const arrivalOf = ({ arrivedAt }: MessageRecord): number | undefined => arrivedAt;

/** When the server first saw the request; undefined when no transmission got through. */
export function requestArrival({ transmissions }: Transaction): number | undefined {
  return earliest(transmissions.map(({ record }) => arrivalOf(record)));
}

/** When the client first saw a final response, and which. */
export function finalArrival({ responses }: Transaction): { readonly at: number; readonly response: SipFact<SipResponse> } | undefined {
  let best: { at: number; response: SipFact<SipResponse> } | undefined;
  for (const response of responses) {
    const at = response.message.status < 200 ? undefined : arrivalOf(response.record);
    if (at !== undefined && (best === undefined || at < best.at)) best = { at, response };
  }
  return best;
}

export function earliest(times: readonly (number | undefined)[]): number | undefined {
  let best: number | undefined;
  for (const time of times) if (time !== undefined && (best === undefined || time < best)) best = time;
  return best;
}

/** The same request end to end, whatever the hop. */
export const endToEnd = (fact: SipFact): string => `${fact.callId} ${fact.fromTag ?? ''} ${fact.cseq} ${fact.method}`;

/** `SUBSCRIBE from ue1 to pcscf1.visited1.net (record 12)`. */
export const nameOf = ({ record }: { readonly record: MessageRecord }): string => `${record.label} from ${record.from} to ${record.to} (record ${record.id})`;
