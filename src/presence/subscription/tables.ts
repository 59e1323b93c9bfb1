/**
 * The two state machines of a subscription as tables: NOTIFIER (RFC 6665 §4.2.2, figure) and SUBSCRIBER (RFC 6665 §4.1.2, figure), with the events that
 * the figures leave out because they lead back to the same state.
 */
import { type StateTable, compileTable } from '#base/state-table.ts';

export type NotifierState = 'init' | 'resp_wait' | 'pending' | 'active' | 'terminated';
export type NotifierEvent =
  | 'subscribe'
  | 'policy-grants'
  | 'policy-needed'
  | 'policy-withdrawn'
  | 'refresh'
  | 'unsubscribe'
  | 'state-changed'
  | 'interval-over'
  | 'expires'
  | 'policy-ends'
  | 'notify-failed';
export type NotifierGuard = 'fetch' | 'may-see' | 'interval-over' | 'spared';
export type NotifierAction = 'respond' | 'store' | 'set-expiry' | 'notify' | 'notify-end' | 'wait-for-interval' | 'respond-alone' | 'spare' | 'forget';

/**
 * Deviation: the figure sends the first NOTIFY when entering resp_wait; policy answers here within the same step, so the NOTIFY goes out on leaving it
 * and already tells active or pending.
 */
export const NOTIFIER: StateTable<NotifierState, NotifierEvent, NotifierGuard, NotifierAction> = {
  name: 'subscription (notifier)',
  states: ['init', 'resp_wait', 'pending', 'active', 'terminated'],
  initial: 'init',
  final: ['terminated'],
  rows: [
    { from: 'init', on: 'subscribe', to: 'resp_wait', actions: ['respond'], clause: 'RFC 6665 §4.2.1.1' },
    { from: 'resp_wait', on: 'policy-grants', guard: 'fetch', to: 'terminated', actions: ['notify-end'], clause: 'RFC 6665 §4.4.3' },
    { from: 'resp_wait', on: 'policy-needed', guard: 'fetch', to: 'terminated', actions: ['notify-end'], clause: 'RFC 6665 §4.4.3' },
    { from: 'resp_wait', on: 'policy-grants', to: 'active', actions: ['store', 'set-expiry', 'notify'], clause: 'RFC 6665 §4.2.1.2' },
    { from: 'resp_wait', on: 'policy-needed', to: 'pending', actions: ['store', 'set-expiry', 'notify'], clause: 'RFC 6665 §4.2.1.3' },
    { from: 'pending', on: 'policy-grants', to: 'active', actions: ['notify'], clause: 'RFC 6665 §4.2.2' },
    { from: 'active', on: 'policy-grants', to: 'same', actions: ['notify'], clause: 'RFC 6665 §4.2.2' },
    // The figure of RFC 6665 has no such way; presence has one: whoever was let in may have to wait again.
    { from: 'active', on: 'policy-withdrawn', to: 'pending', actions: ['notify'], clause: 'RFC 5025 §3.2.1' },
    { from: ['pending', 'active'], on: 'refresh', guard: 'spared', to: 'same', actions: ['respond-alone', 'set-expiry'], clause: 'RFC 5839 §6.3' },
    { from: ['pending', 'active'], on: 'unsubscribe', guard: 'spared', to: 'terminated', actions: ['respond-alone', 'forget'], clause: 'RFC 5839 §5.7' },
    { from: ['pending', 'active'], on: 'refresh', to: 'same', actions: ['respond', 'set-expiry', 'notify'], clause: 'RFC 6665 §4.2.1.4' },
    { from: ['pending', 'active'], on: 'unsubscribe', to: 'terminated', actions: ['respond', 'notify-end', 'forget'], clause: 'RFC 6665 §4.2.1.4' },
    // A pending subscription must not leak state: changes are silent (RFC 3856 §6.6.2), and so they are for a politely blocked watcher.
    { from: 'active', on: 'state-changed', guard: 'spared', to: 'same', actions: ['spare'], clause: 'RFC 5839 §6.3' },
    { from: 'active', on: 'state-changed', guard: 'interval-over', to: 'same', actions: ['notify'], clause: 'RFC 6665 §4.2.2' },
    { from: 'active', on: 'state-changed', guard: 'may-see', to: 'same', actions: ['wait-for-interval'], clause: 'RFC 3856 §6.10' },
    { from: 'active', on: 'interval-over', guard: 'spared', to: 'same', actions: ['spare'], clause: 'RFC 5839 §6.3' },
    { from: 'active', on: 'interval-over', to: 'same', actions: ['notify'], clause: 'RFC 3856 §6.10' },
    { from: ['pending', 'active'], on: 'expires', to: 'terminated', actions: ['notify-end', 'forget'], clause: 'RFC 6665 §4.2.1.4' },
    { from: ['pending', 'active'], on: 'policy-ends', to: 'terminated', actions: ['notify-end', 'forget'], clause: 'RFC 6665 §4.2.2' },
    { from: ['pending', 'active'], on: 'notify-failed', to: 'terminated', actions: ['forget'], clause: 'RFC 6665 §4.2.2' },
  ],
};

