/** What a request of a UE was for: remembered until its answer comes. */
import type { SubscriberSubscription } from '#presence/subscription/subscriber.ts';

export type Purpose =
  | { readonly kind: 'register'; /** Sent over the associations of a challenge. */ readonly onTrial: boolean }
  | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription }
  | { readonly kind: 'publish'; /** Which publication. */ readonly name: string }
  | { readonly kind: 'stray-publish' };
