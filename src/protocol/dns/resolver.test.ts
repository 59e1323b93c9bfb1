import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint, SendEffect, Transport } from '#base/machine.ts';
import { seconds, START, type SimTime } from '#base/time.ts';
import { createQuery, encodeDnsMessage, parseDnsMessage, RCODE, type DnsMessage, type DnsRecord } from './message.ts';
import { Resolver, type Resolution, type Resolved, type SipTarget } from './resolver.ts';
import { answerQuery, createFailure, createZone, type ZoneFile } from './zone.ts';

const SERVER: Endpoint = { address: '2001:db8:1::53', port: 53 };
const LOCAL: Endpoint = { address: '2001:db8:1::10', port: 5300 };
const at = (s: number): SimTime => (START + seconds(s)) as SimTime;

const aaaa = (name: string, address: string, ttl = 600): DnsRecord => ({ name, type: 'AAAA', ttl, address });
const a = (name: string, address: string, ttl = 600): DnsRecord => ({ name, type: 'A', ttl, address });
const srv = (name: string, priority: number, weight: number, port: number, target: string, ttl = 600): DnsRecord => ({
  name,
  type: 'SRV',
  ttl,
  priority,
  weight,
  port,
  target,
});
const naptr = (order: number, service: string, replacement: string, ttl = 600): DnsRecord => ({
  name: 'home2.net',
  type: 'NAPTR',
  ttl,
  order,
  preference: 50,
  flags: 's',
  service,
  regexp: '',
  replacement,
});

const FULL: ZoneFile = {
  origin: 'home2.net',
  records: [
    naptr(20, 'SIP+D2T', '_sip._tcp.home2.net'),
    naptr(10, 'SIP+D2U', '_sip._udp.home2.net'),
    naptr(5, 'SIPS+D2T', '_sips._tcp.home2.net'),
    srv('_sip._udp.home2.net', 1, 0, 5060, 'icscf2-s.home2.net'),
    srv('_sip._tcp.home2.net', 1, 0, 5070, 'icscf2-s.home2.net', 60),
    aaaa('icscf2-s.home2.net', '2001:db8:2::30', 300),
  ],
};

/** A resolver and a DNS server next to it that answers from zones (additional records left out on demand). */
function createBench(files: readonly ZoneFile[], options: { additional?: boolean; supports?: Transport[]; local?: Endpoint; seed?: number } = {}) {
  const zones = files.map(createZone);
  const local = options.local ?? LOCAL;
  const chance = createKeyedChance(options.seed ?? 1, 'icscf');
  const resolver = new Resolver<string>({ server: SERVER, local, chance, supports: options.supports ?? ['udp', 'tcp'] });
  const asked: string[] = [];
  const notes: string[] = [];
  const answer = (query: DnsMessage): DnsMessage => {
    const full = answerQuery(zones, query) ?? createFailure(query, RCODE.refused);
    return options.additional === false ? { ...full, additional: [] } : full;
  };
  const give = (bytes: Uint8Array, now: SimTime, out: Effect[], remote = SERVER): Resolved<string>[] =>
    resolver.receive({ kind: 'bytes', bytes, transport: 'udp', local, remote }, now, out);
  /** Answers every query among the effects, and those that follow. */
  const serve = (effects: Effect[], now: SimTime): Resolved<string>[] => {
    const resolved: Resolved<string>[] = [];
    for (const effect of effects) {
      if (effect.kind === 'note') notes.push(effect.note.reason);
      if (effect.kind !== 'send') continue;
      asked.push(effect.label);
      const query = parseDnsMessage(effect.bytes);
      if (query.kind !== 'dns') throw new Error('not DNS');
      resolved.push(...give(encodeDnsMessage(answer(query)), now, effects));
    }
    return resolved;
  };
  const resolve = (target: SipTarget | string, now = START, user = 'user'): Resolution | undefined => {
    const out: Effect[] = [];
    const wanted: SipTarget = typeof target === 'string' ? { host: target, scheme: 'sip' } : target;
    const direct = resolver.resolve(wanted, user, now, out);
    const resolved = serve(out, now);
    expect(resolved.length).toBe(direct === undefined ? 1 : 0);
    return direct ?? resolved[0]?.resolution;
  };
  return { resolver, resolve, serve, give, answer, asked, notes };
}

