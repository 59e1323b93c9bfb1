/** What the run of watcher-information shows beyond its ladder: a document that is lost is noticed, and mended. */
import { expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario } from '#scenario/scenario.ts';
import { textOf } from '#trace/message-facts.ts';
import { isMessage } from '#trace/steps.ts';
import given from './scenario.ts';

it('a gap in the versions makes the presentity ask for all of its watchers', () => {
  const rewrite = [{ message: 'NOTIFY', from: 'version="1" state="partial"', to: 'version="7" state="partial"' }];
  const scenario = validateScenario({ ...given, network: { ...given.network, links: [{ between: ['scscf2', 'pcscf2'], rewrite }] } });
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  // The rules blame nobody: the documents were right when they were sent.
  expect(checkTrace(trace)).toEqual([]);
  const after = trace.records.filter(isMessage).filter(({ at }) => at > 20e6 && at < 34e6);
  expect(after.filter((m) => m.from === 'ue2').map(({ label }) => label)).toEqual(['200 OK (NOTIFY)', 'SUBSCRIBE', '200 OK (NOTIFY)']);
  const told = after.filter((m) => m.to === 'ue2' && m.label === 'NOTIFY').map((m) => /version="\d+" state="\w+"/.exec(textOf(m) ?? '')?.[0]);
  expect(told).toEqual(['version="7" state="partial"', 'version="2" state="full"']);
});
