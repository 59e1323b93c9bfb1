/** What happens where a judge is missing: CI fails, a person's machine says what was left out. */
import { describe, expect, it } from 'vitest';
import { hasJudge } from './judges.ts';

describe('a judge that is missing', () => {
  it("is named on a person's machine, and its tests are left out", () => {
    const said: string[] = [];
    expect(hasJudge('tshark', { PATH: '/nowhere' }, (text) => said.push(text))).toBe(false);
    expect(said).toEqual(['Left out, because tshark is not installed: the tests that need it.\n']);
  });

  it('is an error in CI', () => {
    expect(() => hasJudge('xmllint', { PATH: '/nowhere', CI: 'true' })).toThrow('xmllint is not installed: CI needs it');
  });
});
