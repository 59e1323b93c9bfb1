import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { hashOf } from './hash.ts';
import { traceToJson } from './json.ts';
import { formatRunFile, parseRunFile, unlikeSaved } from './run-file.ts';

describe('a run as a file', () => {
  const trace = { ...createFixtureTrace(), changes: [{ kind: 'drop' as const, record: 3 }] };
  const { engine, scenario, seed, changes } = trace;
  const run = { engine, scenario, seed, changes, hash: hashOf(trace) };

  it('is read as it was written, and out of a whole trace', () => {
    expect(parseRunFile(formatRunFile(trace, run.hash))).toEqual(run);
    expect(parseRunFile(traceToJson(trace))).toEqual(run);
    expect(parseRunFile(formatRunFile(trace, run.hash, '{"format":1}'))).toEqual({ ...run, own: '{"format":1}' });
  });

  it.each([
    ['', false, 'It is not JSON.'],
    ['[]', false, 'It is no saved run'],
    [JSON.stringify({ ...run, seed: -1 }), true, 'It is no saved run: seed'],
    [JSON.stringify({ ...run, changes: [{ kind: 'explode' }] }), true, 'changes'],
    [JSON.stringify({ ...run, scenario: undefined }), false, 'scenario'],
    [JSON.stringify({ format: 1, id: 'mine' }), false, 'It is a scenario file, not a saved run.'],
  ])('%s is none', (text, meant, problem) => {
    expect(parseRunFile(text)).toEqual({ problem: expect.stringContaining(problem) as string, meant });
  });

  it('that gives another run is told by who computed it', () => {
    expect(unlikeSaved({ ...run, engine: '0.0.9' }, '0.1.0')).toContain('it was computed by engine 0.0.9, and 0.1.0 gives other messages.');
    expect(unlikeSaved({ ...run, engine: '0.1.0' }, '0.1.0')).toContain('the messages that engine 0.1.0 computes are others now.');
  });
});
