import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '#trace/record.ts';
import { parseLink } from './parse-link.ts';
import { fitsLink, formatLink, HASH_DIGITS, LONGEST_LINK, type Link, MOST_CHANGES } from './url.ts';

const count = fc.nat({ max: 2 ** 40 });
const record = fc.integer({ min: 1, max: 2 ** 40 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'duplicate' as const), record }),
  fc.record({ kind: fc.constant('delay' as const), record, by: count }),
  fc.record({
    kind: fc.constant('edit' as const),
    record,
    edits: fc.array(
      fc.oneof(
        fc.record({ op: fc.constantFrom('start' as const, 'body' as const, 'text' as const), to: fc.string() }),
        fc.record({ op: fc.constant('remove' as const), header: fc.string(), nth: fc.nat(9) }),
        fc.record({ op: fc.constant('set' as const), header: fc.string(), to: fc.string() }),
      ),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: fc.constant('set' as const), name: fc.string(), value: fc.string() }),
  fc.record({
    kind: fc.constant('do' as const),
    at: count,
    who: fc.string(),
    intent: fc.record({ kind: fc.string(), note: fc.string({ unit: 'binary' }), activities: fc.array(fc.string(), { maxLength: 3 }) }),
  }),
);
const link: fc.Arbitrary<Link> = fc.record({
  engine: fc.string({ maxLength: 40 }),
  scenario: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  changes: fc.array(change, { maxLength: 5 }),
  moment: fc.option(fc.record({ t: count, record: count }), { nil: undefined }),
  entity: fc.option(fc.string({ maxLength: 60 }), { nil: undefined }),
  pinned: fc.option(count, { nil: undefined }),
  level: fc.constantFrom<Link['level']>('stage3', 'stage2', 'architecture'),
  hash: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/), { nil: undefined }),
});

describe('the link', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(link, (written) => {
        expect(parseLink(formatLink(written))).toEqual({ ...written, hash: written.hash?.slice(0, HASH_DIGITS) });
      }),
    );
  });

  it('is read back up to the length, and the number of changes, that fit', () => {
    const long = (length: number): readonly Change[] => [{ kind: 'set', name: 'a', value: '<'.repeat(length) }];
    const many = (count: number): readonly Change[] => Array.from({ length: count }, (_, i) => ({ kind: 'drop', record: i + 1 }));
    const isRead = (changes: readonly Change[]): boolean => {
      const read = parseLink(
        formatLink({
          engine: '0.1.0',
          scenario: 'a',
          seed: 1,
          changes,
          moment: undefined,
          entity: undefined,
          pinned: undefined,
          level: 'stage3',
          hash: undefined,
        }),
      );
      return read !== undefined && !('problem' in read);
    };
    for (const changes of [long(82_000), many(MOST_CHANGES)]) expect([fitsLink(changes), isRead(changes)]).toEqual([true, true]);
    for (const changes of [long(LONGEST_LINK / 3), many(MOST_CHANGES + 1)]) expect([fitsLink(changes), isRead(changes)]).toEqual([false, false]);
  });

  it('is short and readable', () => {
    const text = formatLink({
      engine: '0.1.0',
      scenario: 'fetch',
      seed: 1,
      changes: [],
      moment: { t: 10_044_000, record: 72 },
      entity: 'ps.home2.net',
      pinned: undefined,
      level: 'stage3',
      hash: 'a'.repeat(64),
    });
    expect(text).toBe('#v=1&e=0.1.0&s=fetch&n=1&t=10044000&r=72&x=ps.home2.net&h=aaaaaaaaaaaa');
  });

  it('never throws, whatever stands in the address', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `#v=1&${text}`),
          fc.string().map((text) => `v=1&e=1&s=a&n=1&c=${text}`),
        ),
        (text) => {
          const read = parseLink(text);
          if (read !== undefined && 'problem' in read) expect(read.problem).toMatch(/^[A-Z].*\.$/);
        },
      ),
    );
  });

  it('holds the numbers of the price view as they were typed, and says which of them cannot be used', () => {
    const written = (price: readonly string[] | undefined) =>
      parseLink(
        formatLink({
          engine: '1',
          scenario: 'a',
          seed: 1,
          changes: [],
          moment: undefined,
          entity: undefined,
          pinned: undefined,
          price,
          level: 'stage3',
          hash: undefined,
        }),
      );
    const own = ['8', '0.5', '1', '12', '20 000'];
    expect(written(own)).toMatchObject({ price: own });
    expect(written(own)).not.toHaveProperty('remarks');
    expect(written([])).toMatchObject({ price: [] });
    expect(written(undefined)).toMatchObject({ price: undefined });
    expect(written(['8', '-3', '1', 'a;b', ''])).toMatchObject({
      price: ['8', '-3', '1', 'a b', ''],
      remarks: [
        'Of the numbers of the price view that the link brings, 3 cannot be used (Changes of each person, Contacts of a watcher, Users of each domain): the form says why.',
      ],
    });
    for (const text of ['8', '1;2;3;4;5;6', `${'9'.repeat(50)};2;3;4;5`])
      expect(parseLink(`#v=1&e=1&s=a&n=1&m=${text}`)).toMatchObject({
        price: [],
        remarks: [/^The link brings “.*” as the numbers of the price view, which are five/],
      });
  });

  it('says what is damaged', () => {
    expect(parseLink('')).toBeUndefined();
    expect(parseLink('#')).toBeUndefined();
    expect(parseLink('#v=1&e=1&s=A%20B&n=1')).toEqual({
      problem: 'The link is damaged: its scenario is “A B”, but can only be lower-case letters, digits and hyphens.',
    });
    expect(parseLink('#v=1&e=1&s=a&n=-1')).toEqual({
      problem: 'The link is damaged: its seed is “-1”, but can only be a whole number from 0 to 4294967295.',
    });
    expect(parseLink('#v=1&e=1&s=a&n=4294967296')).toMatchObject({ problem: /its seed is “4294967296”/ });
    expect(parseLink('#v=1&e=1&s=a')).toEqual({ problem: 'The link is incomplete: it does not say its seed.' });
    expect(parseLink('#v=1&e=1&s=a&n=1&c=[{"kind":"format"}]')).toMatchObject({ problem: /^The link is damaged\. The changes cannot be read: changes\[0\]/ });
    expect(parseLink(`#v=1&s=${'a'.repeat(300_000)}`)).toMatchObject({ problem: /longer/ });
  });
});
