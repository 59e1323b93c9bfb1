import { describe, expect, it } from 'vitest';
import { comparisonOf, differenceOf, spaced } from './difference.ts';

describe('counts in words', () => {
  it.each([
    [62, 100, '−38\u00a0%', '38\u00a0% fewer bytes'],
    [104, 100, '+4\u00a0%', '4\u00a0% more bytes'],
    [7, 7, '=', 'as many bytes'],
    [9999, 10_000, '> −1\u00a0%', 'hardly fewer bytes'],
    [3, 0, 'new', 'only here bytes'],
    [0, 3, 'none', 'no bytes'],
  ])('%d against %d', (mine, theirs, short, long) => {
    expect([differenceOf(mine, theirs), comparisonOf(mine, theirs, 'bytes')]).toEqual([short, long]);
  });
  it('keep thousands apart', () => {
    expect([spaced(7), spaced(1234), spaced(1_234_567)]).toEqual(['7', '1\u00a0234', '1\u00a0234\u00a0567']);
  });
});
