/** Why a subscription ended at the watcher, and whether to subscribe again (RFC 6665 §4.1.3). */
import type { Note } from '#base/note.ts';

export type EndCause =
  /** A NOTIFY said so. */
  | { readonly kind: 'notified'; readonly reason?: string; readonly retryAfter?: number }
  /** The SUBSCRIBE was refused with this status. */
  | { readonly kind: 'refused'; readonly status: number }
  /** The SUBSCRIBE got no answer, or could not be sent. */
  | { readonly kind: 'unanswered' }
  /** Timer N: no NOTIFY followed. */
  | { readonly kind: 'timer-n' }
  /** Its time ran out here, and no last NOTIFY came. */
  | { readonly kind: 'expired' }
  /** The owner gave it up: it can neither send nor receive on it any more. */
  | { readonly kind: 'abandoned' };

/** What to do about it. `allowed`: the owner may, nothing is done by itself. */
export type Again = { readonly kind: 'at-once' | 'allowed' | 'no' } | { readonly kind: 'later'; readonly seconds: number };

/** How long to wait after `probation` that names no time [choice]. */
const PROBATION_SECONDS = 60;

/**
 * The behaviour that the reason of the last NOTIFY asks for; other ends leave it to the owner. `established`: there had been a NOTIFY before that last one.
 * A notifier that answers every new subscription with `deactivated` would keep us busy for ever: then we wait as for `probation` [choice].
 */
export function againAfter(cause: EndCause, established: boolean): Again {
  if (cause.kind !== 'notified') return { kind: 'allowed' };
  switch (cause.reason) {
    case 'deactivated':
      return established ? { kind: 'at-once' } : { kind: 'later', seconds: PROBATION_SECONDS };
    case 'probation':
      return { kind: 'later', seconds: cause.retryAfter ?? PROBATION_SECONDS };
    case 'giveup':
      return cause.retryAfter === undefined ? { kind: 'allowed' } : { kind: 'later', seconds: cause.retryAfter };
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return { kind: 'no' };
    case 'timeout':
      return { kind: 'allowed' };
    default:
      // No reason or an unknown one: any time, but not before retry-after.
      return cause.retryAfter === undefined ? { kind: 'allowed' } : { kind: 'later', seconds: cause.retryAfter };
  }
}

/** What a NOTIFY that does not end the subscription says of it, in words. `expires` in seconds. */
export function noteOfState(state: 'active' | 'pending', expires: number | undefined): Note {
  const left = expires === undefined ? 'how long it lasts stays as it was known' : `${expires} s are left, whatever was asked for`;
  const reason = state === 'active' ? `The subscription is active: ${left}.` : `The subscription waits for the decision of the owner: ${left}.`;
  return { op: 'decided', header: 'Subscription-State', to: state, reason, clause: 'RFC 6665 §4.1.3' };
}

/** The end in words. `asked`: the watcher itself wanted zero seconds. */
export function noteOfEnd(cause: EndCause, asked: boolean): Note {
  const op = 'decided';
  switch (cause.kind) {
    case 'refused':
      return { op, reason: `The SUBSCRIBE was answered ${cause.status}: there is no subscription.`, clause: 'RFC 6665 §4.1.2.2' };
    case 'unanswered':
      return { op, reason: 'Nobody answered the SUBSCRIBE: there is no subscription.', clause: 'RFC 6665 §4.1.2.4' };
    case 'timer-n':
      return {
        op,
        reason: 'No NOTIFY came before Timer N fired: the subscription is taken for failed and everything about it is forgotten.',
        clause: 'RFC 6665 §4.1.2.4',
      };
    case 'abandoned':
      return {
        op,
        reason: 'The registration is over, and with it the way to the notifier: the subscription is given up without a word.',
        clause: 'TS 24.229 (clause unchecked)',
      };
    case 'expired':
      return { op, reason: 'The subscription ran out and was not refreshed, and no last NOTIFY came.', clause: 'RFC 6665 §4.1.2.2' };
    case 'notified':
      return {
        op,
        header: 'Subscription-State',
        reason: asked ? 'The last NOTIFY is here: the subscription and its dialog are over, as was asked.' : sentenceOf(cause),
        clause: 'RFC 6665 §4.1.3',
      };
  }
}

function sentenceOf({ reason, retryAfter }: { readonly reason?: string; readonly retryAfter?: number }): string {
  const wait = retryAfter === undefined ? '' : ` after ${retryAfter} s`;
  switch (reason) {
    case 'deactivated':
      return 'The notifier ended the subscription and wants it anew at once: it may have moved to another node.';
    case 'probation':
      return `The notifier ended the subscription for now: it is tried again${wait === '' ? ` after ${PROBATION_SECONDS} s` : wait}.`;
    case 'rejected':
      return 'The watcher is no longer allowed: it does not try again.';
    case 'timeout':
      return 'The notifier saw no refresh in time: the subscription is over.';
    case 'giveup':
      return `The owner did not decide in time: another try is possible${wait}.`;
    case 'noresource':
      return 'What was watched exists no more: there is nothing to try again.';
    case 'invariant':
      return 'What was watched will not change any more: there is no need to subscribe again.';
    default:
      return `The notifier ended the subscription without a reason that is known here; another try is possible${wait}.`;
  }
}
