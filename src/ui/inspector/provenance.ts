/** Who put this here, when and why: notes found for each line of a message, over all hops that it came. */
import type { Story } from '#store/story.ts';
import type { MessageRecord, NoteRecord } from '#trace/record.ts';
import { diffHeaders, type DiffLine } from './header-diff.ts';
import { splitSipText } from './sip-text.ts';

export interface Why {
  /** The message with which it happened. */
  readonly message: MessageRecord;
  readonly notes: readonly NoteRecord[];
}

/** What the sender of a message wrote about it, and about the one that it had received of the hop before; and what a person did to it on its way. */
export function notesOfHop(story: Story, message: MessageRecord): readonly NoteRecord[] {
  const first = story.index.step(message.id)?.retransmissionOf?.message ?? message;
  const previous = story.index.previousHop(message);
  const onArrival = previous === undefined ? [] : story.notesAtArrival(previous.id).filter((note) => note.entity === message.from);
  return [...onArrival, ...story.notesOf(first.id), ...story.editsOf(message.id)];
}

const REQUEST_URI = 'Request-URI';
const squeeze = (text: string): string => text.replace(/\s+/g, '').toLowerCase();

/** Notes about one line: by its value where they name one, else by its name. */
export function notesForLine(notes: readonly NoteRecord[], line: DiffLine): readonly NoteRecord[] {
  const ofHeader = notes.filter((note) => note.header?.toLowerCase() === line.name.toLowerCase());
  const value = squeeze(line.value);
  const wanted = line.change === 'removed' ? 'removed' : undefined;
  const says = (text: string | undefined): boolean => text !== undefined && text !== '' && (squeeze(text).includes(value) || value.includes(squeeze(text)));
  const exact = ofHeader.filter((note) => (wanted === undefined ? note.op !== 'removed' && says(note.to) : note.op === wanted && says(note.from)));
  if (exact.length > 0) return exact;
  return ofHeader.filter((note) => (wanted === undefined ? note.op !== 'removed' && note.to === undefined : note.op === wanted && note.from === undefined));
}

/** Notes about the start line. */
export const notesForStartLine = (notes: readonly NoteRecord[]): readonly NoteRecord[] => notes.filter((note) => note.header === REQUEST_URI);

const MOST_HOPS = 32;

/** Why a line is as it is: explained by the sender, or by the hop that last touched it. */
export function whyOf(story: Story, message: MessageRecord, line: DiffLine): Why | undefined {
  const { name, value } = line;
  let at = message;
  let sought = line;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const notes = notesForLine(notesOfHop(story, at), sought);
    if (notes.length > 0) return { message: at, notes };
    const previous = story.index.previousHop(at);
    if (sought.change !== 'same' || previous === undefined) return undefined;
    const before = linesOf(story, previous).find((each) => each.change !== 'removed' && each.name === name && each.value === value);
    if (before === undefined) return undefined;
    sought = before;
    at = previous;
  }
  return undefined;
}

const known = new WeakMap<MessageRecord, readonly DiffLine[]>();

/** The header of a SIP message against the hop before. */
export function linesOf(story: Story, message: MessageRecord): readonly DiffLine[] {
  let lines = known.get(message);
  if (lines === undefined) {
    const previous = story.index.previousHop(message);
    lines = diffHeaders(previous === undefined ? undefined : splitSipText(previous.bytes), splitSipText(message.bytes));
    known.set(message, lines);
  }
  return lines;
}

/** What every hop does explains little: opened only on demand. */
const COMMONPLACE: ReadonlySet<string> = new Set(['Max-Forwards', 'Content-Length', 'P-Charging-Vector', 'CSeq', 'Call-ID']);
const OPEN_AT_FIRST = 2;

/** The lines whose reasons are shown without asking: the first two that this hop touched and that tell something of it. */
export function tellingLines(story: Story, message: MessageRecord, lines: readonly DiffLine[]): ReadonlySet<number> {
  const notes = notesOfHop(story, message);
  const touched = lines.flatMap((line, i) =>
    line.change !== 'same' && !COMMONPLACE.has(line.name) && notesForLine(notes, line).length > 0
      ? [{ i, dull: line.name === 'Via' || line.change === 'removed' }]
      : [],
  );
  const telling = [...touched.filter(({ dull }) => !dull), ...touched.filter(({ dull }) => dull)];
  return new Set(telling.slice(0, OPEN_AT_FIRST).map(({ i }) => i));
}
