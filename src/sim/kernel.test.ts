import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, Input, Machine, Transport } from '#base/machine.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { milliseconds, START, type SimTime } from '#base/time.ts';
import { Kernel, RunawayError, type KernelOptions } from './kernel.ts';
import { LINK_PRESETS, type LinkQuality } from './links.ts';
import type { Observer, Packet } from './packet.ts';

const at = (us: number): SimTime => us as SimTime;
const A = '2001:db8::a';
const B = '2001:db8::b';

/** A machine that does what `act` says and remembers what it was given. */
class Actor implements Machine {
  readonly inputs: { readonly at: number; readonly what: string }[] = [];
  wakeAt: SimTime | undefined;
  readonly #act: (input: Input, now: SimTime, self: Actor) => readonly Effect[];

  constructor(act: (input: Input, now: SimTime, self: Actor) => readonly Effect[] = () => []) {
    this.#act = act;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.inputs.push({ at: now, what: input.kind === 'bytes' ? decodeUtf8(input.bytes) : input.kind });
    return this.#act(input, now, this);
  }

  deadline(): SimTime | undefined {
    return this.wakeAt;
  }

  view(): { tables: []; timers: []; states: [] } {
    return { tables: [], timers: [], states: [] };
  }
}

const send = (text: string, transport: Transport = 'udp', to = B, from = A): Effect => ({
  kind: 'send',
  bytes: encodeUtf8(text),
  protocol: 'SIP',
  label: text,
  transport,
  local: { address: from, port: 5060 },
  remote: { address: to, port: 5060 },
  notes: [{ op: 'added', reason: 'Because.' }],
});

/** Sends what its intents say: `{ kind: 'send', text, transport }`. */
const sender = (): Actor =>
  new Actor((input) =>
    input.kind === 'intent' ? [send(input.intent['text'] as string, input.intent['transport'] as Transport, (input.intent['to'] ?? B) as string)] : [],
  );

const intent = (text: string, transport: Transport = 'udp', to = B) => ({ kind: 'intent', intent: { kind: 'send', text, transport, to } }) as const;

function recorder(): Observer & { readonly packets: Packet[]; readonly lines: string[] } {
  const packets: Packet[] = [];
  const lines: string[] = [];
  return {
    packets,
    lines,
    onPacket(p) {
      packets.push(p);
      lines.push(`${p.record} packet ${p.from}>${p.to ?? '?'} ${p.send.label} ${p.sentAt} ${p.arrivesAt ?? `lost ${p.lostAt}`} by ${p.cause}`);
    },
    onNote(record, t, cause, entity, note, about) {
      lines.push(`${record} note ${entity} ${t} ${note.reason} by ${cause} about ${about}`);
    },
    onState(record, t, cause, entity, change) {
      lines.push(`${record} state ${entity} ${t} ${change.to} by ${cause}`);
    },
    onRecord(record, t, cause, entity, { title }) {
      lines.push(`${record} record ${entity} ${t} ${title} by ${cause}`);
    },
    onTimer(record, t, entity) {
      lines.push(`${record} timer ${entity} ${t}`);
    },
    onIntent(record, t, entity, what) {
      lines.push(`${record} intent ${entity} ${t} ${what.kind}`);
    },
  };
}

const quality = (change: Partial<LinkQuality>): LinkQuality => ({ ...LINK_PRESETS.core, ...change });

function pair(a: Machine, b: Machine, more: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({
    seed: 1,
    nodes: new Map([
      ['a', a],
      ['b', b],
    ]),
    addresses: new Map([
      [A, 'a'],
      [B, 'b'],
    ]),
    links: () => LINK_PRESETS.core,
    ...more,
  });
}

