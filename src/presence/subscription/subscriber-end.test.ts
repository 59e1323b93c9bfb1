import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { at, BOB, newSubscriber, sent, onlySent, statuses, ended, open, ok, notify, active } from './subscriber.fixtures.ts';
import type { Subscriber, SubscriberStep, SubscriberSubscription } from './subscriber.ts';

describe('an end after which it is tried again', () => {
  it('leaves no timer but that of the next try', () => {
    const subscriber = newSubscriber();
    const { opening } = active(subscriber);
    subscriber.receiveNotify(notify(opening, 43, 'terminated;reason=probation;retry-after=30', {}, ''), at(10));
    expect(subscriber.viewTimers().map(({ name }) => name)).toEqual(['Retry']);
    expect(subscriber.deadline()).toBe(at(40));
  });
});

describe('Timer N (RFC 6665 §4.1.2.4)', () => {
  it('ends a subscription to which no NOTIFY came, and later NOTIFYs find nothing', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    subscriber.answered(subscription, ok(request, 3600), at(1));
    expect(subscriber.fire(at(127))).toEqual([]);
    expect(ended(subscriber.fire(at(128)))).toEqual([{ cause: { kind: 'timer-n' }, again: { kind: 'allowed' } }]);
    expect(subscriber.deadline()).toBeUndefined();
    expect(statuses(subscriber.receiveNotify(notify(request, 42, 'active;expires=3600'), at(129)))).toEqual([481]);
  });

  it('starts anew with each refresh and ends the subscription when the NOTIFY stays away', () => {
    const subscriber = newSubscriber();
    const { subscription } = active(subscriber);
    const refresh = onlySent(subscriber.fire(at(6601)));
    expect(refresh.purpose).toBe('refresh');
    subscriber.answered(subscription, ok(refresh.request, 7200), at(6602));
    expect(subscriber.deadline()).toBe(at(6729));
    expect(ended(subscriber.fire(at(6729)))).toMatchObject([{ cause: { kind: 'timer-n' } }]);
  });

  it('decides a refresh that nobody answers', () => {
    const subscriber = newSubscriber();
    const { subscription } = active(subscriber);
    onlySent(subscriber.fire(at(6601)));
    expect(subscriber.unanswered(subscription, 'timeout', at(6729))).toEqual([]);
    expect(ended(subscriber.fire(at(6729)))).toMatchObject([{ cause: { kind: 'timer-n' } }]);
  });
});

describe('a refresh that fails (RFC 6665 §4.1.2.2)', () => {
  it.each([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604])('with %i ends the subscription', (status) => {
    const subscriber = newSubscriber();
    const { subscription } = active(subscriber);
    const refresh = onlySent(subscriber.fire(at(6601)));
    expect(ended(subscriber.answered(subscription, ok(refresh.request, 0, {}, status), at(6602)))).toEqual([
      { cause: { kind: 'refused', status }, again: { kind: 'allowed' } },
    ]);
    expect(subscriber.deadline()).toBeUndefined();
  });

  it.each([403, 486, 500, 503, 603])('with %i leaves it until its time is over, without Timer N, and tries again', (status) => {
    const subscriber = newSubscriber();
    const { opening, subscription } = active(subscriber);
    const refresh = onlySent(subscriber.fire(at(6601)));
    expect(ended(subscriber.answered(subscription, ok(refresh.request, 0, {}, status), at(6601)))).toEqual([]);
    expect(statuses(subscriber.receiveNotify(notify(opening, 43, 'active'), at(6700)))).toEqual([200]);
    expect(onlySent(subscriber.fire(at(6901))).purpose).toBe('refresh');
    subscriber.unanswered(subscription, 'transport-error', at(6901));
    expect(subscriber.deadline()).toBe(at(7051));
  });

  it('runs out when no try gets through', () => {
    const subscriber = newSubscriber();
    const { subscription } = active(subscriber, 600);
    const causes: unknown[] = [];
    for (let next = subscriber.deadline(); next !== undefined; next = subscriber.deadline()) {
      const steps = subscriber.fire(next);
      causes.push(...ended(steps));
      if (sent(steps).length > 0) subscriber.unanswered(subscription, 'transport-error', next);
    }
    expect(causes).toEqual([{ cause: { kind: 'expired' }, again: { kind: 'allowed' } }]);
  });
});

