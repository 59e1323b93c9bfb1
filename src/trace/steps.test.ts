import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { sipBytes, TraceBuilder } from '#testing/trace-builder.ts';
import { momentOf, stepAt, stepsOf, transactionsOf } from './steps.ts';
import { subscriptionsOf } from './subscriptions.ts';
import { TraceIndex } from './trace-index.ts';

const UE = 'ue1';
const P = 'pcscf1.visited1.net';
const S = 'scscf1.home1.net';
const HSS = 'hss1.home1.net';

const sip = (start: string, branch: string, cseq: string, more: Record<string, string> = {}) =>
  sipBytes(start, {
    Via: `SIP/2.0/UDP host;branch=z9hG4bK${branch}`,
    From: '<sip:a@home1.net>;tag=w',
    To: '<sip:b@home2.net>',
    'Call-ID': 'c1',
    CSeq: cseq,
    'Max-Forwards': '70',
    ...more,
  });

/** SUBSCRIBE over two hops with a question to the HSS in between, lost once on the second hop, then answered. */
function sample() {
  const b = new TraceBuilder().chapter('only', 'Only', 0);
  const subscribe = (branch: string) => sip('SUBSCRIBE sip:b@home2.net SIP/2.0', branch, '1 SUBSCRIBE', { Event: 'presence', Expires: '600' });
  const ok = (branch: string) => sip('SIP/2.0 200 OK', branch, '1 SUBSCRIBE', { To: '<sip:b@home2.net>;tag=n', Expires: '600' });
  const first = b.message(UE, P, 'SUBSCRIBE', { sentAt: 0, arrivedAt: 10, bytes: subscribe('u') });
  const asked = b.message(P, HSS, 'LIR', {
    sentAt: 10,
    arrivedAt: 12,
    protocol: 'Diameter',
    causedBy: first,
    bytes: new Uint8Array([1, 0, 0, 20, 0x80, 0, 1, 46, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9]),
  });
  const answer = b.message(HSS, P, 'LIA', {
    sentAt: 12,
    arrivedAt: 14,
    protocol: 'Diameter',
    causedBy: asked,
    bytes: new Uint8Array([1, 0, 0, 20, 0, 0, 1, 46, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9]),
  });
  b.message(P, S, 'SUBSCRIBE', { sentAt: 14, lostAt: 15, causedBy: answer, bytes: subscribe('p'), notes: [{ op: 'routed', reason: 'The HSS said so.' }] });
  const timer = b.timer(P, 500);
  const again = b.message(P, S, 'SUBSCRIBE', { sentAt: 500, arrivedAt: 505, causedBy: timer, bytes: subscribe('p') });
  const ok1 = b.message(S, P, '200 OK (SUBSCRIBE)', { sentAt: 505, arrivedAt: 510, causedBy: again, bytes: ok('p') });
  b.message(P, UE, '200 OK (SUBSCRIBE)', { sentAt: 510, arrivedAt: 520, causedBy: ok1, bytes: ok('u') });
  return b.build(1000);
}

describe('steps', () => {
  it('stand in the order (sentAt, id), know retransmissions and transactions', () => {
    const b = new TraceBuilder();
    b.message(UE, P, 'later', { sentAt: 9 });
    b.message(UE, P, 'early', { sentAt: 3 });
    b.message(UE, P, 'early too', { sentAt: 3 });
    expect(stepsOf(b.build(10)).map((s) => `${s.name} ${s.message.label}`)).toEqual(['1 early', '2 early too', '3 later']);

    const steps = stepsOf(sample());
    expect(steps.map((s) => s.retransmissionOf?.name)).toEqual([undefined, undefined, undefined, undefined, '4', undefined, undefined]);
    expect(steps.map((s) => s.isRequest)).toEqual([true, true, false, true, true, false, false]);
    expect(transactionsOf(steps).map((g) => g.steps.map((s) => s.name))).toEqual([
      ['1', '7'],
      ['2', '3'],
      ['4', '5', '6'],
    ]);
  });

  it('a moment finds its step', () => {
    const steps = stepsOf(sample());
    for (const step of steps) expect(stepAt(steps, momentOf(step))).toBe(step);
    expect(stepAt(steps, { t: 499, record: 99 })?.name).toBe('4');
    expect(stepAt(steps, { t: 0, record: 0 })).toBeUndefined();
  });
});