describe('kernel', () => {
  it('carries a datagram over its link and tells what happened in numbered records', () => {
    const a = sender();
    const b = new Actor((input) => (input.kind === 'bytes' ? [{ kind: 'note', note: { op: 'kept', reason: 'Seen.' } }, send('pong', 'udp', A, B)] : []));
    const observer = recorder();
    const kernel = pair(a, b, { observer, links: () => quality({ jitter: milliseconds(0) }) });
    kernel.schedule(at(1000), 'a', intent('ping'));
    kernel.runUntil(at(1_000_000));
    expect(observer.lines).toEqual([
      '1 intent a 1000 send',
      '2 packet a>b ping 1000 5000 by 1',
      '4 note b 5000 Seen. by 2 about 2',
      '5 packet b>a pong 5000 9000 by 2',
    ]);
    expect(kernel.now).toBe(1_000_000);
    expect(kernel.nextRecord).toBe(7);
    expect(a.inputs.at(-1)).toEqual({ at: 9000, what: 'pong' });
  });

  it.each<[string, Transport, number, 'arrives' | 'too-large']>([
    ['IPv6', 'udp', 65_527, 'arrives'],
    ['IPv6', 'udp', 65_528, 'too-large'],
    ['IPv4', 'udp', 65_507, 'arrives'],
    ['IPv4', 'udp', 65_508, 'too-large'],
    ['IPv6', 'esp', 65_535, 'arrives'],
    ['IPv6', 'esp', 65_536, 'too-large'],
    ['IPv6', 'tcp', 1_000_000, 'arrives'],
    ['IPv6', 'sctp', 1_000_000, 'arrives'],
  ])('over %s and %s, %i bytes: %s; what no datagram holds stays with its sender, and a note says why', (ip, transport, length, fate) => {
    const [from, to] = ip === 'IPv6' ? [A, B] : ['192.0.2.1', '192.0.2.2'];
    const a = new Actor((input) => (input.kind === 'intent' ? [send('x'.repeat(length), transport, to, from)] : []));
    const b = new Actor();
    const observer = recorder();
    const kernel = pair(a, b, {
      observer,
      addresses: new Map([
        [from, 'a'],
        [to, 'b'],
      ]),
      // A rule cannot make it travel either.
      rules: [() => ({ kind: 'deliver', delay: milliseconds(1) })],
    });
    kernel.schedule(at(1000), 'a', intent('go'));
    kernel.runUntil(at(1_000_000));
    expect(b.inputs).toHaveLength(fate === 'arrives' ? 1 : 0);
    const [packet] = observer.packets;
    expect(packet?.lostBecause).toBe(fate === 'arrives' ? undefined : 'too-large');
    expect(packet?.lostAt).toBe(fate === 'arrives' ? undefined : 1000);
    const said = observer.lines.filter((line) => line.includes('it cannot be sent'));
    expect(said).toHaveLength(fate === 'arrives' ? 0 : 1);
    if (fate === 'too-large') expect(said[0]).toMatch(new RegExp(`^4 note a 1000 With ${length} bytes it is more than .* over ${ip} holds .* by 1 about 2$`));
    expect(kernel.nextRecord).toBe(fate === 'arrives' ? 4 : 5);
  });

  it('stops at a record, with the step that made it complete', () => {
    const kernel = pair(sender(), new Actor());
    kernel.schedule(at(1000), 'a', intent('one'));
    kernel.schedule(at(2000), 'a', intent('two'));
    kernel.runUntil(at(1_000_000), 2);
    expect(kernel.now).toBe(1000);
    expect(kernel.nextRecord).toBe(4);
  });

  it('wakes a machine at its deadline, only once, and not at all when it changed its mind', () => {
    const a = new Actor((input, _now, self) => {
      self.wakeAt = input.kind === 'intent' ? (input.intent['wake'] as SimTime | undefined) : undefined;
      return [];
    });
    const kernel = pair(a, new Actor());
    const wake = (when: number, wakeAt: number | string) => {
      kernel.schedule(at(when), 'a', { kind: 'intent', intent: typeof wakeAt === 'number' ? { kind: 'x', wake: wakeAt } : { kind: 'x' } });
    };
    wake(0, 500); // earlier than the next one, which postpones it
    wake(100, 900); // then brought forward
    wake(200, 300);
    wake(400, 700); // then cancelled
    wake(600, 'never');
    kernel.runUntil(at(2000));
    expect(a.inputs.filter((i) => i.what === 'deadline')).toEqual([{ at: 300, what: 'deadline' }]);
    expect(kernel.peek()).toBeUndefined();
  });

  it('takes a message that arrives at the moment of a deadline before the deadline', () => {
    const b = new Actor((input, _now, self) => {
      if (input.kind === 'deadline') self.wakeAt = undefined;
      return [];
    });
    b.wakeAt = at(4000);
    const kernel = pair(sender(), b, { links: () => quality({ jitter: milliseconds(0) }) });
    kernel.schedule(START, 'a', intent('ping'));
    kernel.runUntil(at(10_000));
    expect(b.inputs).toEqual([
      { at: 4000, what: 'ping' },
      { at: 4000, what: 'deadline' },
    ]);
  });

  it('throws when a machine asks for a moment in the past and makes no progress', () => {
    const a = new Actor();
    a.wakeAt = at(-5);
    expect(() => pair(a, new Actor()).runUntil(at(10))).toThrow(/a keeps asking to be woken/);
  });

  it('says so when a run does not come to rest', () => {
    const ping = new Actor(() => [send('ping')]);
    const pong = new Actor(() => [send('pong', 'udp', A, B)]);
    const kernel = pair(ping, pong, { maxInputs: 100 });
    kernel.schedule(START, 'a', intent('go'));
    expect(() => kernel.runUntil(at(1e9))).toThrow(RunawayError);
  });

  it('loses what goes to an address that nobody has, and tells only a reliable sender', () => {
    const a = sender();
    const observer = recorder();
    const kernel = pair(a, new Actor(), { observer });
    kernel.schedule(START, 'a', intent('datagram', 'udp', '2001:db8::dead'));
    kernel.schedule(START, 'a', intent('segment', 'tcp', '2001:db8::dead'));
    kernel.runUntil(at(1_000_000));
    expect(observer.packets.map((p) => [p.to, p.lostBecause, p.lostAt])).toEqual([
      [undefined, 'no-such-address', 20_000],
      [undefined, 'no-such-address', 20_000],
    ]);
    expect(a.inputs.map((i) => i.what)).toEqual(['intent', 'intent', 'transport-failed']);
  });

  it('throws when an entity sends from an address of somebody else', () => {
    const a = new Actor(() => [send('forged', 'udp', B, '2001:db8::c')]);
    const kernel = pair(a, new Actor());
    kernel.schedule(START, 'a', intent('go'));
    expect(() => kernel.step()).toThrow(/not its address/);
  });

  it('gives both ends of a connection the same name for it', () => {
    const names: (string | undefined)[] = [];
    const note = (input: Input) => {
      if (input.kind === 'bytes') names.push(input.connection);
    };
    const a = new Actor((input) => (note(input), input.kind === 'intent' ? [send('ping', 'sctp')] : []));
    const b = new Actor((input) => (note(input), [send('pong', 'sctp', A, B)]));
    const kernel = pair(a, b);
    kernel.schedule(START, 'a', intent('go'));
    kernel.runUntil(at(1_000_000));
    expect(names).toHaveLength(2);
    expect(names[0]).toBeDefined();
    expect(names[0]).toBe(names[1]);
  });

  it('carries out a change of the network before anything else of that moment', () => {
    const observer = recorder();
    const kernel = pair(sender(), new Actor(), { observer });
    kernel.schedule(at(10), 'a', intent('datagram'));
    kernel.scheduleChange(at(10), { kind: 'cut' }, () => kernel.setLinks(() => quality({ lossPerMille: 1000 })));
    kernel.runUntil(at(100));
    expect(observer.lines[0]).toBe('1 intent undefined 10 cut');
    expect(observer.packets[0]?.lostBecause).toBe('loss');
  });
});

