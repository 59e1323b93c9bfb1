import { describe, expect, it } from 'vitest';
import { createKeyedChance } from './chance.ts';

const draws = (seed: number, owner: string, purpose: string, count = 50): number[] => {
  const chance = createKeyedChance(seed, owner);
  return Array.from({ length: count }, () => chance.bits(purpose));
};

describe('keyed chance', () => {
  it('is the same for the same seed, owner and purpose, and another for any other', () => {
    expect(draws(1, 'a', 'tag')).toEqual(draws(1, 'a', 'tag'));
    for (const other of [draws(2, 'a', 'tag'), draws(1, 'b', 'tag'), draws(1, 'a', 'branch')]) {
      expect(other.filter((value, i) => value === draws(1, 'a', 'tag')[i])).toEqual([]);
    }
  });
  it('of one purpose does not depend on what else was drawn in between', () => {
    const chance = createKeyedChance(1, 'a');
    const tags = Array.from({ length: 50 }, () => {
      chance.token('branch', 11);
      chance.bytes('rand', 16);
      return chance.bits('tag');
    });
    expect(tags).toEqual(draws(1, 'a', 'tag'));
  });
  it('has no bit that leans to one side, and no draw twice in ten thousand', () => {
    const values = draws(7, 'owner', 'bits', 10_000);
    for (let bit = 0; bit < 32; bit++) {
      const ones = values.filter((value) => ((value >>> bit) & 1) === 1).length;
      // Five standard deviations (50 each) from the half.
      expect(Math.abs(ones - 5000), `bit ${bit}`).toBeLessThan(250);
    }
    // Of ten thousand draws out of 2^32 one pair or so may meet.
    expect(new Set(values).size).toBeGreaterThan(9_995);
  });
  it('gives tokens and bytes of the length that was asked for', () => {
    const chance = createKeyedChance(1, 'a');
    for (const length of [0, 1, 5, 6, 7, 13, 40]) {
      expect(chance.token('t', length)).toMatch(new RegExp(`^[0-9a-z]{${length}}$`));
      expect(chance.bytes('b', length)).toHaveLength(length);
    }
  });
});
