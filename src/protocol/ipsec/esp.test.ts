import { assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decapsulate, encapsulate, readEspHeader, ReplayWindow } from './esp.ts';

const keys = { encryption: new Uint8Array(16).fill(1), integrity: new Uint8Array(32).fill(2) };
const iv = new Uint8Array(16).fill(3);

describe('ESP', () => {
  it('gives back the packet that was put in, and nothing else', () => {
    assert(
      property(uint8Array({ minLength: 20, maxLength: 300 }), integer({ min: 0, max: 2000 }), (bytes, at) => {
        const packet = new Uint8Array([0x60, ...bytes]);
        const esp = encapsulate(0x1000, 7, keys, iv, packet);
        expect(readEspHeader(esp)).toEqual({ spi: 0x1000, sequence: 7 });
        expect(decapsulate(esp, keys)).toEqual(packet);
        const changed = esp.slice();
        changed[at % esp.length] = (changed[at % esp.length] ?? 0) ^ 1;
        expect(decapsulate(changed, keys)).toBe('wrong-icv');
        expect(decapsulate(esp, { ...keys, integrity: new Uint8Array(32) })).toBe('wrong-icv');
      }),
    );
  });

  it('of any bytes is a value or nothing', () => {
    assert(
      property(uint8Array({ maxLength: 100 }), (any) => {
        if (readEspHeader(any) !== undefined) expect(typeof decapsulate(any, keys)).toBe('string');
      }),
    );
  });
});

describe('the replay window', () => {
  it('takes every number once, late ones up to 64 behind', () => {
    const window = new ReplayWindow();
    expect([1, 2, 5, 4, 4, 5, 0].map((n) => window.take(n))).toEqual([true, true, true, true, false, false, false]);
    expect([100, 36, 37, 37].map((n) => window.take(n))).toEqual([true, false, true, false]);
    expect(window.highest).toBe(100);
  });
});
