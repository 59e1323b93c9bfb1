/**
 * The subscriptions that a notifier holds: found by their dialog, and listed by resource in the order in which they were made.
 * About 1.3 kB each: flat texts, no message, no closure. A resource's subscriptions hang in a ring, so that leaving costs the same however many there are.
 */
import type { SimTime } from '#base/time.ts';
import type { Timer } from '#base/timers.ts';
import type { Dialog } from '#protocol/sip/dialog.ts';
import type { Access, NotifierPackage } from './event-package.ts';
import type { EndReason } from './subscription-state.ts';
import type { NotifierEvent, NotifierState } from './tables.ts';

/** A subscription as its owner may see it. */
export interface NotifierSubscription {
  readonly dialog: Dialog;
  readonly package: NotifierPackage;
  readonly resource: string;
  readonly watcher: string;
  /** The Event value of its NOTIFYs: the package, with the id of the SUBSCRIBE. */
  readonly event: string;
  readonly contentType: string;
  readonly state: NotifierState;
  readonly access: Access;
  readonly expiresAt: SimTime;
}

/** A step of a subscription from one state to another; `reason` when policy ended it. */
export interface SubscriptionMove {
  readonly subscription: NotifierSubscription;
  readonly from: NotifierState;
  readonly on: NotifierEvent;
  readonly to: NotifierState;
  readonly reason: EndReason | undefined;
}

/** The same as the notifier changes it. */
export interface LiveSubscription extends NotifierSubscription {
  dialog: Dialog;
  contentType: string;
  state: NotifierState;
  access: Access;
  expiresAt: SimTime;
  /** NOTIFYs sent so far. */
  notified: number;
  lastNotifyAt: SimTime;
  /** The last NOTIFY that was answered failed, or could not be sent: what it told the watcher does not know. */
  missed: boolean;
  expiry: Timer<LiveSubscription> | undefined;
  /** Set while a change of state waits for its turn. */
  interval: Timer<LiveSubscription> | undefined;
  next: LiveSubscription | undefined;
  previous: LiveSubscription | undefined;
}

/** Names a subscription to people and in StateChange and LiveState. */
export const subscriptionKey = (of: NotifierSubscription): string => `${of.event} of ${of.resource} for ${of.watcher} (${of.dialog.localTag})`;

export class NotifierTable {
  /** By local tag: it is ours and unique here. */
  readonly #byTag = new Map<string, LiveSubscription>();
  /** Per package and resource the oldest subscription, whose `previous` is the youngest. */
  readonly #rings = new Map<NotifierPackage, Map<string, LiveSubscription>>();

  get size(): number {
    return this.#byTag.size;
  }

  has(localTag: string): boolean {
    return this.#byTag.has(localTag);
  }

  /** The subscription with that local tag, when Call-ID and remote tag are its own too. */
  find(callId: string, localTag: string, remoteTag: string): LiveSubscription | undefined {
    const found = this.#byTag.get(localTag);
    return found !== undefined && found.dialog.callId === callId && found.dialog.remoteTag === remoteTag ? found : undefined;
  }

  /** The live record of a subscription handed out earlier; undefined when it is over. */
  live(subscription: NotifierSubscription): LiveSubscription | undefined {
    return this.#byTag.get(subscription.dialog.localTag);
  }

  add(subscription: LiveSubscription): void {
    this.#byTag.set(subscription.dialog.localTag, subscription);
    let rings = this.#rings.get(subscription.package);
    if (rings === undefined) this.#rings.set(subscription.package, (rings = new Map<string, LiveSubscription>()));
    const oldest = rings.get(subscription.resource);
    if (oldest === undefined) {
      subscription.next = subscription;
      subscription.previous = subscription;
      rings.set(subscription.resource, subscription);
      return;
    }
    const youngest = oldest.previous ?? oldest;
    youngest.next = subscription;
    subscription.previous = youngest;
    subscription.next = oldest;
    oldest.previous = subscription;
  }

  remove(subscription: LiveSubscription): void {
    if (!this.#byTag.delete(subscription.dialog.localTag)) return;
    const rings = this.#rings.get(subscription.package);
    const { next, previous } = subscription;
    if (next === undefined || previous === undefined || next === subscription) rings?.delete(subscription.resource);
    else {
      previous.next = next;
      next.previous = previous;
      if (rings?.get(subscription.resource) === subscription) rings.set(subscription.resource, next);
    }
    subscription.next = undefined;
    subscription.previous = undefined;
  }

  /** The subscriptions to that resource, oldest first: a list of its own, so that they may be removed while it is walked. */
  of(pack: NotifierPackage, resource: string): LiveSubscription[] {
    const oldest = this.#rings.get(pack)?.get(resource);
    const found: LiveSubscription[] = [];
    for (let each = oldest; each !== undefined; each = each.next === oldest ? undefined : each.next) found.push(each);
    return found;
  }

  resources(pack: NotifierPackage): string[] {
    return [...(this.#rings.get(pack)?.keys() ?? [])];
  }

  all(): IterableIterator<LiveSubscription> {
    return this.#byTag.values();
  }
}
