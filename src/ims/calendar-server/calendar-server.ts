/**
 * A calendar server outside of IMS: keeps the events of one person and shows them as iCalendar (RFC 5545) to whoever has the address, over HTTP with entity-tags (RFC 9110 §13.1.2). Its owner enters, moves,
 * cancels and classifies events there. It is what a Presence External Agent draws on (TS 23.141 (clause unchecked)); how these two speak is no matter of the presence service: all of it is our choice.
 * Omitted: authentication of readers (the address is a secret), CalDAV, invitations, TLS.
 */
import type { BytesInput, Effect, Input, Intent, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { type SimTime, utcMilliseconds } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { createHttpResponse, fieldOf, type HttpFields, type HttpRequest, isHttpError } from '#protocol/http/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { answerToFault, httpAnswer, readHttpRequest } from '#protocol/http/server.ts';
import { CALENDAR_TYPE, type CalendarEvent, type Classification } from '#protocol/icalendar/calendar.ts';
import { formatCalendar } from '#protocol/icalendar/write.ts';

export interface CalendarServerConfig {
  readonly host: string;
  /** Path of the calendar. */
  readonly path: string;
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
}

const PRODUCT = '-//Presence Network Simulator//Calendar//EN';
/** Events that are kept at most [choice]. */
const MOST_EVENTS = 200;
const CLASSES: Readonly<Record<string, Classification>> = { public: 'PUBLIC', private: 'PRIVATE', confidential: 'CONFIDENTIAL' };

const textIn = (intent: Intent, name: string): string | undefined => (typeof intent[name] === 'string' && intent[name] !== '' ? intent[name] : undefined);
const numberIn = (intent: Intent, name: string): number | undefined =>
  typeof intent[name] === 'number' && Number.isFinite(intent[name]) ? intent[name] : undefined;

export class CalendarServer implements Machine {
  readonly #config: CalendarServerConfig;
  readonly #events: Map<string, CalendarEvent>;
  #revision = 0;
  /** What it sends breaks off: an operator wants to see what comes of that. */
  #isSpoilt = false;

  /** `stored`: what was on disk when it stopped. */
  constructor(config: CalendarServerConfig, stored?: ReadonlyMap<string, CalendarEvent>) {
    this.#config = config;
    this.#events = new Map(stored ?? []);
    this.#revision = stored === undefined ? 0 : [...stored.values()].reduce((sum, { sequence }) => sum + sequence + 1, 0);
  }

  /** What outlives a restart. */
  get stored(): ReadonlyMap<string, CalendarEvent> {
    return this.#events;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    if (input.kind === 'intent') return [{ kind: 'note', note: this.#act(input.intent, now) }];
    if (input.kind !== 'bytes' || input.transport !== 'tcp' || input.local.port !== HTTP_PORT) return [];
    const request = readHttpRequest(input.bytes);
    if (request === undefined) return [{ kind: 'note', note: rejected('Nobody here has asked for this answer.', 'RFC 9112 §9') }];
    return [isHttpError(request) ? answerToFault(input, request, this.#at(now)) : this.#answer(input, request, now)];
  }

  deadline(): SimTime | undefined {
    return undefined;
  }

  view(): EntityView {
    const rows = [...this.#events.values()].map(({ uid, start, end, summary, location, classification, status }) => [
      uid,
      `${clock(start)} – ${clock(end)}`,
      [summary, location].filter((text) => text !== undefined).join(', ') || '–',
      classification.toLowerCase(),
      status.toLowerCase(),
    ]);
    return {
      tables: [
        { title: 'Events', columns: ['Event', 'When (UTC)', 'What', 'Class', 'Status'], rows, empty: 'The calendar is empty.' },
        { title: 'Calendar', columns: ['Path', 'Entity-tag'], rows: [[this.#config.path, this.#tag]], empty: '' },
      ],
      timers: [],
      states: [],
      ...(this.#isSpoilt ? { mark: 'broken' } : {}),
    };
  }

  get #tag(): string {
    return `"${this.#revision}${this.#isSpoilt ? '-broken' : ''}"`;
  }

  #answer(arrived: BytesInput, request: HttpRequest, now: SimTime): Effect {
    const { method, target } = request;
    const reply = (status: number, note: Note, fields: HttpFields = [], body?: Uint8Array): Effect =>
      httpAnswer(arrived, createHttpResponse(status, fields, body), method, [note], this.#at(now));
    if (method !== 'GET')
      return reply(405, rejected(`${method} is not served here: its owner changes the calendar, nobody else.`, 'RFC 9110 §15.5.6'), [['Allow', 'GET']]);
    if (target !== this.#config.path) return reply(404, rejected('There is no calendar at this address.', 'RFC 9110 §15.5.5'));
    const asked = fieldOf(request, 'If-None-Match');
    const etag: readonly [string, string] = ['ETag', this.#tag];
    // RFC 9110 §13.1.2: who has this state already is told so, and nothing else.
    if (asked !== undefined && isAmong(this.#tag, asked))
      return reply(304, decided('The asker has this state of the calendar already: it is not sent again.', 'RFC 9110 §13.1.2'), [etag]);
    const text = formatCalendar({ product: PRODUCT, events: [...this.#events.values()] });
    const body = encodeUtf8(this.#isSpoilt ? text.slice(0, Math.floor(text.length / 2)) : text);
    return reply(
      200,
      decided('Whoever has the address may have the calendar.', 'RFC 9110 §9.3.1'),
      [['Content-Type', `${CALENDAR_TYPE}; charset=utf-8`], etag],
      body,
    );
  }

  #act(intent: Intent, now: SimTime): Note {
    switch (intent.kind) {
      case 'enter-event':
        return this.#enter(intent, now);
      case 'move-event':
        return this.#change(intent, now, (event) => {
          const start = this.#momentOf(intent, 'from') ?? event.start;
          const end = this.#momentOf(intent, 'until') ?? event.end;
          return end > start ? { ...event, start, end } : 'The event would not end after it begins.';
        });
      case 'cancel-event':
        return this.#change(intent, now, (event) => ({ ...event, status: 'CANCELLED' }));
      case 'classify-event': {
        const classification = CLASSES[textIn(intent, 'class') ?? 'private'];
        return this.#change(intent, now, (event) => (classification === undefined ? 'There is no such class.' : { ...event, classification }));
      }
      case 'spoil-calendar':
        this.#isSpoilt = true;
        return decided('Something is broken here: from now on calendars end in the midst of a line.');
      case 'mend-calendar':
        this.#isSpoilt = false;
        return decided('Calendars are whole again.');
      default:
        return rejected(`Nothing is known here of the wish "${intent.kind}".`);
    }
  }

  #enter(intent: Intent, now: SimTime): Note {
    const start = this.#momentOf(intent, 'from');
    const end = this.#momentOf(intent, 'until');
    const uid = `${textIn(intent, 'event') ?? `event-${this.#events.size + 1}`}@${this.#config.host}`;
    if (start === undefined || end === undefined || end <= start) return rejected('An event needs a beginning and, after it, an end.');
    if (this.#events.has(uid) || this.#events.size >= MOST_EVENTS) return rejected('There is such an event already, or there are too many.');
    const classification = CLASSES[textIn(intent, 'class') ?? 'public'];
    if (classification === undefined) return rejected('There is no such class.');
    const summary = textIn(intent, 'summary');
    const location = textIn(intent, 'location');
    const others = Math.min(20, Math.max(0, Math.floor(numberIn(intent, 'others') ?? 0)));
    const attendees = Array.from({ length: others }, (_, i) => `mailto:guest${i + 1}@${this.#config.host}`);
    this.#events.set(uid, {
      uid,
      stamp: this.#at(now),
      start,
      end,
      ...(summary === undefined ? {} : { summary }),
      ...(location === undefined ? {} : { location }),
      classification,
      opaque: intent['free'] !== true,
      status: intent['tentative'] === true ? 'TENTATIVE' : 'CONFIRMED',
      sequence: 0,
      attendees,
      // RFC 5545 §3.8.4.3: who has invited others is named, and whoever is alone is not.
      ...(attendees.length === 0 ? {} : { organizer: `mailto:owner@${this.#config.host}` }),
    });
    this.#revision++;
    return decided('The owner of the calendar has entered an event.');
  }

  /** Changes the event that is meant, or the last one; or says why not. */
  #change(intent: Intent, now: SimTime, how: (event: CalendarEvent) => CalendarEvent | string): Note {
    const name = textIn(intent, 'event');
    const event = name === undefined ? [...this.#events.values()].at(-1) : this.#events.get(`${name}@${this.#config.host}`);
    if (event === undefined) return rejected('There is no such event.');
    const changed = how(event);
    if (typeof changed === 'string') return rejected(changed);
    this.#events.set(event.uid, { ...changed, sequence: event.sequence + 1, stamp: this.#at(now) });
    this.#revision++;
    return decided('The owner of the calendar has changed an event.');
  }

  /** A scenario speaks in seconds since the run began. */
  #momentOf(intent: Intent, name: string): number | undefined {
    const said = numberIn(intent, name);
    return said === undefined ? undefined : Date.parse(this.#config.startsAt) + Math.floor(said) * 1000;
  }

  #at(now: SimTime): number {
    return utcMilliseconds(this.#config.startsAt, now);
  }
}

const clock = (moment: number): string => new Date(moment).toISOString().slice(11, 16);

/** `*`, or one of the entity-tags of a list; a weak one is as good as another for reading (RFC 9110 §13.1.2). */
function isAmong(tag: string, list: string): boolean {
  if (list.trim() === '*') return true;
  return list.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
