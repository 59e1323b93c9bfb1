import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { schemaComplaints } from '#testing/judges/xmllint.ts';
import { isRulesError, parseRuleset } from './read-ruleset.ts';
import { ATTRIBUTES, EVERYTHING_SHOWN, NOTHING_SHOWN, type Rule, type Ruleset } from './ruleset.ts';
import { EVERYTHING, EXAMPLE } from './rules.fixtures.ts';
import { formatRule, formatRuleset } from './write-ruleset.ts';

const read = (text: string): Ruleset => {
  const ruleset = parseRuleset(text);
  if (isRulesError(ruleset)) throw new Error(`line ${ruleset.line}: ${ruleset.reason}`);
  return ruleset;
};
const within = (rule: string): string =>
  `<cr:ruleset xmlns:pr="urn:ietf:params:xml:ns:pres-rules" xmlns:cr="urn:ietf:params:xml:ns:common-policy">${rule}</cr:ruleset>`;

describe('a ruleset', () => {
  it('of the RFC is read', () => {
    expect(read(EXAMPLE).rules).toEqual([
      {
        id: 'a',
        conditions: [{ kind: 'identity', members: [{ kind: 'one', id: 'sip:user@example.com' }] }],
        handling: 'allow',
        shows: {
          ...NOTHING_SHOWN,
          services: [
            { kind: 'service-uri-scheme', value: 'sip' },
            { kind: 'service-uri-scheme', value: 'mailto' },
          ],
          persons: 'all',
          attributes: ['activities'],
          userInput: 'bare',
          unknown: [{ namespace: 'urn:vendor-specific:foo-namespace', name: 'foo' }],
        },
      },
    ]);
  });
  it('with all that the schemas have is read', () => {
    const [colleagues, strangers, others, unknown] = read(EVERYTHING).rules;
    expect(colleagues?.conditions).toEqual([
      {
        kind: 'identity',
        members: [
          { kind: 'many', domain: 'example.com', except: [{ id: 'sip:boss@example.com' }, { domain: 'lab.example.com' }] },
          { kind: 'many', except: [] },
        ],
      },
      { kind: 'sphere', value: 'work' },
      { kind: 'validity', periods: [{ from: '2026-01-05T09:00:00Z', until: '2026-01-05T17:00:00+01:00' }] },
    ]);
    expect(colleagues?.shows).toMatchObject({ services: 'all', attributes: 'all', userInput: 'full', devices: [{ kind: 'deviceID', value: 'urn:uuid:d' }] });
    expect([strangers, others, unknown].map((rule) => rule?.conditions[0]?.kind)).toEqual(['anonymous-request', 'other-identity', 'unknown']);
    expect(unknown?.handling).toBeUndefined();
  });

  it.each([
    ['no XML', '<cr:ruleset', 'not-well-formed'],
    ['with a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'not-well-formed'],
    ['of another root', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>', 'schema'],
    ['with a rule without id', within('<cr:rule/>'), 'schema'],
    ['with an id that is none', within('<cr:rule id="1 2"/>'), 'schema'],
    ['with one id twice', within('<cr:rule id="a"/><cr:rule id="a"/>'), 'schema'],
    ['with something else than rules', within('<cr:rules id="a"/>'), 'schema'],
    ['with parts out of order', within('<cr:rule id="a"><cr:actions/><cr:conditions><cr:sphere value="x"/></cr:conditions></cr:rule>'), 'schema'],
    ['with empty conditions', within('<cr:rule id="a"><cr:conditions/></cr:rule>'), 'schema'],
    ['with an unknown handling', within('<cr:rule id="a"><cr:actions><pr:sub-handling>perhaps</pr:sub-handling></cr:actions></cr:rule>'), 'schema'],
    ['with nobody in an identity', within('<cr:rule id="a"><cr:conditions><cr:identity/></cr:conditions></cr:rule>'), 'schema'],
    [
      'with half a period',
      within('<cr:rule id="a"><cr:conditions><cr:validity><cr:from>2026-01-05T09:00:00Z</cr:from></cr:validity></cr:conditions></cr:rule>'),
      'schema',
    ],
    [
      'with a date that is none',
      within('<cr:rule id="a"><cr:conditions><cr:validity><cr:from>now</cr:from><cr:until>then</cr:until></cr:validity></cr:conditions></cr:rule>'),
      'schema',
    ],
    [
      'with a permission neither true nor false',
      within('<cr:rule id="a"><cr:transformations><pr:provide-mood>some</pr:provide-mood></cr:transformations></cr:rule>'),
      'schema',
    ],
    [
      'with a transformation of no sense',
      within('<cr:rule id="a"><cr:transformations><pr:provide-magic>true</pr:provide-magic></cr:transformations></cr:rule>'),
      'schema',
    ],
  ])('%s is refused: %s', (_what, text, fault) => {
    expect(parseRuleset(text)).toMatchObject({ kind: 'rules-error', fault });
  });

  const word = fc.constantFrom('a', 'b-c', 'é', 'x"y', '<&>', ' ');
  const selection = fc.oneof(
    fc.constant('all' as const),
    fc.array(fc.record({ kind: fc.constant('occurrence-id' as const), value: fc.constantFrom('p1', 'x') }), { maxLength: 2 }),
  );
  const rule: fc.Arbitrary<Omit<Rule, 'id'>> = fc.record({
    conditions: fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('identity' as const),
          members: fc.array(
            fc.oneof(
              fc.record({ kind: fc.constant('one' as const), id: fc.constantFrom('sip:a@b.net', 'tel:+12') }),
              fc.record({
                kind: fc.constant('many' as const),
                domain: fc.constant('b.net'),
                except: fc.array(fc.record({ id: fc.constant('sip:c@b.net') }), { maxLength: 2 }),
              }),
            ),
            { minLength: 1, maxLength: 3 },
          ),
        }),
        fc.record({ kind: fc.constant('sphere' as const), value: word.filter((text) => text.trim() === text) }),
        fc.record({ kind: fc.constant('other-identity' as const) }),
      ),
      { maxLength: 3 },
    ),
    handling: fc.constantFrom('allow', 'confirm', 'polite-block', 'block'),
    shows: fc.oneof(
      fc.constant(EVERYTHING_SHOWN),
      fc.record({
        services: selection,
        persons: selection,
        devices: selection,
        attributes: fc.uniqueArray(fc.constantFrom(...ATTRIBUTES)),
        unknown: fc.constant([{ namespace: 'jabber:client', name: 'show' }]),
        userInput: fc.constantFrom('false', 'bare', 'thresholds', 'full'),
      }),
    ),
  });
  const ruleset = fc.array(rule, { maxLength: 4 }).map((rules): Ruleset => ({ rules: rules.map((one, i) => ({ ...one, id: `r${i}` })) }));

  it('written and read again is the same', () => {
    fc.assert(
      fc.property(ruleset, (one) => {
        expect(read(formatRuleset(one))).toEqual(one);
      }),
      { numRuns: 200 },
    );
  });
  it('can be put together of rules that were written alone', () => {
    fc.assert(
      fc.property(ruleset, (one) => {
        expect(read(`<cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy">${one.rules.map(formatRule).join('\n')}</cr:ruleset>`)).toEqual(one);
      }),
      { numRuns: 100 },
    );
  });
  it('of any text gives a ruleset or a named error', () => {
    const piece = fc.constantFrom(
      '<cr:rule id="a">',
      '</cr:rule>',
      '<cr:conditions>',
      '</cr:conditions>',
      '<cr:many/>',
      '<cr:identity>',
      '</cr:identity>',
      'x',
      '&',
      '<pr:provide-note>',
      '1',
    );
    fc.assert(
      fc.property(fc.string({ unit: piece }), (text) => void parseRuleset(within(text))),
      { numRuns: 500 },
    );
  });
});

describe.runIf(hasJudge('xmllint') && hasJudge('schemas'))('xmllint', () => {
  it('takes what is written here, and the examples', () => {
    const texts = new Map([
      ['example', EXAMPLE],
      ['everything', EVERYTHING],
      ['written', formatRuleset({ rules: read(EVERYTHING).rules.slice(0, 3) })],
    ]);
    expect(schemaComplaints('pres-rules.xsd', texts)).toEqual([]);
  });
});
