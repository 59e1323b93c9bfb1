/**
 * Reads iCalendar text (RFC 5545): the events that are understood here, and why others are left out. Strict: what breaks the grammar is refused whole, with its line. Never throws, in time
 * proportional to the text, within limits that have names: no recurrence is ever written out.
 * Left out, with a reason, of a calendar that is right: events of whole days and in local time, and recurrence other than every so many days or weeks. Omitted: other components, which are skipped.
 */
import { decodeUtf8Strictly } from '#base/utf8.ts';
import type { Calendar, CalendarEvent, Classification, EventStatus, Recurrence } from './calendar.ts';

/** Octets of the longest calendar, lines, components within each other, and events that are read [choice]. */
const MAX_OCTETS = 65_536;
const MAX_LINES = 4000;
const MAX_DEPTH = 4;
const MAX_EVENTS = 500;

export interface IcalendarError {
  readonly kind: 'icalendar-error';
  /** A sentence. */
  readonly reason: string;
  readonly line?: number;
}

export const isIcalendarError = (value: Calendar | IcalendarError): value is IcalendarError => 'kind' in value;

interface Line {
  readonly number: number;
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  readonly value: string;
}

class Fault extends Error {
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

export function parseCalendar(bytes: Uint8Array): Calendar | IcalendarError {
  try {
    if (bytes.length > MAX_OCTETS) throw new Fault(`The calendar has more than ${MAX_OCTETS} octets.`);
    const text = decodeUtf8Strictly(bytes);
    if (text === undefined) throw new Fault('The calendar is not UTF-8.');
    return readCalendar(linesOf(text));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'icalendar-error', reason: error.message, ...(error.line === undefined ? {} : { line: error.line }) };
  }
}

/** RFC 5545 §3.1: lines end with CR and LF; one that begins with a blank goes on with the line before. */
function linesOf(text: string): readonly Line[] {
  const raw = text.split('\r\n');
  if (raw.pop() !== '') throw new Fault('The last line is not ended.');
  if (raw.length > MAX_LINES) throw new Fault(`The calendar has more than ${MAX_LINES} lines.`);
  const unfolded: { text: string[]; readonly number: number }[] = [];
  raw.forEach((line, i) => {
    const before = unfolded.at(-1);
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (before === undefined) throw new Fault('The first line goes on with none.', 1);
      before.text.push(line.slice(1));
    } else unfolded.push({ text: [line], number: i + 1 });
  });
  return unfolded.map(({ text: parts, number }) => readLine(parts.join(''), number));
}

const NAME = /^[A-Za-z0-9-]+/;
/** A parameter: a value between quotes may hold what parts lines. Only the first of several values is kept. */
const PARAM = /^;([A-Za-z0-9-]+)=("[^"]*"|[^",;:]*)(?:,(?:"[^"]*"|[^",;:]*))*/;

function readLine(text: string, number: number): Line {
  // RFC 5545 §3.1: no controls stand in a line but the tab.
  if (/[^\t\u0020-\u007e\u0080-\uffff]/.test(text)) throw new Fault('A control character stands in the line.', number);
  const name = NAME.exec(text)?.[0];
  if (name === undefined) throw new Fault('The line has no name.', number);
  const params = new Map<string, string>();
  let rest = text.slice(name.length);
  for (let param = PARAM.exec(rest); param !== null; param = PARAM.exec(rest)) {
    params.set((param[1] ?? '').toUpperCase(), (param[2] ?? '').replace(/^"|"$/g, ''));
    rest = rest.slice(param[0].length);
  }
  if (!rest.startsWith(':')) throw new Fault('The line has no value.', number);
  return { number, name: name.toUpperCase(), params, value: rest.slice(1) };
}

