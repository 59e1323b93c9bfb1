/**
 * What an event package brings to the framework (RFC 6665 §5.4): its name, durations, formats, rate, policy and state. The notifier and the subscriber know no package.
 */
import type { Duration, SimTime } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { PIDF_TYPE } from '../pidf/document.ts';
import { REGINFO_TYPE } from '../reginfo/document.ts';
import type { NotifierRefinement } from './refinement.ts';

/** The fixed facts of a package, for both sides. */
export interface PackageFacts {
  /** `presence`, `reg`. */
  readonly name: string;
  /** Formats of the NOTIFY body, the default one first. */
  readonly contentTypes: readonly string[];
  /** Seconds: taken when a SUBSCRIBE names no interval. */
  readonly defaultExpires: number;
  /** Seconds: shorter wishes are answered 423, when they are shorter than an hour too. */
  readonly minExpires: number;
  /** Seconds: longer wishes are shortened to this. */
  readonly maxExpires: number;
  /** Least time between two NOTIFYs that only tell a change of state. */
  readonly minInterval: Duration;
}

/** RFC 3856: default 3600 s (§6.4), PIDF (§6.5), at most one NOTIFY in 5 s (§6.10). Minimum and maximum are ours. */
export const PRESENCE_FACTS: PackageFacts = {
  name: 'presence',
  contentTypes: [PIDF_TYPE],
  defaultExpires: 3600,
  minExpires: 60,
  maxExpires: 86_400,
  minInterval: seconds(5),
};

/** RFC 3680: default 3761 s (§4.4), reginfo (§4.5). No rate limit here: a registrar tells each change at once [choice]. */
export const REG_FACTS: PackageFacts = {
  name: 'reg',
  contentTypes: [REGINFO_TYPE],
  defaultExpires: 3761,
  minExpires: 60,
  maxExpires: 1_000_000,
  minInterval: seconds(0),
};

/** RFC 4235, as far as somebody may ask for it: nobody here serves it. */
export const DIALOG_FACTS: SubscriberPackage = { name: 'dialog', contentTypes: ['application/dialog-info+xml'], defaultExpires: 3600 };

/** Who asks for what. `resource` and `watcher` are canonical identities; `request` carries the rest. */
export interface SubscribeFacts {
  readonly resource: string;
  readonly watcher: string;
  readonly request: SipRequest;
}

/**
 * What policy says. `polite`: the watcher is told that all is well and sees only the neutral state (RFC 6665 §6.2). `pending`: the owner has to be asked.
 * `status` of a rejection: 403 unless given. `reason`: a sentence for people.
 */
export type Authorization =
  | { readonly decision: 'active' | 'polite' | 'pending'; readonly reason: string; readonly clause?: string }
  | { readonly decision: 'rejected'; readonly status?: number; readonly reason: string; readonly clause?: string };

/** How much a subscriber may see: everything, a polite neutral picture, or nothing yet (pending). */
export type Access = 'full' | 'polite' | 'none';

export interface StateQuestion {
  readonly resource: string;
  readonly watcher: string;
  readonly access: Access;
  readonly contentType: string;
  /** How many NOTIFYs went out on this subscription before: the version of documents that count (RFC 3680 §5.1). */
  readonly version: number;
  /** The subscription itself, so that a package can remember what it has told it. */
  readonly subscription: object;
  /** A SUBSCRIBE asked for this NOTIFY (RFC 6665 §5.3.2), or the one before did not arrive: packages with partial state then tell all of it. */
  readonly isWhole: boolean;
}

/** A body that is not simply of the type that was asked for. */
export interface TypedBody {
  /** The whole Content-Type. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** A sentence: what it tells. */
  readonly reason: string;
  readonly clause: string;
}

/** A package as a notifier serves it. */
export interface NotifierPackage extends PackageFacts {
  authorize(facts: SubscribeFacts, now: SimTime): Authorization;
  /** The body of a NOTIFY; undefined for none. Must not tell more than `access` allows. */
  bodyOf(question: StateQuestion, now: SimTime): Uint8Array | TypedBody | undefined;
  /** Makes its NOTIFYs fewer and smaller, where that is handed in. */
  readonly refinement?: NotifierRefinement;
}

/** A package as a subscriber uses it. */
export type SubscriberPackage = Pick<PackageFacts, 'name' | 'contentTypes' | 'defaultExpires'>;
