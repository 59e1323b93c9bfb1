/**
 * The sentence for a step: who does what to whom, and why. Derived from the message and from the notes that its sender left;
 * nothing is said that the entities did not say themselves.
 */
import type { MessageRecord, NoteRecord } from '#trace/record.ts';
import type { Story, StoryStep } from '#store/story.ts';

export interface Caption {
  /** `I-CSCF#2 forwards the SUBSCRIBE to S-CSCF#2` */
  readonly act: string;
  /** A sentence of its own; undefined where nobody left a reason. */
  readonly reason: string | undefined;
  /** `RFC 3261 §16.6`, or the document alone where the clause was not read. */
  readonly clause: string | undefined;
}

const UNCHECKED = ' (clause unchecked)';

/** What the chip shows: a clause that was not read is not shown, only its document. */
export const formatClause = (clause: string): string => (clause.endsWith(UNCHECKED) ? clause.slice(0, -UNCHECKED.length) : clause);

/** Reasons are told in this order: where it goes and what was decided first, then what was done to the text. */
const WEIGHT: Readonly<Record<NoteRecord['op'], number>> = { rejected: 0, routed: 1, decided: 2, added: 3, changed: 4, removed: 5, kept: 6 };
/** What every proxy does on every hop explains nothing. */
const COMMONPLACE = new Set(['Via', 'Max-Forwards', 'Content-Length', 'CSeq', 'Call-ID']);

export function bestNote(notes: readonly NoteRecord[]): NoteRecord | undefined {
  const weight = (note: NoteRecord): number => WEIGHT[note.op] + (note.header !== undefined && COMMONPLACE.has(note.header) ? 10 : 0);
  let best: NoteRecord | undefined;
  for (const note of notes) if (best === undefined || weight(note) < weight(best)) best = note;
  return best;
}

const RESPONSE = /^(\d{3}) (.*) \(([A-Za-z]+)\)$/;
const VOWEL = /^[AEIOU]/;

function actOf(story: Story, step: StoryStep): string {
  const { message } = step;
  const from = story.entity(message.from)?.label ?? message.from;
  const to = story.entity(message.to)?.label ?? message.to;
  const { label } = message;
  if (message.protocol === 'Diameter') return label.endsWith('R') ? `${from} asks ${to} (${label})` : `${from} answers ${to} (${label})`;
  if (message.protocol === 'DNS')
    return story.entity(message.to)?.kind === 'dns-server' ? `${from} asks ${to} for ${label.replace(/^DNS /, '')}` : `${from} answers ${to}`;
  const repeated = step.retransmissionOf !== undefined;
  const again = repeated ? ' again' : '';
  const passedOn = !repeated && story.index.previousHop(message) !== undefined;
  const response = RESPONSE.exec(label);
  if (response !== null) {
    const [, status = '', phrase = '', method = ''] = response;
    if (passedOn) return `${from} passes the ${status} (${phrase}) back to ${to}`;
    return `${from} answers the ${method} with ${status} (${phrase})${again}`;
  }
  if (passedOn) return `${from} forwards the ${label} to ${to}`;
  return repeated ? `${from} sends the ${label} to ${to} again` : `${from} sends ${VOWEL.test(label) ? 'an' : 'a'} ${label} to ${to}`;
}

/** Said of a message that does not arrive. */
function fateOf(story: Story, message: MessageRecord): string {
  if (message.lostAt !== undefined)
    return story.trace.changes.some((change) => change.kind === 'drop' && change.record === message.id)
      ? ', but it was dropped here'
      : ', but it is lost on the way';
  return message.arrivedAt === undefined ? '; it is still travelling when the run ends' : '';
}

export function captionOf(story: Story, step: StoryStep): Caption {
  const { message } = step;
  const best = bestNote(story.notesOf(message.id)) ?? bestNote(notesOfCause(story, message));
  return {
    act: actOf(story, step) + fateOf(story, message),
    reason: best?.reason,
    clause: best?.clause === undefined ? undefined : formatClause(best.clause),
  };
}

/** What the sender noted about the message that made it send this one. */
function notesOfCause(story: Story, message: MessageRecord): readonly NoteRecord[] {
  return message.causedBy === undefined ? [] : story.notesAtArrival(message.causedBy).filter((note) => note.entity === message.from);
}

/** The event that comes next, named before it happens; undefined at the end. */
export function nextOf(story: Story, step: number): string | undefined {
  const next = story.steps[step + 1];
  return next === undefined ? undefined : actOf(story, next);
}

/** Words that a sentence may begin with in small letters after a colon. */
const SMALL = new Set(
  'A An The This That These Those It Its He She They Their There Here In On At Of From To For By With Without Only Every Each No Nobody Nothing None All Any Some Another Requests Responses When Where While Because As After Before If Until What Who How Which So'.split(
    ' ',
  ),
);

/** One sentence: the act, a colon, and the reason. */
export function formatCaption(caption: Caption): string {
  if (caption.reason === undefined) return `${caption.act}.`;
  const space = caption.reason.indexOf(' ');
  const first = caption.reason.slice(0, space);
  return `${caption.act}: ${SMALL.has(first) ? first.toLowerCase() : first}${caption.reason.slice(space)}`;
}
