/** Other numbers than the published ones: the formula and the run agree on them too, and what cannot be run is said. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesByKind, messagesInAll, messagesPerWatcher, type PriceParameters, SAVINGS } from '#trace/price-formula.ts';
import { priceOf, type Priced } from './price-run.ts';

function run(...args: Parameters<typeof priceOf>): Priced {
  const priced = priceOf(...args);
  if ('kind' in priced) throw new Error(priced.message);
  return priced;
}

describe('any small session', () => {
  const parameters = fc.record<PriceParameters>({
    hours: fc.constantFrom(0.5, 1, 1.5, 2),
    changesPerHour: fc.constantFrom(0, 1, 2, 3.5, 6),
    refreshHours: fc.constantFrom(0.25, 0.4, 0.5, 1, 3),
    contacts: fc.integer({ min: 1, max: 4 }),
    users: fc.integer({ min: 1, max: 1_000_000 }),
  });

  it('costs what the formula says', () => {
    fc.assert(
      fc.property(parameters, fc.constantFrom(...SAVINGS), (given, saving) => {
        expect([given, saving, run(given, saving).messages]).toEqual([given, saving, messagesPerWatcher(given, saving)]);
      }),
      { numRuns: 25, seed: 7 },
    );
  }, 120_000);

  it('is the sum of its parts in the formula', () => {
    fc.assert(
      fc.property(parameters, fc.constantFrom(...SAVINGS), (given, saving) => {
        const parts = Object.values(messagesByKind(given, saving)).reduce((sum, part) => sum + part, 0);
        expect(parts).toBe(messagesPerWatcher(given, saving));
        expect(messagesInAll(given, saving)).toBe(2 * given.users * parts);
      }),
    );
  });
});

describe('how many watch', () => {
  const given = { hours: 1, changesPerHour: 3, refreshHours: 0.5, contacts: 3, users: 20_000 };

  it.each(['none', 'suppressed', 'list', 'list-suppressed'] as const)('changes nothing for a watcher: %s', (saving) => {
    const [one, all] = [run(given, saving, 'one'), run(given, saving, 'all')];
    expect(all.watchers).toBe(3);
    expect(all.messages).toBe(one.messages);
    expect(all.counted.sip.messages).toBe(3 * one.counted.sip.messages);
  });

  it('matters where a change is told once for all', () => {
    expect(run(given, 'common', 'all').messages).toBeLessThan(run(given, 'common', 'one').messages);
  });
});

describe('what cannot be run', () => {
  const given = { hours: 1, changesPerHour: 3, refreshHours: 1, contacts: 3, users: 1 };
  it.each([
    [{ contacts: 0 }, 'A run has 1 to 40 contacts per watcher, not 0.'],
    [{ contacts: 2.5 }, 'A run has 1 to 40 contacts per watcher, not 2.5.'],
    [{ contacts: 41 }, 'A run has 1 to 40 contacts per watcher, not 41.'],
    [{ changesPerHour: 40 }, /3 people who change 40 times an hour each change too close to each other/],
    [{ hours: 0 }, /at \/workload\/hours/],
    [{ refreshHours: 0.01 }, /at \/workload\/refreshHours/],
    [{ changesPerHour: NaN }, /at \/workload\/changesPerHour/],
  ])('%j', (wrong, message) => {
    const priced = priceOf({ ...given, ...wrong }, 'none');
    expect('kind' in priced ? priced.message : '').toMatch(message);
  });
});
