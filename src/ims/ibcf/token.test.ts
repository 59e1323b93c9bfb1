import { array, assert, constantFrom, property, stringMatching, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { parseVia } from '#protocol/sip/via.ts';
import { decryptEntries, encryptEntries, URI_ENTRY, VIA_ENTRY } from './token.ts';

const chance = createKeyedChance(1, 'token.test');
const key = chance.bytes('key', 16);
const iv = (): Uint8Array => chance.bytes('iv', 16);
const entry = stringMatching(/^<sip:[a-z]{1,9}@[a-z]{1,12}\.home1\.net;lr>$/);

describe('tokens', () => {
  it('decrypt to what was encrypted', () => {
    assert(
      property(array(entry, { minLength: 1, maxLength: 6 }), uint8Array({ minLength: 16, maxLength: 16 }), (entries, anyIv) => {
        expect(decryptEntries(encryptEntries(entries, key, anyIv), key)).toEqual(entries);
      }),
    );
  });

  it('of one entry differ every time', () => {
    const tokens = Array.from({ length: 50 }, () => encryptEntries(['<sip:scscf1.home1.net;lr>'], key, iv()));
    expect(new Set(tokens).size).toBe(50);
  });

  it('of another key, cut or changed give nothing, or what no key of ours made', () => {
    const entries = ['<sip:orig@scscf1.home1.net;lr>'];
    const token = encryptEntries(entries, key, iv());
    expect(decryptEntries(token, chance.bytes('other', 16)) ?? []).not.toEqual(entries);
    expect(decryptEntries(token.slice(0, 40), key)).toBeUndefined();
    expect(decryptEntries('', key)).toBeUndefined();
    assert(
      property(constantFrom(...Array.from(token, (_, i) => i)), constantFrom('A', '-', 'z', '9', '(', 'ü'), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) expect(decryptEntries(changed, key) ?? []).not.toEqual(entries);
      }),
    );
  });

  it('never throw on any text', () => {
    assert(property(stringMatching(/^[\x20-\x7e]{0,200}$/), (text) => void decryptEntries(text, key)));
  });

  it('are legal URIs and Vias that say who made them', () => {
    const uri = URI_ENTRY.format('ab-_9', 'home1.net', '');
    expect(parseUri(uri.slice(1, -1))).toMatchObject({ kind: 'sip', user: 'Token(ab-_9)', host: 'home1.net' });
    expect(URI_ENTRY.tokenOf(uri)).toEqual({ by: 'home1.net', token: 'ab-_9' });
    const via = VIA_ENTRY.format('ab-_9', 'home1.net', 'SIP/2.0/TCP scscf1.home1.net;branch=z9hG4bKa');
    expect(parseVia(via)).toMatchObject({ transport: 'TCP', host: 'home1.net', branch: 'z9hG4bKa' });
    expect(VIA_ENTRY.tokenOf(via)).toEqual({ by: 'home1.net', token: 'ab-_9' });
    expect(URI_ENTRY.tokenOf('<sip:scscf1.home1.net;lr>')).toBeUndefined();
  });
});
