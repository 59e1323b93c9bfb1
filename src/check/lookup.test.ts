import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending, countBefore, countUpTo, grouped, hasWithin, latestOf, longestOf, oncePer } from './lookup.ts';

const moment = fc.integer({ min: 0, max: 20 });
const moments = fc.array(moment, { maxLength: 30 });

describe('what rules look up', () => {
  it('counts and finds moments as whoever looks at each of them does', () => {
    fc.assert(
      fc.property(moments, moment, moment, (times, from, to) => {
        const sorted = ascending(times);
        expect(countUpTo(sorted, from)).toBe(times.filter((at) => at <= from).length);
        expect(countBefore(sorted, from)).toBe(times.filter((at) => at < from).length);
        expect(hasWithin(sorted, from, to)).toBe(times.some((at) => at >= from && at <= to));
      }),
    );
  });

  it('finds the last of a list that is not too late, in whatever order the list is', () => {
    fc.assert(
      fc.property(moments, moment, (times, at) => {
        const items = times.map((time, place) => ({ time, place }));
        expect(latestOf(items, ({ time }) => time)(at)).toBe(items.filter(({ time }) => time <= at).at(-1));
      }),
    );
  });

  it('knows which of those that have begun lasts longest', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ from: moment, until: moment })), moment, (items, at) => {
        expect(longestOf(items)(at)).toBe(Math.max(...items.filter(({ from }) => from <= at).map(({ until }) => until)));
      }),
    );
  });

  it('groups in order, and derives once', () => {
    expect([...grouped([3, 1, 4, 1, 5], (n) => (n % 2 === 0 ? 'even' : 'odd'))]).toEqual([
      ['odd', [3, 1, 1, 5]],
      ['even', [4]],
    ]);
    let derived = 0;
    const lengthOf = oncePer((list: readonly number[]) => ((derived += 1), list.length === 0 ? undefined : list.length));
    const empty: number[] = [];
    expect([lengthOf(empty), lengthOf(empty), lengthOf([1])]).toEqual([undefined, undefined, 1]);
    expect(derived).toBe(2);
  });
});
