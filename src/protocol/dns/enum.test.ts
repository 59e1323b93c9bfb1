import { assert, constantFrom, integer, property, record as recordOf, string, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimTime } from '#base/time.ts';
import type { CachedAnswer } from './answer-cache.ts';
import { applicationString, numberDomain, rewriteNumber, translateNumber, type Translation } from './enum.ts';
import type { NaptrRecord } from './record.ts';
import type { Known } from './search.ts';

const NUMBER = '+12125552222';
const KEY = '2.2.2.2.5.5.5.2.1.2.1.e164.arpa';
type Fields = Partial<Omit<NaptrRecord, 'type'>>;
const rule = (name: string, fields: Fields): NaptrRecord => ({
  type: 'NAPTR',
  name,
  ttl: 60,
  order: 100,
  preference: 10,
  flags: 'u',
  service: 'E2U+sip',
  regexp: '',
  replacement: '',
  ...fields,
});
/** A directory that knows everything at once; names without rules do not exist. */
const directory =
  (...rules: readonly NaptrRecord[]): Known =>
  (name, type): CachedAnswer => {
    const records = rules.filter((one) => one.name === name && type === 'NAPTR');
    return { kind: records.length > 0 ? 'found' : 'no-such-domain', name, type, records, expiresAt: 60e6 as SimTime, answered: true };
  };
const to = (uri: string, fields: Fields = {}): NaptrRecord => rule(KEY, { regexp: `!^.*$!${uri}!`, ...fields });
const shown = (translation: Translation): string =>
  translation.kind === 'translated' ? translation.uri : translation.kind === 'ask' ? `ask ${translation.questions[0]?.name ?? ''}` : translation.reason;

describe('RFC 6116 §3.1, §3.2: from a number to a name', () => {
  it.each([
    ['+12125552222', '+12125552222'],
    ['+1-212-555.2222', '+12125552222'],
    ['+1 (212)', undefined],
    ['5552222', undefined],
    ['+', undefined],
    ['+1234567890123456', undefined],
    ['+12a', undefined],
  ])('%s', (written, aus) => {
    expect(applicationString(written)).toBe(aus);
  });
  it('turns the digits round', () => {
    expect(numberDomain(NUMBER)).toBe(KEY);
    expect(shown(translateNumber(NUMBER, () => undefined))).toBe(`ask ${KEY}`);
  });
});

describe('RFC 6116 §3.4, §5.2: which rule counts', () => {
  it.each<[string, readonly NaptrRecord[], string]>([
    ['the lowest order', [to('sip:b@x', { order: 20, preference: 1 }), to('sip:a@x', { order: 10, preference: 9 })], 'sip:a@x'],
    ['among those the lowest preference', [to('sip:b@x', { preference: 9 }), to('sip:a@x', { preference: 1 })], 'sip:a@x'],
    ['equals as they came', [to('sip:a@x'), to('sip:b@x')], 'sip:a@x'],
    ['not one for another service', [to('tel:+1', { order: 1, service: 'E2U+voice:tel' }), to('sip:a@x')], 'sip:a@x'],
    ['one that names several services', [to('sip:a@x', { service: 'e2u+voice:tel+SIP' })], 'sip:a@x'],
    ['presence as well', [to('pres:a@x', { service: 'E2U+pres' })], 'pres:a@x'],
    ['not one of another application', [to('sip:b@x', { service: 'SIP+D2U' }), to('sip:a@x', { order: 200 })], 'sip:a@x'],
    ['not one with an unknown flag, whatever its order', [to('sip:b@x', { order: 1, flags: 'q' }), to('sip:a@x')], 'sip:a@x'],
    ['flags in capitals', [to('sip:a@x', { flags: 'U' })], 'sip:a@x'],
    ['not one whose expression does not match', [rule(KEY, { order: 1, regexp: '!^\\+49!sip:b@x!' }), to('sip:a@x')], 'sip:a@x'],
    ['not one that gives another kind of address', [to('mailto:a@x', { order: 1 }), to('sip:a@x')], 'sip:a@x'],
    ['none at all', [to('h323:a@x', { service: 'E2U+h323' })], 'no-record'],
    ['a number that is not listed', [], 'no-such-domain'],
  ])('%s', (_what, rules, expected) => {
    expect(shown(translateNumber(NUMBER, directory(...rules)))).toBe(expected);
  });

  const on = (from: string, name: string): NaptrRecord => rule(from, { flags: '', service: '', replacement: name });
  const at = (name: string): NaptrRecord => rule(name, { regexp: '!^.*$!sip:a@x!' });
  const chain = (length: number): readonly NaptrRecord[] => [
    on(KEY, 'n1'),
    ...Array.from({ length: length - 1 }, (_, i) => on(`n${i + 1}`, `n${i + 2}`)),
    at(`n${length}`),
  ];
  it('without a flag it leads on, five times at most', () => {
    expect(shown(translateNumber(NUMBER, directory(...chain(5))))).toBe('sip:a@x');
    const six = translateNumber(NUMBER, directory(...chain(6)));
    expect(shown(six)).toBe('no-record');
    expect(six.kind === 'failed' ? six.notes.map((note) => note.clause) : []).toContain('RFC 6116 §5.1');
  });
  it('a circle comes to an end, and the next rule is looked at', () => {
    const circle = [on(KEY, 'a'), on('a', 'b'), on('b', 'a')];
    expect(shown(translateNumber(NUMBER, directory(...circle)))).toBe('no-record');
    expect(shown(translateNumber(NUMBER, directory(...circle, to('sip:a@x', { order: 200 }))))).toBe('sip:a@x');
  });
  it('a rule that leads to nothing is passed over', () => {
    expect(shown(translateNumber(NUMBER, directory(on(KEY, 'nothing'), to('sip:a@x', { order: 200 }))))).toBe('sip:a@x');
  });
  it('what a rule leads to is asked for before the next rule is looked at', () => {
    const known = directory(on(KEY, 'other'), to('sip:a@x', { order: 200 }));
    expect(shown(translateNumber(NUMBER, (name, type) => (name === 'other' ? undefined : known(name, type))))).toBe('ask other');
  });
});

