import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { hashOf } from './hash.ts';
import { traceToJson } from './json.ts';
import { formatRunFile, parseRunFile } from './run-file.ts';

describe('a run as a file', () => {
  const trace = { ...createFixtureTrace(), changes: [{ kind: 'drop' as const, record: 3 }] };
  const { engine, scenario, seed, changes } = trace;
  const run = { engine, scenario, seed, changes, hash: hashOf(trace) };

  it('is read as it was written, and out of a whole trace', () => {
    expect(parseRunFile(formatRunFile(trace, run.hash))).toEqual(run);
    expect(parseRunFile(traceToJson(trace))).toEqual(run);
  });

  it.each([
    ['', 'It is not JSON.'],
    ['[]', 'It is no run'],
    [JSON.stringify({ ...run, seed: -1 }), 'It is no run that this page has saved: seed'],
    [JSON.stringify({ ...run, changes: [{ kind: 'explode' }] }), 'changes'],
    [JSON.stringify({ ...run, scenario: undefined }), 'scenario'],
  ])('%s is none', (text, problem) => {
    expect(parseRunFile(text)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
