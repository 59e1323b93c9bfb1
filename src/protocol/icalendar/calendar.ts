/**
 * Events of a calendar as plain values, as far as others may want to know when somebody is occupied (RFC 5545 §3.6.1), and when each of them is.
 * Moments are UTC, in milliseconds since 1970. Omitted: to-dos, journals, alarms, free/busy, time zones, recurrence beyond every so many days or weeks.
 */

/** RFC 5545 §3.8.1.3: what is not one of the three counts as PRIVATE. */
export type Classification = 'PUBLIC' | 'PRIVATE' | 'CONFIDENTIAL';
export type EventStatus = 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';

export interface Recurrence {
  /** From one start to the next, in days. */
  readonly everyDays: number;
  readonly count?: number;
  /** The last moment at which one may start. */
  readonly until?: number;
}

export interface CalendarEvent {
  readonly uid: string;
  /** When this was written. */
  readonly stamp: number;
  readonly start: number;
  /** Later than the start. */
  readonly end: number;
  readonly summary?: string;
  readonly location?: string;
  readonly classification: Classification;
  /** False for what takes no time of the person (TRANSP). */
  readonly opaque: boolean;
  readonly status: EventStatus;
  /** How often it was changed. */
  readonly sequence: number;
  /** Addresses of the others, `mailto:` mostly. */
  readonly attendees: readonly string[];
  /** Whose meeting it is: there where there are others, and only there (RFC 5545 §3.8.4.3). */
  readonly organizer?: string;
  readonly recurrence?: Recurrence;
}

export interface Calendar {
  readonly product: string;
  readonly events: readonly CalendarEvent[];
  /** Events that are right, and say more than is understood here: why. */
  readonly leftOut: readonly { readonly uid: string; readonly reason: string }[];
}

/** RFC 5545 §8.1. */
export const CALENDAR_TYPE = 'text/calendar';

export interface Period {
  readonly start: number;
  readonly end: number;
}

const DAY = 86_400_000;

/** The occurrence in which that moment lies: from its start on, and before its end. Counted, never listed: an event without end costs no more than any other. */
export function occurrenceAt(event: CalendarEvent, moment: number): Period | undefined {
  const at = indexAt(event, moment);
  if (at === undefined) return undefined;
  const period = periodOf(event, at);
  return moment < period.end ? period : undefined;
}

/** The first moment after that one at which an occurrence begins or ends; undefined when there is none. */
export function nextBoundary(event: CalendarEvent, after: number): number | undefined {
  const at = indexAt(event, after);
  if (at === undefined) return event.start;
  const { end } = periodOf(event, at);
  const next = isWithin(event, at + 1) ? periodOf(event, at + 1).start : undefined;
  if (end > after) return next === undefined || end < next ? end : next;
  return next;
}

/** The number of the last occurrence that has begun by then. */
function indexAt(event: CalendarEvent, moment: number): number | undefined {
  if (moment < event.start) return undefined;
  const { recurrence } = event;
  if (recurrence === undefined) return 0;
  const every = recurrence.everyDays * DAY;
  const most = Math.min(
    recurrence.count === undefined ? Infinity : recurrence.count - 1,
    recurrence.until === undefined ? Infinity : Math.max(0, Math.floor((recurrence.until - event.start) / every)),
  );
  return Math.min(most, Math.floor((moment - event.start) / every));
}

function isWithin({ recurrence, start }: CalendarEvent, index: number): boolean {
  if (recurrence === undefined) return index === 0;
  const { count, until, everyDays } = recurrence;
  return (count === undefined || index < count) && (until === undefined || start + index * everyDays * DAY <= until);
}

function periodOf({ start, end, recurrence }: CalendarEvent, index: number): Period {
  const shift = index * (recurrence?.everyDays ?? 0) * DAY;
  return { start: start + shift, end: end + shift };
}
