/**
 * What a calendar says of somebody's presence at a moment, as the agent tells it: activities of RPID from when until when (RFC 4480 §3.1, §3.2), and a note of what nobody wants kept to themselves. Pure.
 * The mapping is our choice within the words of RFC 4480 §3.2: with others it is a meeting, alone an appointment, and of what is not public no more is said than that the person is busy.
 */
import type { Person, PresenceDocument } from '#presence/pidf/document.ts';
import { type Calendar, type CalendarEvent, nextBoundary, occurrenceAt, type Period } from '#protocol/icalendar/calendar.ts';

export interface Occupation {
  readonly activities: readonly string[];
  readonly notes: readonly string[];
  /** The latest beginning and the earliest end among what goes on: as long as it is as it is. UTC, milliseconds since 1970. */
  readonly period: Period;
}

/** What takes the person's time. */
export const counts = ({ opaque, status }: CalendarEvent): boolean => opaque && status !== 'CANCELLED';

export const activityOf = ({ classification, attendees }: CalendarEvent): string =>
  classification !== 'PUBLIC' ? 'busy' : attendees.length > 0 ? 'meeting' : 'appointment';

/** Nothing of what is not public. */
export function noteOf({ classification, summary, location }: CalendarEvent): string | undefined {
  if (classification !== 'PUBLIC' || summary === undefined) return undefined;
  return location === undefined ? summary : `${summary} (${location})`;
}

/** Undefined when nothing goes on. */
export function occupationAt({ events }: Pick<Calendar, 'events'>, moment: number): Occupation | undefined {
  const current = events.filter(counts).flatMap((event) => {
    const period = occurrenceAt(event, moment);
    return period === undefined ? [] : [{ event, period }];
  });
  if (current.length === 0) return undefined;
  return {
    activities: [...new Set(current.map(({ event }) => activityOf(event)))],
    notes: [...new Set(current.map(({ event }) => noteOf(event)).filter((note) => note !== undefined))],
    period: { start: Math.max(...current.map(({ period }) => period.start)), end: Math.min(...current.map(({ period }) => period.end)) },
  };
}

/** The next moment at which something begins or ends. */
export function boundaryAfter({ events }: Pick<Calendar, 'events'>, moment: number): number | undefined {
  let first: number | undefined;
  for (const event of events) {
    const next = counts(event) ? nextBoundary(event, moment) : undefined;
    if (next !== undefined && (first === undefined || next < first)) first = next;
  }
  return first;
}

const iso = (moment: number): string => new Date(moment).toISOString();

/** One person and nothing else: whether and how the presentity can be reached is for its own devices to say. */
export function occupationDocument(entity: string, { activities, notes, period }: Occupation): PresenceDocument {
  const person: Person = {
    id: 'person-calendar',
    activities,
    activitiesSpan: { from: iso(period.start), until: iso(period.end) },
    moods: [],
    placeTypes: [],
    notes,
  };
  return { entity, tuples: [], persons: [person], devices: [], notes: [] };
}
