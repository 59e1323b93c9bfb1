import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimTime } from './time.ts';
import { Timers } from './timers.ts';

const at = (time: number): SimTime => time as SimTime;

describe('timers', () => {
  it('fire in the order of their moments, those of one moment in the order in which they were set; cancelled ones never', () => {
    assert(
      property(array(tuple(integer({ min: 0, max: 20 }), boolean()), { maxLength: 200 }), (wishes) => {
        const timers = new Timers<number>();
        const set = wishes.map(([moment], i) => timers.set(at(moment), i));
        wishes.forEach(([, cancel], i) => {
          if (cancel) timers.cancel(set[i]);
        });
        const wanted = wishes.flatMap(([moment, cancel], i) => (cancel ? [] : [{ moment, i }])).sort((a, b) => a.moment - b.moment || a.i - b.i);
        expect(timers.size).toBe(wanted.length);
        expect(timers.next()).toBe(wanted[0]?.moment);
        expect(wanted.map(() => timers.due(at(20)))).toEqual(wanted.map(({ i }) => i));
        expect([timers.due(at(20)), timers.next(), timers.size]).toEqual([undefined, undefined, 0]);
      }),
    );
  });

  it('are not due before their moment', () => {
    const timers = new Timers<string>();
    timers.set(at(10), 'later');
    expect([timers.due(at(9)), timers.due(at(10))]).toEqual([undefined, 'later']);
  });

  it('cancelled twice, or after they fired, count once', () => {
    const timers = new Timers<string>();
    const [first, second] = [timers.set(at(1), 'a'), timers.set(at(2), 'b')];
    timers.cancel(first);
    timers.cancel(first);
    timers.cancel(undefined);
    expect(timers.due(at(2))).toBe('b');
    timers.cancel(second);
    expect(timers.size).toBe(0);
  });

  it('stay in order when most of them are cancelled and swept out', () => {
    const timers = new Timers<number>();
    const set = Array.from({ length: 1000 }, (_, i) => timers.set(at((i * 7919) % 1000), i));
    set.forEach((timer, i) => {
      if (i % 50 !== 0) timers.cancel(timer);
    });
    const fired = Array.from({ length: 20 }, () => timers.due(at(1000)) ?? -1);
    expect(fired.map((i) => (i * 7919) % 1000)).toEqual([...fired].map((i) => (i * 7919) % 1000).sort((a, b) => a - b));
    expect(new Set(fired).size).toBe(20);
    expect(timers.due(at(1000))).toBeUndefined();
  });
});
