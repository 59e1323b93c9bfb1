import { expect, it } from 'vitest';
import { ownText, ownTexts } from './own-text.ts';

it('gives the same text', () => {
  for (const text of ['', 'z9hG4bK1', 'працюючий 語', 'a'.repeat(5000).slice(7, 4000)]) expect(ownText(text)).toBe(text);
});

it('gives the same texts when they are copied together', () => {
  for (const texts of [[], [''], ['a'], ['', 'z9hG4bK1', ''], ['працюючий 語', 'a'.repeat(9000)], ['one\ntwo', 'three\n']])
    expect(ownTexts(texts)).toEqual(texts);
});
