import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#base/bytes.ts';
import { AVP, addressAvp, addressOf, groupAvp, numberAvp, numberOf, textAvp, textOf, type Avp } from './avp.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';

const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error('not hexadecimal');
  return bytes;
};
const message = (avps: readonly Avp[]): DiameterMessage => ({
  kind: 'diameter',
  request: true,
  proxiable: true,
  error: false,
  retransmitted: false,
  command: 302,
  application: 16777216,
  hopByHop: 0xdeadbeef,
  endToEnd: 1,
  avps,
});
const parsed = (bytes: Uint8Array): DiameterMessage => {
  const result = parseDiameterMessage(bytes);
  if (result.kind !== 'diameter') throw new Error(result.fault);
  return result;
};
const HEADER = 'c0 00012e 01000000 deadbeef 00000001';

describe('the octets of RFC 6733 §3 and §4', () => {
  it('header, vendor AVP, padding that the length does not count, group', () => {
    const bytes = encodeDiameterMessage(
      message([
        textAvp(AVP.publicIdentity, 'sip:a'),
        groupAvp(AVP.vendorSpecificApplicationId, [numberAvp(AVP.vendorId, 10415), numberAvp(AVP.authApplicationId, 16777216)]),
      ]),
    );
    const expected = `01 000048 ${HEADER}  00000259 c0 000011 000028af 7369703a61 000000  00000104 40 000020 0000010a 40 00000c 000028af 00000102 40 00000c 01000000`;
    expect(toHex(bytes)).toBe(toHex(bytesOf(expected)));
    expect(encodeDiameterMessage(parsed(bytes))).toEqual(bytes);
  });

  it('values: text, numbers, addresses of both families', () => {
    expect(textOf(textAvp(AVP.originHost, 'häuser'))).toBe('häuser');
    expect(numberOf(numberAvp(AVP.resultCode, 0xfffffffe))).toBe(0xfffffffe);
    expect(toHex(addressAvp(AVP.hostIpAddress, '192.0.2.1').data as Uint8Array)).toBe('0001c0000201');
    expect(addressOf(addressAvp(AVP.hostIpAddress, '2001:db8::1'))).toBe('2001:db8::1');
    expect(textOf({ ...textAvp(AVP.originHost, ''), data: Uint8Array.of(0xff) })).toBeUndefined();
    expect(numberOf({ ...numberAvp(AVP.resultCode, 1), data: Uint8Array.of(1, 2, 3) })).toBeUndefined();
  });
});

describe('lies', () => {
  it.each([
    ['cut-short', '01 000014 c000012e 01000000 deadbeef 000000'],
    ['unsupported-version', `02 000014 ${HEADER}`],
    ['message-length-lies', `01 000018 ${HEADER}`],
    ['message-length-lies', `01 000014 ${HEADER} 00000000`],
    ['message-length-lies', `01 000016 ${HEADER} 0000`],
    ['error-bit-in-request', '01 000014 e000012e 01000000 deadbeef 00000001'],
    ['avp-length-lies', `01 000018 ${HEADER} 00000108`],
    ['avp-length-lies', `01 00001c ${HEADER} 00000108 40 000007`],
    ['avp-length-lies', `01 00001c ${HEADER} 00000108 40 000009`],
    ['avp-length-lies', `01 00001c ${HEADER} 00000259 c0 000008`],
    ['avp-length-lies', `01 00001c ${HEADER} 00000108 40 ffffff`],
    ['avp-length-lies', `01 000028 ${HEADER} 00000104 40 000014 0000010a 40 000010 000028af`],
    ['avp-length-lies', `01 000020 ${HEADER} 00000104 40 00000c 0000010a`],
  ])('are named: %s in %s', (fault, hex) => {
    expect(parseDiameterMessage(bytesOf(hex))).toMatchObject({ kind: 'diameter-error', fault });
  });

  it('an error says the Result-Code to give and keeps the header to answer with', () => {
    expect(parseDiameterMessage(bytesOf(`01 00001c ${HEADER} 00000108 40 000007`))).toMatchObject({
      resultCode: 5014,
      at: 20,
      header: { request: true, command: 302, hopByHop: 0xdeadbeef },
    });
    expect(parseDiameterMessage(bytesOf(`01 000018 ${HEADER}`))).toMatchObject({ resultCode: 5015 });
  });

  it('groups without end are refused', () => {
    let inner: Avp = groupAvp(AVP.failedAvp, []);
    for (let i = 0; i < 2000; i++) inner = groupAvp(AVP.failedAvp, [inner]);
    expect(parseDiameterMessage(encodeDiameterMessage(message([inner])))).toMatchObject({ fault: 'too-deep', resultCode: 5004 });
  });
});

const u32 = fc.nat({ max: 0xffffffff });
const leaf: fc.Arbitrary<Avp> = fc.oneof(
  fc.record({ code: fc.constantFrom(1, 263, 264, 999, 0xffffffff), mandatory: fc.boolean(), data: fc.uint8Array({ maxLength: 9 }) }),
  fc.record({
    code: fc.constantFrom(600, 601, 999),
    vendor: fc.constantFrom(10415, 0, 0xffffffff),
    mandatory: fc.boolean(),
    data: fc.uint8Array({ maxLength: 9 }),
  }),
);
const { avp: anyAvp } = fc.letrec<{ avp: Avp }>((tie) => ({
  avp: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.record({ code: fc.constant(603), vendor: fc.constant(10415), mandatory: fc.boolean(), data: fc.array(tie('avp'), { maxLength: 3 }) }),
  ),
}));
const anyMessage: fc.Arbitrary<DiameterMessage> = fc.record({
  kind: fc.constant('diameter' as const),
  request: fc.boolean(),
  proxiable: fc.boolean(),
  error: fc.constant(false),
  retransmitted: fc.boolean(),
  command: fc.nat({ max: 0xffffff }),
  application: u32,
  hopByHop: u32,
  endToEnd: u32,
  avps: fc.array(anyAvp, { maxLength: 6 }),
});

describe('for any message', () => {
  it('reading undoes writing', () => {
    fc.assert(
      fc.property(anyMessage, (sent) => {
        expect(parseDiameterMessage(encodeDiameterMessage(sent))).toEqual(sent);
      }),
    );
  });

  it('any octets, and any message with an octet changed or its end cut, give a message or a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), anyMessage, fc.nat(), fc.nat({ max: 255 }), (octets, sent, where, value) => {
        expect(['diameter', 'diameter-error']).toContain(parseDiameterMessage(octets).kind);
        const bytes = encodeDiameterMessage(sent);
        expect(parseDiameterMessage(bytes.slice(0, where % bytes.length)).kind).toBe('diameter-error');
        bytes[where % bytes.length] = value;
        expect(['diameter', 'diameter-error']).toContain(parseDiameterMessage(bytes).kind);
      }),
      { numRuns: 500 },
    );
  });
});
