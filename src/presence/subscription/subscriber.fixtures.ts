/** Builders for the tests of the subscriber: a watcher, its 200s and its NOTIFYs. */
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { type SipRequest, type SipResponse, createRequest, createResponse } from '#protocol/sip/message.ts';
import { PRESENCE_FACTS, REG_FACTS } from './event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription, type Wish } from './subscriber.ts';

export const at = (s: number): SimTime => after(START, seconds(s));
export const ALICE = 'sip:user1_public1@home1.net';
export const BOB = 'sip:user2_public1@home2.net';
export const TYPE = 'application/pidf+xml';

export const CONTACT = '<sip:[2001:db8::1]:1357>';
export const newSubscriber = (): Subscriber =>
  new Subscriber({ packages: [PRESENCE_FACTS, REG_FACTS], contact: CONTACT, chance: createKeyedChance(1, 'ue1'), timerN: seconds(128) });

export type Sent = Extract<SubscriberStep, { kind: 'subscribe' }>;
export const sent = (steps: readonly SubscriberStep[]): Sent[] => steps.filter((step) => step.kind === 'subscribe');
export function onlySent(steps: readonly SubscriberStep[]): Sent {
  const [first, ...others] = sent(steps);
  if (first === undefined || others.length > 0) throw new Error(`expected one SUBSCRIBE, got ${sent(steps).length}`);
  return first;
}
export const statuses = (steps: readonly SubscriberStep[]): number[] => steps.flatMap((step) => (step.kind === 'respond' ? [step.response.status] : []));
export const ended = (steps: readonly SubscriberStep[]): unknown[] =>
  steps.flatMap((step) => (step.kind === 'ended' ? [{ cause: step.cause, again: step.again }] : []));

export function open(subscriber: Subscriber, wish: Partial<Wish> = {}, now = at(0)): Sent {
  return onlySent(subscriber.subscribe({ package: 'presence', resource: BOB, from: ALICE, ...wish }, now));
}

export function ok(request: SipRequest, expires: number, headers: Record<string, string> = {}, status = 200): SipResponse {
  const response = createResponse(request, status, undefined, '151170');
  response.headers.append('Expires', String(expires));
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export function notify(
  opening: SipRequest,
  cseq: number,
  state: string | undefined,
  headers: Record<string, string | undefined> = {},
  body = 'open',
): SipRequest {
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
export function active(subscriber: Subscriber, expires = 7200, wish: Partial<Wish> = {}): { opening: SipRequest; subscription: SubscriberSubscription } {
  const { request, subscription } = open(subscriber, { expires, ...wish });
  subscriber.answered(subscription, ok(request, expires), at(1));
  subscriber.receiveNotify(notify(request, 42, `active;expires=${expires}`), at(1));
  return { opening: request, subscription };
}
