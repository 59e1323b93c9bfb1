import { describe, expect, it } from 'vitest';
import type { SimTime } from '#base/time.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { at, ALICE, BOB, TYPE, CONTACT, newSubscriber, onlySent, statuses, ended, open, ok, notify, active } from './subscriber.fixtures.ts';
import type { Subscriber, SubscriberStep } from './subscriber.ts';

describe('opening (RFC 6665 §4.1.2.1)', () => {
  it('sends a SUBSCRIBE outside any dialog and starts Timer N', () => {
    const subscriber = newSubscriber();
    const { request, purpose } = open(subscriber, { expires: 7200 });
    expect(purpose).toBe('initial');
    expect([request.method, request.uri]).toEqual(['SUBSCRIBE', BOB]);
    expect(request.headers.get('To')).toBe(`<${BOB}>`);
    expect(request.headers.get('From')).toMatch(new RegExp(`^<${ALICE}>;tag=\\w+$`));
    expect(request.headers.get('Event')).toBe('presence');
    expect(request.headers.get('Accept')).toBe(TYPE);
    expect(request.headers.get('Expires')).toBe('7200');
    expect(request.headers.get('Contact')).toBe(CONTACT);
    expect(subscriber.deadline()).toBe(at(128));
    expect(subscriber.viewTimers()).toMatchObject([{ name: 'Timer N', firesAt: at(128) }]);
  });

  it('takes the default interval of the package, and a new Call-ID and tag each time', () => {
    const subscriber = newSubscriber();
    const [one, two] = [open(subscriber), open(subscriber, { package: 'reg' })];
    expect([one.request.headers.get('Expires'), two.request.headers.get('Expires')]).toEqual(['3600', '3761']);
    expect(one.request.headers.get('Call-ID')).not.toBe(two.request.headers.get('Call-ID'));
    expect(one.request.headers.get('From')).not.toBe(two.request.headers.get('From'));
  });
});

