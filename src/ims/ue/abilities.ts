/** What a UE can do beyond the usual: handed to it by whoever builds it, so that nobody loads what no user of a network asks for. Types only. */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewChange, ViewTable, ViewTimer } from '#base/view.ts';
import type { Shorten } from '#presence/publication/publisher.ts';
import type { SubscriberPackage } from '#presence/subscription/event-package.ts';
import type { SubscriberSubscription, Wish } from '#presence/subscription/subscriber.ts';
import type { Notified } from './notified.ts';
import type { XcapFacts } from './xcap-facts.ts';

export interface UeAbilities {
  /** Watches its own watchers (RFC 3857). */
  readonly createWatcherWatching?: () => WatcherWatching;
  /** Watches lists (RFC 4662). */
  readonly createListWatching?: () => ListWatching;
  /** Fetches what a NOTIFY only refers to (RFC 4483). `startsAt`: moment 0, UTC. */
  readonly createContentFetching?: (address: string, startsAt: string) => ContentFetching;
  /** Changes its own rules over Ut (RFC 4825). */
  readonly createXcapUse?: (facts: XcapFacts, address: string, chance: Chance) => XcapUse;
  /** Wants fewer and smaller NOTIFYs (RFC 5839, RFC 6446). */
  readonly createLeanWatching?: () => LeanWatching;
}

/** Whoever speaks HTTP for a UE. */
export interface HttpUse {
  /** Whether it is the one to step with this input. */
  isAbout(input: Input): boolean;
  step(input: Input, now: SimTime, out: Effect[]): void;
  deadline(): SimTime | undefined;
  fire(now: SimTime, out: Effect[]): void;
  table(): ViewTable | undefined;
  timers(): readonly ViewTimer[];
}

export interface LearntLean {
  /** With the whole document as its body, where only a part came. */
  readonly step: Notified;
  readonly notes: readonly Note[];
  /** Something was lost: only the whole helps. */
  readonly wantsFullState?: boolean;
}

export interface LeanWatching {
  /** What a person's wish says of it, for a new subscription. */
  wish(intent: Intent, resource: string): Partial<Wish>;
  /** The same for one that stands. */
  adjust(subscription: SubscriberSubscription, intent: Intent): void;
  learn(step: Notified): LearntLean;
  /** What is held is not what it seems: the next SUBSCRIBE names no state. */
  distrust(subscription: SubscriberSubscription): void;
  forget(subscription: SubscriberSubscription): void;
  /** What has changed in the own document (RFC 5264). */
  readonly shorten: Shorten;
}

export interface ContentFetching extends HttpUse {
  /** What a SUBSCRIBE says that takes references. */
  readonly accepts: readonly string[];
  isReference(step: Notified): boolean;
  /** Fetches what the NOTIFY refers to, or finds it here already. */
  follow(step: Notified, now: SimTime, out: Effect[]): void;
  /** What was fetched and is what was meant since it was asked last, as if it had stood in its NOTIFY. */
  arrived(): readonly Notified[];
}

/** What becomes of the own rules, over HTTP. */
export interface XcapUse extends HttpUse {
  /** Kinds of wishes that it carries out. */
  readonly wishes: ReadonlySet<string>;
  /** `undecided`: a watcher who is known to wait for an answer. */
  carryOut(intent: Intent, undecided: string | undefined, now: SimTime, out: Effect[]): void;
  /** The documents that it may change. */
  changes(): readonly ViewChange[];
}

export interface WatcherWatching {
  readonly pack: SubscriberPackage;
  /** `wantsFullState`: something was lost, and only the whole helps. */
  learn(step: Notified): { readonly notes: readonly Note[]; readonly wantsFullState: boolean };
  /** Those who wait for an answer, in the order in which they came; each once. */
  undecided(): readonly string[];
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
