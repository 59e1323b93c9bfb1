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
          const place = ours.find(key);
          if (what === 'set') {
            if (place === undefined) ours.add(key, value);
            else place.value = value;
            theirs.set(key, value);
          } else {
            if (place !== undefined) ours.remove(place);
            theirs.delete(key);
          }
          expect(ours.find(key)?.value).toBe(theirs.get(key));
          expect(ours.size).toBe(theirs.size);
        }
        expect(Array.from(ours.places(), ({ key: name, value }) => [name, value])).toEqual([...theirs]);
        for (const [name, value] of theirs) expect(ours.find(name)?.value).toBe(value);
      }),
    );
  });

  it('gives of equal keys the last one, and says so when something is taken out twice', () => {
    const table = new KeyTable<number>();
    table.add('a', 1);
    const second = table.add('a', 2);
    expect(table.find('a')).toBe(second);
    table.remove(second);
    expect(table.find('a')?.value).toBe(1);
    expect(() => table.remove(second)).toThrow('a is not in the table');
  });
});
