/** iCalendar: what is written is read again, what is wrong is refused with its line, what is right but not understood is left out, and nothing costs more than its length. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { type Calendar, type CalendarEvent, nextBoundary, occurrenceAt } from './calendar.ts';
import { isIcalendarError, parseCalendar } from './read.ts';
import { formatCalendar } from './write.ts';

const at = (text: string): number => Date.parse(`2026-01-05T${text}:00Z`);
const DAY = 86_400_000;
const MEETING: CalendarEvent = {
  uid: 'budget@calendar.example.org',
  stamp: at('09:00'),
  start: at('09:10'),
  end: at('09:28'),
  summary: 'Budget; for spring, all of it',
  location: 'Room 5',
  classification: 'PUBLIC',
  opaque: true,
  status: 'CONFIRMED',
  sequence: 2,
  attendees: ['mailto:guest1@example.org'],
  organizer: 'mailto:owner@example.org',
};

const LINES = ['UID:a', 'DTSTAMP:20260105T090000Z', 'DTSTART:20260105T091000Z', 'DTEND:20260105T092800Z'];
const wrapped = (...event: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//a//b//EN', 'BEGIN:VEVENT', ...event, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
const read = (text: string): ReturnType<typeof parseCalendar> => parseCalendar(encodeUtf8(text));
function events(text: string): Calendar {
  const calendar = read(text);
  if (isIcalendarError(calendar)) throw new Error(calendar.reason);
  return calendar;
}
const fault = (text: string): string => {
  const calendar = read(text);
  return isIcalendarError(calendar) ? `${calendar.line ?? '-'}: ${calendar.reason}` : 'no fault';
};

describe('written and read', () => {
  it('is in lines that end with CR and LF, none longer than 75 octets (RFC 5545 §3.1)', () => {
    const text = formatCalendar({ product: '-//a//b//EN', events: [{ ...MEETING, summary: 'ü'.repeat(100) }] });
    for (const line of text.split('\r\n')) expect(encodeUtf8(line).length).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(events(text).events[0]?.summary).toBe('ü'.repeat(100));
  });

  it('is the same again', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((one) => !/[\x00-\x1f\x7f]/.test(one));
    const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
    const event = fc.record({
      uid: text,
      stamp: moment,
      start: moment,
      length: fc.integer({ min: 1, max: 86_400 }),
      summary: text,
      location: text,
      classification: fc.constantFrom('PUBLIC' as const, 'PRIVATE' as const, 'CONFIDENTIAL' as const),
      opaque: fc.boolean(),
      status: fc.constantFrom('TENTATIVE' as const, 'CONFIRMED' as const, 'CANCELLED' as const),
      sequence: fc.nat(1000),
      attendees: fc.array(fc.constantFrom('mailto:a@example.org', 'mailto:b@example.org'), { maxLength: 2 }),
      recurrence: fc.option(fc.record({ everyDays: fc.integer({ min: 1, max: 400 }), count: fc.integer({ min: 1, max: 99 }) }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 4 }), (given) => {
        const written = given.map(({ length, recurrence, ...one }): CalendarEvent => ({
          ...one,
          end: one.start + length * 1000,
          ...(recurrence === undefined ? {} : { recurrence }),
        }));
        expect(events(formatCalendar({ product: '-//a//b//EN', events: written }))).toEqual({ product: '-//a//b//EN', events: written, leftOut: [] });
      }),
      { numRuns: 60 },
    );
  });

  it('takes a duration in place of an end, and what others write beside it', () => {
    const text = wrapped(
      'UID:a',
      'DTSTAMP:20260105T090000Z',
      'DTSTART:20260105T091000Z',
      'DURATION:PT1H30M',
      'X-NOISE;A="b:c;d",e:f',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'END:VALARM',
    );
    expect(events(text).events[0]).toMatchObject({ start: at('09:10'), end: at('10:40'), classification: 'PUBLIC', opaque: true, status: 'CONFIRMED' });
  });

  it('takes a class that nobody knows for a private one (RFC 5545 §3.8.1.3)', () => {
    expect(events(wrapped(...LINES, 'CLASS:X-ONLY-FRIENDS')).events[0]?.classification).toBe('PRIVATE');
  });
});

describe('refused whole, with the line', () => {
  it.each([
    ['', '1: It does not begin with a calendar.'],
    [wrapped(...LINES).replaceAll('\r\n', '\n'), '-: The last line is not ended.'],
    [wrapped(...LINES).slice(0, -20), '-: The last line is not ended.'],
    [`${wrapped(...LINES)}X:1\r\n`, '11: Something follows the end of the calendar.'],
    [wrapped(...LINES, 'no colon'), '9: The line has no value.'],
    [wrapped(...LINES, 'SUMMARY:a\u0000b'), '9: A control character stands in the line.'],
    [wrapped(...LINES, 'DTEND:20260105T100000Z'), '9: DTEND stands twice in an event.'],
    [wrapped(...LINES, 'DURATION:PT1H'), '9: An event has both an end and a duration.'],
    [wrapped(...LINES.slice(1)), '5: An event lacks its UID.'],
    [wrapped(...LINES.slice(0, 2), 'DTSTART:20260230T091000Z', 'DTEND:20260105T092800Z'), '7: That is no moment in UTC.'],
    [wrapped(...LINES.slice(0, 3), 'DTEND:20260105T091000Z'), '8: An event does not end after it begins.'],
    [wrapped(...LINES, 'STATUS:DRAFT'), '9: The status is none of an event.'],
    [wrapped(...LINES, 'RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z'), '9: The recurrence ends twice.'],
    [wrapped(...LINES, 'RRULE:FREQ=DAILY;INTERVAL=0'), '9: The recurrence counts wrong.'],
    [wrapped(...LINES).replace('VERSION:2.0', 'VERSION:1.0'), '2: The version is not 2.0.'],
    [wrapped(...LINES).replace('END:VEVENT', 'END:VTODO'), '9: VTODO ends, and what is open is VEVENT.'],
  ])('%j', (text, reason) => {
    expect(fault(text)).toBe(reason);
  });

  it('is too long, too deep or too many', () => {
    expect(fault(wrapped(...LINES, `SUMMARY:${'a'.repeat(70_000)}`))).toContain('more than 65536 octets');
    expect(fault(wrapped(...Array.from({ length: 5000 }, () => 'X:1')))).toContain('lines');
    expect(fault(wrapped(...Array.from({ length: 9 }, () => 'BEGIN:A')))).toContain('deep');
    const one = ['BEGIN:VEVENT', ...LINES, 'END:VEVENT'].join('\r\n');
    expect(fault(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:a\r\n${`${one}\r\n`.repeat(501)}END:VCALENDAR\r\n`)).toContain('more than 500 events');
    expect(isIcalendarError(parseCalendar(new Uint8Array([0xff, 0xfe])))).toBe(true);
  });

  it('never throws, whatever comes', () => {
    const scraps = fc.array(fc.constantFrom('BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VCALENDAR', ' folded', 'RRULE:FREQ=SECONDLY', 'A;B="', ':', '', ...LINES), {
      maxLength: 20,
    });
    fc.assert(fc.property(scraps, (lines) => void read(wrapped(...lines))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseCalendar(bytes)));
  });
});

describe('left out, with a reason', () => {
  it.each([
    [['DTSTART;VALUE=DATE:20260105', 'DTEND;VALUE=DATE:20260106'], 'whole days'],
    [['DTSTART;TZID=Europe/Berlin:20260105T091000', 'DTEND;TZID=Europe/Berlin:20260105T092800'], 'local'],
    [['DTSTART:20260105T091000Z', 'DTEND:20260105T092800Z', 'RRULE:FREQ=SECONDLY'], 'neither'],
    [['DTSTART:20260105T091000Z', 'DTEND:20260105T092800Z', 'RRULE:FREQ=WEEKLY;BYDAY=MO,TU'], 'BYDAY'],
    [['DTSTART:20260105T091000Z', 'DTEND:20260105T092800Z', 'RRULE:FREQ=DAILY;INTERVAL=999999'], 'many years'],
    [['DTSTART:20260105T091000Z', 'DTEND:20260108T092800Z', 'RRULE:FREQ=DAILY'], 'overlaps'],
    [['DTSTART:20260105T091000Z', 'DTEND:20260105T092800Z', 'EXDATE:20260106T091000Z'], 'EXDATE'],
  ])('%j', (lines, why) => {
    const { events: found, leftOut } = events(wrapped('UID:a', 'DTSTAMP:20260105T090000Z', ...lines));
    expect(found).toEqual([]);
    expect(leftOut).toEqual([{ uid: 'a', reason: expect.stringContaining(why) as string }]);
  });
});

describe('when it is', () => {
  it('once: from its start on, and before its end', () => {
    expect(occurrenceAt(MEETING, MEETING.start - 1)).toBeUndefined();
    expect(occurrenceAt(MEETING, MEETING.start)).toEqual({ start: MEETING.start, end: MEETING.end });
    expect(occurrenceAt(MEETING, MEETING.end)).toBeUndefined();
    expect([MEETING.start - 1, MEETING.start, MEETING.end].map((moment) => nextBoundary(MEETING, moment))).toEqual([MEETING.start, MEETING.end, undefined]);
  });

  it('again and again: counted, not listed, until the count or the moment is over', () => {
    const endless = { ...MEETING, recurrence: { everyDays: 7 } };
    const far = MEETING.start + 7 * DAY * 100_000;
    expect(occurrenceAt(endless, far)).toEqual({ start: far, end: far + (MEETING.end - MEETING.start) });
    expect(nextBoundary(endless, MEETING.end)).toBe(MEETING.start + 7 * DAY);
    const twice = { ...MEETING, recurrence: { everyDays: 1, count: 2 } };
    expect(occurrenceAt(twice, MEETING.start + DAY)).toBeDefined();
    expect(occurrenceAt(twice, MEETING.start + 2 * DAY)).toBeUndefined();
    expect(nextBoundary(twice, MEETING.end + DAY)).toBeUndefined();
    const until = { ...MEETING, recurrence: { everyDays: 1, until: MEETING.start + DAY } };
    expect(occurrenceAt(until, MEETING.start + DAY)).toBeDefined();
    expect(nextBoundary(until, MEETING.end + DAY)).toBeUndefined();
  });
});
