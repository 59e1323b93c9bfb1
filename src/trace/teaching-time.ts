/**
 * Teaching time: how long a viewer looks at each part of a run at speed 1. A pure, monotonic, piecewise-linear map with knots at every
 * sentAt and arrivedAt (or lostAt) of the story, so that order and overlap never change.
 *
 * - While messages travel: each gets its seconds, spread over its flight in proportion to simulated time; where several travel together,
 *   the slowest wins. So a lone message takes its seconds however short its link, overlapping ones take at least theirs.
 * - An act that matters gets the time that its reason needs to be read, by its words: up to 2.4 s. It matters where somebody begins or answers something, acts on what it has
 *   just been told, follows a filter criterion or refuses; and only the first time that the reason is given in this run.
 * - Whatever else gets 0.65 s; DNS 0.4 s, for a name is looked up many times in a story that is not about names.
 * - While nothing travels: up to 2 s pass in 0.3 of their length; longer gaps take 0.6 s whatever their length, and are listed as folds.
 * - The prologue passes in 1 s.
 * - What is not told (a layer that is hidden) takes no time of its own.
 *
 * The principal flow, told without DNS, has some 40 messages, nearly all one after the other: about 45 s at speed 1.
 */
import { explanationOf } from './explanation.ts';
import type { MessageRecord, Trace } from './record.ts';
import { stepsOf } from './steps.ts';
import { formatSpan } from './time-text.ts';
import { TraceIndex } from './trace-index.ts';

/** Seconds of teaching time. */
export type TeachingSeconds = number;

const ROUTINE_SECONDS = 0.65;
/** Of an act that matters: to begin with, for each word of its reason, and at most. */
const TELLING = { base: 0.6, word: 0.08, most: 2.4 } as const;
const LOOKUP_SECONDS = 0.4;
export const FOLD_SECONDS = 0.6;
export const PROLOGUE_SECONDS = 1;
/** Idle simulated time above this is folded (microseconds). */
export const FOLD_OVER = 2_000_000;

/** A gap that is folded: nothing travels from `from` to `to` (simulated microseconds). */
export interface Fold {
  readonly from: number;
  readonly to: number;
  /** `3 600 s`. */
  readonly label: string;
}

export interface TeachingTime {
  /** Length of the whole run. */
  readonly total: TeachingSeconds;
  readonly folds: readonly Fold[];
  /** Teaching time of a simulated moment; clamped to the run. */
  toTeaching(simulated: number): TeachingSeconds;
  /** The inverse: simulated microseconds (not rounded); clamped to the run. */
  toSimulated(teaching: TeachingSeconds): number;
}

interface Flight {
  readonly from: number;
  readonly to: number;
  readonly seconds: TeachingSeconds;
}

/** The reason of an act that matters. */
function reasonOf(index: TraceIndex, message: MessageRecord): string | undefined {
  const note = explanationOf(index, message);
  if (note === undefined) return undefined;
  const begins = index.previousHop(message) === undefined;
  const cause = index.cause(message);
  const learned = cause?.kind === 'message' && cause.protocol !== message.protocol;
  return begins || learned || note.op === 'rejected' || (note.op === 'decided' && note.clause?.startsWith('TS 23.218') === true) ? note.reason : undefined;
}

/** Tells how long a message is looked at; asked for them in the order of the story. */
function createPace(index: TraceIndex): (message: MessageRecord) => TeachingSeconds {
  const said = new Set<string>();
  return (message) => {
    if (message.protocol === 'DNS') return LOOKUP_SECONDS;
    const reason = reasonOf(index, message);
    if (reason === undefined || said.has(reason)) return ROUTINE_SECONDS;
    said.add(reason);
    return Math.min(TELLING.most, TELLING.base + TELLING.word * reason.split(' ').length);
  };
}

export function createTeachingTime(trace: Trace, isTold: (message: MessageRecord) => boolean = () => true, index = new TraceIndex(trace)): TeachingTime {
  const begin = beginOfStory(trace);
  const end = Math.max(trace.until, begin);
  const flights: Flight[] = [];
  const secondsOf = createPace(index);
  for (const { message } of stepsOf(trace)) {
    if (!isTold(message)) continue;
    const to = Math.min(message.arrivedAt ?? message.lostAt ?? end, end);
    // What flies over from the prologue is told from the beginning of the story; what never ends before the run is told to its end.
    const from = Math.max(message.sentAt, begin);
    if (to > from) flights.push({ from, to, seconds: secondsOf(message) });
  }
  const moments = [...new Set([begin, end, ...flights.flatMap((f) => [f.from, f.to])])].sort((a, b) => a - b);
  const simulated = [0];
  const teaching = [0];
  const folds: Fold[] = [];
  let now = 0;
  const knot = (at: number, length: number): void => {
    now += length;
    simulated.push(at);
    teaching.push(now);
  };
  if (begin > 0) knot(begin, PROLOGUE_SECONDS);
  const flying = new Set<Flight>();
  let next = 0;
  for (let i = 1; i < moments.length; i++) {
    const from = moments[i - 1] as number;
    const to = moments[i] as number;
    for (const flight of flying) if (flight.to <= from) flying.delete(flight);
    for (let flight = flights[next]; flight !== undefined && flight.from <= from; flight = flights[++next]) flying.add(flight);
    let length = 0;
    for (const flight of flying) length = Math.max(length, (flight.seconds * (to - from)) / (flight.to - flight.from));
    if (flying.size === 0) {
      if (to - from > FOLD_OVER) folds.push({ from, to, label: formatSpan(to - from) });
      length = (FOLD_SECONDS * Math.min(to - from, FOLD_OVER)) / FOLD_OVER;
    }
    knot(to, length);
  }
  return {
    total: now,
    folds,
    toTeaching: (at) => interpolate(simulated, teaching, at),
    toSimulated: (at) => interpolate(teaching, simulated, at),
  };
}

/** Where the prologue ends: the first chapter after the leading prologue chapters; 0 without a prologue, the end of the run when there is nothing else. */
export function beginOfStory(trace: Pick<Trace, 'chapters' | 'until'>): number {
  const chapters = trace.chapters.toSorted((a, b) => a.at - b.at);
  if (chapters[0]?.prologue !== true) return 0;
  return chapters.find((c) => c.prologue !== true)?.at ?? trace.until;
}

/** Both arrays grow; equal lengths, at least one element. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (x <= (xs[0] as number)) return ys[0] as number;
  if (x >= (xs[high] as number)) return ys[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const x0 = xs[low] as number;
  const y0 = ys[low] as number;
  return y0 + ((x - x0) / ((xs[high] as number) - x0)) * ((ys[high] as number) - y0);
}
