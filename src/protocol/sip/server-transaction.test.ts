import { describe, expect, it } from 'vitest';
import type { Effect, SendEffect } from '#base/machine.ts';
import { START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createRequest, createResponse } from './message.ts';
import { CORE_TIMERS, UE_TIMERS, type TransactionEvent } from './transactions.ts';
import { CLIENT, SERVER, flow, subscribe, newLayer, sends, notes, at, arrival, received } from '#testing/sip-wire.ts';

describe('server transactions', () => {
  it('absorb copies before the answer and repeat the answer after it, until Timer J fires', () => {
    const { server, packet, event } = received('udp');
    const absorbed: Effect[] = [];
    expect(server.receive(packet, at(0.5), absorbed)).toBeUndefined();
    expect(sends(absorbed)).toEqual([]);
    expect(notes(absorbed).at(-1)?.clause).toBe('RFC 3261 §17.2.2');
    const out: Effect[] = [];
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), out);
    server.respond(event.transaction, createResponse(event.request, 403, undefined, 'a'), [], at(1.1), out);
    expect(sends(out).map((send) => send.label)).toEqual(['200 OK (SUBSCRIBE)']);
    const again: Effect[] = [];
    expect(server.receive(packet, at(1.5), again)).toBeUndefined();
    expect(sends(again)).toMatchObject([{ label: '200 OK (SUBSCRIBE)', bytes: sends(out)[0]?.bytes, notes: [{ op: 'decided', clause: 'RFC 3261 §17.2.2' }] }]);
    // Timer J: 64 T1 after the answer.
    expect(server.deadline()).toBe(at(33));
    server.fire(at(33), out);
    expect(server.deadline()).toBeUndefined();
    expect(server.receive(packet, at(33.1), out)).toMatchObject({ kind: 'request' });
  });

  it('keep nothing after the answer over TCP', () => {
    const { server, event } = received('tcp');
    const out: Effect[] = [];
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), out);
    expect(sends(out)).toMatchObject([{ transport: 'tcp', connection: 'c1', remote: CLIENT, local: SERVER }]);
    expect(server.deadline()).toBeUndefined();
    expect(server.viewStates(at(1))).toEqual([]);
  });

  it.each([
    ['udp', CORE_TIMERS, 3.5, 32],
    ['tcp', CORE_TIMERS, 3.5, 32],
    ['udp', UE_TIMERS, 14, 128],
  ] as const)('over %s send a 100 when Timer E would reach T2, and fall silent when the client has given up', (transport, timers, trying, end) => {
    const { server, event, packet } = received(transport, timers);
    const out: Effect[] = [];
    expect(server.deadline()).toBe(at(trying));
    server.fire(at(trying), out);
    expect(sends(out).map((send) => send.label)).toEqual(['100 Trying (SUBSCRIBE)']);
    if (transport === 'udp') {
      server.receive(packet, at(trying + 0.1), out);
      expect(sends(out).map((send) => send.label)).toEqual(['100 Trying (SUBSCRIBE)', '100 Trying (SUBSCRIBE)']);
    }
    const count = sends(out).length;
    expect(server.deadline()).toBe(at(end));
    server.fire(at(end), out);
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(end + 1), out);
    expect(sends(out).length).toBe(count);
    expect(notes(out).at(-1)).toMatchObject({ op: 'rejected', clause: 'RFC 4320 §4.2' });
    expect(server.deadline()).toBeUndefined();
  });

  it('never send a 408, nor a provisional response other than 100, nor a 100 too early over UDP', () => {
    const { server, event } = received('udp');
    const out: Effect[] = [];
    for (const status of [408, 180, 183, 100]) server.respond(event.transaction, createResponse(event.request, status), [], at(1), out);
    expect(sends(out)).toEqual([]);
    expect(notes(out).map((note) => note.clause)).toEqual(['RFC 4320 §4.2', 'RFC 4320 §4.1', 'RFC 4320 §4.1', 'RFC 4320 §4.1']);
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), out);
    expect(sends(out).length).toBe(1);
    const tcp = received('tcp');
    tcp.server.respond(tcp.event.transaction, createResponse(tcp.event.request, 100), [], at(0.1), out);
    expect(sends(out).map((send) => send.label)).toEqual(['200 OK (SUBSCRIBE)', '100 Trying (SUBSCRIBE)']);
  });

  it('write received into the Via of a sender that names itself otherwise, and answer its address at the sent-by port', () => {
    const { event, effects, server } = received('udp');
    expect(event.request.headers.first('Via')).toMatch(/^SIP\/2\.0\/UDP client\.net;branch=z9hG4bK\w+;received=2001:db8::1$/);
    expect(notes(effects)).toMatchObject([{ op: 'changed', header: 'Via', clause: 'RFC 3261 §18.2.1' }]);
    const out: Effect[] = [];
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), out);
    expect(sends(out)).toMatchObject([{ remote: CLIENT, local: SERVER }]);
  });

  it('follow RFC 3581 where rport is asked for', () => {
    const request = subscribe();
    const client = newLayer();
    const out: Effect[] = [];
    client.send({ request, flow: flow('udp'), sentBy: '[2001:db8::1]:7777', user: '', timers: CORE_TIMERS, notes: [], viaParams: ';rport;keep' }, START, out);
    const packet = { ...arrival(sends(out)[0] as SendEffect), remote: { address: '2001:db8::1', port: 40000 } };
    const server = newLayer();
    const event = server.receive(packet, START, out);
    if (event?.kind !== 'request') throw new Error('no request');
    expect(event.request.headers.first('Via')).toMatch(/^SIP\/2\.0\/UDP \[2001:db8::1\]:7777;branch=z9hG4bK\w+;keep;received=2001:db8::1;rport=40000$/);
    expect(event.transaction.responseFlow.remote).toEqual({ address: '2001:db8::1', port: 40000 });
    // Without rport the answer goes to the port in the Via.
    const plain = parseAnd(packet.bytes, (text) => text.replace(';rport', ''));
    const other = newLayer().receive({ ...packet, bytes: plain }, START, out);
    expect(other?.kind === 'request' && other.transaction.responseFlow.remote).toEqual({ address: '2001:db8::1', port: 7777 });
  });

  it('trust no received that the sender wrote itself', () => {
    const { packet } = received('udp');
    const out: Effect[] = [];
    const event = newLayer().receive(
      { ...packet, bytes: parseAnd(packet.bytes, (text) => text.replace(/;branch=/, ';received=192.0.2.66;branch=')) },
      START,
      out,
    );
    expect(event?.kind === 'request' && event.request.headers.first('Via')).toMatch(/^SIP\/2\.0\/UDP client\.net;branch=z9hG4bK\w+;received=2001:db8::1$/);
  });

  it('tell requests apart by branch, sent-by and method', () => {
    const { server, packet } = received('udp');
    const out: Effect[] = [];
    const as = (change: (text: string) => string): TransactionEvent<string> | undefined =>
      server.receive({ ...packet, bytes: parseAnd(packet.bytes, change) }, at(0.1), out);
    expect(as((text) => text)).toBeUndefined();
    expect(as((text) => text.replace('client.net', 'other.net'))?.kind).toBe('request');
    expect(as((text) => text.replace('client.net', 'client.net:5070'))?.kind).toBe('request');
    expect(as((text) => text.replaceAll('SUBSCRIBE', 'NOTIFY'))?.kind).toBe('request');
    expect(as((text) => text.replace(/z9hG4bK/, 'z9hG4bKother'))?.kind).toBe('request');
  });

  it('match requests without the magic cookie by Request-URI, tags, Call-ID, CSeq and Via', () => {
    const { packet } = received('udp');
    const server = newLayer();
    const out: Effect[] = [];
    const old = (change: (text: string) => string): TransactionEvent<string> | undefined =>
      server.receive({ ...packet, bytes: parseAnd(packet.bytes, (text) => change(text.replace(/;branch=\S+/, ''))) }, START, out);
    expect(old((text) => text)?.kind).toBe('request');
    expect(old((text) => text)).toBeUndefined();
    expect(old((text) => text.replace('61 SUBSCRIBE', '62 SUBSCRIBE'))?.kind).toBe('request');
    expect(old((text) => text.replace('tag=31415', 'tag=31416'))?.kind).toBe('request');
  });

  it('pass an INVITE up and absorb an ACK', () => {
    const invite = createRequest('INVITE', 'sip:a@b.net', [
      ['Max-Forwards', '70'],
      ['From', '<sip:a@a.net>;tag=1'],
      ['To', '<sip:b@b.net>'],
      ['Call-ID', 'c'],
      ['CSeq', '1 INVITE'],
    ]);
    const { server, packet, event } = received('udp', CORE_TIMERS, invite);
    const out: Effect[] = [];
    server.respond(event.transaction, createResponse(event.request, 405, undefined, 'x'), [], at(0.1), out);
    expect(server.receive({ ...packet, bytes: parseAnd(packet.bytes, (text) => text.replaceAll('INVITE', 'ACK')) }, at(0.2), out)).toBeUndefined();
    expect(sends(out).map((send) => send.label)).toEqual(['405 Method Not Allowed (INVITE)']);
  });

  it('answer a malformed request 400 without keeping it, always alike', () => {
    const { packet } = received('udp');
    const server = newLayer();
    const bad = { ...packet, bytes: parseAnd(packet.bytes, (text) => text.replace('CSeq: 61 SUBSCRIBE', 'CSeq: 61 NOTIFY')) };
    const out: Effect[] = [];
    expect(server.receive(bad, START, out)).toBeUndefined();
    expect(server.receive(bad, at(1), out)).toBeUndefined();
    const [first, second] = sends(out);
    expect(first).toMatchObject({ label: '400 Bad Request (NOTIFY)', remote: CLIENT, notes: [{ op: 'rejected', header: 'CSeq' }] });
    expect(second?.bytes).toEqual(first?.bytes);
    expect(decodeUtf8(first?.bytes ?? new Uint8Array(0))).toMatch(/\r\nTo: <sip:user2_public1@home2.net>;tag=\w+\r\n/);
    expect(server.deadline()).toBeUndefined();
  });

  it('lets an entity choose another way for the answer', () => {
    const { server, event } = received('udp');
    const out: Effect[] = [];
    event.transaction.responseFlow = { ...event.transaction.responseFlow, local: { ...SERVER, port: 7531 }, remote: { ...CLIENT, port: 1357 } };
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), out);
    expect(sends(out)).toMatchObject([{ local: { port: 7531 }, remote: { port: 1357 } }]);
  });
});

const parseAnd = (bytes: Uint8Array, change: (text: string) => string): Uint8Array => encodeUtf8(change(decodeUtf8(bytes)));
