/** What a person does to single messages: the network answers by itself, and what lies before stays as it was. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import { CATALOG } from './catalog.ts';
import { checkTrace } from '#check/check.ts';
import { traceToJson } from '#trace/json.ts';
import { parseTraceJson } from '#trace/parse-json.ts';
import { tracePcapng } from '#trace/pcapng.ts';
import type { MessageEdit } from '#trace/message-edits.ts';
import { PERSON, type Change, type MessageRecord, type Trace } from '#trace/record.ts';
import { runScenario } from '#scenario/run.ts';

const PRINCIPAL = CATALOG[0] as (typeof CATALOG)[number];
function run(changes: readonly Change[]): Trace {
  const trace = runScenario(PRINCIPAL, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
const messages = (trace: Trace): readonly MessageRecord[] => trace.records.filter((record): record is MessageRecord => record.kind === 'message');
const ORIGINAL = run([]);
const HOPS = messages(ORIGINAL).filter((record) => record.label === 'SUBSCRIBE' && record.at >= 10_000_000);
const kindOf = (id: string): string => ORIGINAL.entities.find((entity) => entity.id === id)?.kind ?? id;
/** Hops of the SUBSCRIBE: 0 to the P-CSCF, 1 to the S-CSCF, 2 to the I-CSCF, 3 to the S-CSCF, 4 to the presence server. */
const hop = (n: number): MessageRecord => HOPS[n] as MessageRecord;

function edited(n: number, edits: readonly MessageEdit[]): { readonly trace: Trace; readonly answer: string; readonly reasons: readonly string[] } {
  const trace = run([{ kind: 'edit', record: hop(n).id, edits }]);
  const answer = messages(trace).find((record) => record.from === hop(n).to && record.to === hop(n).from && record.id > hop(n).id && record.protocol === 'SIP');
  const reasons = trace.records.flatMap((record) => (record.kind === 'note' && record.op === 'rejected' && record.at >= hop(n).at ? [record.reason] : []));
  return { trace, answer: answer?.label ?? 'silence', reasons };
}