describe('an opening that fails', () => {
  it.each([403, 404, 480, 489, 500, 603])('with %i is over', (status) => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    expect(ended(subscriber.answered(subscription, ok(request, 0, {}, status), at(1)))).toEqual([
      { cause: { kind: 'refused', status }, again: { kind: 'allowed' } },
    ]);
    expect(subscriber.subscriptions()).toEqual([]);
  });

  it('without an answer is over', () => {
    const subscriber = newSubscriber();
    expect(ended(subscriber.unanswered(open(subscriber).subscription, 'timeout', at(128)))).toMatchObject([{ cause: { kind: 'unanswered' } }]);
  });

  it('with 423 is tried again for longer, once', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber, { expires: 30 });
    const again = onlySent(subscriber.answered(subscription, ok(request, 0, { 'Min-Expires': '60' }, 423), at(1)));
    expect([again.request.headers.get('Expires'), again.request.headers.get('CSeq'), again.request.headers.get('Call-ID')]).toEqual([
      '60',
      '2 SUBSCRIBE',
      request.headers.get('Call-ID'),
    ]);
    expect(ended(subscriber.answered(subscription, ok(again.request, 0, { 'Min-Expires': '60' }, 423), at(2)))).toMatchObject([
      { cause: { kind: 'refused', status: 423 } },
    ]);
  });

  it('takes 202 for 200', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    expect(ended(subscriber.answered(subscription, ok(request, 3600, {}, 202), at(1)))).toEqual([]);
    expect(subscriber.find('presence', BOB)).toBe(subscription);
  });
});

describe('unsubscribing (RFC 6665 §4.1.2.3)', () => {
  it('sends zero seconds in the dialog; the last NOTIFY ends it', () => {
    const subscriber = newSubscriber();
    const { opening, subscription } = active(subscriber);
    const end = onlySent(subscriber.unsubscribe(subscription, at(100)));
    expect([end.purpose, end.request.headers.get('Expires'), end.request.headers.get('To')]).toEqual(['unsubscribe', '0', `<${BOB}>;tag=151170`]);
    expect(ended(subscriber.answered(subscription, ok(end.request, 0), at(101)))).toEqual([]);
    expect(subscription.state).toBe('active');
    const steps = subscriber.receiveNotify(notify(opening, 43, 'terminated;reason=timeout', {}, ''), at(102));
    expect(statuses(steps)).toEqual([200]);
    expect(ended(steps)).toEqual([{ cause: { kind: 'notified', reason: 'timeout' }, again: { kind: 'allowed' } }]);
    expect(subscriber.deadline()).toBeUndefined();
    expect(statuses(subscriber.receiveNotify(notify(opening, 44, 'active;expires=9'), at(103)))).toEqual([481]);
  });

  it('waits for the dialog when no NOTIFY has come yet', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    expect(sent(subscriber.unsubscribe(subscription, at(1)))).toEqual([]);
    const steps = subscriber.receiveNotify(notify(request, 42, 'active;expires=3600'), at(2));
    expect([statuses(steps), onlySent(steps).purpose]).toEqual([[200], 'unsubscribe']);
  });

  it('is given up by Timer N when the last NOTIFY stays away, even if others come', () => {
    const subscriber = newSubscriber();
    const { opening, subscription } = active(subscriber);
    onlySent(subscriber.unsubscribe(subscription, at(100)));
    subscriber.receiveNotify(notify(opening, 43, 'active;expires=7000'), at(101));
    expect(ended(subscriber.fire(at(228)))).toMatchObject([{ cause: { kind: 'timer-n' } }]);
  });

  it('sends no refresh afterwards', () => {
    const subscriber = newSubscriber();
    const { subscription } = active(subscriber);
    subscriber.unsubscribe(subscription, at(100));
    expect(sent(subscriber.refresh(subscription, at(101)))).toEqual([]);
    expect(subscriber.viewTimers().map((timer) => timer.name)).not.toContain('Refresh');
  });
});

