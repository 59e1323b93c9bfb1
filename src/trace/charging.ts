/**
 * Which charging records of a run belong together, and why: the accounting requests and the records made of them that carry one ICID (TS 32.260 §5.1.2.2), with the
 * inter-operator identifiers that tell their legs apart (TS 32.299 §7.2.80). Pure: read from the trace alone.
 */
import { findAvp, AVP, textOf } from '#protocol/diameter/avp.ts';
import { COMMAND } from '#protocol/diameter/command.ts';
import { parseDiameterMessage, type DiameterMessage } from '#protocol/diameter/message.ts';
import { readAccountingRequest, type AccountingRequest } from '#protocol/diameter/rf.ts';
import { unquote } from '#protocol/sip/params.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { factsOf } from './message-facts.ts';
import type { BookRecord, EntityId, MessageRecord, Trace, TraceRecord } from './record.ts';

/** Who asked and who answered on one leg of the transaction. */
export interface ChargedLeg {
  /** 1: between a visited network, or a P-CSCF, and the home network; 2: between home networks; 3: between a home network and its application server. */
  readonly type: 1 | 2 | 3;
  /** Without the prefix that says the type. */
  readonly originating: string | undefined;
  readonly terminating: string | undefined;
}

/** One node's part in a transaction, as it told its charging data function. */
export interface ChargedNode {
  readonly node: EntityId;
  readonly cdf: EntityId;
  readonly request: AccountingRequest;
  /** The ACR and its repetitions. */
  readonly messages: readonly MessageRecord[];
  readonly answer: MessageRecord | undefined;
  /** What the charging data function wrote. */
  readonly record: BookRecord | undefined;
  readonly legs: readonly ChargedLeg[];
}

export interface ChargedTransaction {
  readonly icid: string;
  /** In the order in which the answer passed them. */
  readonly nodes: readonly ChargedNode[];
}

/** What the charging of a message's transaction is, and how the message is known to belong to it. */
export interface MessageCharging {
  readonly transaction: ChargedTransaction;
  /** One sentence. */
  readonly because: string;
}

export const isAccounting = (message: MessageRecord): boolean => message.protocol === 'Diameter' && (message.label === 'ACR' || message.label === 'ACA');

/** The ICID that a SIP message carries (P-Charging-Vector, RFC 7315 §4.6). */
export function icidOnWire(message: MessageRecord): string | undefined {
  if (message.protocol !== 'SIP') return undefined;
  const sip = parseSipMessage(message.bytes);
  const vector = sip.kind === 'sip-error' ? undefined : sip.headers.get('P-Charging-Vector');
  const value = vector === undefined ? undefined : /(?:^|;)\s*icid-value\s*=\s*("[^"]*"|[^;]+)/i.exec(vector)?.[1];
  return value === undefined ? undefined : unquote(value.trim());
}

export function legOf(originating: string | undefined, terminating: string | undefined): ChargedLeg {
  const type = /^Type ([13])/.exec(originating ?? terminating ?? '')?.[1];
  const bare = (identifier: string | undefined): string | undefined => identifier?.replace(/^Type [13]/, '');
  return { type: type === '1' ? 1 : type === '3' ? 3 : 2, originating: bare(originating), terminating: bare(terminating) };
}

interface Growing {
  node: EntityId;
  cdf: EntityId;
  request: AccountingRequest;
  messages: MessageRecord[];
  answer: MessageRecord | undefined;
  record: BookRecord | undefined;
}

interface Charging {
  /** Every node's part, in the order of the first ACR. */
  readonly nodes: readonly ChargedNode[];
  readonly byIcid: ReadonlyMap<string, ChargedTransaction>;
  /** Session-Id of an ACR → the ICID in it. */
  readonly bySession: ReadonlyMap<string, string>;
  /** The SIP transaction end to end → its ICID. */
  readonly bySip: ReadonlyMap<string, string>;
}

const known = new WeakMap<readonly TraceRecord[], Charging>();

/** All charging of a run. Read once per trace. */
export function chargingOf({ records }: Pick<Trace, 'records'>): Charging {
  let charging = known.get(records);
  if (charging === undefined) {
    charging = gather(records);
    known.set(records, charging);
  }
  return charging;
}

