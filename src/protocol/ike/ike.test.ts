import { getDiffieHellman } from 'node:crypto';
import { array, assert, integer, property, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#base/bytes.ts';
import { PRIME_HEX, publicValue, sharedSecret } from './group14.ts';
import { deriveChildKeys, deriveIkeKeys, prfPlus, proof } from './keys.ts';
import { EXCHANGE, formatIke, type IkeHeader, openIke, parseIke, PAYLOAD, sealIke } from './message.ts';
import { formatSa, PROTOCOL, readSa, readTraffic, formatTraffic, formatDelete, readDelete } from './payloads.ts';

const bytes = (length: number) => uint8Array({ minLength: length, maxLength: length });
const header: IkeHeader = {
  initiatorSpi: new Uint8Array(8).fill(1),
  responderSpi: new Uint8Array(8).fill(2),
  exchange: EXCHANGE.auth,
  fromInitiator: true,
  response: false,
  messageId: 1,
};

describe('group 14', () => {
  it('has the prime of RFC 3526, as Node has it', () => {
    expect(PRIME_HEX).toBe(getDiffieHellman('modp14').getPrime('hex'));
  });

  it('gives both sides, and Node, the same secret', () => {
    const node = getDiffieHellman('modp14');
    node.generateKeys();
    const own = new Uint8Array(32).map((_, i) => 7 * i + 1);
    const secret = sharedSecret(own, fromHex(node.getPublicKey('hex').padStart(512, '0')) ?? new Uint8Array());
    expect(toHex(secret ?? new Uint8Array())).toBe(
      node
        .computeSecret(Buffer.from(publicValue(own)))
        .toString('hex')
        .padStart(512, '0'),
    );
  });

  it.each([0, 1])('takes no public value of %d', (value) => {
    const weak = new Uint8Array(256);
    weak[255] = value;
    expect(sharedSecret(new Uint8Array(32).fill(3), weak)).toBeUndefined();
  });
});

describe('keys', () => {
  it('differ for every use, and depend on nonces', () => {
    const inputs = { shared: new Uint8Array(256).fill(9), nonceInitiator: new Uint8Array(32), nonceResponder: new Uint8Array(32).fill(1) };
    const keys = deriveIkeKeys({ ...inputs, initiatorSpi: header.initiatorSpi, responderSpi: header.responderSpi });
    const all = [
      keys.derive,
      keys.initiator.encryption,
      keys.initiator.integrity,
      keys.responder.encryption,
      keys.responder.integrity,
      keys.proofInitiator,
      keys.proofResponder,
    ];
    expect(new Set(all.map(toHex)).size).toBe(all.length);
    expect(deriveChildKeys(keys.derive, new Uint8Array(32), new Uint8Array(32))).not.toEqual(
      deriveChildKeys(keys.derive, new Uint8Array(32), new Uint8Array(32).fill(5)),
    );
  });

  it('prf+ of a shorter length is the beginning of a longer one', () => {
    const long = prfPlus(new Uint8Array(32), new Uint8Array(8), 200);
    expect(prfPlus(new Uint8Array(32), new Uint8Array(8), 70)).toEqual(long.slice(0, 70));
  });

  it('a proof with another secret is another proof', () => {
    const of = (secret: number): Uint8Array => proof(new Uint8Array([secret]), new Uint8Array(9), new Uint8Array(32), new Uint8Array(32), new Uint8Array(4));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('messages', () => {
  const payloads = array(record({ type: integer({ min: 33, max: 45 }), body: uint8Array({ maxLength: 60 }) }), { minLength: 1, maxLength: 5 });

  it('are read as they were written, in clear and sealed', () => {
    assert(
      property(payloads, bytes(16), bytes(16), bytes(32), (list, iv, encryption, integrity) => {
        expect(parseIke(formatIke(header, list))).toMatchObject({ ...header, payloads: list });
        const keys = { encryption, integrity };
        const sealed = sealIke(header, list, keys, iv);
        const message = parseIke(sealed);
        expect(message?.payloads.map(({ type }) => type)).toEqual([PAYLOAD.encrypted]);
        expect(message === undefined ? undefined : openIke(sealed, message, keys)).toEqual(list);
        sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
        expect(message === undefined ? undefined : openIke(sealed, message, keys)).toBeUndefined();
      }),
    );
  });

  it('of any bytes are a value or nothing', () => {
    assert(property(uint8Array({ maxLength: 120 }), (any) => void parseIke(any)));
    assert(
      property(uint8Array({ maxLength: 60 }), (any) => {
        readSa(any, PROTOCOL.esp);
        readTraffic(any);
        readDelete(any);
      }),
    );
  });

  it('payloads are read as they were written', () => {
    expect(readSa(formatSa(PROTOCOL.esp, new Uint8Array([1, 2, 3, 4])), PROTOCOL.esp)).toEqual(new Uint8Array([1, 2, 3, 4]));
    expect(readSa(formatSa(PROTOCOL.ike, new Uint8Array()), PROTOCOL.esp)).toBeUndefined();
    const range = { first: new Uint8Array(16), last: new Uint8Array(16).fill(255) };
    expect(readTraffic(formatTraffic(range))).toEqual(range);
    expect(readDelete(formatDelete(PROTOCOL.esp, [new Uint8Array([0, 0, 1, 0])]))).toEqual({ protocol: PROTOCOL.esp, spis: [new Uint8Array([0, 0, 1, 0])] });
    expect(readDelete(formatDelete(PROTOCOL.ike, []))).toEqual({ protocol: PROTOCOL.ike, spis: [] });
  });
});
