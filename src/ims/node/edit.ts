/**
 * Changing a message and saying so: every header field that an entity adds, removes or changes goes through here,
 * so that the note is made by the same line that does the thing (DESIGN.md section 3).
 */
import type { Note, NoteOp } from '#base/note.ts';
import type { SipMessage, SipRequest } from '#protocol/sip/message.ts';

/** Where the notes of the message being made are collected. */
export type Notes = Note[];

/**
 * One note, always of one shape: a hundred of them are made for a single subscription. Members that are undefined count as absent.
 * A class, because V8 puts what a literal makes among the old things for good once it has seen many of them live long (as they do in a recording).
 */
class MadeNote {
  readonly op: NoteOp;
  readonly header: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason: string;
  readonly clause: string | undefined;

  constructor(op: NoteOp, header: string | undefined, from: string | undefined, to: string | undefined, reason: string, clause: string | undefined) {
    this.op = op;
    this.header = header;
    this.from = from;
    this.to = to;
    this.reason = reason;
    this.clause = clause;
  }
}

const noteOf = (op: NoteOp, header: string | undefined, from: string | undefined, to: string | undefined, reason: string, clause: string | undefined): Note =>
  new MadeNote(op, header, from, to, reason, clause) as Note;

export function addHeader(message: SipMessage, notes: Notes, header: string, value: string, reason: string, clause?: string): void {
  message.headers.append(header, value);
  notes.push(noteOf('added', header, undefined, value, reason, clause));
}

/** Puts a value on top of a stack such as Record-Route or Route. */
export function pushHeader(message: SipMessage, notes: Notes, header: string, value: string, reason: string, clause?: string): void {
  message.headers.prepend(header, value);
  notes.push(noteOf('added', header, undefined, value, reason, clause));
}

/** Removes every line of that header; leaves no note where there was none. */
export function removeHeader(message: SipMessage, notes: Notes, header: string, reason: string, clause?: string): void {
  const from = message.headers.get(header);
  if (from === undefined) return;
  message.headers.remove(header);
  notes.push(noteOf('removed', header, from, undefined, reason, clause));
}

/** Sets the one value of a header, as `added` or `changed`; says nothing where the value was the same already. */
export function setHeader(message: SipMessage, notes: Notes, header: string, value: string, reason: string, clause?: string): void {
  const from = message.headers.get(header);
  if (from === value) return;
  message.headers.set(header, value);
  notes.push(noteOf(from === undefined ? 'added' : 'changed', header, from, value, reason, clause));
}

/** Takes the topmost Route off: the entity itself was meant by it. */
export function popRoute(request: SipRequest, notes: Notes): void {
  const from = request.headers.removeFirst('Route');
  if (from === undefined) return;
  notes.push(noteOf('removed', 'Route', from, undefined, 'The topmost Route named this entity: the request has arrived there.', 'RFC 3261 §16.4'));
}

/** One less Max-Forwards; 70 where it was missing. */
export function decrementMaxForwards(request: SipRequest, notes: Notes): void {
  const from = request.headers.get('Max-Forwards');
  if (from === undefined) {
    request.headers.append('Max-Forwards', '70');
    notes.push(noteOf('added', 'Max-Forwards', undefined, '70', 'It was missing: a proxy then starts the count.', 'RFC 3261 §16.6'));
    return;
  }
  const to = String(Number(from) - 1);
  request.headers.set('Max-Forwards', to);
  notes.push(noteOf('changed', 'Max-Forwards', from, to, 'Every proxy takes one off, so that a request cannot circle for ever.', 'RFC 3261 §16.6'));
}

export const routed = (reason: string, clause?: string, to?: string): Note => noteOf('routed', undefined, undefined, to, reason, clause);

export const decided = (reason: string, clause?: string): Note => noteOf('decided', undefined, undefined, undefined, reason, clause);

export const rejected = (reason: string, clause?: string, header?: string): Note => noteOf('rejected', header, undefined, undefined, reason, clause);
