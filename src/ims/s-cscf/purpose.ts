/** What an S-CSCF remembers of a request that it has sent on, for the answer (TS 23.218 §5.2.3 for service control). */
import type { ChargingVector } from '#ims/node/charging-vector.ts';
import type { NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { SessionCase } from './filter-criteria.ts';
import type { Inside } from './interworking.ts';
import type { ServedUser } from './served-users.ts';

/** Service control under way: where the evaluation stands, for an answer or a request that comes back from an application server. */
export interface ServiceControl {
  readonly user: ServedUser;
  readonly identity: string;
  readonly sessionCase: SessionCase;
  /** The criterion to be looked at next. */
  readonly next: number;
}

export type Purpose =
  /** A request that waits for the directory of numbers. */
  | { readonly kind: 'number'; readonly user: ServedUser }
  | { readonly kind: 'pass'; readonly vector: ChargingVector | undefined; readonly terminating: string; readonly inside?: Inside | undefined }
  | {
      readonly kind: 'isc';
      readonly control: ServiceControl;
      readonly odi: string;
      readonly original: SipRequest;
      readonly vector: ChargingVector | undefined;
      readonly defaultHandling: number | undefined;
    }
  | { readonly kind: 'notify'; readonly subscription: NotifierSubscription }
  | { readonly kind: 'third-party-register'; readonly endsOnFailure: ServedUser | undefined };
