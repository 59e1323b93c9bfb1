import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#base/bytes.ts';
import { createQuery, encodeDnsMessage, labelOfDns, MAX_UDP_OCTETS, parseDnsMessage, RCODE, type DnsMessage, type DnsRecord } from './message.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import type { QuestionType } from './record.ts';

const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error('not hexadecimal');
  return bytes;
};
const faultOf = (bytes: Uint8Array): string => {
  const message = parseDnsMessage(bytes);
  return message.kind === 'dns' ? 'none' : message.fault;
};
const parsed = (bytes: Uint8Array): DnsMessage => {
  const message = parseDnsMessage(bytes);
  if (message.kind !== 'dns') throw new Error(message.fault);
  return message;
};

const label = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', 'z', '0', '9', '-', '_', 'A', 'Z') });
const anyName = fc.array(label, { maxLength: 6 }).map((labels) => labels.join('.'));
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffffffff });
const address = (octets: number): fc.Arbitrary<string> => fc.uint8Array({ minLength: octets, maxLength: octets }).map(formatIpAddress);
const text = fc.string({ maxLength: 8, unit: 'grapheme' });
const base = { name: anyName, ttl: u32 };
const anyRecord: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ ...base, type: fc.constant('A' as const), address: address(4) }),
  fc.record({ ...base, type: fc.constant('AAAA' as const), address: address(16) }),
  fc.record({ ...base, type: fc.constantFrom('NS' as const, 'CNAME' as const), target: anyName }),
  fc.record({ ...base, type: fc.constant('SRV' as const), priority: u16, weight: u16, port: u16, target: anyName }),
  fc.record({ ...base, type: fc.constant('NAPTR' as const), order: u16, preference: u16, flags: text, service: text, regexp: text, replacement: anyName }),
  fc.record({
    ...base,
    type: fc.constant('SOA' as const),
    primary: anyName,
    mailbox: anyName,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
  }),
  fc.record({ ...base, type: fc.constant('other' as const), code: fc.constantFrom(12, 15, 16, 41), class: u16, content: fc.uint8Array({ maxLength: 30 }) }),
);
const anyType = fc.constantFrom<QuestionType>('A', 'AAAA', 'NAPTR', 'SRV', 'SOA', 'NS', 'CNAME', 'TYPE255');
const records = fc.array(anyRecord, { maxLength: 4 });
const anyDnsMessage: fc.Arbitrary<DnsMessage> = fc.record({
  kind: fc.constant('dns' as const),
  id: u16,
  response: fc.boolean(),
  opcode: fc.nat({ max: 15 }),
  authoritative: fc.boolean(),
  truncated: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  rcode: fc.nat({ max: 15 }),
  questions: fc.array(fc.record({ name: anyName, type: anyType }), { maxLength: 2 }),
  answers: records,
  authority: records,
  additional: records,
});

/** Header with the given counts: an answer with id 0x1234. */
const header = (counts: string): string => `1234 8180 ${counts}`;
const EXAMPLE = '05 686f6d6532 03 6e6574 00'; // home2.net

describe('the octets of RFC 1035 §4.1', () => {
  it('writes a recursive question as the RFC lays it out', () => {
    expect(toHex(encodeDnsMessage(createQuery(0x1234, 'home2.net', 'NAPTR')))).toBe(toHex(bytesOf(`1234 0100 0001 0000 0000 0000 ${EXAMPLE} 0023 0001`)));
  });

  it('reads an SRV answer whose owner and target are compressed', () => {
    // SRV of RFC 2782: priority 1, weight 60, port 5060; target icscf1 + pointer to home2.net at octet 12.
    const message = parsed(bytesOf(`${header('0001 0001 0000 0000')} ${EXAMPLE} 0021 0001 c00c 0021 0001 00000e10 000f 0001 003c 13c4 06 696373636631 c00c`));
    expect(message.answers).toEqual([{ type: 'SRV', name: 'home2.net', ttl: 3600, priority: 1, weight: 60, port: 5060, target: 'icscf1.home2.net' }]);
    expect(message).toMatchObject({ id: 0x1234, response: true, recursionDesired: true, recursionAvailable: true, authoritative: false, rcode: RCODE.noError });
  });

  it('compresses names that RFC 1035 lets it, and not the target of SRV (RFC 2782)', () => {
    const base: DnsMessage = { ...createQuery(1, 'home2.net', 'NS'), response: true };
    const ns = encodeDnsMessage({ ...base, answers: [{ type: 'NS', name: 'home2.net', ttl: 1, target: 'ns.home2.net' }] });
    expect(ns.length).toBe(12 + 11 + 4 + 2 + 10 + 5);
    const srv = encodeDnsMessage({ ...base, answers: [{ type: 'SRV', name: 'home2.net', ttl: 1, priority: 0, weight: 0, port: 1, target: 'home2.net' }] });
    expect(srv.length).toBe(12 + 11 + 4 + 2 + 10 + 6 + 11);
  });

  it('keeps octets that are no letters by the escapes of RFC 1035 §5.1', () => {
    const message = parsed(bytesOf(`${header('0001 0000 0000 0000')} 03 612e62 02 5c20 00 0001 0001`));
    expect(message.questions[0]?.name).toBe('a\\.b.\\\\\\032');
    expect(parsed(encodeDnsMessage(message))).toEqual(message);
  });

  it('keeps a class other than IN and an unknown type as they came', () => {
    const message = parsed(bytesOf(`${header('0001 0000 0000 0001')} ${EXAMPLE} 00ff 0003 00 0029 04d0 00000000 0000`));
    expect(message.questions).toEqual([{ name: 'home2.net', type: 'TYPE255', class: 3 }]);
    expect(message.additional).toEqual([{ type: 'other', name: '', ttl: 0, code: 41, class: 1232, content: new Uint8Array(0) }]);
  });

  it('names messages for people', () => {
    const query = createQuery(1, 'home2.net', 'NAPTR');
    expect(labelOfDns(query)).toBe('DNS NAPTR home2.net');
    expect(labelOfDns({ ...query, response: true })).toBe('DNS answer (NAPTR home2.net)');
    expect(labelOfDns({ ...query, response: true, rcode: RCODE.noSuchDomain })).toBe('DNS NXDOMAIN (NAPTR home2.net)');
  });
});

