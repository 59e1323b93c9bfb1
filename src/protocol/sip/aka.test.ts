import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#base/bytes.ts';
import { answerChallenge, createAuts, createVector, formatAkaNonce, parseAkaNonce, readAuts, sqnBytes, SQN_DELTA } from './aka.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array(0);
// TS 35.208 test set 1.
const secret = { k: hex('465b5ce8b199b49faa5f0a2ee238a6bc'), opc: hex('cd63cb71954a9f4e48a5994e37a02baf') };
const rand = hex('23553cbe9637a89d218ae64dae47bf35');
const amf = hex('b9b9');
const sqn = 0xff9bb4d0b607;

describe('AKA', () => {
  it('makes the vector of TS 35.208 test set 1', () => {
    const vector = createVector(secret, rand, sqn, amf);
    // AUTN = SQN xor AK, AMF, MAC-A: ff9bb4d0b607 xor aa689c648370 = 55f328b43577.
    expect(toHex(vector.autn)).toBe('55f328b43577b9b94a9ffac354dfafb3');
    expect(toHex(vector.xres)).toBe('a54211d5e3ba50bf');
    expect(toHex(vector.ck)).toBe('b40ba9a3c58b2a05bbf0d987b21bf8cb');
    expect(toHex(vector.ik)).toBe('f769bcd751044604127672711c6d3441');
  });

  it('is accepted by a USIM that is one behind, with the same keys', () => {
    const vector = createVector(secret, rand, sqn, amf);
    expect(answerChallenge(secret, rand, vector.autn, sqn - 1)).toEqual({ kind: 'accepted', res: vector.xres, ck: vector.ck, ik: vector.ik, sqn });
  });

  it('is refused as not authentic when any bit of AUTN or RAND differs, or K does', () => {
    const { autn } = createVector(secret, rand, sqn, amf);
    for (let bit = 0; bit < 128; bit++) {
      const bad = autn.slice();
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(answerChallenge(secret, rand, bad, sqn - 1).kind).toBe('mac-failure');
    }
    expect(answerChallenge({ ...secret, k: hex('465b5ce8b199b49faa5f0a2ee238a6bd') }, rand, autn, sqn - 1).kind).toBe('mac-failure');
  });

  it('asks for resynchronisation when the number was used, is older, or too far ahead', () => {
    const { autn } = createVector(secret, rand, sqn, amf);
    expect(answerChallenge(secret, rand, autn, sqn).kind).toBe('sqn-failure');
    expect(answerChallenge(secret, rand, autn, sqn + 5).kind).toBe('sqn-failure');
    expect(answerChallenge(secret, rand, autn, sqn - SQN_DELTA).kind).toBe('accepted');
    const far = answerChallenge(secret, rand, autn, sqn - SQN_DELTA - 1);
    expect(far.kind === 'sqn-failure' && readAuts(secret, rand, far.auts)).toBe(sqn - SQN_DELTA - 1);
  });

  it('reads an AUTS that a real test USIM made (keys of TS 35.208 test set 20, as hostapd publishes it)', () => {
    const set20 = { k: hex('90dca4eda45b53cf0f12d7c9c3bc6a89'), opc: hex('cb9cccc4b9258e6dca4760379fb82581') };
    const auts = hex('43681ad3daf006bcde405a207267');
    expect(readAuts(set20, new Uint8Array(16).fill(0xaa), auts)).toBeDefined();
    expect(readAuts(set20, new Uint8Array(16).fill(0xab), auts)).toBeUndefined();
    expect(readAuts(set20, hex('9fddc72092c6ad036b6e464789315b78'), hex('4f2039392ddd4bb4316ed4a14688'))).toBe(1);
  });

  it('brings the network the number that the USIM has, whatever it is', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 16, maxLength: 16 }), (any, challenge) => {
        const number = any % 2 ** 48;
        const auts = createAuts(secret, challenge, number);
        expect(readAuts(secret, challenge, auts)).toBe(number);
        auts[13] = (auts[13] as number) ^ 1;
        expect(readAuts(secret, challenge, auts)).toBeUndefined();
        expect(readAuts(secret, challenge, auts.slice(1))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('packs RAND and AUTN into the nonce and takes them out again', () => {
    const { autn } = createVector(secret, rand, sqn, amf);
    expect(parseAkaNonce(formatAkaNonce(rand, autn))).toEqual({ rand, autn });
    expect(parseAkaNonce(formatAkaNonce(rand, autn, hex('0102')))).toEqual({ rand, autn });
    // The example nonce of RFC 3310 section 3.2 begins with these 16 bytes.
    expect(toHex(parseAkaNonce('MzQ0a2xrbGtmbGtsZm9wb2tsc2tqaHJzZXNy9uQyMzMzMzQK=')?.rand ?? new Uint8Array(0))).toBe('3334346b6c6b6c6b666c6b6c666f706f');
    expect(parseAkaNonce('dcd98b7102dd2f0e8b11d0f600bfb0c093')).toBeUndefined();
    expect(parseAkaNonce('!')).toBeUndefined();
  });

  it('writes sequence numbers as six bytes and refuses what does not fit', () => {
    expect(toHex(sqnBytes(sqn))).toBe('ff9bb4d0b607');
    expect(() => sqnBytes(2 ** 48)).toThrow();
    expect(() => sqnBytes(-1)).toThrow();
  });
});
