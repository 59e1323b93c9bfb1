import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { CancelledError, type SessionPort } from '#session/port.ts';
import { cancelCoverage, gatherCoverage } from './coverage.ts';
import { createSimulator } from './simulator.ts';

describe('coverage', () => {
  it('is computed once, and kept', async () => {
    let asked = 0;
    const session = createFixtureSession();
    const simulator = createSimulator({ ...session, coverage: (...args) => (asked++, session.coverage(...args)) });
    const seen: string[] = [];
    simulator.store.subscribe(({ coverage }) => seen.push(coverage.kind === 'computing' ? `${coverage.done} of ${coverage.of}` : coverage.kind));
    await gatherCoverage(simulator);
    await gatherCoverage(simulator);
    expect(asked).toBe(1);
    expect(seen).toEqual(['0 of 0', '1 of 2', '2 of 2', 'ready']);
  });

  it('shows what is covered so far, until there is more', async () => {
    const part = { runs: 1, items: [], clauses: [] };
    const seen: (number | undefined)[] = [];
    const coverage: SessionPort['coverage'] = (onProgress) => {
      onProgress(1, 3, part);
      onProgress(2, 3);
      onProgress(3, 3, { ...part, runs: 3 });
      return Promise.resolve({ ...part, runs: 3 });
    };
    const simulator = createSimulator({ ...createFixtureSession(), coverage });
    simulator.store.subscribe((state) => state.coverage.kind === 'computing' && seen.push(state.coverage.soFar?.runs));
    await gatherCoverage(simulator);
    expect(seen).toEqual([undefined, 1, 1, 3]);
  });

  it('is given up when asked to, and can be begun again', async () => {
    const coverage: SessionPort['coverage'] = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError())));
    const simulator = createSimulator({ ...createFixtureSession(), coverage });
    const gathering = gatherCoverage(simulator);
    cancelCoverage(simulator);
    await gathering;
    expect(simulator.store.getState().coverage.kind).toBe('none');
  });

  it('goes on where it was stopped, and keeps what was covered', async () => {
    const part = { runs: 1, items: [], clauses: [] };
    let done = 0;
    const coverage: SessionPort['coverage'] = (onProgress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new CancelledError()));
        onProgress(++done, 2, part);
        if (done === 2) resolve({ ...part, runs: 2 });
      });
    const simulator = createSimulator({ ...createFixtureSession(), coverage });
    const gathering = gatherCoverage(simulator);
    cancelCoverage(simulator);
    await gathering;
    expect(simulator.store.getState().coverage).toEqual({ kind: 'stopped', done: 1, of: 2, soFar: part });
    const seen: unknown[] = [];
    simulator.store.subscribe((state) => seen.push(state.coverage));
    await gatherCoverage(simulator);
    expect(seen[0]).toEqual({ kind: 'computing', done: 1, of: 2, soFar: part });
    expect(simulator.store.getState().coverage).toMatchObject({ kind: 'ready', coverage: { runs: 2 } });
  });

  it('is stopped after as many runs as are shown, though more are computed', async () => {
    const part = { runs: 75, items: [], clauses: [] };
    const coverage: SessionPort['coverage'] = (onProgress, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new CancelledError()));
        onProgress(75, 300, part);
        onProgress(96, 300);
      });
    const simulator = createSimulator({ ...createFixtureSession(), coverage });
    const gathering = gatherCoverage(simulator);
    cancelCoverage(simulator);
    await gathering;
    expect(simulator.store.getState().coverage).toEqual({ kind: 'stopped', done: 75, of: 300, soFar: part });
  });

  it('says what went wrong', async () => {
    const simulator = createSimulator({ ...createFixtureSession(), coverage: () => Promise.reject(new Error('No.')) });
    await gatherCoverage(simulator);
    expect(simulator.store.getState().coverage).toEqual({ kind: 'failed', problem: { what: 'No.', remedy: 'Try again.' } });
  });
});
