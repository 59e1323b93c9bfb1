/** A run with charging, and what breaks the rules of charging in it. */
import { AVP, numberAvp } from '#protocol/diameter/avp.ts';
import { encodeDiameterMessage, parseDiameterMessage } from '#protocol/diameter/message.ts';
import type { ImsInformation } from '#protocol/diameter/rf-information.ts';
import { buildAccountingRequest, readAccountingRequest, RECORD_TYPE, type AccountingRequest } from '#protocol/diameter/rf.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { type Doctored, find, hop, mapRecord, type Pick, run, S1, watch } from './doctor.ts';

const I2 = 'icscf2-s.home2.net';
const CDF1 = 'ccf1.home1.net';
const CDF2 = 'ccf1.home2.net';
const acr = hop(S1, CDF1, 'ACR', 10);

/** A network that charges: an accepted, a denied and an ended subscription, a failed publication. */
export const charged = run({
  until: 60,
  network: { charging: true },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'ue1', do: { ...watch, event: 'reg' } },
    { at: 26, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'no-such-tag' } },
    { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});

const leaveOut = (trace: Trace, pick: Pick): Trace => ({ ...trace, records: trace.records.filter((r) => r.kind !== 'message' || !pick(r)) });

/** The record of one ACR with something else in it. */
function recharge(trace: Trace, pick: Pick, change: Partial<ImsInformation>, recordType?: number): Trace {
  const victim = find(trace, pick);
  return mapRecord(
    trace,
    (r) => r === victim,
    (r) => [{ ...r, bytes: chargedBytes(r, (request) => ({ ...request, recordType: recordType ?? request.recordType, ims: { ...request.ims, ...change } })) }],
  );
}
/** The same report under another Session-Id: no repetition. */
const anew = (r: MessageRecord): MessageRecord => ({ ...r, bytes: chargedBytes(r, (request) => ({ ...request, sessionId: `${request.sessionId};again` })) });

function chargedBytes({ bytes }: MessageRecord, edit: (request: AccountingRequest) => AccountingRequest): Uint8Array {
  const message = parseDiameterMessage(bytes);
  const request = message.kind === 'diameter' ? readAccountingRequest(message) : undefined;
  if (message.kind !== 'diameter' || request?.kind !== 'ACR') throw new Error('no ACR');
  const { hopByHop, endToEnd } = message;
  return encodeDiameterMessage({ ...buildAccountingRequest(edit(request)), hopByHop, endToEnd });
}

/** Its Accounting-Record-Number (AVP 485) counted up. */
function renumbered(r: MessageRecord): MessageRecord {
  const message = parseDiameterMessage(r.bytes);
  if (message.kind !== 'diameter') throw new Error('no Diameter');
  const avps = message.avps.map((avp) => (avp.code === AVP.accountingRecordNumber.code ? numberAvp(AVP.accountingRecordNumber, 7) : avp));
  return { ...r, bytes: encodeDiameterMessage({ ...message, avps }) };
}

export const CHARGING_DOCTORED: Doctored = [
  ['charging-events', 'an answer that the S-CSCF does not report', () => leaveOut(charged, acr)],
  ['charging-events', 'a failed transaction that the I-CSCF does not report', () => leaveOut(charged, hop(I2, CDF2, 'ACR', 20))],
  ['charging-events', 'a transaction that is reported twice', () => mapRecord(charged, acr, (r) => [r, anew(r)])],
  ['charging-events', 'a report of what never was', () => recharge(charged, acr, { sessionId: 'c-elsewhere' })],
  ['charging-cause', 'the end of a subscription as if it were any success', () => recharge(charged, hop(S1, CDF1, 'ACR', 35), { causeCode: -1 })],
  ['charging-cause', 'a denied subscription as a success', () => recharge(charged, hop(S1, CDF1, 'ACR', 20), { causeCode: -1 })],
  ['charging-icid', 'a report with the number of another transaction', () => recharge(charged, acr, { icid: 'scscf1-elsewhere' })],
  ['charging-type', 'an I-CSCF that opens a session', () => recharge(charged, hop(I2, CDF2, 'ACR', 10), {}, RECORD_TYPE.start)],
  [
    'charging-records',
    'an ACR that was taken, and no record of it',
    () => ({ ...charged, records: charged.records.filter((r) => r.kind !== 'record' || r.at < 10e6) }),
  ],
  ['charging-answered', 'an ACR that nobody answers', () => leaveOut(charged, hop(CDF1, S1, 'ACA', 10))],
  ['charging-answered', 'an answer about another record', () => mapRecord(charged, hop(CDF1, S1, 'ACA', 10), (r) => [renumbered(r)])],
  [
    'charging-numbers',
    'a number that is given twice',
    () => ({
      ...charged,
      records: charged.records.map((r) =>
        r.kind === 'record' && r.entity === CDF1
          ? { ...r, fields: r.fields.map((field) => (field.name === 'Local Record Sequence Number' ? { ...field, value: '1' } : field)) }
          : r,
      ),
    }),
  ],
  [
    'charging-records',
    'a record with another number than its ACR',
    () => ({
      ...charged,
      records: charged.records.map((r) =>
        r.kind === 'record' ? { ...r, fields: r.fields.map((field) => (field.name === 'IMS Charging Identifier' ? { ...field, value: 'other' } : field)) } : r,
      ),
    }),
  ],
];
