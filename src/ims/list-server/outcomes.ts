/** What became of a subscription to a member, in the words of a list (RFC 4662 §4.5, §5.5): which reason an instance that is over gives, and whether it is tried again. */
import { type Duration, seconds } from '#base/time.ts';
import type { EndCause } from '#presence/subscription/resubscription.ts';
import type { EndReason } from '#presence/subscription/subscription-state.ts';

export interface Outcome {
  readonly reason: EndReason;
  /** Asked again after that; undefined when it would not help, or when the subscriber does so by itself. */
  readonly again?: Duration;
}

/** How long to wait before a member that could not be reached is asked again (our choice). */
const AGAIN = seconds(60);

const REASONS: ReadonlySet<string> = new Set<EndReason>(['deactivated', 'probation', 'rejected', 'timeout', 'giveup', 'noresource', 'invariant']);
const isReason = (text: string): text is EndReason => REASONS.has(text);

/** Statuses that say that the server will not let the watcher in, and that there is nobody of that address. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 407, 433, 603]);
const NOBODY: ReadonlySet<number> = new Set([404, 410, 416, 482, 483, 484, 485, 489, 604]);

export function outcomeOf(cause: EndCause): Outcome {
  switch (cause.kind) {
    case 'notified': {
      // RFC 4662 §5.5: a terminated instance always has a reason. Without a known one its notifier may be asked again.
      const reason = cause.reason !== undefined && isReason(cause.reason) ? cause.reason : 'timeout';
      return reason === 'timeout' ? { reason, again: AGAIN } : { reason };
    }
    case 'refused':
      if (REFUSALS.has(cause.status)) return { reason: 'rejected' };
      return NOBODY.has(cause.status) ? { reason: 'noresource' } : { reason: 'probation', again: AGAIN };
    case 'unanswered':
    case 'timer-n':
      return { reason: 'probation', again: AGAIN };
    case 'expired':
      return { reason: 'timeout', again: AGAIN };
    case 'abandoned':
      return { reason: 'noresource' };
  }
}
