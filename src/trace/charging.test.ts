import { describe, expect, it } from 'vitest';
import { computeRun } from '#testing/computed-run.ts';
import { chargingOf, chargingOfMessage, icidOnWire, legOf } from './charging.ts';
import { traceToJson } from './json.ts';
import { parseTraceJson } from './parse-json.ts';
import type { MessageRecord, Trace } from './record.ts';
import { isMessage } from './steps.ts';

const TRACE = computeRun({
  format: 1,
  id: 'charged',
  title: 'Charged',
  summary: 'A subscription that is charged.',
  until: 30,
  network: { charging: true },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
});

const messageOf = (trace: Trace, from: string, to: string, label: string): MessageRecord => {
  const found = trace.records.filter(isMessage).find((m) => m.at >= 10e6 && m.from === from && m.to === to && m.label === label);
  if (found === undefined) throw new Error(`no ${label} from ${from} to ${to}`);
  return found;
};

const P1 = 'pcscf1.visited1.net';
const S1 = 'scscf1.home1.net';
const CDF1 = 'ccf1.home1.net';

describe('the charging of a message', () => {
  it('is the same for every hop of the transaction and both networks, whether or not the hop shows the ICID', () => {
    const [onGm, onMw, answered, toldTo, acknowledged] = [
      messageOf(TRACE, 'ue1', P1, 'SUBSCRIBE'),
      messageOf(TRACE, P1, S1, 'SUBSCRIBE'),
      messageOf(TRACE, P1, 'ue1', '200 OK (SUBSCRIBE)'),
      messageOf(TRACE, S1, CDF1, 'ACR'),
      messageOf(TRACE, CDF1, S1, 'ACA'),
    ].map((message) => chargingOfMessage(TRACE, message));
    const { transaction } = onMw ?? { transaction: undefined };
    expect(transaction?.nodes.map(({ node, cdf }) => `${node} → ${cdf}`)).toEqual([
      'ps.home2.net → ccf1.home2.net',
      'scscf2.home2.net → ccf1.home2.net',
      'icscf2-s.home2.net → ccf1.home2.net',
      'scscf1.home1.net → ccf1.home1.net',
      'pcscf1.visited1.net → ccf1.visited1.net',
    ]);
    for (const other of [onGm, answered, toldTo, acknowledged]) expect(other?.transaction).toBe(transaction);
    expect([onGm, onMw, toldTo, acknowledged].map((one) => one?.because)).toEqual([
      'A UE never sees the ICID; on the other hops the same request, with its Call-ID and CSeq, carries it.',
      'The message carries the ICID in its P-Charging-Vector.',
      'This ACR carries the ICID itself.',
      'This ACA answers an ACR with that ICID: both have one Session-Id.',
    ]);
  });

  it('is another one for the NOTIFY', () => {
    const notify = chargingOfMessage(TRACE, messageOf(TRACE, 'ps.home2.net', S1, 'NOTIFY'));
    expect(notify?.transaction.nodes.map(({ node }) => node)).toEqual([P1, S1, 'ps.home2.net']);
    expect(notify?.transaction.icid).not.toBe(chargingOfMessage(TRACE, messageOf(TRACE, P1, S1, 'SUBSCRIBE'))?.transaction.icid);
  });

  it('is nothing for what is not charged, and in a run without charging', () => {
    expect(chargingOfMessage(TRACE, messageOf(TRACE, 'icscf2-s.home2.net', 'hss2.home2.net', 'LIR'))).toBeUndefined();
    const free = { records: TRACE.records.filter((record) => record.kind !== 'message' || record.protocol === 'SIP') };
    expect(chargingOfMessage(free, messageOf(TRACE, P1, S1, 'SUBSCRIBE'))).toBeUndefined();
  });
});

describe('a node’s part', () => {
  const partOf = (node: string, method: string) => chargingOf(TRACE).nodes.findLast((part) => part.node === node && part.request.ims.method === method);

  it('has its ACR, its answer and the record that was made of it', () => {
    const part = partOf(S1, 'SUBSCRIBE');
    expect(part?.messages.map(({ label }) => label)).toEqual(['ACR']);
    expect(part?.answer?.label).toBe('ACA');
    expect(part?.record).toMatchObject({ kind: 'record', entity: CDF1, title: 'S-CSCF CDR', causedBy: part?.messages[0]?.id });
  });

  it('tells its legs apart by the type of their identifiers', () => {
    expect(partOf(S1, 'SUBSCRIBE')?.legs).toEqual([
      { type: 1, originating: 'visited1.net', terminating: 'home1.net' },
      { type: 2, originating: 'home1.net', terminating: 'home2.net' },
    ]);
    expect(partOf('ps.home2.net', 'SUBSCRIBE')?.legs).toEqual([{ type: 3, originating: 'home2.net', terminating: 'home2.net' }]);
    expect(legOf(undefined, 'Type 3home2.net')).toEqual({ type: 3, originating: undefined, terminating: 'home2.net' });
  });
});

it('reads the ICID off the wire, and finds none where there is none', () => {
  expect(icidOnWire(messageOf(TRACE, P1, S1, 'SUBSCRIBE'))).toMatch(/^pcscf1-/);
  expect(icidOnWire(messageOf(TRACE, 'ue1', P1, 'SUBSCRIBE'))).toBeUndefined();
  const broken = { ...messageOf(TRACE, P1, S1, 'SUBSCRIBE'), bytes: Uint8Array.of(1, 2, 3) };
  expect(icidOnWire(broken)).toBeUndefined();
});

it('a charging data record survives the file', () => {
  const records = TRACE.records.slice(0, 400);
  const read = parseTraceJson(traceToJson({ ...TRACE, records }));
  if ('message' in read) throw new Error(read.message);
  expect(read.records).toEqual(records);
  const charged = records.find((record) => record.kind === 'record');
  if (charged === undefined) throw new Error('nothing was charged');
  const spoilt = parseTraceJson(traceToJson({ ...TRACE, records }).replace('"name":"Record Type"', '"name":7'));
  expect(spoilt).toMatchObject({ kind: 'trace-json-error', path: `records[${charged.id - 1}].fields[0].name` });
});
