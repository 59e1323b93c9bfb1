/** What happens where a judge is missing: CI fails, a person's machine says what was left out. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasJudge } from './judges.ts';

describe('a judge that is missing', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('is named on a person’s machine, and its tests are left out', () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('CI', '');
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(hasJudge('tshark')).toBe(false);
    expect(said).toHaveBeenCalledWith('Left out, because tshark is not installed: the tests that need it.\n');
  });

  it('is an error in CI', () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('CI', 'true');
    expect(() => hasJudge('xmllint')).toThrow('xmllint is not installed: CI needs it');
  });
});
