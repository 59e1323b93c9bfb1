/** Flows are found in real runs, and not where one of their messages is missing, refused, out of order, or of another dialog. */
import { describe, expect, it } from 'vitest';
import { find, header, hop, P1, rewrite, run, S1, watch } from '#testing/doctor.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { type FlowStep, hasFlow, lasting, outside, type RequestStep, stateIs } from './flow.ts';

const I2 = 'icscf2-s.home2.net';
const S2 = 'scscf2.home2.net';
const PS = 'ps.home2.net';

const story = run({
  until: 60,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});

const ASKED: RequestStep = {
  through: ['ue', 'p-cscf', 's-cscf', 'i-cscf', 's-cscf', 'presence-server'],
  method: 'SUBSCRIBE',
  event: 'presence',
  dialog: 'a',
  where: (request) => outside(request) && lasting(request),
  asks: { by: 'i-cscf', of: 'hss', label: 'LIR' },
};
const TOLD: RequestStep = { through: ['presence-server', 's-cscf', 'p-cscf', 'ue'], method: 'NOTIFY', dialog: 'a' };
const PUBLISHED: RequestStep = { through: ['ue', 'p-cscf', 's-cscf', 'presence-server'], method: 'PUBLISH' };
const FLOW: readonly FlowStep[] = [ASKED, TOLD, PUBLISHED, { ...TOLD, where: stateIs('active') }];

const without = (trace: Trace, pick: (record: MessageRecord) => boolean): Trace => {
  const victim = find(trace, pick);
  return { ...trace, records: trace.records.filter((record) => record !== victim) };
};

describe('a flow', () => {
  it('is found where its messages went that way, with other traffic between them', () => {
    expect(hasFlow(story, FLOW)).toBe(true);
    expect(hasFlow(story, [{ from: ['i-cscf'], to: ['hss'], label: /^LIR$/ }, TOLD])).toBe(true);
    expect(hasFlow(story, [...FLOW, { ...TOLD, where: stateIs('terminated') }])).toBe(true);
  });

  it.each<readonly [string, Trace]>([
    ['a hop is missing', without(story, hop(I2, S2, 'SUBSCRIBE', 10))],
    ['the answer did not come back', without(story, hop(P1, 'ue1', '200 OK (SUBSCRIBE)', 10))],
    ['nobody asked the HSS', without(story, hop(I2, 'hss2.home2.net', 'LIR', 10))],
    ['it was refused', rewrite(story, hop(P1, 'ue1', '200 OK (SUBSCRIBE)', 10), (text) => text.replace('200 OK', '403 Forbidden'))],
    [
      'the NOTIFY is of another dialog',
      rewrite(
        story,
        hop(PS, S1, 'NOTIFY', 20),
        header('Call-ID', () => 'other'),
      ),
    ],
  ])('is not where %s', (_, trace) => {
    expect(hasFlow(trace, FLOW)).toBe(false);
  });

  it('is not where the order is another, or one name means two dialogs', () => {
    expect(hasFlow(story, [TOLD, ASKED])).toBe(false);
    expect(hasFlow(story, [ASKED, { ...TOLD, dialog: 'b' }])).toBe(false);
    expect(hasFlow(story, [ASKED, { ...TOLD, answer: 'refusal' }])).toBe(false);
    expect(hasFlow(story, [{ ...ASKED, event: 'presence.winfo' }])).toBe(false);
    expect(hasFlow(story, [{ from: ['hss'], to: ['i-cscf'], label: /^LIR$/ }])).toBe(false);
  });
});