describe('the NOTIFY makes the dialog (RFC 6665 §4.4.1)', () => {
  it.each(['200 first', 'NOTIFY first'])('%s: the route set is that of the NOTIFY', (order) => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    const response = ok(request, 3600, { 'Record-Route': '<sip:other.home1.net;lr>', Contact: '<sip:elsewhere.home2.net>' });
    const first = notify(request, 42, 'active;expires=3600');
    const acts = [(): SubscriberStep[] => subscriber.answered(subscription, response, at(1)), (): SubscriberStep[] => subscriber.receiveNotify(first, at(2))];
    if (order === 'NOTIFY first') acts.reverse();
    const steps = acts.flatMap((act) => act());
    expect(statuses(steps)).toEqual([200]);
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'notified', state: 'active', contentType: TYPE }));
    const refresh = onlySent(subscriber.refresh(subscription, at(10)));
    expect(refresh.request.uri).toBe('sip:ps.home2.net');
    expect(refresh.request.headers.values('Route')).toEqual(['<sip:pcscf1.visited1.net:7531;lr>', '<sip:scscf1.home1.net;lr>']);
    expect(refresh.request.headers.get('To')).toBe(`<${BOB}>;tag=151170`);
    expect(refresh.request.headers.get('From')).toBe(request.headers.get('From'));
    expect(refresh.request.headers.get('CSeq')).toBe('2 SUBSCRIBE');
    expect(refresh.request.headers.get('Call-ID')).toBe(request.headers.get('Call-ID'));
  });

  it.each(['200 first', 'NOTIFY first'])('%s: without Record-Route in the NOTIFY the 200 has to do', (order) => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    const acts = [
      (): unknown => subscriber.answered(subscription, ok(request, 3600, { 'Record-Route': '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>' }), at(1)),
      (): unknown => subscriber.receiveNotify(notify(request, 42, 'active;expires=3600', { 'Record-Route': undefined }), at(2)),
    ];
    if (order === 'NOTIFY first') acts.reverse();
    for (const act of acts) act();
    expect(onlySent(subscriber.refresh(subscription, at(10))).request.headers.values('Route')).toEqual([
      '<sip:pcscf1.visited1.net;lr>',
      '<sip:scscf1.home1.net;lr>',
    ]);
  });

  it('is not changed by later NOTIFYs or by the 200 of a refresh, but the target is', () => {
    const subscriber = newSubscriber();
    const { opening, subscription } = active(subscriber);
    subscriber.receiveNotify(notify(opening, 43, 'active;expires=7000', { 'Record-Route': '<sip:new.home1.net;lr>', Contact: '<sip:ps2.home2.net>' }), at(200));
    const refresh = onlySent(subscriber.refresh(subscription, at(300)));
    subscriber.answered(subscription, ok(refresh.request, 7200, { 'Record-Route': '<sip:newer.home1.net;lr>' }), at(301));
    const again = onlySent(subscriber.refresh(subscription, at(400)));
    expect(again.request.uri).toBe('sip:ps2.home2.net');
    expect(again.request.headers.values('Route')).toEqual(['<sip:pcscf1.visited1.net:7531;lr>', '<sip:scscf1.home1.net;lr>']);
  });

  it('peers C1: the 200 to a refresh may bring a new target, whatever its code; that of the opening is older than the dialog', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    subscriber.receiveNotify(notify(request, 42, 'active;expires=3600'), at(1));
    subscriber.answered(subscription, ok(request, 3600, { Contact: '<sip:old.home2.net>' }), at(2));
    for (const [i, status] of [200, 202].entries()) {
      const refresh = onlySent(subscriber.refresh(subscription, at(10 + 10 * i)));
      expect(refresh.request.uri).toBe(i === 0 ? 'sip:ps.home2.net' : 'sip:moved-200.home2.net');
      subscriber.answered(subscription, ok(refresh.request, 3600, { Contact: `<sip:moved-${status}.home2.net>` }, status), at(11 + 10 * i));
    }
    expect(onlySent(subscriber.refresh(subscription, at(40))).request.uri).toBe('sip:moved-202.home2.net');
  });

  it('keeps our own URIs whatever From and To of the NOTIFY hold', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    const to = (request.headers.get('From') ?? '').replace(ALICE, 'sip:[2001:db8::1]:1357');
    subscriber.receiveNotify(notify(request, 1, 'active;expires=3600', { From: '<sip:ps.home2.net>;tag=151170', To: to }), at(1));
    const refresh = onlySent(subscriber.refresh(subscription, at(2)));
    expect(refresh.request.headers.get('From')).toContain(`<${ALICE}>`);
    expect(refresh.request.headers.get('To')).toContain(`<${BOB}>`);
  });
});

describe('a NOTIFY that is refused', () => {
  const subscriber = newSubscriber();
  const { opening } = active(subscriber);
  it.each<[string, SipRequest, number]>([
    ['of no subscription: other Call-ID', notify(opening, 43, 'active;expires=1', { 'Call-ID': 'x' }), 481],
    ['of no subscription: other tag', notify(opening, 43, 'active;expires=1', { To: `<${ALICE}>;tag=x` }), 481],
    ['of no subscription: no tag', notify(opening, 43, 'active;expires=1', { To: `<${ALICE}>` }), 481],
    ['of no subscription: other id', notify(opening, 43, 'active;expires=1', { Event: 'presence;id=9' }), 481],
    ['of another fork', notify(opening, 43, 'active;expires=1', { From: `<${BOB}>;tag=fork` }), 481],
    ['of an unknown package', notify(opening, 43, 'active;expires=1', { Event: 'dialog' }), 489],
    ['without Event', notify(opening, 43, 'active;expires=1', { Event: undefined }), 489],
    ['without Subscription-State', notify(opening, 43, undefined), 400],
    ['with an unknown state', notify(opening, 43, 'sleeping;expires=1'), 400],
    ['with a malformed state', notify(opening, 43, ';;'), 400],
    ['out of order', notify(opening, 41, 'active;expires=1'), 500],
    ['in a format that was not asked for', notify(opening, 43, 'active;expires=1', { 'Content-Type': 'text/plain' }), 415],
  ])('%s', (_what, request, status) => {
    const steps = subscriber.receiveNotify(request, at(10));
    expect(statuses(steps)).toEqual([status]);
    expect(steps).toHaveLength(1);
    expect(subscriber.subscriptions()[0]?.expiresAt).toBe(at(7201));
  });

  it('as the first one without Contact: no dialog comes of it', () => {
    const other = newSubscriber();
    const { request } = open(other);
    expect(statuses(other.receiveNotify(notify(request, 1, 'active;expires=60', { Contact: undefined }), at(1)))).toEqual([400]);
    expect(statuses(other.receiveNotify(notify(request, 2, 'active;expires=60'), at(1)))).toEqual([200]);
  });
});

