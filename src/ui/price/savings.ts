/** What is done to need fewer messages, in the words of the page. */
import type { BorderKind } from '#trace/border-count.ts';
import type { Saving } from '#trace/price-formula.ts';

export const SAVING_WORDS: Readonly<Record<Saving, { readonly name: string; readonly says: string }>> = {
  none: { name: 'Nothing', says: 'Every watcher subscribes to each contact, and is told at the start, at each change, at each refresh and at the end.' },
  suppressed: { name: 'Nothing told twice', says: 'A refresh that would tell nothing new is answered 204, and no NOTIFY follows (RFC 5839).' },
  list: {
    name: 'A list',
    says: 'One subscription to a list of all contacts: everybody in one NOTIFY at the start and at each refresh, one person at each change (RFC 4662).',
  },
  'list-suppressed': { name: 'A list, nothing twice', says: 'Both together.' },
  common: {
    name: 'Told once for all',
    says: 'A change crosses once for all watchers and is told on behind the border. An experiment of ours on an idea of the IETF’s SIMPLE group: no standard.',
  },
};

export const KIND_WORDS: Readonly<Record<BorderKind, string>> = { initial: 'Begin', refresh: 'Refresh', steady: 'Changes', 'sign-out': 'End' };
/** In the order of a session. */
export const KIND_ORDER: readonly BorderKind[] = ['initial', 'refresh', 'steady', 'sign-out'];
