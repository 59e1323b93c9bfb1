import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect } from '#base/machine.ts';
import { after, seconds, START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createResponse } from './message.ts';
import { CORE_TIMERS, TransactionLayer, UE_TIMERS } from './transactions.ts';
import { flow, subscribe, newLayer, at, received } from '#testing/sip-wire.ts';

describe('the layer', () => {
  it('shows its timers and states', () => {
    const { server, event } = received('udp');
    expect(server.viewTimers()).toEqual([{ name: '100 Trying', subject: 'SUBSCRIBE to sip:user2_public1@home2.net', firesAt: at(3.5) }]);
    expect(server.viewStates()).toMatchObject([{ machine: 'non-INVITE server transaction', state: 'trying' }]);
    server.respond(event.transaction, createResponse(event.request, 200, undefined, 'a'), [], at(1), []);
    expect(server.viewTimers()).toEqual([{ name: 'Timer J', subject: '200 OK (SUBSCRIBE)', firesAt: at(33) }]);
    const client = newLayer();
    client.send({ request: subscribe(), flow: flow('udp'), sentBy: 'client.net', user: '', timers: CORE_TIMERS, notes: [] }, START, []);
    expect(client.viewTimers().map((timer) => timer.name)).toEqual(['Timer E', 'Timer F']);
    expect(client.viewStates()).toMatchObject([{ machine: 'non-INVITE client transaction', state: 'trying' }]);
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
