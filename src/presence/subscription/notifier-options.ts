/** What a notifier is told when it is made. */
import type { Chance } from '#base/chance.ts';
import type { SimTime } from '#base/time.ts';
import type { NotifierPackage } from './event-package.ts';
import type { SubscriptionMove } from './notifier-table.ts';

export interface NotifierOptions {
  readonly packages: readonly NotifierPackage[];
  /** The Contact value of this node, e.g. `<sip:ps.home2.net>`. */
  readonly contact: string;
  readonly chance: Chance;
  /** A first SUBSCRIBE is answered 202, as RFC 3265 had it. */
  readonly accepts202?: true;
  /** Is told of every step of a subscription. */
  readonly observe?: ((move: SubscriptionMove, now: SimTime) => void) | undefined;
}
