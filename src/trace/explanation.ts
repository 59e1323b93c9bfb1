/**
 * The note that explains a message best: why its sender sent it, or sent it there. Captions are made of it, and teaching time gives it the time that its words
 * need. Nothing is explained that the entities did not say themselves.
 */
import type { MessageRecord, NoteRecord, RecordId } from './record.ts';
import type { TraceIndex } from './trace-index.ts';

/** What an entity writes into a message tells most about the message in these fields, in this order. */
const TELLING = [
  'Subscription-State',
  'WWW-Authenticate',
  'Authorization',
  'SIP-If-Match',
  'Content-Type',
  'Route',
  'Service-Route',
  'Path',
  'SIP-ETag',
  'Security-Server',
  'P-Asserted-Identity',
  'Record-Route',
  'Request-URI',
  'Via',
];
/** What every proxy does on every hop explains nothing. */
const COMMONPLACE = new Set(['Max-Forwards', 'Content-Length', 'CSeq', 'Call-ID', 'Contact', 'To', 'P-Charging-Vector']);
/** How a name became an address, and which transport was taken: true of every hop. */
const ADDRESSING = /^RFC (?:3263|1035|3261 §18)/;

/** The smaller, the more it explains; notes of equal rank: the later one, which follows from the earlier. */
function rankOf(note: NoteRecord, message: MessageRecord): number {
  if (note.op === 'rejected') return 0;
  if (note.header === 'Subscription-State' && /^(?:terminated|pending)/.test(note.to ?? '')) return 1;
  if (note.header === 'Expires' && note.to === '0') return 1;
  if (note.op === 'routed') return 2;
  // That a subscription goes on, and which way, says less than what was learned by it.
  if (note.op === 'decided' && (note.header === 'Record-Route' || (note.header === 'Subscription-State' && note.to === 'active'))) return 4;
  if (note.op === 'decided') return message.protocol === 'SIP' && ADDRESSING.test(note.clause ?? '') ? 90 : 3;
  if (note.header === undefined) return 40;
  const place = TELLING.indexOf(note.header);
  return place >= 0 ? 10 + place : COMMONPLACE.has(note.header) ? 60 : 30;
}

/** The note that explains a message best, of those that its sender left on it and of those that it made about what caused it. */
export function bestNote(notes: readonly NoteRecord[], message: MessageRecord): NoteRecord | undefined {
  let best: NoteRecord | undefined;
  for (const note of notes) if (best === undefined || rankOf(note, message) <= rankOf(best, message)) best = note;
  return best;
}

const RESPONSE = /^\d{3} .* \(([A-Za-z]+)\)$/;

/** `SUBSCRIBE` of a request and of its responses. */
const methodOf = ({ label }: MessageRecord): string => RESPONSE.exec(label)?.[1] ?? label;

export const explanationOf = (index: TraceIndex, message: MessageRecord): NoteRecord | undefined =>
  wishBehind(index, message) ??
  bestNote([...notesOfCause(index, message), ...index.notesAbout(message.id).filter(({ entity }) => entity === message.from)], message);

/** What the sender decided about the message that made it send this one, as far as it says so itself. */
function notesOfCause(index: TraceIndex, message: MessageRecord): readonly NoteRecord[] {
  const cause = message.causedBy === undefined ? undefined : index.message(message.causedBy);
  if (cause === undefined || cause.protocol !== message.protocol || methodOf(cause) !== methodOf(message)) return [];
  // That an answer was a refusal is no reason for the next request, which may only have waited for it.
  const isNext = RESPONSE.test(cause.label) && !RESPONSE.test(message.label);
  return index.notesAbout(cause.id).filter((note) => note.entity === message.from && (note.op === 'decided' || (note.op === 'rejected' && !isNext)));
}

const wishes = new WeakMap<TraceIndex, ReadonlyMap<string, NoteRecord>>();
const keyOf = (entity: string, cause: RecordId): string => `${cause} ${entity}`;

/** What a person wanted of the sender explains more than how the sender did it. */
function wishBehind(index: TraceIndex, message: MessageRecord): NoteRecord | undefined {
  let known = wishes.get(index);
  if (known === undefined) {
    const found = new Map<string, NoteRecord>();
    for (const record of index.trace.records) {
      if (record.kind !== 'note' || record.op !== 'decided' || record.message !== undefined || record.causedBy === undefined) continue;
      const key = keyOf(record.entity, record.causedBy);
      if (!found.has(key) && index.cause(record)?.kind === 'intent') found.set(key, record);
    }
    known = found;
    wishes.set(index, known);
  }
  return message.causedBy === undefined ? undefined : known.get(keyOf(message.from, message.causedBy));
}
