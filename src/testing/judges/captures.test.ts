/** Wireshark reads the capture of every run of the catalog as what the trace says it is, and objects to nothing. */
import { describe, expect, it } from 'vitest';
import { hasJudge } from '../judges.ts';
import { CATALOG_RUNS, traceOf } from './catalog-runs.ts';
import { wiresharkVerdict } from './wireshark-verdict.ts';

describe.runIf(hasJudge('tshark'))('Wireshark reads the capture of', { timeout: 60_000 }, () => {
  it.each(CATALOG_RUNS.map((run) => [run.title, run] as const))('%s', (_, run) => {
    const trace = traceOf(run);
    const { frames, expected, passedOn, objections } = wiresharkVerdict(trace);
    expect(objections).toEqual([]);
    expect(frames).toEqual(expected);
    expect(frames).toHaveLength(trace.records.filter((record) => record.kind === 'message').length - passedOn);
  });

  it('a broken run, and objects', () => {
    const trace = traceOf({ title: 'publish', scenario: 'publish', changes: [] });
    const { objections, frames, expected } = wiresharkVerdict({
      ...trace,
      records: trace.records.map((record) =>
        record.kind === 'message' && (record.label === 'UAR' || record.label === 'PUBLISH') ? { ...record, bytes: record.bytes.slice(0, -30) } : record,
      ),
    });
    expect(objections.length).toBeGreaterThan(1);
    expect(frames).toHaveLength(expected.length);
  });
});
