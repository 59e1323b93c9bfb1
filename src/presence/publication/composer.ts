/** How a publication store composes otherwise than it does by itself: by a policy. Handed in where an operator may show and change it; types only. */
import type { Json } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { PresenceDocument } from '../pidf/document.ts';
import type { PublicationSource } from './source.ts';

/** One publication as it stands. */
export interface Published {
  /** Names it for people. */
  readonly key: string;
  readonly source: PublicationSource;
  readonly document: PresenceDocument;
  /** Grows with every body that comes: the greatest came last. */
  readonly order: number;
  /** Or refreshed: it still holds. */
  readonly publishedAt: SimTime;
}

export interface ComposedByPolicy {
  readonly document: PresenceDocument;
  /** What was decided about what was published. */
  readonly notes: readonly Note[];
  /** When it is to be composed anew although nobody has published. */
  readonly until: SimTime | undefined;
}

export interface Composer {
  compose(entity: string, published: readonly Published[], now: SimTime): ComposedByPolicy;
  /** Names a publication for people who know the presentity, with what its source is. */
  readonly label: (published: Published) => string;
  /** Takes another policy, or says what is wrong with it. */
  change(policy: Json | undefined): Note;
  /** The policy in words, and what it makes of what is published. */
  viewTables(all: readonly (readonly [entity: string, published: readonly Published[]])[], now: SimTime): readonly ViewTable[];
}
