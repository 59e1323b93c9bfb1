import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { type SipRequest, type SipResponse, createRequest, createResponse } from '#protocol/sip/message.ts';
import { PRESENCE_FACTS, REG_FACTS } from './event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription, type Wish } from './subscriber.ts';

const at = (s: number): SimTime => after(START, seconds(s));
const ALICE = 'sip:user1_public1@home1.net';
const BOB = 'sip:user2_public1@home2.net';
const TYPE = 'application/pidf+xml';

const CONTACT = '<sip:[2001:db8::1]:1357>';
const newSubscriber = (): Subscriber =>
  new Subscriber({ packages: [PRESENCE_FACTS, REG_FACTS], contact: CONTACT, chance: createKeyedChance(1, 'ue1'), timerN: seconds(128) });

type Sent = Extract<SubscriberStep, { kind: 'subscribe' }>;
const sent = (steps: readonly SubscriberStep[]): Sent[] => steps.filter((step) => step.kind === 'subscribe');
function onlySent(steps: readonly SubscriberStep[]): Sent {
  const [first, ...others] = sent(steps);
  if (first === undefined || others.length > 0) throw new Error(`expected one SUBSCRIBE, got ${sent(steps).length}`);
  return first;
}
const statuses = (steps: readonly SubscriberStep[]): number[] => steps.flatMap((step) => (step.kind === 'respond' ? [step.response.status] : []));
const ended = (steps: readonly SubscriberStep[]): unknown[] =>
  steps.flatMap((step) => (step.kind === 'ended' ? [{ cause: step.cause, again: step.again }] : []));

function open(subscriber: Subscriber, wish: Partial<Wish> = {}, now = at(0)): Sent {
  return onlySent(subscriber.subscribe({ package: 'presence', resource: BOB, from: ALICE, ...wish }, now));
}

function ok(request: SipRequest, expires: number, headers: Record<string, string> = {}, status = 200): SipResponse {
  const response = createResponse(request, status, undefined, '151170');
  response.headers.append('Expires', String(expires));
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function notify(opening: SipRequest, cseq: number, state: string | undefined, headers: Record<string, string | undefined> = {}, body = 'open'): SipRequest {
  const all: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP pcscf1.visited1.net;branch=z9hG4bK2',
    'Record-Route': '<sip:pcscf1.visited1.net:7531;lr>, <sip:scscf1.home1.net;lr>',
    From: `<${BOB}>;tag=151170`,
    To: opening.headers.get('From'),
    'Call-ID': opening.headers.get('Call-ID'),
    CSeq: `${cseq} NOTIFY`,
    Contact: '<sip:ps.home2.net>',
    Event: 'presence',
    'Subscription-State': state,
    'Content-Type': body === '' ? undefined : TYPE,
    ...headers,
  };
  return createRequest(
    'NOTIFY',
    'sip:[2001:db8::1]:1357',
    Object.entries(all).filter((field): field is [string, string] => field[1] !== undefined),
    encodeUtf8(body),
  );
}

/** A subscription that is active for `expires` seconds from moment 1 on. */
function active(subscriber: Subscriber, expires = 7200, wish: Partial<Wish> = {}): { opening: SipRequest; subscription: SubscriberSubscription } {
  const { request, subscription } = open(subscriber, { expires, ...wish });
  subscriber.answered(subscription, ok(request, expires), at(1));
  subscriber.receiveNotify(notify(request, 42, `active;expires=${expires}`), at(1));
  return { opening: request, subscription };
}

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
    expect(subscriber.viewTimers().find((timer) => timer.name === 'Expiry')?.firesAt).toBe(at(7201));
  });

  it('as the first one without Contact: no dialog comes of it', () => {
    const other = newSubscriber();
    const { request } = open(other);
    expect(statuses(other.receiveNotify(notify(request, 1, 'active;expires=60', { Contact: undefined }), at(1)))).toEqual([400]);
    expect(statuses(other.receiveNotify(notify(request, 2, 'active;expires=60'), at(1)))).toEqual([200]);
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

describe('the time that is left (RFC 6665 §4.1.3)', () => {
  const expiryOf = (subscriber: Subscriber): SimTime | undefined => subscriber.viewTimers().find((timer) => timer.name === 'Expiry')?.firesAt;

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

  it('is refreshed 600 s before its end, or at half time when it is short', () => {
    const [long, short] = [newSubscriber(), newSubscriber()];
    active(long, 7200);
    active(short, 600);
    expect([long.deadline(), short.deadline()]).toEqual([at(6601), at(301)]);
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
