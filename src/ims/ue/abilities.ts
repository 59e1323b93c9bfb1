/** What a UE can do beyond the usual: handed to it by whoever builds it, so that nobody loads what no user of a network asks for. Types only. */
import type { Note } from '#base/note.ts';
import type { ViewTable } from '#base/view.ts';
import type { SubscriberPackage } from '#presence/subscription/event-package.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { Notified } from './notified.ts';

export interface UeAbilities {
  /** Watches its own watchers (RFC 3857). */
  readonly createWatcherWatching?: () => WatcherWatching;
}

export interface WatcherWatching {
  readonly pack: SubscriberPackage;
  /** `wantsFullState`: something was lost, and only the whole helps. */
  learn(step: Notified): { readonly notes: readonly Note[]; readonly wantsFullState: boolean };
  /** The subscription is over. */
  forget(subscription: SubscriberSubscription): void;
  /** Undefined as long as nothing was told. */
  table(): ViewTable | undefined;
}
