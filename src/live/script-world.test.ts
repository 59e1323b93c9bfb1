/** What a borrowed script sees of time and chance, and that nothing of it is left behind. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { ScriptTimers } from './script-timers.ts';
import { withinWorld, type ScriptWorld } from './script-world.ts';

const at = (moment: number): SimTime => seconds(moment) as number as SimTime;
const createWorld = (): ScriptWorld => ({ timers: new ScriptTimers(), chance: createKeyedChance(1, 'script'), startsAt: Date.UTC(2026, 0, 5, 9) });

describe('a script within its world', () => {
  it('waits on virtual time, in order, and may wait again', () => {
    const world = createWorld();
    const heard: string[] = [];
    withinWorld(world, () => {
      setTimeout(() => heard.push('later'), 2000);
      setTimeout(
        (word: string) => {
          heard.push(word);
          setTimeout(() => heard.push('at once'), 0);
        },
        1000,
        'first',
      );
      clearTimeout(setTimeout(() => heard.push('never'), 1500));
      const ticking = setInterval(() => {
        heard.push('tick');
        if (heard.filter((word) => word === 'tick').length === 2) clearInterval(ticking);
      }, 900);
    });
    expect(world.timers.next()).toBe(at(0.9));
    for (const moment of [0.9, 1, 1.8, 2]) {
      world.timers.now = at(moment);
      withinWorld(world, () => world.timers.fire());
    }
    expect(heard).toEqual(['tick', 'first', 'at once', 'tick', 'later']);
    expect(world.timers.next()).toBeUndefined();
  });

  it('reads virtual time and keyed chance', () => {
    const world = createWorld();
    world.timers.now = at(61.5);
    const read = (): unknown[] => [Date.now(), new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date, Math.random()];
    const [now, text, epoch, isDate, draw] = withinWorld(world, read);
    expect([now, text, epoch, isDate]).toEqual([Date.UTC(2026, 0, 5, 9, 1, 1, 500), '2026-01-05T09:01:01.500Z', 0, true]);
    expect(draw).toBeGreaterThanOrEqual(0);
    expect(draw).toBeLessThan(1);
    const again = createWorld();
    again.timers.now = at(61.5);
    expect(withinWorld(again, read)[4]).toBe(draw);
  });

  it('leaves nothing behind, even when it fails', () => {
    const before = [globalThis.setTimeout, globalThis.clearTimeout, globalThis.setInterval, globalThis.clearInterval, globalThis.Date, Math.random];
    expect(() =>
      withinWorld(createWorld(), () => {
        throw new Error('broken script');
      }),
    ).toThrow('broken script');
    expect([globalThis.setTimeout, globalThis.clearTimeout, globalThis.setInterval, globalThis.clearInterval, globalThis.Date, Math.random]).toEqual(before);
  });
});
