import { describe, expect, it } from 'vitest';
import { quoted, shortened } from './quoted.ts';

describe('what a stranger wrote', () => {
  it.each([
    ['publish', '"publish"'],
    ['', '""'],
    ['two\r\nlines', '"two\\r\\nlines"'],
    ['"', '"\\""'],
    ['\u001b[31m', '"\\u001b[31m"'],
    ['a\u009b\u2028', '"a\\u009b\\u2028"'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
  ])('%j stands in a sentence as %s', (text, words) => {
    expect(quoted(text)).toBe(words);
  });

  it('is cut where it is longer than the place for it', () => {
    expect([shortened('abcdef', 6), shortened('abcdefg', 6)]).toEqual(['abcdef', 'abcde…']);
  });
});
