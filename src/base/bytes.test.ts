import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
import { decodeUtf8, decodeUtf8Strictly, encodeUtf8 } from './utf8.ts';

describe('bytes and text', () => {
  it('are inverse, and equal to what the platform says', () => {
    assert(
      property(uint8Array(), uint8Array(), (a, b) => {
        expect(fromHex(toHex(a))).toEqual(a);
        expect(fromBase64(toBase64(a))).toEqual(a);
        expect(toBase64(a)).toBe(btoa(String.fromCharCode(...a)));
        expect(concatBytes(a, b)).toEqual(new Uint8Array([...a, ...b]));
        expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b));
      }),
    );
  });
  it('of RFC 4648 section 10', () => {
    for (const [text, base64] of [
      ['', ''],
      ['f', 'Zg=='],
      ['fo', 'Zm8='],
      ['foo', 'Zm9v'],
      ['foob', 'Zm9vYg=='],
      ['foobar', 'Zm9vYmFy'],
    ] as const) {
      expect(toBase64(encodeUtf8(text))).toBe(base64);
      expect(fromBase64(base64.replace(/=/g, ''))).toEqual(encodeUtf8(text));
    }
  });
  it.each(['0', '0g', 'xx', '0x00'])('%s is not hexadecimal', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
  it.each(['A', 'AA===', 'A*==', 'Ä', 'AA\n'])('%j is not base64', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
  it('white space between hexadecimal digits is skipped', () => {
    expect(fromHex(' 00 ff\n')).toEqual(new Uint8Array([0, 255]));
  });
  it('UTF-8 goes there and back; what is none is told or replaced', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8Strictly(encodeUtf8(text))).toBe(text);
      }),
    );
    expect(decodeUtf8Strictly(new Uint8Array([0xc3, 0x28]))).toBeUndefined();
    expect(decodeUtf8(new Uint8Array([0xff]))).toBe('\ufffd');
  });
});
