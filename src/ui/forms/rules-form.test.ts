import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, EXAMPLE } from '#presence/authorization/rules.fixtures.ts';
import { isRulesError, parseRuleset } from '#presence/authorization/read-ruleset.ts';
import { ATTRIBUTES, HANDLING_VALUES, type Handling } from '#presence/authorization/ruleset.ts';
import { onlyRuleChanged } from './one-rule.ts';
import {
  faultOfRules,
  freshId,
  hintsOfRules,
  NEW_ROW,
  oddityOfRules,
  rowsOfRules,
  type RuleRow,
  type ShownRule,
  WHO,
  withNewRow,
  withoutRow,
  withRow,
} from './rules-form.ts';

const rows = (text: string): readonly ShownRule[] => {
  const read = rowsOfRules(text);
  if ('kind' in read) throw new Error(read.reason);
  return read;
};
const people: RuleRow = { ...NEW_ROW, id: 'friends', people: 'sip:a@example.com sip:b@example.com' };
const rowOf = (shown: ShownRule | undefined): RuleRow => {
  if (shown?.kind !== 'row') throw new Error('not a row');
  return shown.row;
};

describe('rules as a form', () => {
  it('of nothing are none, and the first one makes the document', () => {
    expect(rows('')).toEqual([]);
    const text = withNewRow('', people);
    expect(faultOfRules(text)).toBeUndefined();
    expect(rows(text)).toEqual([{ kind: 'row', row: people }]);
  });

  const row: fc.Arbitrary<RuleRow> = fc
    .record({
      who: fc.constantFrom(...WHO),
      people: fc.array(fc.constantFrom('sip:a@x.org', 'tel:+12', 'sip:ü@x.org'), { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
      domain: fc.constantFrom('x.org', 'y.example.com'),
      except: fc.constantFrom('', 'sip:c@x.org', 'y.org sip:c@x.org'),
      sphere: fc.constantFrom('', 'work', '<&">'),
      period: fc.constantFrom<readonly [string, string]>(['', ''], ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z']),
      handling: fc.constantFrom<Handling | ''>('', ...(Object.keys(HANDLING_VALUES) as Handling[])),
      shows: fc.constantFrom('nothing' as const, 'everything' as const, 'some' as const),
      persons: fc.boolean(),
      attributes: fc.oneof(fc.constant('all' as const), fc.subarray([...ATTRIBUTES])),
      userInput: fc.constantFrom('bare' as const, 'full' as const),
    })
    .map(({ period, ...fields }) => ({ ...NEW_ROW, ...fields, id: 'r', from: period[0], until: period[1], devices: false }));

  it('say what the text says, and the text what they say: any row is written, read and written again the same', () => {
    fc.assert(
      fc.property(row, (made) => {
        const text = withNewRow(EVERYTHING, made);
        expect(faultOfRules(text)).toBeUndefined();
        const back = rowOf(rows(text).at(-1));
        expect(withRow(text, rows(text).length - 1, back)).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it('leave every other character of the text as it is, comments and what nobody here knows too', () => {
    const own = withNewRow(EXAMPLE.replace('<cr:rule ', '<!-- mine -->\n <cr:rule '), people);
    const changed = withRow(own, 1, { ...people, handling: 'polite-block' });
    expect(changed.replace('polite-block', 'allow')).toBe(own);
    expect(changed).toContain('<!-- mine -->');
    expect(rows(withoutRow(changed, 1))).toHaveLength(1);
    expect(parseRuleset(withoutRow(changed, 1))).toEqual(parseRuleset(EXAMPLE));
  });

  it('do not touch a rule that holds more than they can say', () => {
    expect(rows(EXAMPLE)).toEqual([{ kind: 'kept', id: 'a' }]);
    expect(rows(withNewRow('', people).replace('<cr:actions>', '<!-- why --><cr:actions>'))).toEqual([{ kind: 'kept', id: 'friends' }]);
    expect(rows(EVERYTHING).some(({ kind }) => kind === 'kept')).toBe(true);
  });

  it('are gone while the text cannot be read, and say where it is wrong; the text is nobody’s but the writer’s', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><ruleset xmlns="urn:ietf:params:xml:ns:common-policy">&a;</ruleset>';
    for (const text of ['<ruleset', bomb, 'x'.repeat(1_000_000), '<rules/>', `${EXAMPLE}<`, '\ud800']) {
      const fault = rowsOfRules(text);
      expect(fault).toMatchObject({ kind: 'fault' });
      expect(withRow(text, 0, people)).toBe(text);
      expect(withoutRow(text, 0)).toBe(text);
    }
    expect(rowsOfRules(bomb)).toMatchObject({ line: 1, reason: /document type/ });
    expect(rowsOfRules(EXAMPLE.replace('allow', 'perhaps'))).toMatchObject({ line: 5 });
  });

  it('may say nothing at all: such a rule is one tag', () => {
    const made: RuleRow = { ...NEW_ROW, id: 'r', who: 'everybody', handling: '', shows: 'nothing' };
    const text = withNewRow(EVERYTHING, made);
    expect(rowOf(rows(text).at(-1))).toMatchObject({ id: 'r', who: 'everybody', handling: '', shows: 'nothing' });
  });

  it('are unfinished, not wrong, while somebody has still to be named and nothing else is amiss', () => {
    const text = withNewRow(withNewRow('', people), { ...NEW_ROW, id: 'new' });
    expect(faultOfRules(text)).toMatchObject({ isUnfinished: true, reason: 'Whom the rule is about is still missing.' });
    for (const [from, to] of [['>allow<', '>perhaps<'] as const, ['"new"', '"friends"'] as const]) {
      const fault = faultOfRules(text.replace(from, to));
      expect(fault).toMatchObject({ kind: 'fault' });
      expect(fault?.isUnfinished).toBeUndefined();
    }
  });

  it('say which of them has no effect, and why', () => {
    const all: RuleRow = { ...NEW_ROW, id: 'all', who: 'identified', handling: 'confirm' };
    const hints = hintsOfRules(withNewRow(withNewRow('', all), { ...people, handling: 'block' }));
    expect(hints).toEqual([undefined, 'Without effect: the rule “all” holds for them too and asks first, which counts more. Leave them out there.']);
    const except = { ...all, except: 'sip:a@example.com' };
    expect(hintsOfRules(withNewRow(withNewRow('', except), { ...people, handling: 'block' }))[1]).toMatch(/^Without effect on sip:b@example.com: /);
    expect(hintsOfRules(withNewRow(withNewRow(withNewRow('', all), { ...people, handling: 'block' }), { ...NEW_ROW, id: 'begun' }))).toEqual([
      ...hints,
      undefined,
    ]);
    expect(hintsOfRules('<rules')).toEqual([]);
    expect(oddityOfRules(withNewRow(withNewRow('', all), { ...people, handling: 'block' }))).toBe(
      'The server takes this, but one rule is without effect on somebody, as the form says.',
    );
    expect(oddityOfRules(withNewRow('', all))).toBeUndefined();
  });

  it('of any text give rows or one sentence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = rowsOfRules(text);
        if ('kind' in read) expect(read.reason).toMatch(/\.$/);
      }),
    );
  });

  it('have names that none has yet', () => {
    expect(freshId([])).toBe('rule-1');
    expect(freshId(['rule-2', 'a'])).toBe('rule-3');
  });
});

describe('one rule alone', () => {
  const before = withNewRow(withNewRow('', people), { ...NEW_ROW, id: 'all', who: 'everybody', handling: 'confirm' });
  it('is put where it is all that has changed: another one, or a new one', () => {
    const after = withRow(before, 0, { ...people, handling: 'block' });
    expect(onlyRuleChanged(before, after)).toMatchObject({
      id: 'friends',
      text: expect.stringMatching(/^<cr:rule id="friends">[^]*block[^]*<\/cr:rule>$/) as string,
    });
    expect(onlyRuleChanged(before, withNewRow(before, { ...people, id: 'more' }))?.id).toBe('more');
    expect(isRulesError(parseRuleset(after))).toBe(false);
  });
  it('is not enough where nothing, two rules or the namespaces have changed, or one is gone', () => {
    const both = withRow(withRow(before, 0, { ...people, handling: 'block' }), 1, { ...NEW_ROW, id: 'all', who: 'identified' });
    for (const after of [before, both, withoutRow(before, 0), `${before}\n`, before.replaceAll('cr:', 'x:').replace('xmlns:cr', 'xmlns:x')])
      expect(onlyRuleChanged(before, after)).toBeUndefined();
    expect(onlyRuleChanged('<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>', before)).toBeUndefined();
  });
});
