/**
 * A note is provenance: who did what to which message, and why. It is made by the same line of code that does the thing.
 * Captions, the inspector's "who put this here", coverage and explanations of failures all live on it.
 */

/** What an act did to a message or to the entity's mind. */
export type NoteOp = 'added' | 'removed' | 'changed' | 'kept' | 'rejected' | 'routed' | 'decided';

/**
 * Which message a note is about: the one that the entity is answering to (`in`), or the one that it sends with this note (`out`).
 * Notes travel inside the `send` effect when they are about that message; free-standing notes are about the incoming one.
 */
export interface Note {
  readonly op: NoteOp;
  /** Canonical name of the header field or AVP concerned, when there is one. */
  readonly header?: string;
  /** The value before. */
  readonly from?: string;
  /** The value after. */
  readonly to?: string;
  /** One sentence for people: why. Never starts with the entity's name; starts with a capital, ends with a full stop. */
  readonly reason: string;
  /** `RFC 3261 §16.6`, `RFC 2782 "Usage rules"` where clauses have no numbers, or `TS 24.229 (clause unchecked)` where the clause was not read. */
  readonly clause?: string;
}
