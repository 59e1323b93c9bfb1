/** One NOTIFY told on to many, in the runs of interdomain-traffic: who is told, and who is not. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { priceScenario } from '#scenario/price/price-scenario.ts';
import { runScenario } from '#scenario/run.ts';
import { type NetworkOptions, validateScenario } from '#scenario/scenario.ts';
import { isMessage } from '#trace/steps.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';

function run(presence: NetworkOptions['presence'] = {}): Trace {
  const session = priceScenario({ hours: 2, changesPerHour: 3, refreshHours: 1, contacts: 4, saving: 'common', watchers: 'all' });
  const scenario = validateScenario({ ...session, network: { ...session.network, presence: { ...session.network?.presence, ...presence } } });
  if ('kind' in scenario) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
const notifies = (trace: Trace, from: string, to: string): readonly MessageRecord[] =>
  trace.records.filter(isMessage).filter((message) => message.from === from && message.to === to && message.label === 'NOTIFY');
const markOf = (message: MessageRecord): string => /Subscription-State: [^\r]*(;group=[^\r]*)\r/.exec(new TextDecoder().decode(message.bytes))?.[1] ?? '';

describe('a change', () => {
  const trace = run();

  it('crosses once for four watchers, and each of them is told', () => {
    const crossed = notifies(trace, 'ps.home2.net', 'nd.home1.net').filter((message) => markOf(message).endsWith(';for-all'));
    // Four people who change six times in two hours.
    expect(crossed).toHaveLength(24);
    const first = crossed[0]?.sentAt ?? 0;
    const told = notifies(trace, 'nd.home1.net', 'scscf1.home1.net').filter(({ sentAt }) => sentAt > first && sentAt < first + 1e6);
    expect(told).toHaveLength(4);
    expect(new Set(told.map((message) => /\r\nTo: ([^;\r]*)/.exec(new TextDecoder().decode(message.bytes))?.[1])).size).toBe(4);
  });

  it('keeps every rule', () => {
    expect(checkTrace(trace)).toEqual([]);
  });
});

it('a watcher who is blocked politely is in no group, and learns of no change', () => {
  const trace = run({ rules: [{ watcher: 'sip:user3_public1@home1.net', presentity: 'sip:user2_public1@home2.net', handling: 'polite-block' }] });
  const watched = notifies(trace, 'ps.home2.net', 'nd.home1.net').filter((message) =>
    new TextDecoder().decode(message.bytes).includes('From: <sip:user2_public1@home2.net>'),
  );
  const blocked = watched.filter((message) => new TextDecoder().decode(message.bytes).includes('To: <sip:user3_public1@home1.net>'));
  expect(blocked.length).toBeGreaterThan(1);
  for (const message of blocked) expect(markOf(message)).toBe('');
  const toBlocked = notifies(trace, 'nd.home1.net', 'scscf1.home1.net').filter((message) => {
    const text = new TextDecoder().decode(message.bytes);
    return text.includes('To: <sip:user3_public1@home1.net>') && text.includes('From: <sip:user2_public1@home2.net>');
  });
  // At the beginning, after the refresh and at the end, and always the same.
  expect(toBlocked).toHaveLength(3);
  expect(new Set(toBlocked.map((message) => new TextDecoder().decode(message.bytes).split('\r\n\r\n')[1])).size).toBe(1);
});
