/** What is done to need fewer messages, in the words of the page. */
import type { BorderKind } from '#trace/border-count.ts';
import type { Saving } from '#trace/price-formula.ts';

export const SAVING_WORDS: Readonly<Record<Saving, { readonly name: string; readonly says: string }>> = {
  none: {
    name: 'Nothing',
    says: 'Of each of C contacts: a SUBSCRIBE at the beginning, r refreshes and one at the end, a NOTIFY after each of these, and one for each of k changes. Every request has its answer.',
  },
  suppressed: {
    name: 'Nothing told twice',
    says: 'A refresh that would tell nothing new is answered 204, and no NOTIFY follows (RFC 5839): r of them less for each contact.',
  },
  list: {
    name: 'A list',
    says: 'One subscription to a list of all contacts (RFC 4662): everybody in one NOTIFY at the beginning, after each refresh and at the end, one person in each of C·k changes.',
  },
  'list-suppressed': { name: 'A list, nothing twice', says: 'Both together: r NOTIFYs of the whole list less.' },
  common: {
    name: 'Told once for all',
    says: 'Subscriptions as with nothing, but a change crosses once for all watchers and is told on behind the border: k for each user. An experiment of ours on an idea from the IETF’s SIMPLE group, no standard.',
  },
};

export const KIND_WORDS: Readonly<Record<BorderKind, string>> = { initial: 'Begin', refresh: 'Refresh', steady: 'Changes', 'sign-out': 'End' };
/** In the order of a session. */
export const KIND_ORDER: readonly BorderKind[] = ['initial', 'refresh', 'steady', 'sign-out'];
