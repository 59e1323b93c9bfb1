import { expect, it } from 'vitest';
import { ownText } from './own-text.ts';

it('gives the same text', () => {
  for (const text of ['', 'z9hG4bK1', 'працюючий 語', 'a'.repeat(5000).slice(7, 4000)]) expect(ownText(text)).toBe(text);
});