const shown = (resolution: Resolution | undefined): string[] | string | undefined =>
  resolution?.kind === 'targets'
    ? resolution.targets.map((t) => `${t.transport} ${t.address} ${t.port}`)
    : resolution?.kind === 'failed'
      ? resolution.reason
      : resolution?.uri;

describe('RFC 3861 §3, §4: an address that names no protocol', () => {
  const pres: SipTarget = { host: 'home2.net', scheme: 'sip', service: 'pres' };
  const listed: ZoneFile = {
    origin: 'home2.net',
    records: [...FULL.records, { name: '_pres._sip.home2.net', ttl: 60, type: 'SRV', priority: 0, weight: 0, port: 5099, target: 'icscf2-s.home2.net' }],
  };

  it('leads to the servers that take it by SIP', () => {
    const bench = createBench([listed]);
    expect(shown(bench.resolve(pres))).toEqual(['udp 2001:db8:2::30 5099', 'tcp 2001:db8:2::30 5099']);
    expect(bench.asked).toEqual(['DNS SRV _pres._sip.home2.net']);
  });

  it('is taken as one of a SIP domain when there are none, and is remembered apart from that', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve(pres))).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(bench.asked).toEqual(['DNS SRV _pres._sip.home2.net', 'DNS NAPTR home2.net']);
    const other = createBench([listed]);
    other.resolve('home2.net');
    expect(shown(other.resolve(pres))).toEqual(['udp 2001:db8:2::30 5099', 'tcp 2001:db8:2::30 5099']);
  });

  it('has nowhere to go in a domain that does not exist', () => {
    expect(shown(createBench([FULL]).resolve({ host: 'nothing.home2.net', scheme: 'sip', service: 'im' }))).toBe('no-such-domain');
  });
});

describe('RFC 6116: whose number it is', () => {
  it('is asked once, remembered, and given with the reason', () => {
    const regexp = '!^.*$!sip:user2_public1@home2.net!';
    const number: ZoneFile = {
      origin: 'e164.arpa',
      records: [{ name: '2.1.e164.arpa', ttl: 60, type: 'NAPTR', order: 1, preference: 1, flags: 'u', service: 'E2U+sip', regexp, replacement: '' }],
    };
    const bench = createBench([number]);
    const out: Effect[] = [];
    expect(bench.resolver.translate('+12', 'user', START, out)).toBeUndefined();
    expect(shown(bench.serve(out, START)[0]?.resolution)).toBe('sip:user2_public1@home2.net');
    expect(shown(bench.resolver.translate('+12', 'user', START, out))).toBe('sip:user2_public1@home2.net');
    expect(bench.asked).toEqual(['DNS NAPTR 2.1.e164.arpa']);
  });
});