describe('a message edited in flight', () => {
  it.each<[number, MessageEdit, string]>([
    [2, { op: 'set', header: 'Max-Forwards', to: '0' }, '483 Too Many Hops (SUBSCRIBE)'],
    [4, { op: 'set', header: 'Event', to: 'weather' }, '489 Bad Event (SUBSCRIBE)'],
    [1, { op: 'remove', header: 'Call-ID' }, '400 Bad Request (SUBSCRIBE)'],
    [3, { op: 'set', header: 'Content-Length', to: '900' }, '400 Bad Request (SUBSCRIBE)'],
    [2, { op: 'start', to: 'SUBSCRIBE sip:nobody@home2.net SIP/2.0' }, '404 Not Found (SUBSCRIBE)'],
  ])('at hop %i by %j gets %s, and a reason', (n, edit, label) => {
    const { trace, answer, reasons } = edited(n, [edit]);
    expect(answer).toBe(label);
    expect(reasons.length).toBeGreaterThan(0);
    expect(checkTrace(trace)).toEqual([]);
    expect(messages(trace).find((record) => record.id === hop(n).id)?.sentBytes).toEqual(hop(n).bytes);
    // The refusal finds its way back to the watcher, who hears of it.
    if (!label.startsWith('400')) expect(messages(trace).some((record) => kindOf(record.to) === 'ue' && record.label === label)).toBe(true);
  });

  it('leaves the past as it was, and its own trace can be read back', () => {
    const { trace } = edited(2, [{ op: 'set', header: 'Max-Forwards', to: '0' }]);
    const before = (one: Trace): string => JSON.stringify(one.records.filter((record) => record.id < hop(2).id && record.at < hop(2).at));
    expect(before(trace)).toBe(before(ORIGINAL));
    expect(trace.records.map((record) => record.id)).toEqual(trace.records.map((_, i) => i + 1));
    const read = parseTraceJson(traceToJson(trace));
    if ('kind' in read) throw new Error(read.message);
    expect(traceToJson(read)).toBe(traceToJson(trace));
  });

  it('can be edited again: the second edit finds what the first one left', () => {
    const record = hop(4).id;
    const trace = run([
      { kind: 'edit', record, edits: [{ op: 'remove', header: 'Event' }] },
      { kind: 'edit', record, edits: [{ op: 'add', header: 'Event', to: 'presence' }] },
    ]);
    expect(decodeUtf8(messages(trace).find((one) => one.id === record)?.bytes ?? new Uint8Array(0))).toContain('\r\nEvent: presence\r\n');
    expect(trace.records.filter((one) => one.kind === 'note' && one.entity === PERSON)).toHaveLength(2);
    expect(messages(trace).some((one) => one.label === '200 OK (SUBSCRIBE)' && one.from === hop(4).to)).toBe(true);
  });

  it.each([70_000, 900_000])('into %i bytes: a datagram cannot be sent, a stream carries it, and both can be captured', (length) => {
    const body: MessageEdit = { op: 'body', to: 'x'.repeat(length) };
    const datagram = edited(2, [body]).trace;
    const record = messages(datagram).find((one) => one.id === hop(2).id) as MessageRecord;
    expect(record.transport).toBe('udp');
    expect(record.lostAt).toBe(record.sentAt);
    const said = datagram.records.flatMap((one) => (one.kind === 'note' && one.message === record.id && one.op === 'rejected' ? [one.reason] : []));
    expect(said).toEqual([
      `With ${record.bytes.length} bytes it is more than a UDP datagram over IPv6 holds (65527): it cannot be sent, and nothing of it arrives.`,
    ]);
    expect(checkTrace(datagram)).toEqual([]);
    // Its sender asks again, and is answered.
    expect(messages(datagram).some((one) => one.label === 'SUBSCRIBE' && one.from === record.from && one.at > record.at && one.arrivedAt !== undefined)).toBe(
      true,
    );
    expect(datagram.records.map(({ id }) => id)).toEqual(datagram.records.map((_, i) => i + 1));

    const notify = messages(ORIGINAL).find((one) => one.label === 'NOTIFY' && one.transport === 'tcp' && one.at >= hop(0).at) as MessageRecord;
    const stream = run([{ kind: 'edit', record: notify.id, edits: [body, { op: 'set', header: 'Content-Length', to: `${length}` }] }]);
    expect(messages(stream).find((one) => one.id === notify.id)?.arrivedAt).toBeDefined();
    for (const trace of [datagram, stream]) expect(tracePcapng(trace).length).toBeGreaterThan(length > 100_000 && trace === stream ? length : 0);
  });

  it('of another protocol changes its bytes', () => {
    const lir = messages(ORIGINAL).find((record) => record.label === 'LIR') as MessageRecord;
    const trace = run([{ kind: 'edit', record: lir.id, edits: [{ op: 'hex', to: '01' }] }]);
    expect([...(messages(trace).find((record) => record.id === lir.id)?.bytes ?? [])]).toEqual([1]);
  });
});

describe('a datagram that is late or comes twice', () => {
  it('arrives when it is told to, and its sender asks again meanwhile', () => {
    const trace = run([{ kind: 'delay', record: hop(4).id, by: 3_000_000 }]);
    const late = messages(trace).find((record) => record.id === hop(4).id) as MessageRecord;
    expect((late.arrivedAt as number) - (hop(4).arrivedAt as number)).toBe(3_000_000);
    expect(
      messages(trace).filter((record) => record.from === late.from && record.to === late.to && record.label === 'SUBSCRIBE' && record.at >= late.at).length,
    ).toBeGreaterThan(1);
    expect(checkTrace(trace)).toEqual([]);
  });

  it('arrives twice and is answered once', () => {
    const trace = run([{ kind: 'duplicate', record: hop(4).id }]);
    expect(messages(trace).find((record) => record.id === hop(4).id)?.duplicateArrivedAt).toBeGreaterThan(0);
    expect(checkTrace(trace)).toEqual([]);
    expect(messages(trace).filter((record) => record.label === 'NOTIFY' && record.from === hop(4).to && record.at < 20_000_000)).toHaveLength(1);
  });
});

describe('the end of a run with a change', () => {
  it('comes soon after the last thing that happened', () => {
    const trace = run([{ kind: 'drop', record: hop(4).id }]);
    const last = Math.max(...trace.records.map((record) => (record.kind === 'message' ? (record.arrivedAt ?? record.lostAt ?? record.at) : record.at)));
    expect(trace.until).toBeGreaterThanOrEqual(ORIGINAL.until);
    expect(trace.until - last).toBeLessThan(15_000_000);
  });
});
