/**
 * Composition: what several publications of one presentity say together. The rule is ours (RFC 3903 leaves it to policy): union by id, and of two
 * elements with the same id the one published later counts, whatever kind they are of, so that ids stay unique in the result (RFC 3863 §4.1.2).
 * By another rule: `composition`. Omitted: hard state (RFC 4827).
 */
import type { Device, Person, PresenceDocument, Tuple } from '../pidf/document.ts';

/** The composed document of `entity` from documents in the order of their publication, earliest first. */
export function composeDocuments(entity: string, documents: readonly PresenceDocument[]): PresenceDocument {
  const tuples = new Map<string, Tuple>();
  const persons = new Map<string, Person>();
  const devices = new Map<string, Device>();
  const notes = new Set<string>();
  const put = <T extends { readonly id: string }>(kind: Map<string, T>, element: T): void => {
    tuples.delete(element.id);
    persons.delete(element.id);
    devices.delete(element.id);
    kind.set(element.id, element);
  };
  for (const document of documents) {
    for (const tuple of document.tuples) put(tuples, tuple);
    for (const person of document.persons) put(persons, person);
    for (const device of document.devices) put(devices, device);
    for (const note of document.notes) notes.add(note);
  }
  return { entity, tuples: [...tuples.values()], persons: [...persons.values()], devices: [...devices.values()], notes: [...notes] };
}