export type SubscriberState = 'init' | 'notify_wait' | 'pending' | 'active' | 'terminated';
export type SubscriberEvent =
  | 'subscribe'
  | 'notify-active'
  | 'notify-pending'
  | 'notify-terminated'
  | 'accepted'
  | 'accepted-as-last'
  | 'refused'
  | 'too-brief'
  | 'refresh-failed'
  | 'refresh-due'
  | 'unsubscribe'
  | 'timer-n'
  | 'expires'
  | 'abandon';
export type SubscriberAction =
  'send-subscribe' | 'send-refresh' | 'send-unsubscribe' | 'send-again-longer' | 'unsubscribe-later' | 'note-expiry' | 'try-later' | 'end';

/** The retry after `terminated` is a new subscription with a machine of its own (RFC 6665 §4.1.2.2 wants a new Call-ID and From tag). */
export const SUBSCRIBER: StateTable<SubscriberState, SubscriberEvent, never, SubscriberAction> = {
  name: 'subscription (subscriber)',
  states: ['init', 'notify_wait', 'pending', 'active', 'terminated'],
  initial: 'init',
  final: ['terminated'],
  rows: [
    { from: 'init', on: 'subscribe', to: 'notify_wait', actions: ['send-subscribe'], clause: 'RFC 6665 §4.1.2.1' },
    { from: ['notify_wait', 'pending', 'active'], on: 'accepted', to: 'same', actions: ['note-expiry'], clause: 'RFC 6665 §4.1.2.1' },
    // 204 to an unsubscribe: the last NOTIFY would tell nothing new, and does not come.
    { from: ['pending', 'active'], on: 'accepted-as-last', to: 'terminated', actions: ['end'], clause: 'RFC 5839 §5.7' },
    { from: 'notify_wait', on: 'too-brief', to: 'same', actions: ['send-again-longer'], clause: 'RFC 3261 §8.1.3.5' },
    { from: ['pending', 'active'], on: 'too-brief', to: 'same', actions: ['send-again-longer'], clause: 'RFC 3261 §8.1.3.5' },
    { from: 'notify_wait', on: 'refused', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.2.1' },
    { from: ['pending', 'active'], on: 'refused', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.2.2' },
    { from: ['pending', 'active'], on: 'refresh-failed', to: 'same', actions: ['try-later'], clause: 'RFC 6665 §4.1.2.2' },
    { from: ['notify_wait', 'pending', 'active'], on: 'notify-active', to: 'active', actions: ['note-expiry'], clause: 'RFC 6665 §4.1.3' },
    { from: ['notify_wait', 'pending', 'active'], on: 'notify-pending', to: 'pending', actions: ['note-expiry'], clause: 'RFC 6665 §4.1.3' },
    { from: ['notify_wait', 'pending', 'active'], on: 'notify-terminated', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.3' },
    { from: ['pending', 'active'], on: 'refresh-due', to: 'same', actions: ['send-refresh'], clause: 'RFC 6665 §4.1.2.2' },
    { from: ['pending', 'active'], on: 'unsubscribe', to: 'same', actions: ['send-unsubscribe'], clause: 'RFC 6665 §4.1.2.3' },
    // Without a dialog there is nothing to unsubscribe on yet: the first NOTIFY brings it (RFC 6665 §4.4.1).
    { from: 'notify_wait', on: 'unsubscribe', to: 'same', actions: ['unsubscribe-later'], clause: 'RFC 6665 §4.4.1' },
    { from: 'notify_wait', on: 'timer-n', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.2.4' },
    { from: ['pending', 'active'], on: 'timer-n', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.2.2' },
    { from: ['pending', 'active'], on: 'expires', to: 'terminated', actions: ['end'], clause: 'RFC 6665 §4.1.2.2' },
    // The registration under it is gone: no way leads to the notifier any more.
    { from: ['notify_wait', 'pending', 'active'], on: 'abandon', to: 'terminated', actions: ['end'], clause: 'TS 24.229 (clause unchecked)' },
  ],
};

export const notifierTable = compileTable(NOTIFIER);
export const subscriberTable = compileTable(SUBSCRIBER);
