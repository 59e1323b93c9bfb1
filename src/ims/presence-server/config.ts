/** What a presence server is told, and what is handed to it. */
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { TrustPolicy } from '#ims/node/trust.ts';
import type { Handling } from '#presence/authorization/ruleset.ts';
import type { Composer } from '#presence/publication/composer.ts';
import type { PublicationSource } from '#presence/publication/source.ts';
import type { PublicationPatch } from '#presence/publication/store.ts';
import type { NotifierRefinement } from '#presence/subscription/refinement.ts';
import type { AgentAdmission } from './agents.ts';
import type { Authorizer } from './authorizer.ts';
import type { ContentPublishing } from './content-publishing.ts';
import type { RulesSource } from './rules-source.ts';
import type { WatcherInformation } from './watcher-information.ts';

export interface PresenceServerConfig extends NodeConfig {
  readonly defaultHandling: Handling;
  /** `presentity`: whose rule it is; everybody's when left out. */
  readonly rules: readonly { readonly watcher: string; readonly presentity?: string | undefined; readonly handling: Handling }[];
  /** Of watchers for whom no network vouches; they are blocked when it is left out. */
  readonly unidentified?: Handling;
  /** Which networks are trusted; everybody when left out. */
  readonly trust?: TrustPolicy;
  readonly minExpires: number;
  readonly maxExpires: number;
  /** Whose presence is served here; everybody's in the own network when left out. */
  readonly presentities?: readonly string[];
  /** Others than the presentities who may publish about them, and what they are; nobody when left out. */
  readonly agents?: readonly PublicationSource[];
  /** Answers 202 to a first SUBSCRIBE, as RFC 3265 had it. */
  readonly accepts202?: boolean;
}

/** What it can do only where it is handed in. */
export interface PresenceServerAbilities {
  readonly authorizer?: Authorizer;
  readonly watchers?: WatcherInformation;
  readonly source?: RulesSource;
  /** Makes NOTIFYs fewer and smaller. */
  readonly refinement?: NotifierRefinement;
  /** Takes partial publications. */
  readonly patch?: PublicationPatch;
  /** Composes by a policy. */
  readonly composer?: Composer;
  readonly content?: ContentPublishing;
  /** Lets agents publish that are outside the trusted networks. */
  readonly outsiders?: AgentAdmission;
}
