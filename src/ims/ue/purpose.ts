/** What a request of a UE was for: remembered until its answer comes. */
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';

export type Purpose =
  | { readonly kind: 'register'; readonly expires: number }
  | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription }
  | { readonly kind: 'publish' }
  | { readonly kind: 'stray-publish' };
