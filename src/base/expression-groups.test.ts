import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';
import { matchGroups } from './expression-groups.ts';

describe('groups', () => {
  it.each<[string, string, readonly (string | undefined)[] | undefined]>([
    ['^.*$', '+12125552222', ['+12125552222']],
    ['^(\\+441632960083)$', '+441632960083', ['+441632960083', '+441632960083']],
    ['^\\+1(...)(.*)$', '+12125552222', ['+12125552222', '212', '5552222']],
    ['(a|ab)(c|bcd)', 'xabcd', ['abcd', 'a', 'bcd']],
    ['(a)|(b)', 'b', ['b', undefined, 'b']],
    ['(a*)(a*)', 'aaa', ['aaa', 'aaa', '']],
    ['((a)(b))+', 'abab', ['abab', 'ab', 'a', 'b']],
    ['b', 'abab', ['b']],
    ['(?:a)(b)', 'ab', ['ab', 'b']],
    ['a|ab|abc', 'abc', ['abc']],
    ['^$', '', ['']],
    ['x', 'abc', undefined],
    ['(', 'abc', undefined],
  ])('%s in %s', (expression, text, groups) => {
    expect(matchGroups(expression, text)).toEqual(groups);
  });

  it('find a match exactly where the expression matches, and it is a part of the text', () => {
    const piece = constantFrom('a', 'b', '.', '(a)', '(b|a)', 'a*', '(a*)', '(ab)+', '[ab]', 'b?', '^', '$');
    assert(
      property(array(piece, { maxLength: 6 }), string({ unit: constantFrom('a', 'b', 'c'), maxLength: 8 }), (pieces, text) => {
        const expression = pieces.join('');
        const groups = matchGroups(expression, text);
        expect(groups !== undefined).toBe(compileExpression(expression)?.test(text));
        for (const group of groups ?? []) expect(text).toContain(group ?? '');
      }),
    );
  });

  it('take time that grows with the text only, where trying one after the other would never end', () => {
    const started = performance.now();
    expect(matchGroups('^(a*)*(a*)*(a*)*b$', 'a'.repeat(400))).toBeUndefined();
    expect(matchGroups('((((a?){9}){9}){9})', 'a'.repeat(200))?.[0]?.length ?? 0).toBeGreaterThanOrEqual(0);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
