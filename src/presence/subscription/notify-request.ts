/** The messages of a notifier: its 2xx to a SUBSCRIBE, its refusals, its NOTIFY (RFC 6665 §4.2). */
import type { Note } from '#base/note.ts';
import { type SimTime, between, inSeconds } from '#base/time.ts';
import { createDialogRequest } from '#protocol/sip/dialog.ts';
import { type SipRequest, type SipResponse, createResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import type { TypedBody } from './event-package.ts';
import type { LiveSubscription } from './notifier-table.ts';
import type { NotifyOccasion } from './refinement.ts';
import type { EndReason } from './subscription-state.ts';

/** Why a subscription ends, for the last NOTIFY. `because`: a sentence. */
export interface SubscriptionEnd {
  readonly reason: EndReason;
  readonly retryAfter?: number;
  readonly because: string;
  readonly clause: string;
}

const TAG_NOTE: Note = { op: 'added', header: 'To', reason: 'The tag of this dialog: the NOTIFYs carry it in From.', clause: 'RFC 3261 §8.2.6.2' };
const ROUTE_NOTE: Note = {
  op: 'kept',
  header: 'Record-Route',
  reason: 'A response that makes a dialog gives back the route that the proxies recorded.',
  clause: 'RFC 3261 §12.1.1',
};
const OLDER_202: Note = {
  op: 'decided',
  reason:
    'This server answers as the older RFC 3265 did: 202 says that the SUBSCRIBE was understood, whatever the owner decides. A watcher takes it for a 200.',
  clause: 'RFC 3265 §3.1.4.1',
};
const GRANTED = 'Granted as asked for.';
const SHORTENED = 'Shortened to the longest time granted here; it is never lengthened.';

/** The 2xx that accepts or prolongs; `accepts202` for the older 202 to a first SUBSCRIBE. With `spared`, why no NOTIFY follows, it is a 204. `requested` and `granted` in seconds; `requested` is undefined when the SUBSCRIBE named no interval. */
export function acceptance(
  request: SipRequest,
  localTag: string,
  contact: string,
  requested: number | undefined,
  granted: number,
  accepts202: boolean,
  spared?: Note,
): { response: SipResponse; notes: Note[] } {
  const isFirst = tagOf(request.headers.get('To') ?? '') === undefined;
  const response = createResponse(request, spared === undefined ? (accepts202 && isFirst ? 202 : 200) : 204, undefined, localTag);
  const { headers } = response;
  const notes: Note[] = spared === undefined ? [] : [spared];
  // A refresh has its tag already, and its Record-Route cannot change the route set (RFC 6665 §4.3).
  if (isFirst) {
    if (accepts202) notes.push(OLDER_202);
    notes.push(TAG_NOTE);
    const routes = request.headers.lines('Record-Route');
    for (const route of routes) headers.append('Record-Route', route);
    if (routes.length > 0) notes.push(ROUTE_NOTE);
  }
  headers.append('Contact', contact);
  headers.append('Expires', String(granted));
  notes.push({
    op: 'added',
    header: 'Contact',
    to: contact,
    reason: 'Where the watcher sends its further requests of this dialog.',
    clause: 'RFC 3261 §12.1.1',
  });
  const reason = requested === undefined ? 'The watcher named no interval: this is the default of the package.' : granted < requested ? SHORTENED : GRANTED;
  notes.push({ op: 'added', header: 'Expires', to: String(granted), reason, clause: 'RFC 6665 §4.2.1.1' });
  return { response, notes };
}

/** The next NOTIFY of a subscription, in its state and with the package's body; moves its dialog on. `end` is given for the last one, `why` it goes out. */
export function nextNotify(
  subscription: LiveSubscription,
  contact: string,
  end: SubscriptionEnd | undefined,
  now: SimTime,
  why: NotifyOccasion,
): { request: SipRequest; notes: Note[] } {
  const { package: pack, access, contentType, notified, event } = subscription;
  const made = stateFor(subscription, why === 'answer' || subscription.missed, now);
  const typed = made === undefined || made instanceof Uint8Array ? undefined : made;
  const shown = made instanceof Uint8Array ? made : made?.bytes;
  const shaped = pack.refinement?.shape(subscription, shown, typed?.contentType ?? contentType, why !== 'answer' && subscription.missed ? 'missed' : why, now);
  const body = shaped === undefined ? shown : shaped.body;
  const type = shaped?.contentType ?? typed?.contentType ?? contentType;
  const state = (end === undefined ? liveState(subscription, now) : endState(end)) + (shaped?.stateParams ?? '');
  const extra: [string, string][] = [
    ['Contact', contact],
    ['Event', event],
    ['Subscription-State', state],
  ];
  if (shaped !== undefined) extra.push(...shaped.headers.map(([name, value]): [string, string] => [name, value]));
  if (body !== undefined) extra.push(['Content-Type', type]);
  const next = createDialogRequest(subscription.dialog, 'NOTIFY', extra, body);
  subscription.dialog = next.dialog;
  subscription.notified = notified + 1;
  subscription.lastNotifyAt = now;
  subscription.missed = false;
  const notes: Note[] = [
    ...next.notes,
    {
      op: 'added',
      header: 'Event',
      to: event,
      reason: 'The event of the SUBSCRIBE, by which the watcher recognises its subscription.',
      clause: 'RFC 6665 §8.2.1',
    },
    end === undefined
      ? {
          op: 'added',
          header: 'Subscription-State',
          to: state,
          reason: STATE_REASONS[subscription.state === 'pending' ? 'pending' : 'active'],
          clause: 'RFC 6665 §4.2.2',
        }
      : { op: 'added', header: 'Subscription-State', to: state, reason: end.because, clause: end.clause },
    body === undefined && shown === undefined
      ? { op: 'decided', reason: 'No body: there is no state to tell.', clause: 'RFC 6665 §4.2.1.2' }
      : body === undefined
        ? { op: 'decided', reason: 'No body: the watcher holds this state already.', clause: 'RFC 5839 §6.2' }
        : { op: 'added', header: 'Content-Type', to: type, reason: typed?.reason ?? BODY_REASONS[access], clause: typed?.clause ?? 'RFC 6665 §4.2.2' },
  ];
  if (shaped !== undefined) notes.push(...shaped.notes);
  return { request: next.request, notes };
}

/** What the package shows the watcher of a subscription now; `isWhole`: all of it. */
export function stateFor(subscription: LiveSubscription, isWhole: boolean, now: SimTime): Uint8Array | TypedBody | undefined {
  const { package: pack, resource, watcher, access, contentType, notified: version } = subscription;
  return pack.bodyOf({ resource, watcher, access, contentType, version, subscription, isWhole }, now);
}

const STATE_REASONS = {
  active: 'The watcher is accepted; the time that is left is told with every NOTIFY.',
  pending: 'Received, but the owner has not decided yet; the time that is left is told all the same.',
} as const;

const BODY_REASONS = {
  full: 'The whole current state.',
  polite: 'A neutral state: this watcher is told politely that all is well and learns nothing.',
  none: 'A neutral state: a watcher that is not authorized yet learns nothing.',
} as const;

/** RFC 6665 §4.2.2: active and pending carry the remaining time; rounded down, because it must not lengthen. */
function liveState(subscription: LiveSubscription, now: SimTime): string {
  const left = Math.max(0, Math.floor(inSeconds(between(now, subscription.expiresAt))));
  return `${subscription.state === 'pending' ? 'pending' : 'active'};expires=${left}`;
}

const endState = (end: SubscriptionEnd): string => `terminated;reason=${end.reason}${end.retryAfter === undefined ? '' : `;retry-after=${end.retryAfter}`}`;