describe('lies', () => {
  it.each([
    ['cut-short', '1234 0100 0001'],
    ['cut-short', header('ffff ffff ffff ffff')],
    ['cut-short', `${header('0001 0000 0000 0000')} 05 686f`],
    ['pointer-not-backwards', `${header('0001 0000 0000 0000')} c00c 0001 0001`],
    ['pointer-not-backwards', `${header('0001 0000 0000 0000')} c010 0001 0001 00`],
    ['pointer-not-backwards', `${header('0001 0000 0000 0000')} c000 0001 0001`],
    ['pointer-not-backwards', `${header('0002 0000 0000 0000')} 01 61 c00e 0001 0001 c00c 0001 0001`],
    ['unknown-label-type', `${header('0001 0000 0000 0000')} 41 0001 0001`],
    ['length-lies', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0001 0001 00000001 0005 c000020100`],
    ['length-lies', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0021 0001 00000001 0003 000100`],
    ['length-lies', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0023 0001 00000001 000a 0001 0001 ff 61 00 00 0000`],
    ['length-lies', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0005 0001 00000001 0004 c00c 0000`],
    ['cut-short', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0001 0001 00000001 ffff c0000201`],
    ['text-not-utf8', `${header('0000 0001 0000 0000')} ${EXAMPLE} 0023 0001 00000001 0009 0001 0001 01 ff 00 00 00`],
    ['bytes-left-over', `${header('0000 0000 0000 0000')} 00`],
  ])('are named: %s in %s', (fault, hex) => {
    expect(faultOf(bytesOf(hex))).toBe(fault);
  });

  it('a name over 255 octets is refused though every label is legal', () => {
    const label = `3f ${'61'.repeat(63)}`;
    expect(faultOf(bytesOf(`${header('0001 0000 0000 0000')} ${label} ${label} ${label} 3f ${'61'.repeat(63)} 00 0001 0001`))).toBe('name-too-long');
  });

  it('the id is given where there is one, so that FORMERR can be answered', () => {
    expect(parseDnsMessage(bytesOf(`${header('0001 0000 0000 0000')} c00c 0001 0001`))).toMatchObject({ kind: 'dns-error', id: 0x1234 });
  });
});

describe('addresses', () => {
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::0', '2001:db8::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is written %s (RFC 5952 §4)', (given, canonical) => {
    expect(formatIpAddress(parseIpAddress(given) ?? new Uint8Array())).toBe(canonical);
  });

  it.each([
    '',
    'home2.net',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
    '[::1]',
  ])('%j is none', (given) => {
    expect(parseIpAddress(given)).toBeUndefined();
  });
});

describe('truncation', () => {
  const srv = (n: number): DnsRecord => ({
    type: 'SRV',
    name: '_sip._udp.home2.net',
    ttl: 60,
    priority: n,
    weight: 0,
    port: 5060,
    target: `icscf${n}.home2.net`,
  });
  const aaaa = (n: number): DnsRecord => ({ type: 'AAAA', name: `icscf${n}.home2.net`, ttl: 60, address: `2001:db8::${n}` });
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  const query = { ...createQuery(1, '_sip._udp.home2.net', 'SRV'), response: true };

  it('leaves out additional records without a word (RFC 2181 §9)', () => {
    const message = parsed(encodeDnsMessage({ ...query, answers: numbers.map(srv), additional: numbers.map(aaaa) }, MAX_UDP_OCTETS));
    expect(message.truncated).toBe(false);
    expect(message.answers.length).toBe(8);
    expect(message.additional.length).toBeLessThan(8);
  });

  it('says so when answers are left out', () => {
    const answers = [...numbers, 9, 10, 11, 12, 13, 14, 15].map(srv);
    const bytes = encodeDnsMessage({ ...query, answers }, MAX_UDP_OCTETS);
    expect(bytes.length).toBeLessThanOrEqual(MAX_UDP_OCTETS);
    expect(parsed(bytes).truncated).toBe(true);
  });
});

describe('for any message', () => {
  it('reading undoes writing', () => {
    fc.assert(
      fc.property(anyDnsMessage, (message) => {
        expect(parseDnsMessage(encodeDnsMessage(message))).toEqual(message);
      }),
    );
  });

  it('any octets give a message or a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['dns', 'dns-error']).toContain(parseDnsMessage(bytes).kind);
      }),
      { numRuns: 1000 },
    );
  });

  it('a message with one octet changed or its end cut gives a message or a named error', () => {
    fc.assert(
      fc.property(anyDnsMessage, fc.nat(), fc.nat({ max: 255 }), (message, where, value) => {
        const bytes = encodeDnsMessage(message);
        const cut = bytes.slice(0, where % bytes.length);
        expect(parseDnsMessage(cut).kind).toBe('dns-error');
        bytes[where % bytes.length] = value;
        expect(['dns', 'dns-error']).toContain(parseDnsMessage(bytes).kind);
      }),
    );
  });
});