describe('packet rules', () => {
  const run = (transport: Transport, verdict: ReturnType<NonNullable<KernelOptions['rules']>[number]>) => {
    const b = new Actor();
    const a = sender();
    const observer = recorder();
    const kernel = pair(a, b, {
      observer,
      links: () => quality({ jitter: milliseconds(0) }),
      rules: [() => ({ kind: 'pass' }), (p) => (p.record === 2 ? verdict : { kind: 'pass' }), () => ({ kind: 'pass' })],
    });
    kernel.schedule(START, 'a', intent('first', transport));
    kernel.schedule(at(100), 'a', intent('second', transport));
    kernel.runUntil(at(1_000_000));
    return { arrived: b.inputs, packet: observer.packets[0], sender: a.inputs.map((i) => i.what) };
  };

  it('drop loses a datagram on the way', () => {
    const { arrived, packet } = run('udp', { kind: 'drop' });
    expect(arrived).toEqual([{ at: 4100, what: 'second' }]);
    expect([packet?.lostAt, packet?.lostBecause]).toEqual([2000, 'rule']);
  });

  it('drop on a reliable transport discards at the door, and the sender does not learn of it', () => {
    const { arrived, packet, sender: told } = run('tcp', { kind: 'drop' });
    expect(arrived).toEqual([{ at: 4100, what: 'second' }]);
    expect([packet?.lostAt, packet?.lostBecause]).toEqual([4000, 'rule']);
    expect(told).toEqual(['intent', 'intent']);
  });

  it('deliver, duplicate and replace do what they say', () => {
    expect(run('udp', { kind: 'deliver', delay: milliseconds(9) }).arrived).toEqual([
      { at: 4100, what: 'second' },
      { at: 9000, what: 'first' },
    ]);
    expect(run('udp', { kind: 'replace', bytes: encodeUtf8('edited') }).arrived[0]).toEqual({ at: 4000, what: 'edited' });
    const copies = run('udp', { kind: 'duplicate' });
    expect(copies.arrived.filter((i) => i.what === 'first')).toHaveLength(2);
    expect(copies.packet?.duplicateArrivesAt).toBeGreaterThan(4000);
    expect(run('tcp', { kind: 'duplicate' }).arrived).toHaveLength(2);
  });
});

