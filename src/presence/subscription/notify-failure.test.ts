/** What becomes of a subscription whose NOTIFY fails, code by code (RFC 6665 §4.2.2; RFC 5057 for those that end nothing; RFC 3261 §12.2.1.2 for 408). */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { seconds, after, START } from '#base/time.ts';
import { createRequest, createResponse } from '#protocol/sip/message.ts';
import { PRESENCE_FACTS } from './event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from './notifier.ts';

function subscribed(onBody: (isWhole: boolean) => void = () => undefined): {
  readonly notifier: Notifier;
  readonly subscription: NotifierSubscription;
  readonly notify: Extract<NotifierStep, { kind: 'notify' }>;
} {
  const notifier = new Notifier({
    contact: '<sip:ps.home2.net>',
    chance: createKeyedChance(1, 'ps'),
    packages: [
      {
        ...PRESENCE_FACTS,
        authorize: () => ({ decision: 'active', reason: 'Everybody may.' }),
        bodyOf: ({ isWhole }) => {
          onBody(isWhole);
          return undefined;
        },
      },
    ],
  });
  const request = createRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', [
    ['Via', 'SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1'],
    ['From', '<sip:user1_public1@home1.net>;tag=w'],
    ['To', '<sip:user2_public1@home2.net>'],
    ['Call-ID', 'c'],
    ['CSeq', '1 SUBSCRIBE'],
    ['Contact', '<sip:[2001:db8::1]>'],
    ['Event', 'presence'],
    ['Expires', '600'],
  ]);
  const notify = notifier.receive(request, 'sip:user1_public1@home1.net', START).find((step) => step.kind === 'notify');
  if (notify?.kind !== 'notify') throw new Error('no NOTIFY');
  return { notifier, subscription: notify.subscription, notify };
}

const REMOVED = [404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604];
const KEPT = [400, 401, 403, 406, 407, 413, 414, 415, 420, 421, 423, 486, 487, 488, 493, 500, 502, 503, 504, 505, 513, 600, 603, 606];

describe('a NOTIFY that is refused', () => {
  it.each(REMOVED)('with %i removes the subscription', (status) => {
    const { notifier, subscription, notify } = subscribed();
    const steps = notifier.answered(subscription, createResponse(notify.request, status), START);
    expect(notifier.size).toBe(0);
    expect(steps.some((step) => step.kind === 'notify')).toBe(false);
    expect(steps.some((step) => step.kind === 'note' && step.note.op === 'removed' && step.note.reason.includes(String(status)))).toBe(true);
  });
  it.each(KEPT)('with %i keeps it: only that NOTIFY failed', (status) => {
    const { notifier, subscription, notify } = subscribed();
    const steps = notifier.answered(subscription, createResponse(notify.request, status), START);
    expect(notifier.size).toBe(1);
    expect(notifier.changed('presence', 'sip:user2_public1@home2.net', after(START, seconds(6))).some((step) => step.kind === 'notify')).toBe(true);
    expect(steps.every((step) => step.kind === 'note' && step.note.reason.includes(String(status)))).toBe(true);
  });
  it('by silence until Timer F removes it; a transport that fails does not', () => {
    const silent = subscribed();
    silent.notifier.unanswered(silent.subscription, 'timeout', START);
    expect(silent.notifier.size).toBe(0);
    const broken = subscribed();
    broken.notifier.unanswered(broken.subscription, 'transport-error', START);
    expect(broken.notifier.size).toBe(1);
  });

  it('or cannot be sent is followed by one that tells everything, and the next tells changes again', () => {
    for (const fail of [
      (of: ReturnType<typeof subscribed>): unknown => of.notifier.answered(of.subscription, createResponse(of.notify.request, 503), START),
      (of: ReturnType<typeof subscribed>): unknown => of.notifier.unanswered(of.subscription, 'transport-error', START),
    ]) {
      const told: boolean[] = [];
      const of = subscribed((isWhole) => void told.push(isWhole));
      fail(of);
      for (const at of [6, 12]) of.notifier.changed('presence', 'sip:user2_public1@home2.net', after(START, seconds(at)));
      expect(told).toEqual([true, true, false]);
    }
  });
});
