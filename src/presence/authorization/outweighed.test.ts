import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { outweighed } from './outweighed.ts';
import { type Condition, type Handling, type Member, NOTHING_SHOWN, type Rule } from './ruleset.ts';

const rule = (id: string, handling: Handling | undefined, ...conditions: readonly Condition[]): Rule => ({
  id,
  conditions,
  shows: NOTHING_SHOWN,
  ...(handling === undefined ? {} : { handling }),
});
const identity = (...members: readonly Member[]): Condition => ({ kind: 'identity', members });
const one = (id: string): Member => ({ kind: 'one', id });
const many = (fields: Partial<Extract<Member, { kind: 'many' }>> = {}): Member => ({ kind: 'many', except: [], ...fields });
const [A, B] = ['sip:a@x.org', 'sip:b@y.org'];
const blockA = rule('block-a', 'block', identity(one(A)));
const found = (mine: Rule, ...others: readonly Rule[]): unknown => {
  const result = outweighed({ rules: [...others, mine] }, mine);
  return result === undefined ? undefined : [result.by.id, ...(result.only ?? [])];
};

describe('a rule that another one outweighs', () => {
  it('is a block of somebody whom a rule for many lets in, asks about or treats politely', () => {
    for (const handling of ['confirm', 'polite-block', 'allow'] as const) {
      const all = rule('all', handling, identity(many()));
      expect(found(blockA, all)).toEqual(['all']);
      expect(evaluate({ rules: [all, blockA] }, { watcher: A, time: 0, sphere: undefined }).handling).toBe(handling);
    }
    expect(found(blockA, rule('domain', 'confirm', identity(many({ domain: 'X.org' }))))).toEqual(['domain']);
    expect(found(blockA, rule('all', 'allow'))).toEqual(['all']);
    expect(found(rule('d', 'block', identity(many({ domain: 'x.org' }))), rule('all', 'confirm', identity(many())))).toEqual(['all']);
  });

  it('may be outweighed for some of those whom it names', () => {
    expect(found(rule('both', 'block', identity(one(A), one(B))), rule('a', 'allow', identity(one(A))))).toEqual(['a', A]);
  });

  it('is none that gives as much, that the other leaves out, or that says nothing about subscriptions', () => {
    expect(found(blockA, rule('all', 'block', identity(many())))).toBeUndefined();
    expect(found(blockA, rule('all', 'allow', identity(many({ except: [{ id: A }] }))))).toBeUndefined();
    expect(found(blockA, rule('y', 'allow', identity(many({ domain: 'y.org' }))))).toBeUndefined();
    expect(found(rule('a', undefined, identity(one(A))), rule('all', 'allow'))).toBeUndefined();
    expect(found(rule('all', 'block'), rule('a', 'allow', identity(one(A))))).toBeUndefined();
  });

  it('is none where the other one holds at times only, unless it holds at the same', () => {
    const sphere: Condition = { kind: 'sphere', value: 'work' };
    expect(found(blockA, rule('all', 'allow', identity(many()), sphere))).toBeUndefined();
    expect(found(rule('a', 'block', identity(one(A)), sphere), rule('all', 'allow', identity(many()), sphere))).toEqual(['all']);
    expect(found(blockA, rule('others', 'confirm', { kind: 'other-identity' }))).toBeUndefined();
    expect(found(blockA, rule('odd', 'allow', { kind: 'unknown', name: 'odd' }))).toBeUndefined();
  });
});
