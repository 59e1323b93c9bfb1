/** The ends of subscriptions that the framework itself knows (RFC 6665 §4.2.1.4, §4.4.3). */
import type { SubscriptionEnd } from './notify-request.ts';

export const UNSUBSCRIBED: SubscriptionEnd = {
  reason: 'timeout',
  because: 'The watcher asked for zero seconds: this is the last NOTIFY, and the dialog ends with it.',
  clause: 'RFC 6665 §4.2.1.4',
};
export const FETCHED: SubscriptionEnd = {
  reason: 'timeout',
  because: 'The watcher asked for the state once, for zero seconds: nothing stays behind.',
  clause: 'RFC 6665 §4.4.3',
};
export const RUN_OUT: SubscriptionEnd = { reason: 'timeout', because: 'The subscription was not refreshed before it ran out.', clause: 'RFC 6665 §4.2.1.4' };
