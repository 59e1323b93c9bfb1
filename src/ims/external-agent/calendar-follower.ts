/**
 * The agent's side of a calendar: asks for it from time to time by HTTP, under the entity-tag that it has (RFC 9110 §13.1.2), and keeps the last one that could be read (RFC 5545). What cannot be had or read
 * changes nothing of what is known. Omitted: redirects, name resolution (the address is configured), https.
 */
import type { Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, type Duration, earliest, type SimTime } from '#base/time.ts';
import type { ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { HttpClient, type HttpEvent } from '#protocol/http/client.ts';
import { createHttpRequest, fieldOf, type HttpFields, mediaTypeIn } from '#protocol/http/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { type Calendar, CALENDAR_TYPE } from '#protocol/icalendar/calendar.ts';
import { isIcalendarError, parseCalendar } from '#protocol/icalendar/read.ts';

export interface CalendarPlace {
  readonly host: string;
  readonly address: string;
  readonly path: string;
}

export interface KnownCalendar {
  readonly calendar: Calendar;
  /** As the server gave it; undefined when it gave none. */
  readonly tag: string | undefined;
  /** When the server last said that it is so. */
  readonly confirmedAt: SimTime;
}

/** What became of a question: the calendar is (still) this one, or nothing new is known. */
export type Answered = 'confirmed' | 'nothing';

/** Entity-tags are kept up to this length [choice]. */
const LONGEST_TAG = 200;

export class CalendarFollower {
  readonly #place: CalendarPlace;
  readonly #pollEvery: Duration;
  readonly #http: HttpClient<'calendar'>;
  #known: KnownCalendar | undefined;
  #isAsking = false;
  /** When it asks of itself; undefined while it follows nothing. */
  #nextPoll: SimTime | undefined;

  constructor(address: string, place: CalendarPlace, pollEvery: Duration) {
    this.#place = place;
    this.#pollEvery = pollEvery;
    this.#http = new HttpClient(address);
  }

  get known(): KnownCalendar | undefined {
    return this.#known;
  }

  get isFollowing(): boolean {
    return this.#nextPoll !== undefined;
  }

  start(now: SimTime, out: Effect[]): Answered | undefined {
    this.#nextPoll = after(now, this.#pollEvery);
    return this.ask('The presentity wants the agent to tell of this calendar: it is read.', now, out);
  }

  stop(): void {
    this.#nextPoll = undefined;
    this.#known = undefined;
  }

  /** Asks, unless an answer is waited for already. */
  ask(why: string, now: SimTime, out: Effect[]): Answered | undefined {
    if (this.#isAsking) return undefined;
    const { host, address, path } = this.#place;
    const notes: Note[] = [decided(why)];
    const fields: HttpFields = [
      ['Host', host],
      ['Accept', CALENDAR_TYPE],
    ];
    const tag = this.#known?.tag;
    if (tag !== undefined)
      notes.push({ op: 'added', header: 'If-None-Match', to: tag, reason: 'Only if it is not what is known here.', clause: 'RFC 9110 §13.1.2' });
    const request = createHttpRequest('GET', path, tag === undefined ? fields : [...fields, ['If-None-Match', tag]]);
    this.#isAsking = true;
    const event = this.#http.request({ address, port: HTTP_PORT }, request, notes, 'calendar', now, out);
    return event === undefined ? undefined : this.#take(event, now, out);
  }

  isAbout(input: Input): boolean {
    return (input.kind === 'bytes' || input.kind === 'transport-failed') && input.transport === 'tcp' && this.#http.isAbout(input);
  }

  step(input: Input, now: SimTime, out: Effect[]): Answered | undefined {
    const events =
      input.kind === 'bytes'
        ? this.#http.receive(input, now, out)
        : input.kind === 'transport-failed'
          ? this.#http.transportFailed(input.remote, now, out)
          : [];
    return this.#takeAll(events, now, out);
  }

  deadline(): SimTime | undefined {
    return earliest(this.#http.deadline(), this.#nextPoll);
  }

  fire(now: SimTime, out: Effect[]): Answered | undefined {
    const outcome = this.#takeAll(this.#http.fire(now, out), now, out);
    if (this.#nextPoll === undefined || this.#nextPoll > now) return outcome;
    this.#nextPoll = after(now, this.#pollEvery);
    return this.ask('It is time to look whether the calendar is still the same.', now, out) ?? outcome;
  }

  viewTimers(): readonly ViewTimer[] {
    const poll = this.#nextPoll === undefined ? [] : [{ name: 'Look at the calendar', subject: this.#place.host, firesAt: this.#nextPoll }];
    return [...this.#http.viewTimers(), ...poll];
  }

  #takeAll(events: readonly HttpEvent<'calendar'>[], now: SimTime, out: Effect[]): Answered | undefined {
    let outcome: Answered | undefined;
    for (const event of events) outcome = this.#take(event, now, out);
    return outcome;
  }

  #take(event: HttpEvent<'calendar'>, now: SimTime, out: Effect[]): Answered {
    this.#isAsking = false;
    const note = (one: Note): void => void out.push({ kind: 'note', note: one });
    // What comes after the presentity took the wish back is forgotten.
    if (!this.isFollowing) return 'nothing';
    if (event.kind === 'no-answer') {
      note(rejected('The calendar cannot be had: what is known of it stays, and is prolonged no more.'));
      return 'nothing';
    }
    const { response } = event;
    if (response.status === 304 && this.#known !== undefined) {
      this.#known = { ...this.#known, confirmedAt: now };
      note(decided('The calendar is what it was.', 'RFC 9110 §13.1.2'));
      return 'confirmed';
    }
    if (response.status !== 200 || mediaTypeIn(response) !== CALENDAR_TYPE) {
      const what = response.status === 200 ? 'what comes is no calendar' : `the server says ${response.status} ${response.reason}`;
      note(rejected(`The calendar cannot be had: ${what}. What is known of it stays, and is prolonged no more.`));
      return 'nothing';
    }
    const calendar = parseCalendar(response.body);
    if (isIcalendarError(calendar)) {
      const where = calendar.line === undefined ? '' : ` (line ${calendar.line})`;
      note(
        rejected(
          `The calendar cannot be read: ${calendar.reason.replace(/\.$/, '')}${where}. What is known of it stays, and is prolonged no more.`,
          'RFC 5545 §3.1',
        ),
      );
      return 'nothing';
    }
    const tag = fieldOf(response, 'ETag');
    this.#known = {
      calendar,
      tag: tag !== undefined && tag.length <= LONGEST_TAG && /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag) ? tag : undefined,
      confirmedAt: now,
    };
    const { length } = calendar.events;
    const odd = calendar.leftOut.map(({ reason }) => ` One is left out: ${reason}`).slice(0, 3);
    note(decided(`The calendar has ${length === 1 ? 'one event' : `${length} events`}.${odd.join('')}`, 'RFC 5545 §3.6'));
    return 'confirmed';
  }
}
