/** The two halves of an item of a roster (RFC 6121 §3.1, §3.2, §3.3): whether the account sees the contact, and whether the contact sees the account. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type SeesState = 'none' | 'asked' | 'sees';
export type SeesEvent = 'subscribe' | 'unsubscribe' | 'subscribed' | 'unsubscribed';
export type SeesAction = 'send-subscribe' | 'send-unsubscribe' | 'forget';

/** `to` in the words of a roster; `asked` is its `ask`. */
export const SEES = {
  name: 'roster: sees the contact',
  states: ['none', 'asked', 'sees'],
  initial: 'none',
  final: [],
  rows: [
    { from: ['none', 'asked'], on: 'subscribe', to: 'asked', actions: ['send-subscribe'] },
    { from: 'asked', on: 'subscribed', to: 'sees', clause: 'RFC 6121 §3.1.6' },
    { from: ['asked', 'sees'], on: 'unsubscribed', to: 'none', actions: ['forget'] },
    { from: ['asked', 'sees'], on: 'unsubscribe', to: 'none', actions: ['send-unsubscribe', 'forget'] },
  ],
} satisfies StateTable<SeesState, SeesEvent, never, SeesAction>;

export const seesTable = compileTable<SeesState, SeesEvent, never, SeesAction>(SEES);

export type SeenState = 'none' | 'waiting' | 'seen';
export type SeenEvent = 'subscribe' | 'unsubscribe' | 'approve' | 'deny';
export type SeenAction = 'send-subscribed' | 'send-unsubscribed' | 'send-presence' | 'send-gone' | 'consider';

/** `from` in the words of a roster; nothing stands in it while the account has not decided. */
export const SEEN = {
  name: 'roster: is seen by the contact',
  states: ['none', 'waiting', 'seen'],
  initial: 'none',
  final: [],
  rows: [
    { from: ['none', 'waiting'], on: 'subscribe', to: 'waiting', actions: ['consider'], clause: 'RFC 6121 §3.1.3' },
    { from: 'seen', on: 'subscribe', to: 'same', actions: ['send-subscribed'], clause: 'RFC 6121 §3.1.3' },
    { from: 'waiting', on: 'approve', to: 'seen', actions: ['send-subscribed', 'send-presence'], clause: 'RFC 6121 §3.1.5' },
    { from: ['waiting', 'seen'], on: 'deny', to: 'none', actions: ['send-unsubscribed'], clause: 'RFC 6121 §3.1.4' },
    { from: ['waiting', 'seen'], on: 'unsubscribe', to: 'none', actions: ['send-gone'] },
  ],
} satisfies StateTable<SeenState, SeenEvent, never, SeenAction>;

export const seenTable = compileTable<SeenState, SeenEvent, never, SeenAction>(SEEN);
