import { describe, expect, it } from 'vitest';
import type { Effect, SendEffect, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { seconds } from '#base/time.ts';
import { inSeconds, START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createResponse, formatSipMessage, parseSipMessage, type SipRequest } from './message.ts';
import type { TransactionLayer } from './transactions.ts';
import { CORE_TIMERS, UE_TIMERS, type Flow, type TimerValues } from './transactions.ts';
import { CLIENT, SERVER, flow, subscribe, newLayer, sends, notes, at, arrival } from '#testing/sip-wire.ts';

/** Sends one request and lets time pass with no answer at all; moments of transmission, and the moment and kind of the end. */
function unanswered(timers: TimerValues, transport: Transport): { readonly sentAt: number[]; readonly end: string; readonly effects: Effect[] } {
  const layer = newLayer();
  const effects: Effect[] = [];
  layer.send({ request: subscribe(), flow: flow(transport), sentBy: 'ue1.home1.net', user: 'watcher', timers, notes: [] }, START, effects);
  const sentAt = sends(effects).map(() => 0);
  let end = '';
  for (let now = layer.deadline(); now !== undefined; now = layer.deadline()) {
    const before = sends(effects).length;
    for (const event of layer.fire(now, effects)) end += `${event.kind} at ${inSeconds((now - START) as ReturnType<typeof seconds>)}`;
    for (let i = before; i < sends(effects).length; i++) sentAt.push(inSeconds((now - START) as ReturnType<typeof seconds>));
  }
  return { sentAt, end, effects };
}

describe('client transactions', () => {
  it('send eleven times over UDP in the core network and give up after 32 s', () => {
    const { sentAt, end, effects } = unanswered(CORE_TIMERS, 'udp');
    expect(sentAt).toEqual([0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
    expect(end).toBe('timeout at 32');
    const third = sends(effects)[2];
    expect(third?.notes).toEqual([{ op: 'decided', reason: 'No answer yet: sent again (Timer E), transmission 3.', clause: 'RFC 3261 §17.1.2.2' }]);
    expect(third?.bytes).toEqual(sends(effects)[0]?.bytes);
  });

  it('send eleven times over UDP at the UE and give up after 128 s', () => {
    const { sentAt, end } = unanswered(UE_TIMERS, 'udp');
    expect(sentAt).toEqual([0, 2, 6, 14, 30, 46, 62, 78, 94, 110, 126]);
    expect(end).toBe('timeout at 128');
  });

  it.each(['tcp', 'ws', 'sctp'] as const)('send once over %s and give up after 32 s', (transport) => {
    expect(unanswered(CORE_TIMERS, transport)).toMatchObject({ sentAt: [0], end: 'timeout at 32' });
  });

  it('put a Via of their own on top and say so', () => {
    const out: Effect[] = [];
    const layer = newLayer();
    const request = subscribe([['Via', 'SIP/2.0/UDP ue1.home1.net;branch=z9hG4bKabc']]);
    const given: Note = { op: 'changed', header: 'Max-Forwards', from: '70', to: '69', reason: 'One hop less.' };
    const transaction = layer.send(
      { request, flow: flow('udp'), sentBy: 'pcscf1.visited1.net:7531', user: '', timers: CORE_TIMERS, notes: [given], viaParams: ';rport' },
      START,
      out,
    );
    const via = `SIP/2.0/UDP pcscf1.visited1.net:7531;branch=${transaction.key};rport`;
    expect(request.headers.values('Via')).toEqual([via, 'SIP/2.0/UDP ue1.home1.net;branch=z9hG4bKabc']);
    expect(transaction.key).toMatch(/^z9hG4bK[0-9a-z]{10}$/);
    expect(sends(out)[0]?.notes).toEqual([given, expect.objectContaining({ op: 'added', header: 'Via', to: via })]);
    expect(sends(out)[0]).toMatchObject({ label: 'SUBSCRIBE', protocol: 'SIP', transport: 'udp', local: CLIENT, remote: SERVER });
  });

  it('take the reliable flow for requests above 1300 bytes, and say so', () => {
    const layer = newLayer();
    const reliable: Flow = flow('tcp');
    const sendWith = (padding: number): SendEffect | undefined => {
      const out: Effect[] = [];
      layer.send(
        {
          request: subscribe([['Subject', 'x'.repeat(padding)]]),
          flow: flow('udp'),
          reliableFlow: reliable,
          sentBy: 'h.net',
          user: '',
          timers: CORE_TIMERS,
          notes: [],
        },
        START,
        out,
      );
      return sends(out)[0];
    };
    const size = (sendWith(0)?.bytes.length ?? 0) - 0;
    const largest = sendWith(1300 - size);
    expect(largest?.bytes.length).toBe(1300);
    expect(largest?.transport).toBe('udp');
    const larger = sendWith(1301 - size);
    expect(larger).toMatchObject({ transport: 'tcp', connection: 'c1' });
    const text = decodeUtf8(larger?.bytes ?? new Uint8Array(0));
    expect(text).toContain('Via: SIP/2.0/TCP h.net;branch=');
    expect(text).not.toContain('SIP/2.0/UDP');
    expect(larger?.notes.map((note) => note.clause)).toContain('RFC 3261 §18.1.1');
  });

  it('give the first final answer up, without our Via, and absorb copies until Timer K fires', () => {
    const { client, server, request } = pair();
    const out: Effect[] = [];
    const transaction = client.send({ request, flow: flow('udp'), sentBy: 'client.net', user: 'watcher', timers: CORE_TIMERS, notes: [] }, START, out);
    const event = server.receive(arrival(sends(out)[0] as SendEffect), at(0.01), out);
    if (event?.kind !== 'request') throw new Error('no request');
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'tag2'), [], at(0.02), out);
    const answer = sends(out)[1] as SendEffect;
    expect(answer.label).toBe('200 OK (SUBSCRIBE)');
    const first = client.receive(arrival(answer), at(0.03), out);
    expect(first).toMatchObject({ kind: 'response', transaction: { key: transaction.key, user: 'watcher' }, response: { status: 200 } });
    expect(first?.kind === 'response' && first.response.headers.has('Via')).toBe(false);
    for (const moment of [0.04, 5.02]) {
      const absorbed: Effect[] = [];
      expect(client.receive(arrival(answer), at(moment), absorbed)).toBeUndefined();
      expect(notes(absorbed).map((note) => note.clause)).toEqual(['RFC 3261 §17.1.2.2']);
    }
    // T4 = 5 s after the answer nothing is left: a further copy is a stray.
    expect(client.deadline()).toBe(at(5.03));
    expect(client.fire(at(5.03), out)).toEqual([]);
    expect(client.deadline()).toBeUndefined();
    const stray: Effect[] = [];
    expect(client.receive(arrival(answer), at(5.04), stray)).toBeUndefined();
    expect(notes(stray)).toMatchObject([{ op: 'rejected', header: 'Via', clause: 'RFC 4320 §4.2' }]);
  });

  it('slow down to T2 after a 100 and still give up after 32 s', () => {
    const { client, request } = pair();
    const out: Effect[] = [];
    client.send({ request, flow: flow('udp'), sentBy: 'client.net', user: '', timers: CORE_TIMERS, notes: [] }, START, out);
    const trying = parseSipMessage(encodeUtf8(formatSipMessage(createResponse(request, 100))));
    if (trying.kind !== 'response') throw new Error('no response');
    const input = { ...arrival(sends(out)[0] as SendEffect), bytes: encodeUtf8(formatSipMessage(trying)), local: CLIENT, remote: SERVER };
    expect(client.receive(input, at(0.1), out)).toMatchObject({ kind: 'response', response: { status: 100 } });
    const moments: number[] = [];
    let end = 0;
    for (let now = client.deadline(); now !== undefined; now = client.deadline()) {
      const before = sends(out).length;
      if (client.fire(now, out).length > 0) end = now / 1e6;
      if (sends(out).length > before) moments.push(now / 1e6);
    }
    expect(moments).toEqual([0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5]);
    expect(end).toBe(32);
  });

  it('take no answer with another sent-by, another method or another branch', () => {
    const { client, request } = pair();
    const out: Effect[] = [];
    client.send({ request, flow: flow('udp'), sentBy: 'client.net', user: '', timers: CORE_TIMERS, notes: [] }, START, out);
    const good = formatSipMessage(createResponse(request, 200, undefined, 'x'));
    const feed = (text: string): unknown =>
      client.receive({ ...arrival(sends(out)[0] as SendEffect), bytes: encodeUtf8(text), local: CLIENT, remote: SERVER }, at(0.1), out);
    expect(feed(good.replace('client.net', 'evil.net'))).toBeUndefined();
    expect(feed(good.replace('client.net', 'client.net:5062'))).toBeUndefined();
    expect(feed(good.replace('61 SUBSCRIBE', '61 NOTIFY'))).toBeUndefined();
    expect(feed(good.replace(';branch=z9hG4bK', ';branch=z9hG4bKx'))).toBeUndefined();
    // The same Via in other letter case and order is ours.
    expect(feed(good.replace('SIP/2.0/UDP client.net;', 'SIP / 2.0 / udp CLIENT.net ;received=2001:db8::1; '))).toMatchObject({ kind: 'response' });
  });

  it('end when nothing can be sent to the peer', () => {
    const { client, request } = pair();
    const out: Effect[] = [];
    client.send({ request, flow: flow('tcp'), sentBy: 'client.net', user: 'watcher', timers: CORE_TIMERS, notes: [] }, START, out);
    expect(client.transportFailed(CLIENT, at(1), out)).toEqual([]);
    expect(client.transportFailed(SERVER, at(1), out)).toMatchObject([{ kind: 'transport-error', transaction: { user: 'watcher' } }]);
    expect(client.deadline()).toBeUndefined();
    expect(client.transportFailed(SERVER, at(1), out)).toEqual([]);
  });
});

function pair(): { client: TransactionLayer<string>; server: TransactionLayer<string>; request: SipRequest } {
  return { client: newLayer(), server: newLayer(CORE_TIMERS, 1, 'server'), request: subscribe() };
}