function readCalendar(lines: readonly Line[]): Calendar {
  const [first] = lines;
  if (first?.name !== 'BEGIN' || first.value.toUpperCase() !== 'VCALENDAR') throw new Fault('It does not begin with a calendar.', 1);
  const open: { readonly name: string; readonly lines: Line[] }[] = [];
  const own = new Map<string, Line>();
  const found: (readonly Line[])[] = [];
  for (const line of lines) {
    const within = open.at(-1);
    const component = line.value.toUpperCase();
    if (line.name === 'BEGIN') {
      // A calendar may follow another in one stream: what comes after the end of the first is a fault here.
      if (within === undefined && line !== first) throw new Fault('Something follows the end of the calendar.', line.number);
      if (open.length >= MAX_DEPTH) throw new Fault(`Components stand more than ${MAX_DEPTH} deep within each other.`, line.number);
      open.push({ name: component, lines: [] });
    } else if (line.name === 'END') {
      if (within?.name !== component) throw new Fault(`${component.slice(0, 40)} ends, and what is open is ${within?.name ?? 'nothing'}.`, line.number);
      open.pop();
      if (component === 'VEVENT' && open.length === 1) found.push(within.lines);
      if (found.length > MAX_EVENTS) throw new Fault(`The calendar has more than ${MAX_EVENTS} events.`, line.number);
    } else if (within === undefined) throw new Fault('Something follows the end of the calendar.', line.number);
    else if (open.length === 1) {
      if (own.has(line.name) && ['VERSION', 'PRODID', 'METHOD'].includes(line.name)) throw new Fault(`${line.name} stands twice.`, line.number);
      own.set(line.name, line);
    } else within.lines.push(line);
  }
  const last = open.at(-1);
  if (last !== undefined) throw new Fault(`${last.name.slice(0, 40)} does not end.`);
  // RFC 5545 §3.6: a calendar says which version it is, and whose product.
  if (own.get('VERSION')?.value !== '2.0') throw new Fault('The version is not 2.0.', own.get('VERSION')?.number);
  const product = own.get('PRODID');
  if (product === undefined) throw new Fault('PRODID is missing.');
  const events: CalendarEvent[] = [];
  const leftOut: { uid: string; reason: string }[] = [];
  for (const one of found) {
    const event = readEvent(one);
    if ('reason' in event) leftOut.push(event);
    else events.push(event);
  }
  return { product: unescapeText(product.value), events, leftOut };
}

/** RFC 5545 §3.6.1: these stand at most once in an event (RRULE should; a second one is not understood here). */
const ONCE = 'ORGANIZER UID DTSTAMP DTSTART DTEND DURATION CLASS TRANSP STATUS SEQUENCE SUMMARY LOCATION RRULE RECURRENCE-ID'.split(' ');
const CLASSES: readonly string[] = ['PUBLIC', 'PRIVATE', 'CONFIDENTIAL'];
const STATUSES: readonly string[] = ['TENTATIVE', 'CONFIRMED', 'CANCELLED'];

function readEvent(lines: readonly Line[]): CalendarEvent | Calendar['leftOut'][number] {
  const fields = new Map<string, Line>();
  for (const line of lines) {
    if (fields.has(line.name) && ONCE.includes(line.name)) throw new Fault(`${line.name} stands twice in an event.`, line.number);
    fields.set(line.name, line);
  }
  const need = (name: string): Line => {
    const line = fields.get(name);
    if (line === undefined) throw new Fault(`An event lacks its ${name}.`, lines[0]?.number);
    return line;
  };
  const uid = unescapeText(need('UID').value);
  const stamp = readUtc(need('DTSTAMP'));
  const startLine = need('DTSTART');
  const endLine = fields.get('DTEND');
  const duration = fields.get('DURATION');
  if (endLine !== undefined && duration !== undefined) throw new Fault('An event has both an end and a duration.', duration.number);
  const obstacle = obstacleOf(fields, startLine, endLine);
  if (obstacle !== undefined) return { uid, reason: obstacle };
  const start = readUtc(startLine);
  const end = endLine !== undefined ? readUtc(endLine) : duration === undefined ? start : start + readDuration(duration);
  if (end < start || (end === start && endLine !== undefined)) throw new Fault('An event does not end after it begins.', (endLine ?? startLine).number);
  if (end === start) return { uid, reason: 'It takes no time.' };
  const recurrence = fields.get('RRULE') === undefined ? undefined : readRecurrence(need('RRULE'), start, end);
  if (typeof recurrence === 'string') return { uid, reason: recurrence };
  const summary = textOf(fields.get('SUMMARY'));
  const location = textOf(fields.get('LOCATION'));
  const sequence = fields.get('SEQUENCE')?.value ?? '0';
  if (!/^\d{1,9}$/.test(sequence)) throw new Fault('SEQUENCE is no number.', fields.get('SEQUENCE')?.number);
  // RFC 5545 §3.8.1.3: PUBLIC when nothing is said, and what is not known counts as PRIVATE.
  const said = fields.get('CLASS')?.value.toUpperCase() ?? 'PUBLIC';
  const classification = (CLASSES.includes(said) ? said : 'PRIVATE') as Classification;
  const status = fields.get('STATUS')?.value.toUpperCase() ?? 'CONFIRMED';
  if (!STATUSES.includes(status)) throw new Fault('The status is none of an event.', fields.get('STATUS')?.number);
  const organizer = fields.get('ORGANIZER')?.value;
  const attendees = lines.filter(({ name }) => name === 'ATTENDEE').map(({ value }) => value);
  // RFC 5545 §3.8.2.7: it takes the person's time when nothing is said.
  const opaque = fields.get('TRANSP')?.value.toUpperCase() !== 'TRANSPARENT';
  const told = { ...(summary === undefined ? {} : { summary }), ...(location === undefined ? {} : { location }) };
  return {
    uid,
    stamp,
    start,
    end,
    ...told,
    classification,
    opaque,
    status: status as EventStatus,
    sequence: Number(sequence),
    attendees,
    // RFC 5545 §3.8.4.3: whoever has invited others is named. An event that leaves it out is taken all the same [choice]: nothing here depends on it.
    ...(organizer === undefined ? {} : { organizer }),
    ...(recurrence === undefined ? {} : { recurrence }),
  };
}

