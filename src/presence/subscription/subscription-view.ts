/** The subscriptions of a notifier and of a subscriber as tables, timers and live states for people. */
import { type SimTime, between, inSeconds } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { type LiveSubscription, subscriptionKey } from './notifier-table.ts';
import { type LiveWatch, watchKey } from './subscriber-subscription.ts';
import { NOTIFIER, SUBSCRIBER } from './tables.ts';

const SEEN = { full: 'everything', polite: 'a polite nothing', none: 'nothing yet' } as const;

const timeLeft = (now: SimTime, until: SimTime): string => `${Math.ceil(inSeconds(between(now, until)))} s`;

export function tableOfSubscriptions(subscriptions: Iterable<LiveSubscription>, now: SimTime): ViewTable {
  const rows = [...subscriptions].map((each) => [each.watcher, each.resource, each.event, each.state, SEEN[each.access], timeLeft(now, each.expiresAt)]);
  return { title: 'Subscriptions', columns: ['Watcher', 'Resource', 'Event', 'State', 'Sees', 'Expires in'], rows, empty: 'Nobody is subscribed.' };
}

export function timersOfSubscriptions(subscriptions: Iterable<LiveSubscription>): ViewTimer[] {
  return [...subscriptions].flatMap((each) => {
    const subject = subscriptionKey(each);
    const expiry: ViewTimer = { name: 'Subscription expiry', subject, firesAt: each.expiresAt };
    return each.interval === undefined ? [expiry] : [expiry, { name: 'Next NOTIFY allowed', subject, firesAt: each.interval.firesAt }];
  });
}

export function statesOfSubscriptions(subscriptions: Iterable<LiveSubscription>): LiveState[] {
  return [...subscriptions].map((each) => ({ machine: NOTIFIER.name, key: subscriptionKey(each), state: each.state }));
}

export function tableOfWatches(watches: Iterable<LiveWatch>, now: SimTime): ViewTable {
  const rows = [...watches].map((each) => [
    each.wish.resource,
    each.event,
    each.state,
    each.expiresAt === undefined ? 'not known yet' : timeLeft(now, each.expiresAt),
    each.dialog?.routeSet.join(', ') ?? 'no dialog yet',
  ]);
  return { title: 'Watched', columns: ['Resource', 'Event', 'State', 'Expires in', 'Route set'], rows, empty: 'Nothing is watched.' };
}

export function timersOfWatches(watches: Iterable<LiveWatch>): ViewTimer[] {
  return [...watches].flatMap((watch) =>
    Object.entries(watch.timers).flatMap(([name, timer]) => (timer === undefined ? [] : [{ name, subject: watchKey(watch), firesAt: timer.firesAt }])),
  );
}

export function statesOfWatches(watches: Iterable<LiveWatch>): LiveState[] {
  return [...watches].map((each) => ({ machine: SUBSCRIBER.name, key: watchKey(each), state: each.state }));
}
