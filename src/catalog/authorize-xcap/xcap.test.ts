/** What the run of authorize-xcap shows beyond its ladder: documents outlive their server, and whoever keeps to them finds them again. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import { isScenarioError, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import type { Trace } from '#trace/record.ts';
import { isMessage } from '#trace/steps.ts';
import given from './scenario.ts';

const XDMS = 'xdms.home2.net';
const PS = 'ps.home2.net';

function scenarioWith(...acts: ValidScenario['timeline']): ValidScenario {
  const valid = validateScenario({ ...given, until: 120, timeline: [...given.timeline.slice(0, -1), ...acts] });
  if (isScenarioError(valid)) throw new Error(valid.message);
  return valid;
}
function run(scenario: ValidScenario): Trace {
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  expect(checkTrace(trace)).toEqual([]);
  return trace;
}
const lines = (trace: Trace, from: string, to: string, after: number): readonly string[] =>
  trace.records
    .filter(isMessage)
    .filter((m) => m.from === from && m.to === to && m.at >= after * 1e6 && m.protocol !== 'DNS')
    .map(({ label }) => label);

describe('rules that are kept', () => {
  it('outlive the server that keeps them', () => {
    const scenario = scenarioWith(
      { at: 40, who: 'xdms', do: { kind: 'crash' } },
      { at: 45, who: 'xdms', do: { kind: 'restart' } },
      { at: 50, who: 'ue2', do: { kind: 'read-rules' } },
    );
    expect(lines(run(scenario), XDMS, 'ue2', 50)).toEqual(['401 Unauthorized (GET)', '200 OK (GET)']);
    const views = viewsAt(scenario, { seed: 1, changes: [] }, { t: 60e6, record: Infinity });
    if ('kind' in views) throw new Error(views.message);
    const table = views.get('ue2')?.tables.find(({ title }) => title.startsWith('Own rules'));
    expect(table?.rows[0]?.[2]).toContain('answer-sip_user1_public1_home1.net');
  });
  it('are fetched anew by a presence server that comes back, and the watcher is still allowed', () => {
    const trace = run(
      scenarioWith(
        { at: 40, who: 'ps', do: { kind: 'crash' } },
        { at: 45, who: 'ps', do: { kind: 'restart' } },
        { at: 60, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
      ),
    );
    expect(lines(trace, PS, XDMS, 45)).toEqual(['SUBSCRIBE', '200 OK (NOTIFY)', 'GET']);
    const told = trace.records.filter(isMessage).filter((m) => m.to === 'ue1' && m.label === 'NOTIFY' && m.at > 60e6);
    expect(String.fromCharCode(...(told[0]?.bytes ?? []))).toContain('Subscription-State: terminated;reason=timeout');
  });
  it('cannot be changed while their server is cut off, and nothing is known to have changed', () => {
    const trace = run(scenarioWith({ at: 29, who: 'ue2', do: { kind: 'cut', to: 'xdms' } }));
    expect(lines(trace, XDMS, 'ue2', 30)).toEqual([]);
    expect(lines(trace, PS, XDMS, 30)).toEqual([]);
  });
});
