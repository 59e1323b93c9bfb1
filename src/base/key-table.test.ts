import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from './key-table.ts';

describe('a table of what comes and goes', () => {
  it('holds what a Map holds, in the same order, whatever is done to it', () => {
    const key = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab', 'ba'), fc.string({ maxLength: 3 }), fc.nat(60).map(String));
    const act = fc.record({ what: fc.constantFrom('set', 'set', 'delete'), key, value: fc.nat() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 300 }), (acts) => {
        const ours = new KeyTable<number>();
        const theirs = new Map<string, number>();
        for (const { what, key, value } of acts) {
          if (what === 'set') {
            ours.set(key, value);
            theirs.set(key, value);
          } else {
            ours.delete(key);
            theirs.delete(key);
          }
          expect(ours.get(key)).toBe(theirs.get(key));
          expect(ours.size).toBe(theirs.size);
        }
        expect([...ours.entries()]).toEqual([...theirs]);
        for (const [name, value] of theirs) expect(ours.get(name)).toBe(value);
      }),
    );
  });
});
