/** Whether a NOTIFY is ours to take: which subscription it belongs to and what it says of it, or how it is refused (RFC 6665 §4.1.3 and §4.4.1). */
import type { Note } from '#base/note.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import type { SubscriberPackage } from './event-package.ts';
import type { LiveWatch } from './subscriber-subscription.ts';
import { type SubscriptionState, formatEvent, parseEvent, parseSubscriptionState } from './subscription-state.ts';
import type { SubscriberEvent } from './tables.ts';

/** A NOTIFY that belongs to a subscription; its place in the dialog is not judged yet. */
export interface MatchedNotify {
  readonly kind: 'matched';
  readonly watch: LiveWatch;
  readonly on: SubscriberEvent;
  readonly state: 'active' | 'pending' | 'terminated';
  readonly told: SubscriptionState;
  readonly contentType: string | undefined;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly note: Omit<Note, 'op'>;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const refused = (status: number, note: Omit<Note, 'op'>, headers: Refusal['headers'] = []): Refusal => ({ kind: 'refused', status, note, headers });

const EVENTS = { active: 'notify-active', pending: 'notify-pending', terminated: 'notify-terminated' } as const;

/** `byTag` holds the subscriptions by the tag of their From. */
export function judgeNotify(
  request: SipRequest,
  packages: ReadonlyMap<string, SubscriberPackage>,
  byTag: ReadonlyMap<string, LiveWatch>,
): MatchedNotify | Refusal {
  const { headers, body } = request;
  const event = parseEvent(headers.get('Event'));
  if (event === undefined || !packages.has(event.name)) {
    // RFC 6665 §4.1.3: a package that is not supported is answered 489.
    const reason = event === undefined ? 'The NOTIFY names no event package.' : `The event package ${event.name} is not watched here.`;
    return refused(489, { header: 'Event', reason, clause: 'RFC 6665 §4.1.3' }, [['Allow-Events', [...packages.keys()].join(', ')]]);
  }
  // RFC 6665 §4.4.1: matched by Call-ID, our tag in To, and Event.
  const watch = byTag.get(tagOf(headers.get('To') ?? '') ?? '');
  if (watch === undefined || watch.state === 'terminated' || watch.callId !== headers.get('Call-ID') || watch.event !== formatEvent(event)) {
    const reason = 'The NOTIFY belongs to no subscription here: its Call-ID, To tag and Event are not those of any.';
    return refused(481, { reason, clause: 'RFC 6665 §4.1.3' });
  }
  if (watch.dialog !== undefined && watch.dialog.remoteTag !== (tagOf(headers.get('From') ?? '') ?? '')) {
    // RFC 6665 §5.4.9: where a package allows one dialog, NOTIFYs of others are refused.
    const reason = 'Another notifier answered the same SUBSCRIBE first: this package allows one dialog only.';
    return refused(481, { header: 'From', reason, clause: 'RFC 6665 §5.4.9' });
  }
  const value = headers.get('Subscription-State');
  const told = value === undefined ? undefined : parseSubscriptionState(value);
  const state = told?.state;
  if (told === undefined || (state !== 'active' && state !== 'pending' && state !== 'terminated')) {
    // RFC 6665 §4.1.3: every NOTIFY tells the state of the subscription.
    const reason = value === undefined ? 'The NOTIFY lacks Subscription-State.' : `Subscription-State "${value}" is neither active, pending nor terminated.`;
    return refused(400, { header: 'Subscription-State', reason, clause: 'RFC 6665 §4.1.3' });
  }
  const contentType = mediaTypeOf(headers.get('Content-Type') ?? '');
  // The end of a subscription is taken with any body: refusing it would not make it live.
  if (state !== 'terminated' && body.length > 0 && !watch.package.contentTypes.some((type) => type === contentType || mediaTypeOf(type) === contentType)) {
    const note = { header: 'Content-Type', reason: `A body of type ${contentType ?? 'unknown'} is not what Accept asked for.`, clause: 'RFC 3261 §8.2.3' };
    return refused(415, note, [['Accept', watch.package.contentTypes.join(', ')]]);
  }
  return { kind: 'matched', watch, on: EVENTS[state], state, told, contentType };
}