describe('RFC 3263 §4.1, §4.2: where a request goes', () => {
  it('an address needs no question; UDP unless said otherwise, TCP kept for what is too long', () => {
    const bench = createBench([]);
    expect(shown(bench.resolve({ host: '2001:db8::9', port: 1357, scheme: 'sip' }))).toEqual(['udp 2001:db8::9 1357', 'tcp 2001:db8::9 1357']);
    expect(shown(bench.resolve({ host: '192.0.2.9', transport: 'TCP', scheme: 'sip' }))).toEqual(['tcp 192.0.2.9 5060']);
    expect(bench.asked).toEqual([]);
  });

  it('a domain: NAPTR by order among the transports spoken, then SRV, then the address, all in one exchange', () => {
    const bench = createBench([FULL]);
    const resolution = bench.resolve('home2.net');
    expect(shown(resolution)).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(bench.asked).toEqual(['DNS NAPTR home2.net']);
    expect(resolution?.notes.map((note) => `${note.reason} [${note.clause}]`)).toEqual([
      'The domain home2.net offers SIPS+D2T before SIP+D2U before SIP+D2T; UDP is the first that is spoken here. [RFC 3263 §4.1]',
      'The name _sip._udp.home2.net leads to icscf2-s.home2.net port 5060. [RFC 3263 §4.2]',
      'The name _sip._tcp.home2.net leads to icscf2-s.home2.net port 5070. [RFC 3263 §4.2]',
      'The request goes to icscf2-s.home2.net at 2001:db8:2::30 port 5060 over UDP. [RFC 3263 §4.2]',
    ]);
  });

  it('the same without additional records, question by question', () => {
    const bench = createBench([FULL], { additional: false });
    expect(shown(bench.resolve('home2.net'))).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(bench.asked).toEqual(['DNS NAPTR home2.net', 'DNS SRV _sip._udp.home2.net', 'DNS SRV _sip._tcp.home2.net', 'DNS AAAA icscf2-s.home2.net']);
  });

  it('an entity that only speaks TCP takes the TCP service', () => {
    expect(shown(createBench([FULL], { supports: ['tcp', 'ws'] }).resolve('home2.net'))).toEqual(['tcp 2001:db8:2::30 5070']);
  });

  it('a transport parameter skips NAPTR', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve({ host: 'home2.net', transport: 'tcp', scheme: 'sip' }))).toEqual(['tcp 2001:db8:2::30 5070']);
    expect(bench.asked).toEqual(['DNS SRV _sip._tcp.home2.net']);
  });

  it('a port skips NAPTR and SRV', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve({ host: 'icscf2-s.home2.net', port: 5090, scheme: 'sip' }))).toEqual(['udp 2001:db8:2::30 5090', 'tcp 2001:db8:2::30 5090']);
    expect(bench.asked).toEqual(['DNS AAAA icscf2-s.home2.net']);
  });

  it('no NAPTR: SRV for each own transport', () => {
    const bench = createBench([{ origin: 'home2.net', records: FULL.records.filter((record) => record.type !== 'NAPTR') }]);
    expect(shown(bench.resolve('home2.net'))).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(bench.asked).toEqual(['DNS NAPTR home2.net', 'DNS SRV _sip._udp.home2.net', 'DNS SRV _sip._tcp.home2.net']);
  });

  it('neither NAPTR nor SRV: the address of the host with port 5060; IPv4 where there is no IPv6', () => {
    const bench = createBench([{ origin: 'home2.net', records: [a('ps.home2.net', '192.0.2.40')] }]);
    expect(shown(bench.resolve('ps.home2.net'))).toEqual(['udp 192.0.2.40 5060', 'tcp 192.0.2.40 5060']);
    expect(bench.asked.slice(-2)).toEqual(['DNS AAAA ps.home2.net', 'DNS A ps.home2.net']);
  });

  it('an entity with an IPv4 address asks for IPv4 first', () => {
    const bench = createBench([{ origin: 'home2.net', records: [a('ps.home2.net', '192.0.2.40')] }], { local: { address: '192.0.2.1', port: 5300 } });
    bench.resolve({ host: 'ps.home2.net', port: 5060, scheme: 'sip' });
    expect(bench.asked).toEqual(['DNS A ps.home2.net']);
  });

  it('aliases are followed, and asked on where they leave the answer', () => {
    const alias: ZoneFile = { origin: 'home1.net', records: [{ name: 'ps.home1.net', type: 'CNAME', ttl: 600, target: 'icscf2-s.home2.net' }] };
    const bench = createBench([alias, FULL], { additional: false });
    expect(shown(bench.resolve({ host: 'ps.home1.net', port: 5060, transport: 'udp', scheme: 'sip' }))).toEqual(['udp 2001:db8:2::30 5060']);
    const circle: ZoneFile = {
      origin: 'home1.net',
      records: [
        { name: 'a.home1.net', type: 'CNAME', ttl: 600, target: 'b.home1.net' },
        { name: 'b.home1.net', type: 'CNAME', ttl: 600, target: 'a.home1.net' },
      ],
    };
    expect(shown(createBench([circle]).resolve({ host: 'a.home1.net', port: 1, scheme: 'sip' }))).toBe('no-record');
  });

  it('SRV: lowest priority first; equals are drawn by weight, anew for each request, a target "." not at all (RFC 2782)', () => {
    const names = [1, 2, 3].map((n) => `icscf${n}.home2.net`);
    const bench = createBench([
      {
        origin: 'home2.net',
        records: [
          srv('_sip._udp.home2.net', 2, 0, 5060, 'icscf3.home2.net'),
          srv('_sip._udp.home2.net', 1, 75, 5060, 'icscf1.home2.net'),
          srv('_sip._udp.home2.net', 1, 25, 5060, 'icscf2.home2.net'),
          srv('_sip._tcp.home2.net', 0, 0, 0, ''),
          ...names.map((name, i) => aaaa(name, `2001:db8::${i + 1}`)),
        ],
      },
    ]);
    const firsts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const resolution = bench.resolve('home2.net');
      if (resolution?.kind !== 'targets') throw new Error('not resolved');
      expect(resolution.targets.length).toBe(3);
      expect(resolution.targets[2]).toMatchObject({ host: 'icscf3.home2.net', transport: 'udp' });
      const first = resolution.targets[0]?.host ?? '';
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    // 75 to 25 in 1000 draws: four standard deviations are 55.
    expect(Math.abs((firsts.get('icscf1.home2.net') ?? 0) - 750)).toBeLessThan(55);
    expect(bench.asked.length).toBe(3);
  });
});