describe('fetching (RFC 6665 §4.4.3)', () => {
  it('asks for zero seconds, takes the state out of the one NOTIFY, and is over', () => {
    const subscriber = newSubscriber();
    const { request, subscription, purpose } = open(subscriber, { expires: 0 });
    expect([purpose, request.headers.get('Expires')]).toEqual(['fetch', '0']);
    subscriber.answered(subscription, ok(request, 0), at(1));
    const steps = subscriber.receiveNotify(notify(request, 42, 'terminated;reason=timeout'), at(2));
    const state = steps.find((step) => step.kind === 'notified');
    expect(state?.kind === 'notified' ? decodeUtf8(state.body) : '').toBe('open');
    expect(ended(steps)).toHaveLength(1);
    expect([subscriber.subscriptions(), subscriber.deadline()]).toEqual([[], undefined]);
  });

  it('leaves nothing behind when the notifier takes it for a subscription', () => {
    const subscriber = newSubscriber();
    subscriber.receiveNotify(notify(open(subscriber, { expires: 0 }).request, 42, 'active;expires=3600'), at(2));
    expect(ended(subscriber.fire(at(128)))).toHaveLength(1);
    expect(subscriber.deadline()).toBeUndefined();
  });
});

describe('the reason of an end (RFC 6665 §4.1.3)', () => {
  const end = (state: string): { steps: SubscriberStep[]; subscriber: Subscriber; opening: SipRequest; subscription: SubscriberSubscription } => {
    const subscriber = newSubscriber();
    const { opening, subscription } = active(subscriber);
    return { steps: subscriber.receiveNotify(notify(opening, 43, state, {}, ''), at(100)), subscriber, opening, subscription };
  };

  it('deactivated: a new subscription at once, with a new Call-ID, tag and no route of the old dialog', () => {
    const { steps, opening } = end('terminated;reason=deactivated;retry-after=60');
    const again = onlySent(steps);
    expect(again.purpose).toBe('initial');
    expect(again.request.headers.get('Call-ID')).not.toBe(opening.headers.get('Call-ID'));
    expect(again.request.headers.get('From')).not.toBe(opening.headers.get('From'));
    expect(again.request.headers.has('Route')).toBe(false);
    expect(again.request.headers.get('Expires')).toBe('7200');
  });

  it('probation: again when its time is over', () => {
    const { steps, subscriber } = end('terminated;reason=probation;retry-after=90');
    expect([sent(steps), subscriber.deadline()]).toEqual([[], at(190)]);
    expect(onlySent(subscriber.fire(at(190))).purpose).toBe('initial');
  });

  it('a retry can be called off', () => {
    const { subscriber, subscription } = end('terminated;reason=probation');
    subscriber.unsubscribe(subscription, at(101));
    expect(subscriber.deadline()).toBeUndefined();
  });

  it('rejected: nothing more is done', () => {
    const { steps, subscriber } = end('terminated;reason=rejected;retry-after=5');
    expect([ended(steps), sent(steps), subscriber.deadline()]).toMatchObject([[{ again: { kind: 'no' } }], [], undefined]);
  });

  it('deactivated in the very first NOTIFY does not go round for ever', () => {
    const subscriber = newSubscriber();
    const steps = subscriber.receiveNotify(notify(open(subscriber).request, 1, 'terminated;reason=deactivated'), at(1));
    expect([sent(steps), ended(steps)]).toMatchObject([[], [{ again: { kind: 'later', seconds: 60 } }]]);
  });
});
