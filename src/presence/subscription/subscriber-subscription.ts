/** A subscription at the watcher, what its owner has to do about it, and the SUBSCRIBEs that open, prolong and end it (RFC 6665 §4.1.2). */
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { Timer } from '#base/timers.ts';
import { type Dialog, createDialogRequest } from '#protocol/sip/dialog.ts';
import { type SipRequest, type SipResponse, createRequest } from '#protocol/sip/message.ts';
import type { SubscriberPackage } from './event-package.ts';
import type { SubscribeAddition, WishRefinement } from './refinement.ts';
import type { Again, EndCause } from './resubscription.ts';
import type { SubscriberState } from './tables.ts';

/** What somebody wants to watch. */
export interface Wish {
  readonly package: string;
  /** URI of the resource: Request-URI and To. */
  readonly resource: string;
  /** URI of the watcher: From. */
  readonly from: string;
  /** Seconds; 0 asks once (a fetch). The default of the package when absent. */
  readonly expires?: number;
  /** False: let it run out, send no refresh. */
  readonly refresh?: false;
  /** The id parameter of Event, to tell subscriptions to one resource apart. */
  readonly id?: string;
  /** Formats that are taken, each with how well it is liked (`;q=0.5`), where they are others than the package's. */
  readonly accepts?: readonly string[];
  /** Option tag of an extension that its SUBSCRIBEs say is understood: `eventlist`. */
  readonly supports?: string;
  /** Makes its NOTIFYs fewer and smaller. */
  readonly refinement?: WishRefinement;
}

/** A subscription as its owner may see it. */
export interface SubscriberSubscription {
  readonly wish: Wish;
  readonly package: SubscriberPackage;
  readonly callId: string;
  readonly localTag: string;
  /** The Event value. */
  readonly event: string;
  readonly state: SubscriberState;
  /** Made by the first NOTIFY. */
  readonly dialog: Dialog | undefined;
  /** When it runs out, as far as is known here. */
  readonly expiresAt: SimTime | undefined;
}

/** `Wait for last NOTIFY` ends 64*T1 after the subscription ran out. */
export type WatchTimer = 'Timer N' | 'Refresh' | 'Wait for last NOTIFY' | 'Retry';

/** The same as the subscriber changes it. */
export interface LiveWatch extends SubscriberSubscription {
  state: SubscriberState;
  dialog: Dialog | undefined;
  expiresAt: SimTime | undefined;
  /** Number of the last SUBSCRIBE. */
  cseq: number;
  /** Seconds asked for by the last SUBSCRIBE. */
  asked: number;
  /** It shall end: unsubscribe as soon as there is a dialog. */
  ending: boolean;
  /** Record-Route of the 200, reversed, for a NOTIFY that brings none; and the To tag of that 200. */
  fallback: { readonly remoteTag: string; readonly routes: readonly string[] } | undefined;
  /** Number of the last SUBSCRIBE outside a dialog. */
  openingCSeq: number;
  readonly timers: Record<WatchTimer, Timer<WatchTimerDue> | undefined>;
}

export interface WatchTimerDue {
  readonly name: WatchTimer;
  readonly watch: LiveWatch;
}

export type SubscribePurpose = 'initial' | 'fetch' | 'refresh' | 'unsubscribe';

/** What the owner has to do, in this order. Route, identity and security header fields of requests are its own. */
export type SubscriberStep =
  | {
      readonly kind: 'subscribe';
      readonly request: SipRequest;
      readonly subscription: SubscriberSubscription;
      readonly purpose: SubscribePurpose;
      readonly notes: readonly Note[];
    }
  | { readonly kind: 'respond'; readonly response: SipResponse; readonly notes: readonly Note[] }
  /** A NOTIFY was taken; `body` is empty when it carried none. */
  | {
      readonly kind: 'notified';
      readonly subscription: SubscriberSubscription;
      readonly state: 'active' | 'pending' | 'terminated';
      readonly contentType: string | undefined;
      /** Content-Type with its parameters. */
      readonly contentTypeField: string | undefined;
      readonly body: Uint8Array;
    }
  /** It is over. With `again` of kind at-once or later the subscriber acts by itself. */
  | { readonly kind: 'ended'; readonly subscription: SubscriberSubscription; readonly cause: EndCause; readonly again: Again }
  | EmitEffect
  | NoteEffect;

