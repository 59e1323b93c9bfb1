/**
 * What makes NOTIFYs fewer and smaller than the framework alone (RFC 5839, RFC 6446, RFC 5263, RFC 4660): at the notifier a collaborator of its package, at the subscriber one of a
 * wish. Handed in where it is wanted; types only.
 */
import type { Note } from '#base/note.ts';
import type { Duration, SimTime } from '#base/time.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';

/** A subscription of a notifier, as far as it matters here. The same object for as long as it lives. */
export interface RefinedSubscription {
  readonly resource: string;
  readonly watcher: string;
  readonly event: string;
  readonly contentType: string;
  readonly state: string;
  /** `full`, `polite` or `none`: how much its watcher may see. */
  readonly access?: string;
}

export interface RefinementRefusal {
  readonly status: number;
  readonly note: Omit<Note, 'op'>;
  readonly headers?: readonly (readonly [string, string])[];
}

/** Body and header fields of a NOTIFY. */
export interface ShapedNotify {
  readonly body: Uint8Array | undefined;
  /** The whole Content-Type, when there is a body. */
  readonly contentType: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Follows in Subscription-State: `;max-rate=0.1`. */
  readonly stateParams: string;
  readonly notes: readonly Note[];
}

/** Why a NOTIFY goes out: it answers a SUBSCRIBE, the state or the subscription changed, its time has come, or it is the last; `missed`: one of those, and the one before did not arrive. */
export type NotifyOccasion = 'answer' | 'change' | 'rate' | 'end' | 'missed';

/** `body` is always what the package shows the watcher now. */
export interface NotifierRefinement {
  /** It judges without the document, which is then not made for it: making one may count. */
  readonly judgesUnseen?: true;
  /** Types of a body that a SUBSCRIBE may have. */
  readonly bodyTypes: readonly string[];
  /** Formats of the body beside those of the package. */
  readonly contentTypes: readonly string[];
  /** Reads what a SUBSCRIBE says beyond the framework. After a refusal all is as it was. */
  take(subscription: RefinedSubscription, request: SipRequest): RefinementRefusal | undefined;
  /** Reads what the 2xx to a NOTIFY says; why something is otherwise from now on. */
  heard?(subscription: RefinedSubscription, response: SipResponse): Note | undefined;
  /** Why no NOTIFY is needed for a SUBSCRIBE within the dialog; undefined when one is. */
  sparesAnswer(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined;
  /** The same for a change of state. */
  sparesChange(subscription: RefinedSubscription, body: Uint8Array | undefined): Note | undefined;
  /** Least time between two NOTIFYs that only tell a change of state; `usual` is that of the package. */
  minInterval(subscription: RefinedSubscription, usual: Duration): Duration;
  /** When the next NOTIFY is due even if nothing changes. Asked after each NOTIFY. */
  dueBy(subscription: RefinedSubscription, now: SimTime): SimTime | undefined;
  shape(subscription: RefinedSubscription, body: Uint8Array | undefined, contentType: string, why: NotifyOccasion, now: SimTime): ShapedNotify;
}

export interface SubscribeAddition {
  /** Follows in Event. */
  readonly eventParams: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  readonly notes: readonly Note[];
}

/** Of one wish, over all subscriptions that it leads to. */
export interface WishRefinement {
  /** What its next SUBSCRIBE says beyond the usual; `isOpening` outside a dialog, where nothing said before counts. */
  ask(isOpening: boolean): SubscribeAddition;
  /** A NOTIFY was taken. */
  heard(request: SipRequest): void;
}
