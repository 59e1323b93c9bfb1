/** The calendar server: what its owner does, what readers get, under which entity-tag. */
import { describe, expect, it } from 'vitest';
import type { Intent } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { createHttpRequest, encodeHttpMessage, fieldOf, type HttpResponse, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import type { CalendarEvent } from '#protocol/icalendar/calendar.ts';
import { isIcalendarError, parseCalendar } from '#protocol/icalendar/read.ts';
import { CalendarServer } from './calendar-server.ts';

const PATH = '/c.ics';
const CONFIG = { host: 'calendar.example.org', path: PATH, startsAt: '2026-01-05T09:00:00Z' };
const ENTER = { kind: 'enter-event', event: 'a', from: 600, until: 1200, summary: 'Budget', location: 'Room 5', others: 2 };

class Bench {
  readonly server: CalendarServer;
  now: SimTime = START;
  constructor(stored?: ReadonlyMap<string, CalendarEvent>) {
    this.server = new CalendarServer(CONFIG, stored);
  }
  say(bytes: Uint8Array, port = 80): HttpResponse | undefined {
    const [effect] = this.server.step(
      { kind: 'bytes', bytes, transport: 'tcp', local: { address: 'a', port }, remote: { address: 'b', port: 47_000 } },
      this.now,
    );
    if (effect?.kind !== 'send') return undefined;
    const message = parseHttpMessage(effect.bytes);
    if (isHttpError(message) || message.kind === 'request') throw new Error('no response');
    return message;
  }
  ask(method = 'GET', target = PATH, fields: readonly (readonly [string, string])[] = []): HttpResponse {
    const response = this.say(encodeHttpMessage(createHttpRequest(method, target, [['Host', 'calendar.example.org'], ...fields])));
    if (response === undefined) throw new Error('no answer');
    return response;
  }
  act(intent: Intent): string {
    this.now = after(this.now, seconds(1));
    const [effect] = this.server.step({ kind: 'intent', intent }, this.now);
    return effect?.kind === 'note' ? effect.note.op : '';
  }
  get events(): readonly CalendarEvent[] {
    const calendar = parseCalendar(this.ask().body);
    if (isIcalendarError(calendar)) throw new Error(calendar.reason);
    return calendar.events;
  }
}

describe('its owner', () => {
  it('enters, moves, cancels and classifies an event, each under another entity-tag', () => {
    const bench = new Bench();
    const tags = [fieldOf(bench.ask(), 'ETag')];
    const acts: Intent[] = [
      ENTER,
      { kind: 'move-event', event: 'a', until: 1800 },
      { kind: 'classify-event', event: 'a', class: 'confidential' },
      { kind: 'cancel-event' },
    ];
    for (const act of acts) {
      expect(bench.act(act)).toBe('decided');
      tags.push(fieldOf(bench.ask(), 'ETag'));
    }
    expect(new Set(tags).size).toBe(5);
    expect(bench.events).toEqual([
      expect.objectContaining({
        uid: 'a@calendar.example.org',
        start: Date.parse('2026-01-05T09:10:00Z'),
        end: Date.parse('2026-01-05T09:30:00Z'),
        classification: 'CONFIDENTIAL',
        status: 'CANCELLED',
        sequence: 3,
      }),
    ]);
    expect(bench.events[0]?.attendees).toHaveLength(2);
    // RFC 5545 §3.8.4.3: with others there is somebody whose meeting it is, alone there is not.
    expect(bench.events[0]?.organizer).toBe('mailto:owner@calendar.example.org');
    expect(bench.act({ ...ENTER, event: 'alone', others: 0 })).toBe('decided');
    expect(bench.events[1]?.organizer).toBeUndefined();
  });

  it.each<Intent>([
    { kind: 'enter-event' },
    { kind: 'enter-event', from: 9, until: 9 },
    { kind: 'enter-event', from: 'soon', until: 9 },
    { ...ENTER, class: 'secret' },
    { kind: 'move-event', event: 'b' },
    { kind: 'move-event', event: 'a', until: 1 },
    { kind: 'classify-event', event: 'a', class: 'nothing' },
    { kind: 'dance' },
  ])('cannot want %j', (intent) => {
    const bench = new Bench();
    bench.act(ENTER);
    const before = fieldOf(bench.ask(), 'ETag');
    expect(bench.act(intent)).toBe('rejected');
    expect(fieldOf(bench.ask(), 'ETag')).toBe(before);
  });
});

describe('a reader', () => {
  it('gets the calendar, and is told when it is still the same (RFC 9110 §13.1.2)', () => {
    const bench = new Bench();
    bench.act(ENTER);
    const first = bench.ask();
    expect([first.status, fieldOf(first, 'Content-Type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    const tag = fieldOf(first, 'ETag') ?? '';
    for (const condition of [tag, '*', `"x", ${tag}`, `W/${tag}`]) {
      const same = bench.ask('GET', PATH, [['If-None-Match', condition]]);
      expect([same.status, same.body.length, fieldOf(same, 'ETag')]).toEqual([304, 0, tag]);
    }
    bench.act({ kind: 'move-event', until: 1500 });
    expect(bench.ask('GET', PATH, [['If-None-Match', tag]]).status).toBe(200);
  });

  it.each([
    ['PUT', PATH, 405],
    ['GET', '/other.ics', 404],
    ['DELETE', '/other.ics', 405],
  ])('%s %s is %i', (method, target, status) => {
    expect(new Bench().ask(method, target).status).toBe(status);
  });

  it('is answered by the standard when it speaks badly, and changes nothing', () => {
    const bench = new Bench();
    bench.act(ENTER);
    for (const text of [
      '',
      'GET / HTTP/1.1\r\n\r\n',
      'nonsense\r\n\r\n',
      `GET ${PATH} HTTP/3.0\r\nHost: a\r\n\r\n`,
      `GET ${PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ])
      expect([400, 501, 505]).toContain(bench.say(encodeUtf8(text))?.status);
    expect(bench.say(encodeUtf8('HTTP/1.1 200 OK\r\n\r\n'))).toBeUndefined();
    expect(bench.say(encodeUtf8('GET / HTTP/1.1\r\n\r\n'), 5060)).toBeUndefined();
    expect(bench.events).toHaveLength(1);
  });
});

it('breaks off when something is broken, and is whole again', () => {
  const bench = new Bench();
  bench.act(ENTER);
  bench.act({ kind: 'spoil-calendar' });
  expect(bench.server.view().mark).toBe('broken');
  expect(decodeUtf8(bench.ask().body)).not.toContain('END:VCALENDAR');
  bench.act({ kind: 'mend-calendar' });
  expect(bench.events).toHaveLength(1);
});

it('keeps its events when it stops, and gives no entity-tag twice', () => {
  const bench = new Bench();
  bench.act(ENTER);
  bench.act({ kind: 'move-event', until: 1500 });
  const again = new Bench(bench.server.stored);
  expect(again.events).toEqual(bench.events);
  expect(fieldOf(again.ask(), 'ETag')).toBe(fieldOf(bench.ask(), 'ETag'));
});