describe('subscriptions', () => {
  it('are told from SUBSCRIBE to end', () => {
    const groups = subscriptionsOf(stepsOf(createFixtureTrace()));
    expect(groups).toHaveLength(1);
    const [group] = groups;
    expect(group).toMatchObject({ event: 'presence', subscriber: 'ue1', notifier: 'ps.home2.net' });
    expect(group?.events.map((e) => e.kind)).toEqual(['subscribe', 'notify', 'notify', 'unsubscribe', 'end']);
    expect(group?.steps).toHaveLength(34);
  });

  it('know fetches and refusals', () => {
    const b = new TraceBuilder();
    const request = (callId: string, cseq: number, more: Record<string, string>) =>
      sip('SUBSCRIBE sip:b@home2.net SIP/2.0', `r${callId}${cseq}`, `${cseq} SUBSCRIBE`, { 'Call-ID': callId, ...more });
    b.message(UE, P, 'SUBSCRIBE', { sentAt: 1, arrivedAt: 2, bytes: request('fetch', 1, { Event: 'presence', Expires: '0' }) });
    b.message(UE, P, 'SUBSCRIBE', { sentAt: 3, arrivedAt: 4, bytes: request('no', 1, { Event: 'presence' }) });
    b.message(P, UE, '403 Forbidden (SUBSCRIBE)', { sentAt: 5, arrivedAt: 6, bytes: sip('SIP/2.0 403 Forbidden', 'rno1', '1 SUBSCRIBE', { 'Call-ID': 'no' }) });
    expect(subscriptionsOf(stepsOf(b.build(10))).map((g) => [g.callId, g.events.map((e) => `${e.kind} ${e.reason ?? ''}`), g.endedAt])).toEqual([
      ['fetch', ['fetch '], undefined],
      ['no', ['subscribe ', 'refused 403'], 5],
    ]);
  });
});

describe('TraceIndex', () => {
  const index = new TraceIndex(sample());

  it('finds messages by what they are', () => {
    expect(index.find({ toKind: 's-cscf', label: 'SUBSCRIBE' })?.id).toBe(4);
    expect(index.find({ toKind: 's-cscf', label: 'SUBSCRIBE', ordinal: 2 })).toBeUndefined();
    expect(index.find({ toKind: 's-cscf', label: 'SUBSCRIBE', ordinal: 2, retransmissions: true })?.sentAt).toBe(500);
    expect(index.findAll({ protocol: 'SIP', isRequest: false }).map((m) => m.to)).toEqual([P, UE]);
    expect(index.find({ from: P, after: 5, chapter: 'only', fromKind: 'p-cscf' })?.sentAt).toBe(510);
    expect(index.find({ chapter: 'other' })).toBeUndefined();
  });

  it('leads to notes, causes and consequences', () => {
    expect(index.notesAbout(4).map((n) => n.reason)).toEqual(['The HSS said so.']);
    expect(index.consequences(1).map((r) => r.id)).toEqual([2]);
    const lir = index.message(2);
    expect(lir === undefined ? undefined : index.cause(lir)?.id).toBe(1);
  });

  it('knows the same message one hop earlier, over questions and retransmissions', () => {
    const previous = (query: Parameters<TraceIndex['find']>[0]) => {
      const message = index.find(query);
      return message === undefined ? undefined : index.previousHop(message)?.id;
    };
    expect(previous({ to: S, label: 'SUBSCRIBE' })).toBe(1);
    expect(previous({ to: S, label: 'SUBSCRIBE', ordinal: 2, retransmissions: true })).toBe(1);
    expect(previous({ to: UE, label: '200 OK (SUBSCRIBE)' })).toBe(index.find({ to: P, label: '200 OK (SUBSCRIBE)' })?.id);
    expect(previous({ to: P, label: '200 OK (SUBSCRIBE)' })).toBeUndefined();
    expect(previous({ label: 'LIR' })).toBeUndefined();
  });
});
