/** What a subscription asks of the refinement of its package, where there is one: the usual answers where there is none. */
import type { Note } from '#base/note.ts';
import type { Duration, SimTime } from '#base/time.ts';
import type { LiveSubscription } from './notifier-table.ts';
import { stateFor } from './notify-request.ts';
import type { NotifyOccasion } from './refinement.ts';
import type { NotifierEvent } from './tables.ts';

export function leastInterval(subscription: LiveSubscription): Duration {
  const { minInterval, refinement } = subscription.package;
  return refinement === undefined ? minInterval : refinement.minInterval(subscription, minInterval);
}

/** When the next NOTIFY has to go out, whatever happens; not before `now`. */
export function latestNotify(subscription: LiveSubscription, now: SimTime): SimTime | undefined {
  if (subscription.state !== 'active') return undefined;
  const due = subscription.package.refinement?.dueBy(subscription, subscription.lastNotifyAt);
  return due !== undefined && due < now ? now : due;
}

/** Why the NOTIFY that is due would tell the watcher nothing it has to hear; undefined when it has to go out. `isAnswer`: a SUBSCRIBE asks for it. */
export function sparedBy(subscription: LiveSubscription, isAnswer: boolean, now: SimTime): Note | undefined {
  const { refinement } = subscription.package;
  if (refinement === undefined) return undefined;
  if (!isAnswer) {
    const due = refinement.dueBy(subscription, subscription.lastNotifyAt);
    // What did not arrive is told again.
    if (subscription.missed || subscription.access !== 'full' || (due !== undefined && due <= now)) return undefined;
  }
  const made = refinement.judgesUnseen === true ? undefined : stateFor(subscription, isAnswer, now);
  const body = made instanceof Uint8Array ? made : made?.bytes;
  return isAnswer ? refinement.sparesAnswer(subscription, body) : refinement.sparesChange(subscription, body);
}

export function occasionOf(on: NotifierEvent, isAnswer: boolean): NotifyOccasion {
  if (isAnswer) return 'answer';
  return on === 'state-changed' || on === 'policy-grants' ? 'change' : on === 'interval-over' ? 'rate' : 'end';
}
