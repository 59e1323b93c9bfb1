/** What a list server has sent a request for. */
import type { NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { ServedList } from './back-ends.ts';

export type Purpose =
  | { readonly kind: 'notify'; readonly subscription: NotifierSubscription }
  | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription; readonly served: ServedList }
  | { readonly kind: 'documents'; readonly subscription: SubscriberSubscription };

/** In whose name it asks, or for whose list it tells; nobody's, when it only follows documents. */
export function servedBy(purpose: Purpose | undefined): readonly string[] {
  if (purpose === undefined || purpose.kind === 'documents') return [];
  return [purpose.kind === 'notify' ? purpose.subscription.resource : purpose.served.watcher];
}
