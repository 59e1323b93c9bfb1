/**
 * Who publishes about a presentity (TS 23.141 §5.1): its user, an agent of the own network that knows what the network knows, or an agent outside, such as a calendar.
 * A presence server learns the kind from who published, never from what the publication says. Types only.
 */
export type SourceKind = 'user' | 'network-agent' | 'external-agent';

export interface PublicationSource {
  readonly kind: SourceKind;
  /** URI for whom the network vouches, or who has shown who it is. */
  readonly identity: string;
}
