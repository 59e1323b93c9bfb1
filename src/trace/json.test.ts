import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#base/crypto.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { sipBytes, TraceBuilder } from '#testing/trace-builder.ts';
import { canonicalJson } from './canonical-json.ts';
import { hashOf } from './hash.ts';
import { traceToJson } from './json.ts';
import { parseTraceJson } from './parse-json.ts';
import type { Trace } from './record.ts';

/** The same value with the members of every object in the opposite order. */
function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned<unknown>(member)]),
  ) as T;
}

function small(): Trace {
  const b = new TraceBuilder().chapter('all', 'All', 0);
  b.message('ue1', 'pcscf1.visited1.net', 'REGISTER', {
    sentAt: 5,
    arrivedAt: 10,
    bytes: sipBytes('REGISTER sip:home1.net SIP/2.0', { To: '"Zoë" <sip:a@b>' }),
  });
  b.message('dns.home1.net', 'ue1', 'DNS', { sentAt: 10, lostAt: 12, protocol: 'DNS', bytes: new Uint8Array([0, 255]), causedBy: 1 });
  b.timer('ue1', 20);
  b.note('ue1', 20, { op: 'decided', reason: 'It waited.' }, undefined, 3);
  return b.build(30);
}

describe('traceToJson', () => {
  it('writes bytes as base64, text for textual protocols, and the hash', () => {
    const file = JSON.parse(traceToJson(small())) as { hash: string; records: Record<string, unknown>[] };
    expect(file.records[0]).toEqual({
      id: 1,
      kind: 'message',
      at: 5,
      from: 'ue1',
      to: 'pcscf1.visited1.net',
      sentAt: 5,
      arrivedAt: 10,
      transport: 'udp',
      src: '[2001:db8::1]:5060',
      dst: '[2001:db8::2]:5060',
      protocol: 'SIP',
      label: 'REGISTER',
      text: 'REGISTER sip:home1.net SIP/2.0\r\nTo: "Zoë" <sip:a@b>\r\nContent-Length: 0\r\n\r\n',
      base64: Buffer.from('REGISTER sip:home1.net SIP/2.0\r\nTo: "Zoë" <sip:a@b>\r\nContent-Length: 0\r\n\r\n').toString('base64'),
    });
    expect(file.records[1]).toMatchObject({ base64: 'AP8=', lostAt: 12 });
    expect(file.records[1]).not.toHaveProperty('text');
    // Anybody can check the hash with the file alone.
    expect(file.hash).toBe(sha256Hex(canonicalJson(file.records)));
    expect(file.hash).toBe(hashOf(small()));
  });

  it('writes and reads what a node has put into ESP', () => {
    const b = new TraceBuilder().chapter('all', 'All', 0);
    const inside = {
      transport: 'tcp',
      src: '[2001:db8::1]:5060',
      dst: '[2001:db8::2]:5060',
      protocol: 'SIP',
      label: 'NOTIFY',
      bytes: new Uint8Array([78, 255]),
    } as const;
    b.message('ps.home2.net', 'seg2.home2.net', 'ESP with NOTIFY', {
      sentAt: 5,
      arrivedAt: 10,
      protocol: 'ESP',
      transport: 'esp',
      inside,
      bytes: new Uint8Array([1]),
    });
    const trace = b.build(30);
    const file = traceToJson(trace);
    expect((JSON.parse(file) as { records: unknown[] }).records[0]).toMatchObject({ base64: 'AQ==', inside: { label: 'NOTIFY', base64: 'Tv8=' } });
    expect(parseTraceJson(file)).toEqual(trace);
  });

  it('does not depend on the order of keys', () => {
    expect(traceToJson(turned(small()))).toBe(traceToJson(small()));
    expect(hashOf(turned(small()))).toBe(hashOf(small()));
  });

  it('another byte, another hash', () => {
    const { records } = small();
    const [first, ...rest] = records;
    expect(first?.kind).toBe('message');
    if (first?.kind !== 'message') return;
    const changed = { ...first, bytes: first.bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte)) };
    expect(hashOf({ records: [changed, ...rest] })).not.toBe(hashOf({ records }));
  });
});

describe('canonicalJson', () => {
  it('is JSON, sorted, and the same whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x"'], c: undefined })).toBe('{"a":[true,null,"x\\""],"b":1}');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('parseTraceJson', () => {
  it('reads back what was written', () => {
    for (const trace of [small(), createFixtureTrace()]) expect(parseTraceJson(traceToJson(trace))).toEqual(trace);
  });

  const broken = (change: (file: Record<string, unknown> & { records: Record<string, unknown>[] }) => void) => {
    const file = JSON.parse(traceToJson(small())) as Record<string, unknown> & { records: Record<string, unknown>[] };
    change(file);
    return parseTraceJson(JSON.stringify(file));
  };

  it('names the path and what was expected', () => {
    const error = (path: string, message: RegExp) => ({ kind: 'trace-json-error', path, message: expect.stringMatching(message) as string });
    expect(parseTraceJson('{')).toEqual(error('', /not JSON/));
    expect(parseTraceJson('[]')).toEqual(error('', /^the file: expected an object\.$/));
    expect(broken((f) => (f['version'] = 2))).toEqual(error('version', /^version: expected 1\.$/));
    expect(broken((f) => delete f.records[0]?.['sentAt'])).toEqual(error('records[0].sentAt', /an integer from 0/));
    expect(broken((f) => Object.assign(f.records[1] ?? {}, { base64: '*' }))).toEqual(error('records[1].base64', /base64/));
    expect(broken((f) => Object.assign(f.records[1] ?? {}, { colour: 'red' }))).toEqual(error('records[1].colour', /no such member/));
    expect(broken((f) => Object.assign(f.records[2] ?? {}, { kind: 'alarm' }))).toEqual(error('records[2].kind', /one of message, note, timer/));
    expect(broken((f) => Object.assign(f.records[3] ?? {}, { causedBy: 9 }))).toEqual(error('records[3].causedBy', /earlier/));
    expect(broken((f) => Object.assign(f.records[1] ?? {}, { arrivedAt: 11 }))).toEqual(error('records[1]', /not both/));
    expect(broken((f) => f.records.shift())).toEqual(error('records[0].id', /running numbers/));
    expect(broken((f) => (f['startsAt'] = 'yesterday'))).toEqual(error('startsAt', /UTC/));
    expect(broken((f) => Object.assign(f.records[1] ?? {}, { label: 'forged' }))).toEqual(error('hash', /SHA-256/));
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseTraceJson(text)).toHaveProperty('kind', 'trace-json-error');
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseTraceJson(text)).toHaveProperty('kind', 'trace-json-error');
      }),
    );
  });
});
