/** A trace prepared for telling: its steps with their places in teaching time, its chapters, its notes. Derived once per run; nothing in it changes. */
import { PERSON, type EntityId, type MessageRecord, type NoteRecord, type RecordId, type Trace, type TraceEntity } from '#trace/record.ts';
import type { Step } from '#trace/steps.ts';
import { beginOfStory, createTeachingTime, type TeachingTime } from '#trace/teaching-time.ts';
import type { Stage2 } from '#trace/stage2.ts';
import { TraceIndex } from '#trace/trace-index.ts';

/** One transmission, in the order in which it is told, (sentAt, id). */
export interface StoryStep extends Step {
  /** Position in `Story.chapters`. */
  readonly chapterIndex: number;
  /** Teaching seconds: sent, resting (half way), arrived or lost. */
  readonly sentS: number;
  readonly restS: number;
  readonly endS: number;
}

export interface StoryChapter {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly prologue: boolean;
  /** Teaching seconds at which it begins, and at which the next one does. */
  readonly fromS: number;
  readonly toS: number;
  /** Steps `first` up to but without `end`. */
  readonly first: number;
  readonly end: number;
  /** Nothing of it is told: `store/empty-chapter.ts` says why. */
  readonly empty: boolean;
}

export interface Story {
  readonly trace: Trace;
  readonly index: TraceIndex;
  readonly steps: readonly StoryStep[];
  readonly chapters: readonly StoryChapter[];
  readonly teaching: TeachingTime;
  /** The prologue is told at the pace of the rest; folded, it passes in a second. */
  readonly prologueOpen: boolean;
  /** Index of the first step after the prologue; the story opens at rest just before it. */
  readonly first: number;
  /** Where it opens, in teaching seconds. */
  readonly openingS: number;
  /** Whether a step is told: those of hidden layers are passed over, though a reader may stand at one. */
  isTold(step: number): boolean;
  /** The notes that the sender of a message left on it, in the order in which they were made. */
  notesOf(message: RecordId): readonly NoteRecord[];
  /** What a person changed in it on its way. */
  editsOf(message: RecordId): readonly NoteRecord[];
  /** The notes that its receiver made about it. */
  notesAtArrival(message: RecordId): readonly NoteRecord[];
  /** Set when it is told by functions: the reading, and the story of the transmissions that it is a reading of. */
  readonly byFunctions?: { readonly stage2: Stage2; readonly transmissions: Story };
  /** Notes about no message: what a timer or a person brought about without anything being sent. */
  readonly silentNotes: readonly NoteRecord[];
  entity(id: EntityId): TraceEntity | undefined;
}

const unfolded = (trace: Trace): Trace => ({ ...trace, chapters: trace.chapters.map(({ prologue: _, ...chapter }) => chapter) });

export function deriveStory(trace: Trace, prologueOpen = false, isTold: (message: MessageRecord) => boolean = () => true): Story {
  const index = new TraceIndex(trace);
  const teaching = createTeachingTime(prologueOpen ? unfolded(trace) : trace, isTold, index);
  const openingAt = beginOfStory(trace);
  const chapters = trace.chapters.toSorted((a, b) => a.at - b.at);
  /** The first step that was sent at or after `at`. */
  const stepFrom = (at: number): number => {
    const found = index.steps.findIndex((step) => step.message.sentAt >= at);
    return found < 0 ? index.steps.length : found;
  };
  const steps = index.steps.map((step): StoryStep => {
    const { sentAt, arrivedAt, lostAt } = step.message;
    const sentS = teaching.toTeaching(sentAt);
    const endS = teaching.toTeaching(arrivedAt ?? lostAt ?? trace.until);
    const chapterIndex = Math.max(
      0,
      chapters.findIndex((chapter) => chapter === step.chapter),
    );
    return { ...step, chapterIndex, sentS, restS: sentS + (endS - sentS) / 2, endS };
  });
  return {
    trace,
    index,
    steps,
    chapters: chapters.map(({ id, title, at, prologue }, i) => {
      const next = chapters[i + 1]?.at ?? Infinity;
      const [first, end] = [stepFrom(at), stepFrom(next)];
      return {
        index: i,
        id,
        title,
        prologue: prologue === true,
        fromS: teaching.toTeaching(at),
        toS: teaching.toTeaching(Math.min(next, trace.until)),
        first,
        end,
        empty: !index.steps.slice(first, end).some(({ message }) => isTold(message)),
      };
    }),
    teaching,
    prologueOpen,
    first: stepFrom(openingAt),
    openingS: teaching.toTeaching(openingAt),
    isTold: (step) => {
      const message = index.steps[step]?.message;
      return message !== undefined && isTold(message);
    },
    notesOf: (message) => index.notesAbout(message).filter((note) => note.entity === index.message(message)?.from),
    editsOf: (message) => index.notesAbout(message).filter((note) => note.entity === PERSON),
    notesAtArrival: (message) => index.notesAbout(message).filter((note) => note.entity !== index.message(message)?.from && note.entity !== PERSON),
    silentNotes: trace.records.filter((record): record is NoteRecord => record.kind === 'note' && record.message === undefined),
    entity: (id) => index.entity(id),
  };
}
