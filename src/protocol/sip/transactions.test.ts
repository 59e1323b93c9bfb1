import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect } from '#base/machine.ts';
import { after, microseconds, seconds, START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createResponse } from './message.ts';
import { CORE_TIMERS, TransactionLayer, UE_TIMERS } from './transactions.ts';
import { flow, subscribe, newLayer, at, received } from '#testing/sip-wire.ts';

describe('the layer', () => {
  it('shows its timers and states', () => {
    const { server, event } = received('udp');
    expect(server.viewTimers(at(0))).toEqual([{ name: '100 Trying', subject: 'SUBSCRIBE to sip:user2_public1@home2.net', firesAt: at(3.5) }]);
    expect(server.viewStates(at(0))).toMatchObject([{ machine: 'non-INVITE server transaction', state: 'trying' }]);
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), []);
    expect(server.viewTimers(at(1))).toEqual([{ name: 'Timer J', subject: '200 OK (SUBSCRIBE)', firesAt: at(33) }]);
    const client = newLayer();
    client.send({ request: subscribe(), flow: flow('udp'), sentBy: 'client.net', user: '', timers: CORE_TIMERS, notes: [] }, START, []);
    expect(client.viewTimers(START).map((timer) => timer.name)).toEqual(['Timer E', 'Timer F']);
    expect(client.viewStates(START)).toMatchObject([{ machine: 'non-INVITE client transaction', state: 'trying' }]);
  });

  it('asks to be woken once for all transactions that only wait for copies, and shows none that is over', () => {
    const { server, event, packet } = received('udp');
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), []);
    const later = server.receive({ ...packet, bytes: encodeUtf8(decodeUtf8(packet.bytes).replaceAll('branch=z9hG4bK', 'branch=z9hG4bK2')) }, at(10), []);
    if (later?.kind !== 'request') throw new Error('no second transaction');
    server.respond(later.transaction, createResponse(later.request, 200, undefined, 'a'), [], at(10), []);
    expect(server.deadline()).toBe(at(42));
    expect(server.viewStates(at(32.9))).toHaveLength(2);
    expect(server.viewStates(at(33))).toHaveLength(1);
    expect(server.viewTimers(at(33)).map(({ firesAt }) => firesAt)).toEqual([at(42)]);
    // A copy at the very moment of the ending is in time; one after it begins anew.
    const out: Effect[] = [];
    expect(server.receive(packet, at(33), out)).toBeUndefined();
    expect(out.flatMap((effect) => (effect.kind === 'send' ? [effect.label] : []))).toEqual(['200 OK (SUBSCRIBE)']);
    expect(server.receive(packet, after(at(33), microseconds(1)), [])).toMatchObject({ kind: 'request' });
  });

  it('takes other timer values for the peers that need them', () => {
    const layer = new TransactionLayer<string>({
      chance: createKeyedChance(1, 'p'),
      timers: CORE_TIMERS,
      timersFor: (way) => (way.local.port === 5060 ? UE_TIMERS : undefined),
    });
    const { packet } = received('udp');
    layer.receive(packet, START, []);
    expect(layer.deadline()).toBe(at(14));
  });

  it('never throws on any bytes, and keeps the clock going', () => {
    const { packet } = received('udp');
    const good = packet.bytes;
    const layer = newLayer();
    let now = START;
    const feed = (bytes: Uint8Array): void => {
      const out: Effect[] = [];
      now = after(now, seconds(1));
      layer.fire(now, out);
      const event = layer.receive({ ...packet, bytes }, now, out);
      if (event === undefined) expect(out.length).toBeGreaterThan(0);
      else if (event.kind === 'request') layer.respond(event.transaction, createResponse(event.request, 200, undefined, 'x'), [], now, out);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), feed));
    const mutation = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mutation, (changes) => {
        const bytes = good.slice();
        for (const [where, byte] of changes) bytes[where] = byte;
        feed(bytes);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) =>
        feed(
          encodeUtf8(
            decodeUtf8(good)
              .replace('client.net', a)
              .replace(/z9hG4bK\w+/, b),
          ),
        ),
      ),
    );
  });
});