describe('links', () => {
  const plan = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 3000 }), transport: fc.constantFrom<Transport>('udp', 'tcp', 'sctp', 'ws') }), {
    minLength: 1,
    maxLength: 60,
  });
  const rough = (lossPerMille: number): LinkQuality => quality({ jitter: milliseconds(3), lossPerMille, duplicatePerMille: 100, reorderPerMille: 200 });

  function run(seed: number, sends: readonly { gap: number; transport: Transport }[], link: LinkQuality) {
    const b = new Actor();
    const observer = recorder();
    const kernel = pair(sender(), b, { seed, observer, links: () => link });
    let t = 0;
    sends.forEach(({ gap, transport }, i) => {
      t += gap;
      kernel.schedule(at(t), 'a', intent(`${transport} ${i}`, transport));
    });
    kernel.runUntil(at(1e9));
    return { inputs: b.inputs, lines: observer.lines, packets: observer.packets };
  }

  it('same seed, same packets; every input in order of time', () => {
    fc.assert(
      fc.property(fc.integer(), plan, (seed, sends) => {
        const one = run(seed, sends, rough(150));
        expect(run(seed, sends, rough(150)).lines).toEqual(one.lines);
        for (let i = 1; i < one.inputs.length; i++) expect(one.inputs[i]?.at).toBeGreaterThanOrEqual(one.inputs[i - 1]?.at ?? 0);
      }),
      { numRuns: 50 },
    );
  });

  it('reliable transports deliver everything, once and in order per connection, however bad the link', () => {
    fc.assert(
      fc.property(fc.integer(), plan, (seed, sends) => {
        const { inputs } = run(seed, sends, rough(200));
        for (const transport of ['tcp', 'sctp', 'ws'] as const) {
          const sent = sends.flatMap((s, i) => (s.transport === transport ? [`${transport} ${i}`] : []));
          const arrived = inputs.map((i) => i.what).filter((what) => what.startsWith(transport));
          // With 200 per mille, six losses in a row (6.4e-5) may happen: then that message alone is missing.
          expect(arrived).toEqual(sent.filter((what) => arrived.includes(what)));
          expect(sent.length - arrived.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('a clean link keeps datagrams in order whatever the jitter', () => {
    fc.assert(
      fc.property(fc.integer(), plan, (seed, sends) => {
        const { inputs, packets } = run(seed, sends, quality({ jitter: milliseconds(3.5) }));
        expect(inputs.map((i) => i.what)).toEqual(sends.map((s, i) => `${s.transport} ${i}`));
        for (const p of packets) expect((p.arrivesAt ?? 0) - p.sentAt).toBeGreaterThanOrEqual(500);
      }),
      { numRuns: 50 },
    );
  });

  it('loses, duplicates and overtakes about as often as it is told to', () => {
    const sends = Array.from({ length: 4000 }, () => ({ gap: 1000, transport: 'udp' as const }));
    const { inputs, packets } = run(7, sends, rough(100));
    const lost = packets.filter((p) => p.lostBecause === 'loss').length;
    const doubled = packets.filter((p) => p.duplicateArrivesAt !== undefined).length;
    expect(lost).toBeGreaterThan(330);
    expect(lost).toBeLessThan(470);
    expect(doubled).toBeGreaterThan(290);
    expect(doubled).toBeLessThan(430);
    const order = inputs.map((i) => Number(i.what.slice(4)));
    expect(order.filter((n, i) => i > 0 && n < (order[i - 1] ?? 0)).length).toBeGreaterThan(300);
  });

  it('a link that loses everything makes a reliable transport give up after 12.6 s and tell the sender', () => {
    const a = sender();
    const kernel = pair(a, new Actor(), { links: () => quality({ jitter: milliseconds(0), lossPerMille: 1000 }) });
    kernel.schedule(START, 'a', intent('segment', 'tcp'));
    kernel.runUntil(at(60_000_000));
    expect(a.inputs.at(-1)).toEqual({ at: 12_604_000, what: 'transport-failed' });
  });
});
