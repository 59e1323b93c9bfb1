import { assert, constantFrom, property, array, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const matches = (expression: string, text: string): boolean | undefined => compileExpression(expression)?.test(text);

describe('expressions', () => {
  it.each([
    ['^presence(\\.winfo)?(;.*)?$', ['presence', 'presence.winfo', 'presence;id=1', 'presence.winfo;a;b'], ['presencex', 'xpresence', 'presence.', '']],
    ['joe', ['joe', 'sip:joe@home1.net'], ['jo', 'Joe', '']],
    ['^$', [''], ['a']],
    ['$', ['', 'a'], []],
    ['a{2,3}b', ['aab', 'aaab', 'aaaab'], ['ab', 'aa']],
    ['^a{2}$', ['aa'], ['a', 'aaa']],
    ['^a{2,}$', ['aa', 'aaaaa'], ['a']],
    ['^(a|bc)*$', ['', 'a', 'abc', 'bcbca'], ['b', 'ac']],
    ['^[a-c^]+$', ['abc^'], ['d', '']],
    ['^[^a-c]$', ['d'], ['a', '']],
    ['^[]x]$', [']', 'x'], ['y']],
    ['^[a-]$', ['a', '-'], ['b']],
    ['^[[:digit:][:upper:]]+$', ['A1'], ['a']],
    ['^\\+1\\d+$', ['+1212'], ['1212', '+1']],
    ['x|', ['x', ''], []],
    ['^(^a)$', ['a'], ['b']],
  ])('%s', (expression, right, wrong) => {
    for (const text of right) expect(matches(expression, text), text).toBe(true);
    for (const text of wrong) expect(matches(expression, text), text).toBe(false);
  });

  it.each(['(', ')', 'a)', '[a', '*a', '+', 'a{2', 'a{3,1}', '\\', '(?=a)', '(a)\\1', '[z-a]', '[[:nothing:]]', 'a'.repeat(201), '(a{500}){500}'])(
    'is not one: %s',
    (expression) => {
      expect(compileExpression(expression)).toBeUndefined();
    },
  );

  it('never hangs, neither on what it is asked nor on what it is given', () => {
    const text = 'a'.repeat(60_000);
    for (const expression of ['^(a+)+$', '(a|aa)+$', '(a*)*b', 'a*a*a*a*a*a*b', '(.*)(.*)(.*)(.*)x', '((a{0,9}){0,9}){0,9}b']) {
      matches(expression, `${text}!`);
    }
    expect(compileExpression('(){999}'.padEnd(190, '{999}'))).toBeUndefined();
  }, 5_000);

  it('agrees with the engine of the language on what both understand', () => {
    const piece = constantFrom('a', 'b', '.', '^', '$', '(a|b)', '(ab)*', 'a+', 'b?', '[ab]', '[^a]', 'a{1,2}', '|', 'c');
    const text = array(constantFrom('a', 'b', 'c'), { maxLength: 8 });
    assert(
      property(array(piece, { maxLength: 6 }), array(text, { minLength: 1, maxLength: 5 }), (pieces, texts) => {
        const expression = compileExpression(pieces.join(''));
        const theirs = new RegExp(pieces.join(''));
        for (const letters of texts)
          expect(expression?.test(letters.join('')), `${pieces.join('')} on ${letters.join('')}`).toBe(theirs.test(letters.join('')));
      }),
      { numRuns: 500 },
    );
  });

  it('takes any text for an expression, or not, without a fault', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 40 }), string(), (expression, text) => {
        expect([true, false, undefined]).toContain(matches(expression, text));
      }),
    );
  });
});
