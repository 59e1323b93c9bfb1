import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { factsOf, textOf } from '#trace/message-facts.ts';
import type { Trace } from '#trace/record.ts';
import { routeSetAt, routeSetsOf } from '#trace/route-set.ts';
import { isMessage } from '#trace/steps.ts';
import { findScenario } from '../catalog.ts';

function run(policy: string): Trace {
  const scenario = findScenario('record-route-policy');
  const trace = scenario === undefined ? undefined : runScenario(scenario, { seed: 1, changes: [{ kind: 'set', name: 'policy', value: policy }] });
  if (trace === undefined || 'kind' in trace) throw new Error(trace?.message ?? 'no such scenario');
  return trace;
}

const PS = 'ps.home2.net';
const S1 = 'scscf1.home1.net';
const S2 = 'scscf2.home2.net';
const P1 = 'pcscf1.visited1.net';

describe('the route set, read from a trace', () => {
  it.each([
    ['watcher', [PS, S1, P1, 'ue1']],
    ['none', [PS, P1, 'ue1']],
    ['both', [PS, S2, S1, P1, 'ue1']],
    ['presentity', [PS, S2, P1, 'ue1']],
  ])('with the policy %s is the way that every NOTIFY goes', (policy, path) => {
    const trace = run(policy);
    const messages = trace.records.filter(isMessage);
    const notifies = messages.filter((m) => m.label === 'NOTIFY' && factsOf(m).sip?.event === 'presence');
    const [first] = notifies;
    const set = first === undefined ? undefined : routeSetAt(trace, first);
    expect(set?.path).toEqual(path);
    const hops = new Set(notifies.map((m) => `${m.from} ${m.to}`));
    expect([...hops]).toEqual(path.slice(1).map((to, i) => `${path[i] ?? ''} ${to}`));
    expect((textOf(first ?? (messages[0] as (typeof messages)[number])) ?? '').match(/^Route: .*$/gm)).toEqual(set?.routes.map((route) => `Route: ${route}`));
  });

  it('exists from the moment at which the notifier accepts, and not before', () => {
    const trace = run('watcher');
    const subscribe = trace.records.filter(isMessage).filter((m) => m.label.includes('SUBSCRIBE') && factsOf(m).sip?.event !== 'reg' && m.sentAt >= 10e6);
    const known = subscribe.map((m) => routeSetAt(trace, m) !== undefined);
    expect(known.indexOf(true)).toBe(subscribe.findIndex((m) => m.from === PS));
    expect(known.lastIndexOf(false)).toBeLessThan(known.indexOf(true));
  });

  it('is there for the registration state too, and for nothing that is no subscription', () => {
    const trace = run('watcher');
    expect([...routeSetsOf(trace).values()].map(({ path }) => path.at(-1))).toContain('ue2');
    for (const message of trace.records.filter(isMessage)) {
      if (message.label.includes('REGISTER') || message.protocol !== 'SIP') expect(routeSetAt(trace, message)).toBeUndefined();
    }
  });
});
