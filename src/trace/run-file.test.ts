import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { hashOf } from './hash.ts';
import { traceToJson } from './json.ts';
import { formatRunFile, notHeld, parseRunFile, unlikeSaved } from './run-file.ts';

describe('a run as a file', () => {
  const trace = { ...createFixtureTrace(), changes: [{ kind: 'drop' as const, record: 3 }] };
  const { engine, scenario, seed, changes } = trace;
  const run = { engine, scenario, seed, changes, hash: hashOf(trace) };

  it('is read as it was written, and out of a whole trace', () => {
    expect(parseRunFile(formatRunFile(trace, run.hash))).toEqual(run);
    expect(parseRunFile(traceToJson(trace))).toEqual({ ...run, traceOf: trace.title });
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
    const computed = { engine: '0.1.0', title: 'A watcher subscribes' };
    const unlike = (more: object): string => unlikeSaved({ ...run, engine: '0.1.0', ...more }, computed);
    expect(unlike({ engine: '0.0.9' })).toMatch(/: it was computed by engine 0\.0\.9, and 0\.1\.0 gives other messages\.$/);
    expect(unlike({})).toMatch(/: the messages that engine 0\.1\.0 computes are others now\.$/);
    expect(unlike({ own: '{}', traceOf: 'Mine' })).toMatch(/are others now\.$/);
    expect(unlike({ traceOf: computed.title, engine: '0.0.9' })).toMatch(/and 0\.1\.0 gives other messages\.$/);
    expect(unlike({ traceOf: computed.title })).toMatch(
      /are others now, or the file is the trace of a scenario of somebody’s own .*Open the scenario file itself/,
    );
  });

  it('that is the trace of a scenario of somebody’s own is told as that, and what to open instead', () => {
    const instead = / Open the scenario file itself, or what Export > Run has saved of it\.$/;
    const unlike = unlikeSaved({ ...run, traceOf: 'Mine' }, { engine: run.engine, title: 'A watcher subscribes' });
    expect(unlike).toContain('the file is the trace of a scenario of somebody’s own, “Mine”, and this is the one that is called');
    expect([unlike, notHeld(run), notHeld({ ...run, traceOf: 'Mine' })]).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(instead) as unknown));
    expect(notHeld({ ...run, traceOf: 'Mine' })).toMatch(
      /^It is the trace of a scenario of somebody’s own, “Mine”: a trace holds the messages of a run, and not/,
    );
    expect(notHeld({ ...run, scenario: 'x'.repeat(99) })).toMatch(/^There is no scenario “x{59}…” in the catalog, and the file does not hold it\./);
  });
});
