/**
 * Presence documents that people and servers of the simulator make: what a user publishes from a phone, and what a presence server says of somebody who
 * has published nothing (RFC 3856 §6.5 wants a presence document in the NOTIFY).
 */
import type { Basic, Person, PresenceDocument, Tuple } from './document.ts';

/** What a user says of themselves: what a scenario or a person at the page can choose. */
export interface Publication {
  /** URI of the presentity. */
  readonly entity: string;
  readonly basic: Basic;
  /** RFC 4480 activities: `meeting`, `busy`, `away`, `on-the-phone` ... */
  readonly activities?: readonly string[];
  readonly moods?: readonly string[];
  readonly placeTypes?: readonly string[];
  /** RFC 4480 sphere: `home` or `work`. */
  readonly sphere?: string;
  readonly note?: string;
  /** Where to reach the user by this service; left out when closed. */
  readonly contact?: string;
  /** UTC, ISO 8601. */
  readonly timestamp?: string;
  /** Tells the publications of several devices apart: ids are built from it. Default `ua`. */
  readonly device?: string;
}

/** The document that a presence user agent publishes for that state: one service and, when something is said of the person, one person. */
export function publicationDocument(publication: Publication): PresenceDocument {
  const { entity, basic, note, timestamp, contact } = publication;
  const device = publication.device ?? 'ua';
  const when = timestamp === undefined ? {} : { timestamp };
  const notes = note === undefined ? [] : [note];
  const tuple: Tuple = {
    id: `service-${device}`,
    basic,
    ...(contact !== undefined && basic === 'open' ? { contact: { uri: contact, priority: 0.8 } } : {}),
    notes: [],
    ...when,
  };
  const activities = publication.activities ?? [];
  const moods = publication.moods ?? [];
  const placeTypes = publication.placeTypes ?? [];
  const sphere = publication.sphere === undefined ? {} : { sphere: publication.sphere };
  const person: Person = { id: `person-${device}`, activities, moods, placeTypes, ...sphere, notes, ...when };
  const saysSomething = activities.length + moods.length + placeTypes.length + notes.length > 0 || publication.sphere !== undefined;
  return { entity, tuples: [tuple], persons: saysSomething ? [person] : [], devices: [], notes: [] };
}

/**
 * The neutral document: nobody has published, or the watcher must not see more. A valid document with one closed service, the same in both
 * cases, so that a politely blocked watcher sees no difference.
 */
export function neutralDocument(entity: string): PresenceDocument {
  return { entity, tuples: [{ id: 'unpublished', basic: 'closed', notes: [] }], persons: [], devices: [], notes: [] };
}

/** One line for captions and tables: `open, meeting, "Back at three"`; `nothing` for a document without content. */
export function summaryOf(document: PresenceDocument): string {
  const parts: string[] = [];
  const basics = document.tuples.map((tuple) => tuple.basic);
  if (basics.includes('open')) parts.push('open');
  else if (basics.includes('closed')) parts.push('closed');
  for (const { basic, show } of document.tuples) if (basic !== 'closed' && show !== undefined) parts.push(show);
  for (const person of document.persons)
    parts.push(...person.activities, ...person.moods, ...person.placeTypes, ...sphereOf(person), ...person.notes.map(quoted));
  for (const tuple of document.tuples) parts.push(...tuple.notes.map(quoted));
  parts.push(...document.notes.map(quoted));
  return parts.length === 0 ? 'nothing' : [...new Set(parts)].join(', ');
}

const sphereOf = ({ sphere }: Person): readonly string[] => (sphere === undefined ? [] : [`sphere ${sphere}`]);

const quoted = (text: string): string => `"${text}"`;