describe('failures', () => {
  it('a domain that does not exist, a host without address, transports that are not spoken, hosts that are none', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve('nobody.home2.net'))).toBe('no-such-domain');
    expect(bench.asked).toEqual(['DNS NAPTR nobody.home2.net']);
    expect(shown(bench.resolve({ host: 'nobody2.home2.net', port: 5060, scheme: 'sip' }))).toBe('no-such-domain');
    expect(shown(bench.resolve({ host: 'home2.net', port: 5060, scheme: 'sip' }))).toBe('no-record');
    expect(shown(bench.resolve({ host: 'home2.net', scheme: 'sips' }))).toBe('no-record');
    expect(shown(bench.resolve({ host: 'home2.net', transport: 'sctp', scheme: 'sip' }))).toBe('no-record');
    for (const host of ['', '.', 'a..b', `${'x'.repeat(64)}.net`, 'ž\u{1f600}.net', '1.2.3.999.'])
      expect(['no-such-domain', 'no-answer']).toContain(shown(bench.resolve(host)));
    expect(shown(createBench([FULL], { supports: ['ws'] }).resolve('home2.net'))).toBe('no-record');
  });

  it('a server that refuses counts as no answer, and is asked again the next time', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve('home3.net'))).toBe('no-answer');
    expect(shown(bench.resolve('home3.net'))).toBe('no-answer');
    expect(bench.asked.length).toBe(2);
  });

  const asking = () => {
    const bench = createBench([FULL]);
    const out: Effect[] = [];
    bench.resolver.resolve({ host: 'icscf2-s.home2.net', port: 5060, scheme: 'sip' }, 'user', START, out);
    const query = parseDnsMessage((out[0] as SendEffect).bytes) as DnsMessage;
    return { bench, out, query, trouble: encodeDnsMessage(createFailure(query, RCODE.serverFailure)) };
  };

  it('trouble of the server is no answer: asked again at the usual times, and an answer that comes after it counts (RFC 1034 §5.3.3)', () => {
    const { bench, out, query, trouble } = asking();
    expect(bench.give(trouble, at(0.5), out)).toEqual([]);
    expect(out.at(-1)).toMatchObject({ kind: 'note', note: { op: 'decided', clause: 'RFC 1034 §5.3.3' } });
    expect([bench.resolver.fire(at(1), out), out.length]).toEqual([[], 3]);
    const [resolved] = bench.give(encodeDnsMessage(bench.answer(query)), at(1.1), out);
    expect([shown(resolved?.resolution), bench.resolver.deadline()]).toEqual([['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5060'], undefined]);
  });

  it('trouble in answer to every one of its questions is the end of it', () => {
    const { bench, out, trouble } = asking();
    for (const s of [1, 3]) bench.resolver.fire(at(s), out);
    const ends = [3.1, 3.2, 3.3].map((s) => bench.give(trouble, at(s), out).map(({ resolution }) => shown(resolution)));
    expect(ends).toEqual([[], [], ['no-answer']]);
  });

  it('silence: asked again after 1 s and 3 s with the same octets, given up after 5 s', () => {
    const { resolver } = createBench([FULL]);
    const out: Effect[] = [];
    expect(resolver.resolve({ host: 'home2.net', scheme: 'sip' }, 'early', START, out)).toBeUndefined();
    const sent = [out.length];
    for (const s of [1, 3]) {
      expect(resolver.deadline()).toBe(at(s));
      expect(resolver.fire(at(s), out)).toEqual([]);
      sent.push(out.length);
    }
    expect(sent).toEqual([1, 2, 3]);
    expect(new Set(out.map((effect) => (effect as SendEffect).bytes)).size).toBe(1);
    expect(resolver.viewTimers()).toEqual([{ name: 'DNS giving up', subject: 'NAPTR home2.net', firesAt: at(5) }]);
    const resolved = resolver.fire(at(5), out);
    expect(resolved.map(({ user, resolution }) => [user, shown(resolution)])).toEqual([['early', 'no-answer']]);
    expect(resolver.deadline()).toBeUndefined();
  });
});