const sessionOf = ({ avps }: DiameterMessage): string => {
  const session = findAvp(avps, AVP.sessionId);
  return (session === undefined ? undefined : textOf(session)) ?? '';
};

function gather(records: readonly TraceRecord[]): Charging {
  const bySession = new Map<string, Growing>();
  const sessionOfRecord = new Map<number, string>();
  const bySip = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'record') {
      // A record is caused by the ACR that it was made of.
      const part = bySession.get(sessionOfRecord.get(record.causedBy ?? 0) ?? '');
      if (part !== undefined) part.record ??= record;
    } else if (record.kind === 'message' && isAccounting(record)) {
      const session = takeAccounting(record, bySession);
      if (session !== undefined) sessionOfRecord.set(record.id, session);
    } else if (record.kind === 'message' && record.protocol === 'SIP') {
      const key = sipKey(record);
      const icid = key === undefined || bySip.has(key) ? undefined : icidOnWire(record);
      if (key !== undefined && icid !== undefined) bySip.set(key, icid);
    }
  }
  const nodes = Array.from(bySession.values(), (part): ChargedNode => ({
    ...part,
    legs: part.request.ims.operators.map(({ originating, terminating }) => legOf(originating, terminating)),
  }));
  const byIcid = new Map<string, ChargedTransaction & { readonly nodes: ChargedNode[] }>();
  for (const node of nodes) {
    const icid = node.request.ims.icid ?? '';
    const transaction = byIcid.get(icid);
    if (transaction === undefined) byIcid.set(icid, { icid, nodes: [node] });
    else transaction.nodes.push(node);
  }
  for (const { nodes: parts } of byIcid.values()) parts.sort((a, b) => (a.request.ims.answeredAt ?? 0) - (b.request.ims.answeredAt ?? 0));
  return { nodes, byIcid, bySession: new Map(Array.from(bySession, ([session, { request }]) => [session, request.ims.icid ?? ''])), bySip };
}

/** Adds an ACR or ACA to its node's part; gives its Session-Id. */
function takeAccounting(record: MessageRecord, bySession: Map<string, Growing>): string | undefined {
  const message = parseDiameterMessage(record.bytes);
  if (message.kind !== 'diameter' || message.command !== COMMAND.accounting) return undefined;
  const session = sessionOf(message);
  const part = bySession.get(session);
  if (!message.request) {
    if (part !== undefined && record.arrivedAt !== undefined) part.answer ??= record;
    return session;
  }
  if (part !== undefined) {
    part.messages.push(record);
    return session;
  }
  const request = readAccountingRequest(message);
  if (request.kind === 'ACR') bySession.set(session, { node: record.from, cdf: record.to, request, messages: [record], answer: undefined, record: undefined });
  return session;
}

/** The same for a request and its answers on every hop. */
function sipKey(message: MessageRecord): string | undefined {
  const { sip } = factsOf(message);
  return sip === undefined ? undefined : `${sip.callId} ${sip.fromTag ?? ''} ${sip.cseq} ${sip.method}`;
}

/** What was charged for the transaction to which this message belongs; undefined when nothing was. */
export function chargingOfMessage(trace: Pick<Trace, 'records'>, message: MessageRecord): MessageCharging | undefined {
  const { byIcid, bySession, bySip } = chargingOf(trace);
  if (byIcid.size === 0) return undefined;
  const found = (icid: string | undefined, because: string): MessageCharging | undefined => {
    const transaction = icid === undefined ? undefined : byIcid.get(icid);
    return transaction === undefined ? undefined : { transaction, because };
  };
  if (isAccounting(message)) {
    const parsed = parseDiameterMessage(message.bytes);
    const session = parsed.kind === 'diameter' ? sessionOf(parsed) : undefined;
    const because = message.label === 'ACR' ? 'This ACR carries the ICID itself.' : 'This ACA answers an ACR with that ICID: both have one Session-Id.';
    return session === undefined ? undefined : found(bySession.get(session), because);
  }
  const own = icidOnWire(message);
  if (own !== undefined) return found(own, 'The message carries the ICID in its P-Charging-Vector.');
  const key = sipKey(message);
  return key === undefined
    ? undefined
    : found(bySip.get(key), 'A UE never sees the ICID; on the other hops the same request, with its Call-ID and CSeq, carries it.');
}
