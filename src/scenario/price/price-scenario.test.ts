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

describe('the ends of what the form takes', () => {
  const given = { hours: 24, changesPerHour: 0, refreshHours: 24, contacts: 1, users: 1 };
  it.each([
    ...SAVINGS.map((saving) => [{}, saving] as const),
    // The longest refreshes, and a session that ends a little before one is due.
    [{ hours: 23.9, changesPerHour: 3 }, 'list-suppressed'],
    [{ refreshHours: 23.9, changesPerHour: 1 }, 'none'],
    // A refresh falls on the end of the session, and each comes a little later than the one before.
    [{ refreshHours: 0.1004 }, 'suppressed'],
    [{ refreshHours: 0.1004, changesPerHour: 1 }, 'list'],
    [{ hours: 0.9, refreshHours: 0.3 }, 'none'],
    // No whole number of seconds.
    [{ hours: 12, refreshHours: 0.10006 }, 'none'],
    [{ hours: 0.1, refreshHours: 0.1, changesPerHour: 60 }, 'common'],
    [{ hours: 0.5, refreshHours: 0.1, contacts: 40, changesPerHour: 2.25 }, 'list-suppressed'],
  ] as const)(
    '%j, %s',
    (other, saving) => {
      const parameters = { ...given, ...other };
      const { messages, byKind } = run(parameters, saving);
      expect(messages).toBe(messagesPerWatcher(parameters, saving));
      expect(byKind.refresh.messages).toBe(messagesByKind(parameters, saving).refresh);
    },
    120_000,
  );

  const { constantFrom } = fc;
  const between = (least: number, most: number): fc.Arbitrary<number> =>
    fc.integer({ min: least * 1000, max: most * 1000 }).map((thousandths) => thousandths / 1000);
  const parameters = fc
    .record<PriceParameters>({
      hours: fc.oneof(constantFrom(0.1, 1, 8, 24), between(0.1, 24)),
      changesPerHour: fc.oneof(constantFrom(0, 1, 60), between(0, 60)),
      refreshHours: fc.oneof(constantFrom(0.1, 1 / 6, 0.167, 1, 24), between(0.1, 24)),
      contacts: constantFrom(1, 2, 3, 8, 40),
      users: fc.constant(1),
    })
    // What the form refuses, and what would take too long here.
    .filter(
      ({ hours, changesPerHour, refreshHours, contacts }) => contacts * changesPerHour <= 90 && hours * contacts * (changesPerHour + 1 / refreshHours) < 150,
    );

  it('and what lies between them cost what the formula says', () => {
    fc.assert(
      fc.property(parameters, fc.constantFrom(...SAVINGS), (wished, saving) => {
        expect([wished, saving, run(wished, saving).messages]).toEqual([wished, saving, messagesPerWatcher(wished, saving)]);
      }),
      // As many as there is time for.
      { numRuns: 60, seed: 11, interruptAfterTimeLimit: 15_000 },
    );
  }, 120_000);
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