function obstacleOf(fields: ReadonlyMap<string, Line>, ...times: readonly (Line | undefined)[]): string | undefined {
  if (times.some((line) => line?.params.get('VALUE')?.toUpperCase() === 'DATE')) return 'It is about whole days, whose time zone is not known.';
  if (times.some((line) => line !== undefined && (line.params.has('TZID') || /^\d{8}T\d{6}$/.test(line.value)))) return 'Its times are local ones.';
  for (const name of ['RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID']) if (fields.has(name)) return `It recurs in a way that is not understood (${name}).`;
  return undefined;
}

function readUtc({ value, number }: Line): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const moment = year === undefined ? NaN : Date.parse(iso);
  // What a calendar does not have, such as 30 February, comes back as another day.
  if (Number.isNaN(moment) || new Date(moment).toISOString() !== iso) throw new Fault('That is no moment in UTC.', number);
  return moment;
}

function readDuration({ value, number }: Line): number {
  const [, weeks, days, hours, minutes, seconds] = /^\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/.exec(value) ?? [];
  const of = (text: string | undefined, unit: number): number => Number(text ?? 0) * unit;
  const length = of(weeks, 604_800) + of(days, 86_400) + of(hours, 3600) + of(minutes, 60) + of(seconds, 1);
  if (length === 0) throw new Fault('That is no duration above zero.', number);
  return length * 1000;
}

const DAYS: Readonly<Record<string, number>> = { DAILY: 1, WEEKLY: 7 };
/** Years and more are not waited for [choice]. */
const MAX_DAYS = 3660;

/** The rule, or why the event is left out. */
function readRecurrence({ value, number }: Line, start: number, end: number): Recurrence | string {
  const parts = new Map<string, string>();
  for (const part of value.toUpperCase().split(';')) {
    const [name = '', text, more] = part.split('=');
    if (text === undefined || more !== undefined || name === '' || parts.has(name)) throw new Fault('The recurrence is no list of names and values.', number);
    parts.set(name, text);
  }
  const days = DAYS[parts.get('FREQ') ?? ''];
  if (days === undefined) return 'It recurs neither every so many days nor weeks.';
  const odd = [...parts.keys()].find((name) => !['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'].includes(name));
  if (odd !== undefined) return `It recurs in a way that is not understood (${odd.slice(0, 20)}).`;
  const interval = parts.get('INTERVAL') ?? '1';
  const count = parts.get('COUNT');
  const until = parts.get('UNTIL');
  if (!/^[1-9]\d{0,8}$/.test(interval) || (count !== undefined && !/^[1-9]\d{0,8}$/.test(count))) throw new Fault('The recurrence counts wrong.', number);
  // RFC 5545 §3.3.10: it ends by a count or a moment, not by both.
  if (count !== undefined && until !== undefined) throw new Fault('The recurrence ends twice.', number);
  const everyDays = days * Number(interval);
  if (everyDays > MAX_DAYS) return 'It recurs after many years.';
  if (end - start > everyDays * 86_400_000) return 'It overlaps with itself.';
  return {
    everyDays,
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(until === undefined ? {} : { until: readUtc({ name: 'UNTIL', params: new Map(), value: until, number }) }),
  };
}

const textOf = (line: Line | undefined): string | undefined => (line === undefined || line.value === '' ? undefined : unescapeText(line.value));

const unescapeText = (text: string): string => text.replace(/\\([\\;,nN])/g, (_, what: string) => (what === 'n' || what === 'N' ? '\n' : what));
