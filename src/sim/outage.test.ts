import { describe, expect, it } from 'vitest';
import type { Effect, Input, Machine, Transport } from '#base/machine.ts';
import { milliseconds, type SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { Kernel } from './kernel.ts';
import type { Outage } from './outage.ts';
import type { Observer, Packet } from './packet.ts';

const ms = (n: number): SimTime => milliseconds(n) as number as SimTime;
const ADDRESS = { a: '2001:db8::a', b: '2001:db8::b' };

/** Remembers what happened to it, and sends to the other one at its wish. */
class Talker implements Machine {
  readonly seen: string[] = [];
  readonly #own: string;
  readonly #other: string;
  wakeAt: SimTime | undefined;

  constructor(own: string, other: string) {
    this.#own = own;
    this.#other = other;
  }

  step(input: Input): readonly Effect[] {
    this.seen.push(input.kind);
    this.wakeAt = undefined;
    if (input.kind !== 'intent') return [];
    const transport = input.intent['transport'] as Transport;
    const local = { address: this.#own, port: 1 };
    return [{ kind: 'send', bytes: encodeUtf8('x'), protocol: 'SIP', label: 'x', transport, local, remote: { address: this.#other, port: 1 }, notes: [] }];
  }

  deadline(): SimTime | undefined {
    return this.wakeAt;
  }

  view(): { tables: []; timers: []; states: [] } {
    return { tables: [], timers: [], states: [] };
  }
}

function network(from: number, until: number | undefined) {
  const a = new Talker(ADDRESS.a, ADDRESS.b);
  const b = new Talker(ADDRESS.b, ADDRESS.a);
  const again = new Talker(ADDRESS.b, ADDRESS.a);
  const packets: Packet[] = [];
  const lines: string[] = [];
  const observer: Observer = {
    onPacket: (packet) => packets.push(packet),
    onNote: (_record, at, _cause, entity, note) => lines.push(`${at / 1000} ${entity} ${note.reason}`),
    onRecord() {},
    onState() {},
    onTimer() {},
    onIntent: (_record, at, entity, intent) => lines.push(`${at / 1000} ${entity} ${intent.kind}`),
  };
  const outage: Outage = {
    entity: 'b',
    crash: { at: ms(from), intent: { kind: 'crash' }, note: { op: 'decided', reason: 'gone' } },
    restart: until === undefined ? undefined : { at: ms(until), intent: { kind: 'restart' }, note: { op: 'decided', reason: 'back' } },
    rebuild: (stopped) => {
      expect(stopped).toBe(b);
      return again;
    },
  };
  const kernel = new Kernel({
    seed: 1,
    nodes: new Map([
      ['a', a],
      ['b', b],
    ]),
    addresses: new Map([
      [ADDRESS.a, 'a'],
      [ADDRESS.b, 'b'],
    ]),
    links: () => ({ delay: milliseconds(10), jitter: milliseconds(0), lossPerMille: 0, duplicatePerMille: 0, reorderPerMille: 0 }),
    outages: [outage],
    observer,
  });
  const send = (at: number, transport: Transport): void => kernel.schedule(ms(at), 'a', { kind: 'intent', intent: { kind: 'send', transport } });
  return { a, b, again, kernel, packets, lines, send };
}

describe('an entity that is down', () => {
  it('takes nothing: what would arrive is lost, what had arrived is forgotten, and its timers never fire', () => {
    const { b, again, kernel, packets, send } = network(100, 200);
    b.wakeAt = ms(150);
    for (const at of [50, 95, 150, 189, 195]) send(at, 'udp');
    kernel.runUntil(ms(500));
    expect(b.seen).toEqual(['bytes']);
    expect(again.seen).toEqual(['bytes']);
    expect(packets.map(({ lostBecause }) => lostBecause)).toEqual([undefined, 'down', 'down', 'down', undefined]);
    expect(kernel.machineOf('b')).toBe(again);
  });

  it('is recorded, with what is to be said of it', () => {
    const { kernel, lines } = network(100, 200);
    kernel.runUntil(ms(500));
    expect(lines).toEqual(['100 b crash', '100 b gone', '200 b restart', '200 b back']);
  });

  it('is noticed by a reliable transport when it comes back, or after 12.6 s', () => {
    const soon = network(100, 400);
    soon.send(150, 'sctp');
    soon.kernel.runUntil(ms(399));
    expect(soon.a.seen).toEqual(['intent']);
    soon.kernel.runUntil(ms(500));
    expect(soon.a.seen).toEqual(['intent', 'transport-failed']);
    const never = network(100, undefined);
    never.send(150, 'tcp');
    never.kernel.runUntil(ms(12_700));
    expect(never.a.seen).toEqual(['intent']);
    never.kernel.runUntil(ms(12_800));
    expect(never.a.seen).toEqual(['intent', 'transport-failed']);
  });

  it('knows no connection from before: an SCTP association fails by its heartbeats, a stream is opened again', () => {
    const association = network(100, 200);
    for (const at of [50, 250]) association.send(at, 'sctp');
    association.kernel.runUntil(ms(500));
    expect(association.packets.map(({ lostBecause }) => lostBecause)).toEqual([undefined, undefined]);
    // Its heartbeats tell, before anybody sends again.
    expect(association.a.seen).toEqual(['intent', 'transport-failed', 'intent']);
    const stream = network(100, 200);
    for (const at of [50, 250]) stream.send(at, 'tcp');
    stream.kernel.runUntil(ms(500));
    expect(stream.packets.map(({ sentAt, arrivesAt }) => ((arrivesAt ?? 0) - sentAt) / 1000)).toEqual([10, 10]);
  });

  it('is seen as down', () => {
    const { kernel } = network(100, 200);
    kernel.runUntil(ms(150));
    expect(kernel.machineOf('b').view(ms(150)).mark).toBe('down');
  });
});