describe('the time that is left (RFC 6665 §4.1.3)', () => {
  const expiryOf = (subscriber: Subscriber): SimTime | undefined => subscriber.subscriptions()[0]?.expiresAt;

  it('is what the 200 says until a NOTIFY says otherwise', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber, { expires: 7200 });
    subscriber.answered(subscription, ok(request, 3600), at(1));
    expect(expiryOf(subscriber)).toBe(at(3601));
    subscriber.receiveNotify(notify(request, 42, 'active;expires=1000'), at(2));
    expect(expiryOf(subscriber)).toBe(at(1002));
  });

  it('stays what the NOTIFY said when the 200 comes after it', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber, { expires: 7200 });
    subscriber.receiveNotify(notify(request, 42, 'active;expires=1000'), at(1));
    subscriber.answered(subscription, ok(request, 7200), at(2));
    expect(expiryOf(subscriber)).toBe(at(1001));
  });

  it('is not reset by a NOTIFY without expires', () => {
    const subscriber = newSubscriber();
    const { opening } = active(subscriber, 7200);
    subscriber.receiveNotify(notify(opening, 43, 'active'), at(500));
    expect(expiryOf(subscriber)).toBe(at(7201));
  });

  it('is what was asked for when nobody says', () => {
    const subscriber = newSubscriber();
    subscriber.receiveNotify(notify(open(subscriber, { expires: 7200 }).request, 42, 'active'), at(1));
    expect(expiryOf(subscriber)).toBe(at(7201));
  });

  it('is not lengthened by a 200', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber, { expires: 600 });
    subscriber.answered(subscription, ok(request, 9000), at(0));
    expect(expiryOf(subscriber)).toBe(at(600));
  });

  it('is over a little later here than there: the last NOTIFY of the notifier is still taken', () => {
    const [late, never] = [newSubscriber(), newSubscriber()];
    const { opening } = active(late, 600, { refresh: false });
    active(never, 600, { refresh: false });
    expect(late.fire(at(601))).toEqual([]);
    expect(statuses(late.receiveNotify(notify(opening, 43, 'terminated;reason=timeout', {}, ''), at(602)))).toEqual([200]);
    expect([late.deadline(), never.deadline()]).toEqual([undefined, at(601 + 128)]);
    expect(ended(never.fire(at(729)))).toMatchObject([{ cause: { kind: 'expired' } }]);
  });

  it('is refreshed 600 s before its end, or at half time when it is short', () => {
    const [long, short] = [newSubscriber(), newSubscriber()];
    active(long, 7200);
    active(short, 600);
    expect([long.deadline(), short.deadline()]).toEqual([at(6601), at(301)]);
  });
});

describe('pending', () => {
  it('becomes active when the owner agrees', () => {
    const subscriber = newSubscriber();
    const { request, subscription } = open(subscriber);
    subscriber.receiveNotify(notify(request, 1, 'pending;expires=3600'), at(1));
    expect(subscription.state).toBe('pending');
    const steps = subscriber.receiveNotify(notify(request, 2, 'active;expires=3590'), at(11));
    expect(steps).toContainEqual({ kind: 'emit', event: expect.objectContaining({ from: 'pending', to: 'active' }) as unknown });
  });
});