describe('memory', () => {
  it('answers with what it learnt until the earliest time to live runs out, additional records included', () => {
    const bench = createBench([FULL]);
    bench.resolve('home2.net');
    const again = bench.resolve('home2.net', at(59.999999));
    expect(shown(again)).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(again?.notes[0]?.reason).toBe('The target was resolved before and the answers are still good.');
    expect(bench.asked).toEqual(['DNS NAPTR home2.net']);
    // The SRV record for TCP lives 60 s.
    bench.resolve('home2.net', at(60));
    expect(bench.asked).toEqual(['DNS NAPTR home2.net', 'DNS SRV _sip._tcp.home2.net']);
  });

  it('remembers absence for the minimum of the SOA (RFC 2308 §5)', () => {
    const bench = createBench([FULL]);
    for (const s of [0, 30, 59]) expect(shown(bench.resolve('nobody.home2.net', at(s)))).toBe('no-such-domain');
    expect(bench.asked.length).toBe(1);
    bench.resolve('nobody.home2.net', at(60));
    expect(bench.asked.length).toBe(2);
  });

  it('uses records with no time to live once, and comes to an end with them', () => {
    const zero = { origin: 'home2.net', records: FULL.records.map((record) => ({ ...record, ttl: 0 })) };
    const bench = createBench([zero], { additional: false });
    expect(shown(bench.resolve('home2.net'))).toEqual(['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']);
    expect(bench.asked.length).toBe(4);
    bench.resolve('home2.net');
    expect(bench.asked.length).toBe(8);
  });

  it('asks an identical question once for all who wait', () => {
    const bench = createBench([FULL]);
    const out: Effect[] = [];
    for (const user of ['one', 'two', 'three']) bench.resolver.resolve({ host: 'HOME2.net', scheme: 'sip' }, user, START, out);
    expect(out.length).toBe(1);
    expect(bench.serve(out, START).map(({ user, resolution }) => [user, shown(resolution)])).toEqual(
      ['one', 'two', 'three'].map((user) => [user, ['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070']]),
    );
  });

  it('is shown as a table', () => {
    const bench = createBench([FULL]);
    bench.resolve('home2.net');
    const table = bench.resolver.viewCache(at(10));
    expect(table.rows).toContainEqual(['icscf2-s.home2.net', 'AAAA', '2001:db8:2::30', '290 s']);
    expect(bench.resolver.viewCache(at(700)).rows).toEqual([]);
  });
});

