/** Wireshark reads the capture of every run of the catalog as what the trace says it is, and objects to nothing. */
import { describe, expect, it } from 'vitest';
import type { Trace } from '#trace/record.ts';
import { hasJudge } from '../judges.ts';
import { CATALOG_RUNS, traceOf } from './catalog-runs.ts';
import { MOST_AT_ONCE, type Verdict, wiresharkVerdict, wiresharkVerdicts } from './wireshark-verdict.ts';

interface Judged {
  readonly trace: Trace;
  readonly verdict: Verdict;
}

/** The runs of one group are judged together, when the first of them is asked for; only the last group is kept. */
function createJudge(): (place: number) => Judged {
  let group = -1;
  let judged: readonly Judged[] = [];
  return (place) => {
    const wanted = Math.floor(place / MOST_AT_ONCE);
    if (wanted !== group) {
      group = -1;
      const traces = CATALOG_RUNS.slice(wanted * MOST_AT_ONCE, (wanted + 1) * MOST_AT_ONCE).map((run) => traceOf(run));
      const verdicts = wiresharkVerdicts(traces);
      judged = traces.map((trace, i) => ({ trace, verdict: verdicts[i] as Verdict }));
      group = wanted;
    }
    return judged[place % MOST_AT_ONCE] as Judged;
  };
}

/** Without the first AVP's end, and without the end of a body. */
const broken = (trace: Trace): Trace => ({
  ...trace,
  records: trace.records.map((record) =>
    record.kind === 'message' && (record.label === 'UAR' || record.label === 'PUBLISH') ? { ...record, bytes: record.bytes.slice(0, -30) } : record,
  ),
});

describe.runIf(hasJudge('tshark'))('Wireshark reads the capture of', { timeout: 300_000 }, () => {
  const judge = createJudge();

  it.each(CATALOG_RUNS.map((run, i) => [run.title, i] as const))('%s', (_, place) => {
    const { trace, verdict } = judge(place);
    const { frames, expected, passedOn, objections } = verdict;
    expect(objections).toEqual([]);
    expect(frames).toEqual(expected);
    expect(frames).toHaveLength(trace.records.filter((record) => record.kind === 'message').length - passedOn);
  });

  it('a broken run, and objects; to the same, and to nothing else, when it reads others with it', () => {
    const publish = traceOf({ title: 'publish', scenario: 'publish', changes: [] });
    const alone = wiresharkVerdict(broken(publish));
    expect(alone.objections.length).toBeGreaterThan(1);
    expect(alone.frames).toHaveLength(alone.expected.length);
    const [before, between, after] = wiresharkVerdicts([publish, broken(publish), publish]);
    expect(before).toEqual(wiresharkVerdict(publish));
    expect(between).toEqual(alone);
    expect(after).toEqual(before);
    expect(before?.objections).toEqual([]);
  });
});
