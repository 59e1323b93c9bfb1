import { describe, expect, it } from 'vitest';
import { withAnswer } from './answered.ts';
import { evaluate } from './evaluate.ts';
import { type Condition, type Handling, NOTHING_SHOWN, type Rule, type Ruleset } from './ruleset.ts';

const ANN = 'sip:ann@home1.net';
const BOB = 'sip:bob@home1.net';
const rule = (id: string, handling: Handling | undefined, ...conditions: readonly Condition[]): Rule => ({
  id,
  conditions,
  ...(handling === undefined ? {} : { handling }),
  shows: NOTHING_SHOWN,
});
const one = (...ids: readonly string[]): Condition => ({ kind: 'identity', members: ids.map((id) => ({ kind: 'one', id })) });
const many = (domain?: string): Condition => ({ kind: 'identity', members: [{ kind: 'many', except: [], ...(domain === undefined ? {} : { domain }) }] });
const block = rule('answer', 'block', one(ANN));
const judged = (rules: Ruleset | undefined, watcher: string | undefined): Handling =>
  evaluate(rules ?? { rules: [] }, { watcher, time: 0, sphere: 'work' }, 'block').handling;

describe('an answer that has to count', () => {
  it.each<[string, readonly Rule[], Handling]>([
    ['a rule for everybody with an identity', [rule('all', 'confirm', many())], 'confirm'],
    ['one for a domain', [rule('all', 'allow', many('home1.net'))], 'allow'],
    ['one that names both', [rule('all', 'polite-block', one(ANN, BOB))], 'polite-block'],
    ['one without a word of who', [rule('all', 'confirm')], 'confirm'],
    ['one for a sphere', [rule('all', 'confirm', { kind: 'sphere', value: 'work' })], 'confirm'],
  ])('is written with %s that leaves the watcher out', (_what, rules, others) => {
    const after = withAnswer({ rules }, block, ANN);
    expect([judged({ rules: [...rules, block] }, ANN), judged(after, ANN), judged(after, BOB)]).toEqual([others, 'block', others]);
    // Once is enough.
    expect(withAnswer(after ?? { rules: [] }, block, ANN)).toBeUndefined();
  });

  it('leaves nothing of a rule about the watcher alone', () => {
    expect(withAnswer({ rules: [rule('old', 'allow', one(ANN)), rule('bob', 'allow', one(BOB))] }, block, ANN)?.rules.map(({ id }) => id)).toEqual([
      'bob',
      'answer',
    ]);
  });

  it('is enough alone where no rule gives more, or none that is about the watcher', () => {
    const allow = { ...block, handling: 'allow' as const };
    expect(withAnswer({ rules: [rule('all', 'confirm', many())] }, allow, ANN)).toBeUndefined();
    for (const other of [
      rule('bob', 'allow', one(BOB)),
      rule('x', 'allow', many('home2.net')),
      rule('nobody', 'allow', { kind: 'anonymous-request' }),
      rule('r', undefined),
    ])
      expect(withAnswer({ rules: [other] }, block, ANN)).toBeUndefined();
  });

  it('does not write what was not understood', () => {
    expect(withAnswer({ rules: [rule('all', 'confirm', many()), rule('x', 'allow', { kind: 'unknown', name: 'moon-phase' })] }, block, ANN)).toBeUndefined();
  });
});