describe('the expression of a rule', () => {
  it.each<[string, string | undefined]>([
    ['!^.*$!sip:user2@home2.net!', 'sip:user2@home2.net'],
    ['!^(\\+12125552222)$!sip:\\1@example.com!', 'sip:+12125552222@example.com'],
    ['/^\\+1(...)(...)(.*)$/sip:\\3.\\2.\\1@x/', 'sip:2222.555.212@x'],
    ['!^.*$!sip:\\1@x!', 'sip:@x'],
    ['!^\\+(.)(.).*$!sip:\\2\\1\\2@x!i', 'sip:212@x'],
    ['!^.*$!sip:a\\!b@x!', 'sip:a!b@x'],
    ['!22$!sip:a@x!', 'sip:a@x'],
    ['!^.*$!sip:a@x', undefined],
    ['!^.*$!sip:a!@x!', undefined],
    ['!(!sip:a@x!', undefined],
    ['', undefined],
    ['!', undefined],
    ['1^.*$1sip:a@x1', undefined],
    ['!^.*$!sip:a b@x!', undefined],
    ['!^.*$!sip:a\r\nRoute: <sip:evil>@x!', undefined],
    ['!^.*$!!', undefined],
    [`!^(.*)$!sip:${'\\1'.repeat(100)}@x!`, undefined],
  ])('%j', (field, uri) => {
    expect(rewriteNumber(field, NUMBER)).toBe(uri);
  });

  it('from a stranger never throws, never hangs, and gives a short text without blanks or nothing', () => {
    const piece = string({ unit: constantFrom('!', '^', '$', '(', ')', '*', '+', '\\', '1', '.', 's', ':', '@', '{', '9', '}', '|'), maxLength: 60 });
    assert(
      property(piece, (field) => {
        const uri = rewriteNumber(field, NUMBER);
        if (uri !== undefined) expect(uri).toMatch(/^[!-~]{1,255}$/);
      }),
      { numRuns: 2000 },
    );
    const started = performance.now();
    expect(rewriteNumber('!^((((.*)*)*)*)*x$!sip:\\1@x!', '+123456789012345')).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('a directory of any shape gives an answer after few names', () => {
    const name = constantFrom(KEY, 'a', 'b', 'c', 'd');
    const field = constantFrom('', '!^.*$!sip:a@x!', '!(!x!', '!^.*$!mailto:a@x!');
    const anyRule = recordOf({ from: name, replacement: name, flags: constantFrom('', 'u', 's', 'x'), regexp: field, order: integer({ min: 0, max: 3 }) });
    assert(
      property(uniqueArray(anyRule, { maxLength: 12 }), (rules) => {
        let asked = 0;
        const known = directory(...rules.map(({ from, ...fields }) => rule(from, fields)));
        const translation = translateNumber(NUMBER, (at, type) => {
          asked++;
          return known(at, type);
        });
        expect(['translated', 'failed']).toContain(translation.kind);
        expect(asked).toBeLessThan(20);
      }),
    );
  });
});