/** Names a subscription to people and in StateChange and LiveState. */
export const watchKey = (of: SubscriberSubscription): string => `${of.event} of ${of.wish.resource} for ${of.wish.from} (${of.localTag})`;

/** The SUBSCRIBE that opens the subscription (or opens it again after 423): outside any dialog. */
export function openingRequest(watch: LiveWatch, contact: string): { request: SipRequest; notes: Note[] } {
  const { wish, event, asked } = watch;
  const accept = acceptOf(watch);
  const more = wish.refinement?.ask(true) ?? NOTHING_MORE;
  const headers: (readonly [string, string])[] = [
    ['Max-Forwards', '70'],
    ['From', `<${wish.from}>;tag=${watch.localTag}`],
    ['To', `<${wish.resource}>`],
    ['Call-ID', watch.callId],
    ['CSeq', `${watch.cseq} SUBSCRIBE`],
    ['Contact', contact],
    ['Event', event + more.eventParams],
    ['Accept', accept],
    ['Expires', String(asked)],
    ...supportOf(wish),
    ...more.headers,
  ];
  const request = createRequest('SUBSCRIBE', wish.resource, headers, more.body);
  const notes: Note[] = [
    { op: 'added', header: 'Event', to: event + more.eventParams, reason: 'Says what is watched: the event package.', clause: 'RFC 6665 §4.1.2.1' },
    { op: 'added', header: 'Accept', to: accept, reason: 'The formats of state that are understood here.', clause: 'RFC 6665 §3.1.3' },
    {
      op: 'added',
      header: 'Expires',
      to: String(asked),
      reason: asked === 0 ? 'Zero seconds: the state is wanted once, and no subscription stays.' : 'How long the subscription shall last unless refreshed.',
      clause: asked === 0 ? 'RFC 6665 §4.4.3' : 'RFC 6665 §3.1.1',
    },
    { op: 'added', header: 'Contact', to: contact, reason: 'Where the NOTIFYs shall go.', clause: 'RFC 3261 §8.1.1.8' },
    {
      op: 'added',
      header: 'From',
      reason: 'Its tag will stand in the To of the NOTIFYs: by it, Call-ID and Event they are recognised.',
      clause: 'RFC 6665 §4.4.1',
    },
  ];
  if (wish.supports !== undefined) notes.push({ op: 'added', header: 'Supported', to: wish.supports, reason: SUPPORTS, clause: 'RFC 4662 §4.1' });
  notes.push(...more.notes);
  return { request, notes };
}

const NOTHING_MORE: SubscribeAddition = { eventParams: '', headers: [], notes: [] };
const acceptOf = (watch: LiveWatch): string => (watch.wish.accepts ?? watch.package.contentTypes).join(', ');

const SUPPORTS = 'Whether the address is that of a list nothing tells: whoever can take one says so each time.';
const supportOf = ({ supports }: Wish): (readonly [string, string])[] => (supports === undefined ? [] : [['Supported', supports]]);

/** The SUBSCRIBE that prolongs or ends the subscription, in its dialog, which it moves on. Throws without a dialog. */
export function dialogSubscribe(watch: LiveWatch, contact: string, purpose: SubscribePurpose): { request: SipRequest; notes: Note[] } {
  if (watch.dialog === undefined) throw new Error('dialogSubscribe: no dialog yet');
  const expires = String(watch.asked);
  const more = watch.wish.refinement?.ask(false) ?? NOTHING_MORE;
  const headers: (readonly [string, string])[] = [
    ['Contact', contact],
    ['Event', watch.event + more.eventParams],
    ['Accept', acceptOf(watch)],
    ['Expires', expires],
    ...supportOf(watch.wish),
    ...more.headers,
  ];
  const made = createDialogRequest(watch.dialog, 'SUBSCRIBE', headers, more.body);
  watch.dialog = made.dialog;
  const why =
    purpose === 'unsubscribe'
      ? { reason: 'Zero seconds in the same dialog end the subscription; a last NOTIFY will confirm it.', clause: 'RFC 6665 §4.1.2.3' }
      : { reason: 'The subscription is prolonged in its dialog before it runs out.', clause: 'RFC 6665 §4.1.2.2' };
  return { request: made.request, notes: [{ op: 'added', header: 'Expires', to: expires, ...why }, ...made.notes, ...more.notes] };
}
