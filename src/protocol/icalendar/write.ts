/**
 * iCalendar text from events (RFC 5545 §3.1 for the lines, §3.6 for the whole). The inverse of read.ts. Always the same text for the same events.
 * Deviation: a calendar without events has no component at all, although RFC 5545 §3.6 wants one.
 */
import { encodeUtf8 } from '#base/utf8.ts';
import type { Calendar, CalendarEvent } from './calendar.ts';

export function formatCalendar({ product, events }: Pick<Calendar, 'product' | 'events'>): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', `PRODID:${escapeText(product)}`, ...events.flatMap(eventLines), 'END:VCALENDAR'];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function eventLines(event: CalendarEvent): readonly string[] {
  const { summary, location, recurrence } = event;
  return [
    'BEGIN:VEVENT',
    `UID:${escapeText(event.uid)}`,
    `DTSTAMP:${formatUtc(event.stamp)}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTART:${formatUtc(event.start)}`,
    `DTEND:${formatUtc(event.end)}`,
    ...(summary === undefined ? [] : [`SUMMARY:${escapeText(summary)}`]),
    ...(location === undefined ? [] : [`LOCATION:${escapeText(location)}`]),
    `CLASS:${event.classification}`,
    `TRANSP:${event.opaque ? 'OPAQUE' : 'TRANSPARENT'}`,
    `STATUS:${event.status}`,
    ...(event.organizer === undefined ? [] : [`ORGANIZER:${event.organizer}`]),
    ...event.attendees.map((address) => `ATTENDEE:${address}`),
    ...(recurrence === undefined
      ? []
      : [
          `RRULE:FREQ=DAILY;INTERVAL=${recurrence.everyDays}${recurrence.count === undefined ? '' : `;COUNT=${recurrence.count}`}${recurrence.until === undefined ? '' : `;UNTIL=${formatUtc(recurrence.until)}`}`,
        ]),
    'END:VEVENT',
  ];
}

/** `20260105T091000Z`: whole seconds. */
export const formatUtc = (moment: number): string => `${new Date(Math.floor(moment / 1000) * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

/** RFC 5545 §3.3.11: what has a meaning between values gets a backslash in front. Controls cannot be written and are left out. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/[^\t\u0020-\u007e\u0080-\uffff]/g, '');
}

/** Octets of the longest line (RFC 5545 §3.1). */
const LONGEST_LINE = 75;

/** RFC 5545 §3.1: a longer line goes on after a line break and a blank, never in the midst of a character. */
function fold(line: string): string {
  if (encodeUtf8(line).length <= LONGEST_LINE) return line;
  const parts: string[] = [];
  let part = '';
  let length = 0;
  for (const character of line) {
    const size = encodeUtf8(character).length;
    // What follows the first line begins with a blank.
    if (length + size > (parts.length === 0 ? LONGEST_LINE : LONGEST_LINE - 1)) {
      parts.push(part);
      part = '';
      length = 0;
    }
    part += character;
    length += size;
  }
  return [...parts, part].join('\r\n ');
}
