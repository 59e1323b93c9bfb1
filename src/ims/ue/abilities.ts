/** What a UE can do beyond the usual: handed to it by whoever builds it, so that nobody loads what no user of a network asks for. Types only. */
import type { Note } from '#base/note.ts';
import type { ViewTable } from '#base/view.ts';
import type { SubscriberPackage } from '#presence/subscription/event-package.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { Notified } from './notified.ts';

export interface UeAbilities {
  /** Watches its own watchers (RFC 3857). */
  readonly createWatcherWatching?: () => WatcherWatching;
  /** Watches lists (RFC 4662). */
  readonly createListWatching?: () => ListWatching;
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

export interface LearntOfList {
  readonly notes: readonly Note[];
  /** Address and state in words. */
  readonly seen: readonly (readonly [string, string])[];
  /** Something was lost: only the whole list helps. */
  readonly wantsFullState: boolean;
}

export interface ListWatching {
  /** What a SUBSCRIBE says that may be for a list. */
  readonly accepts: readonly string[];
  readonly supports: string;
  isList(step: Notified): boolean;
  learn(step: Notified): LearntOfList;
  /** The subscription is over. */
  forget(subscription: SubscriberSubscription): void;
  table(): ViewTable;
}
