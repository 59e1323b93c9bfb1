/** The gateway between a real XMPP server and real IMS entities, in runs of its scenarios with something else in them. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { findScenario } from '../catalog.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import { textOf } from '#trace/message-facts.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';

function run(id: string, more: Partial<ValidScenario>): Trace {
  const found = findScenario(id);
  if (found === undefined) throw new Error(id);
  const valid = validateScenario({ ...found, ...more, network: { ...found.network, ...more.network } });
  if (isScenarioError(valid)) throw new Error(valid.message);
  const trace = runScenario(valid, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  expect(checkTrace(trace)).toEqual([]);
  return trace;
}
const messages = (trace: Trace, label: string, after = 0): readonly MessageRecord[] =>
  trace.records.filter((r): r is MessageRecord => r.kind === 'message' && r.label === label && r.sentAt >= after * 1e6);
const texts = (trace: Trace, label: string, after = 0): readonly string[] => messages(trace, label, after).map((m) => textOf(m) ?? '');
const watched = 'sip:user2_public1@home2.net';
const registered: ValidScenario['timeline'] = [
  { at: 0.5, who: 'ue2', do: { kind: 'register' } },
  { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
];

describe('a user of XMPP', () => {
  it('is vouched for, and asks by a SUBSCRIBE that the gateway renews as long as the authorization lasts', () => {
    const trace = run('interwork-xmpp-watcher', {
      until: 9000,
      timeline: [...registered, { at: 10, who: 'xmpp', do: { kind: 'subscribe', to: watched } }],
    });
    const subscribes = messages(trace, 'SUBSCRIBE', 9).filter(({ from }) => from === 'gateway.home2.net');
    expect(subscribes.length).toBeGreaterThan(2);
    const first = textOf(subscribes[0] as MessageRecord) ?? '';
    expect(first).toMatch(/^P-Asserted-Identity: <sip:juliet@example\.org>\r$/m);
    expect(first).toMatch(/^Expires: 3600\r$/m);
    // Told once that it is approved, whatever the number of renewals.
    expect(messages(trace, 'presence subscribed')).toHaveLength(1);
  });

  it('who asks again is answered at once, and nothing more is asked of SIP (RFC 6121 §3.1.3)', () => {
    const trace = run('interwork-xmpp-watcher', {
      timeline: [
        ...registered,
        { at: 10, who: 'xmpp', do: { kind: 'subscribe', to: watched } },
        { at: 30, who: 'xmpp', do: { kind: 'unsubscribe', to: watched } },
        { at: 40, who: 'xmpp', do: { kind: 'subscribe', to: watched } },
        { at: 60, who: 'xmpp', do: { kind: 'unavailable' } },
      ],
    });
    expect(messages(trace, 'presence subscribed')).toHaveLength(2);
    expect(messages(trace, 'presence unsubscribed')).toHaveLength(1);
  });

  it('hears of nobody, and of somebody who is not there', () => {
    const nobody = run('interwork-xmpp-watcher', { timeline: [{ at: 10, who: 'xmpp', do: { kind: 'subscribe', to: 'sip:nobody@home2.net' } }] });
    expect(texts(nobody, 'presence unsubscribed')[0]).toContain("from='nobody@home2.net'");
    const closed = run('interwork-xmpp-watcher', { timeline: [{ at: 10, who: 'xmpp', do: { kind: 'subscribe', to: watched } }] });
    expect(messages(closed, 'presence unavailable')).toHaveLength(1);
  });

  it('a politely blocked one sees somebody who is always closed', () => {
    const trace = run('interwork-xmpp-watcher', { network: { presence: { default: 'polite-block' } } });
    expect(messages(trace, 'presence')).toEqual([]);
    expect(messages(trace, 'presence subscribed')).toHaveLength(1);
  });
});

describe('a contact of XMPP', () => {
  const notifies = (trace: Trace): readonly string[] =>
    messages(trace, 'NOTIFY', 9)
      .filter(({ from }) => from === 'gateway.home1.net')
      .map((m) => textOf(m) ?? '');
  const states = (trace: Trace): readonly string[] => notifies(trace).map((text) => /^Subscription-State: ([a-z]+(;reason=[a-z]+)?)/m.exec(text)?.[1] ?? '');

  it('is pending, active, away, closed, and closed for good (RFC 8048 §5.3, §6.2)', () => {
    const trace = run('interwork-xmpp-presentity', {});
    expect(states(trace)).toEqual(['pending', 'active', 'active', 'active', 'active', 'terminated;reason=timeout']);
    const bodies = notifies(trace).map((text) => text.split('\r\n\r\n')[1] ?? '');
    expect(bodies.slice(0, 2)).toEqual(['', '']);
    expect(bodies[2]).toMatch(/<basic>open<\/basic>[\s\S]*Wherefore art thou/);
    expect(bodies[3]).toContain('<xmpp:show>away</xmpp:show>');
    expect(bodies[4]).toContain('<basic>closed</basic>');
    expect(bodies[5]).toContain('<basic>closed</basic>');
  });

  it('that denies ends the subscription (RFC 8048 §5.3.1, example 16)', () => {
    expect(states(run('interwork-xmpp-presentity', { network: { stranger: { approves: 'nobody' } } }))).toEqual(['pending', 'terminated;reason=rejected']);
  });

  it('decides later, and its client is asked', () => {
    const trace = run('interwork-xmpp-presentity', {
      network: { stranger: { approves: 'asks' } },
      timeline: [
        { at: 1, who: 'xmpp', do: { kind: 'available' } },
        { at: 3, who: 'ue1', do: { kind: 'register' } },
        { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'pres:juliet@example.org' } },
        { at: 30, who: 'xmpp', do: { kind: 'approve', to: 'user1_public1@home1.net' } },
      ],
    });
    expect(states(trace)).toEqual(['pending', 'active', 'active']);
  });

  it('of a domain that cannot be reached by XMPP either: the subscription is given up', () => {
    const trace = run('interwork-xmpp-presentity', {
      timeline: [
        { at: 3, who: 'ue1', do: { kind: 'register' } },
        { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:juliet@nowhere.example.org' } },
      ],
    });
    expect(states(trace)).toEqual(['pending', 'terminated;reason=giveup']);
  });

  it('is told to nobody outside the trusted networks who asks: the S-CSCF keeps the identity for its own gateway', () => {
    const trace = run('interwork-xmpp-presentity', {});
    const [toGateway] = messages(trace, 'SUBSCRIBE', 9).filter(({ to }) => to === 'gateway.home1.net');
    expect(textOf(toGateway as MessageRecord)).toContain('P-Asserted-Identity: ');
  });
});
