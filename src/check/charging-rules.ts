/**
 * Charging (spec/presence-flows.md section 8, invariants 5 and 6; TS 32.260, TS 32.299): every node that has a charging data function tells it once of every
 * transaction that came to an end there, with the right cause and the number of the transaction; one record is written for each.
 */
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { RECORD_TYPE, readAccountingAnswer } from '#protocol/diameter/rf.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { parseNameAddr } from '#protocol/sip/name-addr.ts';
import { transactionTimeout } from '#protocol/sip/transaction-tables.ts';
import { chargingOf, icidOnWire, type ChargedNode } from '#trace/charging.ts';
import type { EntityId } from '#trace/record.ts';
import { endToEnd, finalArrival, hasForgotten, type Evidence, type SipFact, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { grouped } from './lookup.ts';
import { rule } from './report.ts';
import { timersOf } from './transaction-rules.ts';

const CHARGED: ReadonlySet<string> = new Set(['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'REGISTER', 'MESSAGE', 'REFER']);
/** What ended so late may not have been reported within the run: microseconds. */
const LATE = 1_000_000;
/** How long an answer of the charging data function may take before it counts as silent: microseconds. */
const PATIENCE = 6_000_000;

/** A transaction that came to its end at a node, and the message that says so. */
interface Ended {
  readonly node: EntityId;
  readonly callId: string;
  readonly method: string;
  /** TS 32.299 §7.2.35. */
  readonly cause: number;
  readonly at: number;
  readonly about: SipFact;
}

function causeOf({ method, headers }: SipRequest, status: number): number {
  if (status >= 400) return status;
  if (status >= 300) return -status;
  const contact = parseNameAddr(headers.first('Contact') ?? '')?.params.get('expires');
  if (method === 'REGISTER' && Number(contact ?? headers.get('Expires') ?? NaN) === 0) return -3;
  if (method === 'SUBSCRIBE' && Number(headers.get('Expires') ?? NaN) === 0) return -2;
  return status === 200 ? -1 : -status;
}

const isChallenge = (status: number): boolean => status === 401 || status === 407;

/** All that came to its end at nodes that report. */
function endedAtNodes(evidence: Evidence): readonly Ended[] {
  const charging = chargersOf(evidence);
  const ended: Ended[] = [];
  const add = (node: EntityId, { method, request }: Transaction, status: number, at: number, about: SipFact): void => {
    if (!CHARGED.has(method) || isChallenge(status) || !charging.has(node)) return;
    ended.push({ node, callId: request.callId, method, cause: causeOf(request.message, status), at, about });
  };
  // A request that was tried at several places is one.
  const last = new Map<string, Transaction>();
  for (const transaction of evidence.transactions) {
    const { server, client, request, responses } = transaction;
    const final = responses.find(({ message }) => message.status >= 200);
    if (final !== undefined) add(server, transaction, final.message.status, final.record.sentAt, final);
    if (request.vias.length === 1) last.set(`${client} ${endToEnd(request)}`, transaction);
  }
  for (const transaction of last.values()) {
    const { client, request } = transaction;
    const final = finalArrival(transaction);
    const gaveUp = request.record.sentAt + transactionTimeout(timersOf(evidence, transaction));
    if (final !== undefined) add(client, transaction, final.response.message.status, final.at, final.response);
    else if (gaveUp <= evidence.trace.until) add(client, transaction, 408, gaveUp, request);
  }
  return ended;
}

const chargersOf = ({ trace }: Evidence): ReadonlyMap<EntityId, EntityId> => {
  const isCdf = new Set(trace.entities.filter(({ kind }) => kind === 'charging-data-function').map(({ id }) => id));
  return new Map(trace.links.flatMap(({ a, b }) => (isCdf.has(b) ? [[a, b] as const] : isCdf.has(a) ? [[b, a] as const] : [])));
};

/** Nodes whose charging data function left something unanswered: they may keep what they have to report. */
function keepers({ trace, messages }: Evidence): ReadonlySet<EntityId> {
  const silent = new Set<EntityId>();
  for (const { node, answer, messages: sent } of chargingOf(trace).nodes) {
    const first = sent[0];
    if (answer === undefined && first !== undefined && first.sentAt + PATIENCE <= trace.until) silent.add(node);
    if (answer !== undefined && first !== undefined && (answer.arrivedAt ?? 0) > first.sentAt + PATIENCE) silent.add(node);
  }
  const cdfs = new Set(trace.entities.filter(({ kind }) => kind === 'charging-data-function').map(({ id }) => id));
  const agreed = new Set(messages.filter(({ label, from }) => label === 'CEA' && cdfs.has(from)).map(({ to }) => to));
  for (const { label, from, to } of messages) if (label === 'CER' && cdfs.has(to) && !agreed.has(from)) silent.add(from);
  return silent;
}

const keyOf = (node: EntityId, callId: string, method: string): string => `${node} ${callId} ${method}`;
const keyOfPart = ({ node, request }: ChargedNode): string => keyOf(node, request.ims.sessionId, request.ims.method);
const aboutPart = ({ messages }: ChargedNode): { readonly record: ChargedNode['messages'][number] } => {
  const [record] = messages;
  if (record === undefined) throw new Error('a charged node has sent no ACR');
  return { record };
};

export const CHARGING_EVENTS = rule(
  'charging-events',
  'Every node that reports to a charging data function sends one event record for each 2xx, 3xx or failure that ends a transaction there, and no other.',
  'TS 32.260 §5.2.1.1',
  (evidence, blame) => {
    const { nodes } = chargingOf(evidence.trace);
    if (chargersOf(evidence).size === 0) return;
    const silent = keepers(evidence);
    const reported = grouped(nodes, keyOfPart);
    const expected = grouped(endedAtNodes(evidence), ({ node, callId, method }) => keyOf(node, callId, method));
    for (const [key, ended] of expected) {
      const parts = reported.get(key)?.length ?? 0;
      const due = ended.filter(({ at, node }) => at < evidence.trace.until - LATE && !silent.has(node));
      const missing = due[parts];
      if (missing !== undefined) blame(missing.about, `ends a transaction at ${missing.node}, which does not report it`);
    }
    for (const [key, parts] of reported) {
      const surplus = parts[expected.get(key)?.length ?? 0];
      if (surplus !== undefined) blame(aboutPart(surplus), 'reports a transaction that did not end there, or reports it twice');
    }
  },
);

export const CHARGING_CAUSE = rule(
  'charging-cause',
  'The cause code is −1 for a 200, −2 for the end of a subscription, −3 for the end of a registration, and otherwise says the status.',
  'TS 32.299 §7.2.35',
  (evidence, blame) => {
    const left = new Map<string, number>();
    const causeKey = (key: string, cause: number | undefined): string => `${key} ${cause ?? 'none'}`;
    for (const { node, callId, method, cause } of endedAtNodes(evidence)) {
      const key = causeKey(keyOf(node, callId, method), cause);
      left.set(key, (left.get(key) ?? 0) + 1);
    }
    for (const part of chargingOf(evidence.trace).nodes) {
      const { causeCode } = part.request.ims;
      const key = causeKey(keyOfPart(part), causeCode);
      const count = left.get(key) ?? 0;
      if (count === 0) blame(aboutPart(part), `says the cause code ${causeCode ?? 'none'}, with which no transaction ended at ${part.node}`);
      else left.set(key, count - 1);
    }
  },
);

export const CHARGING_ICID = rule(
  'charging-icid',
  'A charging record carries the ICID of its transaction, which is the same for all nodes.',
  'TS 32.260 §5.1.2.2',
  (evidence, blame) => {
    const { nodes } = chargingOf(evidence.trace);
    if (nodes.length === 0) return;
    const onWire = new Map<string, Set<string>>();
    for (const { record, callId, method } of evidence.sip) {
      const icid = icidOnWire(record);
      if (icid === undefined) continue;
      for (const node of [record.from, record.to]) {
        const key = keyOf(node, callId, method);
        const seen = onWire.get(key);
        if (seen === undefined) onWire.set(key, new Set([icid]));
        else seen.add(icid);
      }
    }
    for (const part of nodes) {
      const seen = onWire.get(keyOfPart(part));
      // What was refused before it had a number has one only in its record.
      if (part.request.ims.icid === undefined || seen?.has(part.request.ims.icid) === false)
        blame(aboutPart(part), `says the ICID ${part.request.ims.icid ?? 'none'}, which the transaction does not carry at ${part.node}`);
    }
  },
);

export const CHARGING_TYPE = rule(
  'charging-type',
  'Transactions outside sessions have event records; an I-CSCF never sends another kind.',
  'TS 32.260 §5.2.1.1',
  ({ trace }, blame) => {
    for (const part of chargingOf(trace).nodes) {
      const { recordType, ims } = part.request;
      if (recordType !== RECORD_TYPE.event) blame(aboutPart(part), `is of record type ${recordType}, for a ${ims.method}`);
    }
  },
);

export const CHARGING_RECORDS = rule(
  'charging-records',
  'A charging data function writes one record for each event that it was told of and took.',
  'TS 32.260 §6.1.3.2.2',
  ({ trace, messages }, blame) => {
    const { nodes } = chargingOf(trace);
    if (nodes.length === 0) return;
    const granted = new Set(
      messages.flatMap((record) => {
        if (record.label !== 'ACA') return [];
        const message = parseDiameterMessage(record.bytes);
        const answer = message.kind === 'diameter' ? readAccountingAnswer(message) : undefined;
        return answer?.kind === 'ACA' && answer.result.kind === 'success' && record.causedBy !== undefined ? [record.causedBy] : [];
      }),
    );
    const written = grouped(
      trace.records.flatMap((record) => (record.kind === 'record' && record.causedBy !== undefined ? [record] : [])),
      ({ causedBy }) => String(causedBy),
    );
    for (const part of nodes) {
      const taken = part.messages.filter(({ id }) => granted.has(id));
      const records = part.messages.flatMap(({ id }) => written.get(String(id)) ?? []);
      if (taken.length > 0 && records.length !== 1) blame(aboutPart(part), `was taken by ${part.cdf}, which wrote ${records.length} records of it`);
      const icid = records[0]?.fields.find(({ name }) => name === 'IMS Charging Identifier')?.value;
      if (records.length > 0 && icid !== part.request.ims.icid) blame(aboutPart(part), `became a record with another ICID, ${icid ?? 'none'}`);
    }
  },
);

export const CHARGING_ANSWERED = rule(
  'charging-answered',
  'An ACA is about the record that was asked for: of the same type, and with the same number; it comes to every ACR, unless an operator has silenced the charging data function.',
  'RFC 6733 §9.7',
  (evidence, blame) => {
    const disturbed = new Set(evidence.trace.records.flatMap((record) => (record.kind === 'intent' && record.entity !== undefined ? [record.entity] : [])));
    for (const part of chargingOf(evidence.trace).nodes) {
      const { answer, request, cdf, messages } = part;
      const arrived = messages.find(({ arrivedAt }) => arrivedAt !== undefined)?.arrivedAt;
      if (answer === undefined) {
        if (arrived !== undefined && arrived < evidence.trace.until - LATE && !disturbed.has(cdf)) blame(aboutPart(part), 'is not answered');
        continue;
      }
      const message = parseDiameterMessage(answer.bytes);
      const read = message.kind === 'diameter' ? readAccountingAnswer(message) : undefined;
      if (read?.kind !== 'ACA') blame({ record: answer }, 'cannot be read as an ACA');
      else if (read.recordType !== request.recordType || read.recordNumber !== request.recordNumber)
        blame(
          { record: answer },
          `is about record ${read.recordNumber} of type ${read.recordType}, asked was ${request.recordNumber} of type ${request.recordType}`,
        );
    }
  },
);

export const CHARGING_NUMBERS = rule(
  'charging-numbers',
  'The records that a charging data function writes are numbered without a gap, as long as it is not stopped.',
  'TS 32.260 §6.1.3.3',
  (evidence, blame) => {
    const last = new Map<EntityId, { readonly number: number; readonly at: number }>();
    const messages = new Map(evidence.messages.map((record) => [record.id, record]));
    for (const record of evidence.trace.records) {
      const about = record.kind === 'record' ? messages.get(record.causedBy ?? 0) : undefined;
      const text = record.kind === 'record' ? record.fields.find(({ name }) => name === 'Local Record Sequence Number')?.value : undefined;
      if (record.kind !== 'record' || about === undefined || text === undefined) continue;
      const before = last.get(record.entity);
      const expected = before === undefined || hasForgotten(evidence, record.entity, before.at, record.at) ? undefined : before.number + 1;
      if (expected !== undefined && Number(text) !== expected) blame({ record: about }, `became record number ${text}, where ${expected} was next`);
      last.set(record.entity, { number: Number(text), at: record.at });
    }
  },
);

export const CHARGING_RULES: readonly Rule[] = [
  CHARGING_EVENTS,
  CHARGING_CAUSE,
  CHARGING_ICID,
  CHARGING_TYPE,
  CHARGING_RECORDS,
  CHARGING_ANSWERED,
  CHARGING_NUMBERS,
];