describe('answers that lie', () => {
  const start = (): { bench: ReturnType<typeof createBench>; query: DnsMessage; out: Effect[] } => {
    const bench = createBench([FULL]);
    const out: Effect[] = [];
    bench.resolver.resolve({ host: 'home2.net', scheme: 'sip' }, 'user', START, out);
    const query = parseDnsMessage((out[0] as SendEffect).bytes);
    if (query.kind !== 'dns') throw new Error('not DNS');
    return { bench, query, out: [] };
  };

  it.each<[string, (answer: DnsMessage) => Uint8Array, Endpoint?]>([
    ['another id', (answer) => encodeDnsMessage({ ...answer, id: answer.id ^ 1 })],
    ['another question', (answer) => encodeDnsMessage({ ...answer, questions: [{ name: 'home1.net', type: 'NAPTR' }] })],
    ['another type', (answer) => encodeDnsMessage({ ...answer, questions: [{ name: 'home2.net', type: 'A' }] })],
    ['no question', (answer) => encodeDnsMessage({ ...answer, questions: [] })],
    ['the question itself come back', (answer) => encodeDnsMessage(createQuery(answer.id, 'home2.net', 'NAPTR'))],
    ['a cut message', (answer) => encodeDnsMessage(answer).slice(0, -1)],
    ['a compression loop', (answer) => Uint8Array.of(answer.id >> 8, answer.id & 255, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 35, 0, 1)],
    ['another sender', (answer) => encodeDnsMessage(answer), { address: '2001:db8::666', port: 53 }],
  ])('%s is left aside with a note; the true answer still counts', (_name, forge, remote) => {
    const { bench, query, out } = start();
    expect(bench.give(forge(bench.answer(query)), START, out, remote)).toEqual([]);
    expect(out).toMatchObject([{ kind: 'note', note: { op: 'rejected' } }]);
    expect(bench.give(encodeDnsMessage(bench.answer(query)), START, out).map(({ resolution }) => shown(resolution))).toEqual([
      ['udp 2001:db8:2::30 5060', 'tcp 2001:db8:2::30 5070'],
    ]);
    // A second copy of it comes too late.
    expect(bench.give(encodeDnsMessage(bench.answer(query)), START, out)).toEqual([]);
  });

  it('what stands beside an answer never replaces what was answered (RFC 2181 §5.4.1)', () => {
    const bench = createBench([FULL]);
    expect(shown(bench.resolve({ host: 'icscf2-s.home2.net', port: 5060, transport: 'udp', scheme: 'sip' }))).toEqual(['udp 2001:db8:2::30 5060']);
    const out: Effect[] = [];
    bench.resolver.resolve({ host: 'home2.net', scheme: 'sip' }, 'user', START, out);
    const query = parseDnsMessage((out[0] as SendEffect).bytes) as DnsMessage;
    const poisoned = bench.answer(query).additional.map((record) => (record.type === 'AAAA' ? { ...record, address: '2001:db8::666' } : record));
    bench.give(encodeDnsMessage({ ...bench.answer(query), additional: poisoned }), START, out);
    expect(shown(bench.resolve({ host: 'icscf2-s.home2.net', port: 5061, transport: 'udp', scheme: 'sip' }))).toEqual(['udp 2001:db8:2::30 5061']);
  });

  it('any octets from the server leave the resolver standing', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), fc.nat(), fc.nat({ max: 255 }), (datagrams, where, value) => {
        const { bench, query, out } = start();
        for (const bytes of datagrams) {
          if (bytes.length > 2) bytes.set([query.id >> 8, query.id & 255]);
          bench.give(bytes, START, out);
        }
        const nearly = encodeDnsMessage(bench.answer(query));
        nearly[where % nearly.length] = value;
        bench.serve(out, START);
        bench.give(nearly, START, out);
        for (let next = bench.resolver.deadline(); next !== undefined; next = bench.resolver.deadline()) bench.resolver.fire(next, out);
      }),
    );
  });

  it('any target a peer may name is resolved or refused', () => {
    const bench = createBench([FULL, { origin: '', records: [] }]);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.nat({ max: 65535 }), { nil: undefined }),
        fc.option(fc.string(), { nil: undefined }),
        (host, port, transport) => {
          const target: SipTarget = { host, scheme: 'sip', ...(port === undefined ? {} : { port }), ...(transport === undefined ? {} : { transport }) };
          expect(bench.resolve(target)).toBeDefined();
        },
      ),
    );
  });
});

describe('determinism', () => {
  it('the same chance gives the same ids', () => {
    const idOf = (seed: number): number => {
      const out: Effect[] = [];
      createBench([FULL], { seed }).resolver.resolve({ host: 'home2.net', scheme: 'sip' }, 'user', START, out);
      return (parseDnsMessage((out[0] as SendEffect).bytes) as DnsMessage).id;
    };
    expect(idOf(1)).toBe(idOf(1));
    expect(new Set([1, 2, 3, 4, 5].map(idOf)).size).toBeGreaterThan(1);
  });
});
