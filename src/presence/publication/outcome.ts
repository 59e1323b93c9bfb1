/** What a compositor answers to a PUBLISH (RFC 3903 §6), and what it notes of it. */
import type { StateChange } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { PublicationEvent } from './tables.ts';

/** What to answer, and whether the watchers have something to hear. */
export interface PublishOutcome {
  readonly status: 200 | 400 | 412 | 413 | 415 | 423 | 489;
  /** Header fields of the response: `SIP-ETag`, `Expires`, `Min-Expires`, `Accept`, `Allow-Events`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly notes: readonly Note[];
  /** The composed document of the presentity is not what it was. */
  readonly changed: boolean;
  readonly states: readonly StateChange[];
}

/** What was done, for its explanation. */
export interface Acceptance {
  readonly event: PublicationEvent;
  readonly presentity: string;
  /** Names the publication, and says in words what it says now. */
  readonly key: string;
  readonly summary: string;
  readonly replaced: string;
  readonly etag: string;
  /** Seconds: asked for, and granted. */
  readonly requested: number | undefined;
  readonly expires: number;
  readonly changed: boolean;
}

export function acceptanceNotes({ event, presentity, key, summary, replaced, etag, requested, expires, changed }: Acceptance): Note[] {
  const done = {
    initial: `Stored as a new publication of ${presentity}: ${summary}.`,
    modify: `Replaced what ${key} had published: now ${summary}.`,
    refresh: `Prolonged the publication; what it says stays ${summary}.`,
    remove: 'Removed the publication at the wish of its publisher.',
    expires: '',
  }[event];
  const tag = { op: replaced === '' ? 'added' : 'changed', header: 'SIP-ETag', ...(replaced === '' ? {} : { from: replaced }), to: etag } as const;
  const granted =
    requested === undefined
      ? 'The publisher named no lifetime: this is the default here.'
      : expires < requested
        ? 'Shortened to the longest lifetime granted here.'
        : 'Granted as asked for.';
  return [
    { op: 'decided', reason: `${done}${changed ? '' : ' The composed document stays as it was: the watchers hear nothing.'}`, clause: 'RFC 3903 §6' },
    { ...tag, reason: 'Each accepted PUBLISH, a refresh or removal too, gets a new entity-tag for the next request.', clause: 'RFC 3903 §6' },
    { op: 'added', header: 'Expires', to: String(expires), reason: granted, clause: 'RFC 3903 §6' },
  ];
}

export function refusal(
  status: PublishOutcome['status'],
  headers: PublishOutcome['headers'],
  header: string | undefined,
  reason: string,
  clause = 'RFC 3903 §6',
): PublishOutcome {
  const note: Note = header === undefined ? { op: 'rejected', reason, clause } : { op: 'rejected', header, reason, clause };
  return { status, headers, notes: [note], changed: false, states: [] };
}
