/** The agent: what it makes of a calendar, when it publishes, how it shows who it is, and when it gives up. */
import { describe, expect, it } from 'vitest';
import type { SendEffect } from '#base/machine.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { parsePidf } from '#presence/pidf/xml.ts';
import { createHttpResponse, encodeHttpMessage, fieldOf, type HttpFields, parseHttpMessage } from '#protocol/http/message.ts';
import type { CalendarEvent } from '#protocol/icalendar/calendar.ts';
import { formatCalendar } from '#protocol/icalendar/write.ts';
import { parseCredentials } from '#protocol/sip/credentials.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';
import { occupationAt } from './occupation.ts';

const JANE = 'sip:user2_public1@home2.net';
const START = Date.parse('2026-01-05T09:00:00Z');
const CHALLENGE = 'Digest realm="home2.net", nonce="n1", algorithm=MD5, qop="auth"';

const event = (more: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: 'a',
  stamp: START,
  start: START + 600_000,
  end: START + 1_200_000,
  summary: 'Budget',
  location: 'Room 5',
  classification: 'PUBLIC',
  opaque: true,
  status: 'CONFIRMED',
  sequence: 0,
  attendees: ['mailto:guest1@example.org'],
  ...more,
});

class AgentBench extends EntityBench {
  #calendar: readonly CalendarEvent[] | string | undefined;
  #tag = 0;
  #etag = 0;
  readonly asked: (string | undefined)[] = [];

  constructor(agent: NetworkOptions['externalAgent'] = {}) {
    super('pea', { network: { with: ['pea', 'cal'], externalAgent: agent } });
  }
  /** What the calendar server holds: events, a text in their place, or nothing, and then it is silent. */
  holds(calendar: readonly CalendarEvent[] | string | undefined): void {
    this.#calendar = calendar;
    this.#tag++;
  }
  /** Answers the last question of that outcome; what the agent does then. */
  serve(outcome: Outcome): Outcome | undefined {
    const question = outcome.effects.findLast((one): one is SendEffect => one.kind === 'send' && one.protocol === 'HTTP');
    if (question === undefined || this.#calendar === undefined) return undefined;
    const request = parseHttpMessage(question.bytes);
    if (request.kind !== 'request') throw new Error('no question');
    const condition = fieldOf(request, 'If-None-Match');
    this.asked.push(condition);
    const tag = `"${this.#tag}"`;
    const text = typeof this.#calendar === 'string' ? this.#calendar : formatCalendar({ product: 'p', events: this.#calendar });
    const fields: HttpFields = [
      ['Content-Type', 'text/calendar'],
      ['ETag', tag],
    ];
    const response = condition === tag ? createHttpResponse(304, [['ETag', tag]]) : createHttpResponse(200, fields, encodeUtf8(text));
    const { local, remote } = question;
    return this.step({ kind: 'bytes', bytes: encodeHttpMessage(response), transport: 'tcp', local, remote });
  }
  follow(): Outcome | undefined {
    return this.serve(this.wish({ kind: 'follow-calendar' }));
  }
  /** So many seconds, and the answer to what is asked at their end. */
  wait(length: number): Outcome | undefined {
    return this.serve(this.advance(length));
  }
  accept(sent: Sent<SipRequest>, expires = sent.message.headers.get('Expires') ?? '900'): Outcome {
    return this.answer(sent, 200, [
      ['SIP-ETag', `tag${++this.#etag}`],
      ['Expires', expires],
    ]);
  }
  challenge(sent: Sent<SipRequest>, value = CHALLENGE): Outcome {
    return this.answer(sent, 401, [['WWW-Authenticate', value]]);
  }
  get state(): string | undefined {
    return this.machine.view(this.now).states.find(({ machine }) => machine.includes('external agent'))?.state;
  }
}

/** In the midst of the event, published and accepted with the password. */
function publishing(bench = new AgentBench()): { readonly bench: AgentBench; readonly first: Sent<SipRequest>; readonly second: Sent<SipRequest> } {
  bench.holds([event()]);
  bench.follow();
  bench.wait(300);
  const first = bench.wait(300)?.request('PUBLISH');
  if (first === undefined) throw new Error('nothing is published');
  const second = bench.challenge(first).request('PUBLISH');
  bench.accept(second);
  return { bench, first, second };
}
const headersOf = ({ message }: Sent<SipRequest>, ...names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name) => message.headers.get(name));
const credentialsOf = ({ message }: Sent<SipRequest>): ReadonlyMap<string, string> | undefined =>
  parseCredentials(message.headers.get('Authorization') ?? '')?.params;

describe('what goes on', () => {
  it('is published when it begins, in its own name, straight to the entry of the domain (TS 23.141 (clause unchecked))', () => {
    const { bench, first, second } = publishing();
    expect(first.remote).toEqual(bench.at('icscf2'));
    expect(headersOf(first, 'From', 'To', 'Authorization', 'SIP-If-Match', 'Expires', 'Route')).toEqual([
      expect.stringMatching(/^<sip:calendar@example.org>;tag=/),
      `<${JANE}>`,
      undefined,
      undefined,
      '900',
      undefined,
    ]);
    for (const name of ['P-Asserted-Identity', 'P-Preferred-Identity', 'P-Charging-Vector', 'Contact'])
      expect(first.message.headers.has(name), name).toBe(false);
    expect(parsePidf(decodeUtf8(second.message.body))).toMatchObject({
      entity: JANE,
      tuples: [],
      persons: [
        { activities: ['meeting'], activitiesSpan: { from: '2026-01-05T09:10:00.000Z', until: '2026-01-05T09:20:00.000Z' }, notes: ['Budget (Room 5)'] },
      ],
    });
    expect(bench.state).toBe('occupied');
  });

  it('is taken back when it ends, and changed when the calendar changes it', () => {
    const { bench } = publishing();
    bench.holds([event({ end: START + 1_500_000 })]);
    const modify = bench.wait(300)?.request('PUBLISH');
    if (modify === undefined) throw new Error('nothing is published');
    expect([...headersOf(modify, 'SIP-If-Match'), decodeUtf8(modify.message.body).includes('09:25:00')]).toEqual(['tag1', true]);
    bench.accept(modify);
    bench.wait(300);
    const remove = bench.wait(300)?.request('PUBLISH');
    if (remove === undefined) throw new Error('nothing is taken back');
    expect([...headersOf(remove, 'SIP-If-Match', 'Expires'), remove.message.body.length]).toEqual(['tag2', '0', 0]);
    bench.accept(remove, '0');
    expect(bench.state).toBe('free');
    expect(bench.asked).toEqual([undefined, '"1"', '"1"', '"1"', '"2"', '"2"']);
  });

  it('is prolonged when the calendar confirms it, and only then', () => {
    const bench = new AgentBench({ expires: 500 });
    bench.holds([event({ end: START + 7_200_000 })]);
    bench.follow();
    bench.wait(300);
    const first = bench.wait(300)?.request('PUBLISH');
    if (first === undefined) throw new Error('nothing is published');
    bench.accept(first, '500');
    const refresh = bench.wait(300)?.request('PUBLISH');
    if (refresh === undefined) throw new Error('nothing is prolonged');
    expect([...headersOf(refresh, 'SIP-If-Match', 'Expires'), refresh.message.body.length]).toEqual(['tag1', '500', 0]);
    bench.accept(refresh, '500');
    // From now on nobody answers: no refresh, and then it is over.
    bench.holds(undefined);
    expect(bench.advance(499).methods).toEqual([]);
    expect(bench.state).toBe('occupied');
    expect(bench.advance(2).methods).toEqual([]);
    expect(bench.state).toBe('free');
    expect(bench.advance(3600).methods).toEqual([]);
    bench.holds([event({ end: START + 7_200_000 })]);
    expect(bench.wait(400)?.methods).toEqual(['PUBLISH']);
  });

  it.each<[string, Partial<CalendarEvent>, readonly string[]]>([
    ['with others: a meeting', {}, ['meeting', 'Budget (Room 5)']],
    ['alone: an appointment', { attendees: [] }, ['appointment', 'Budget (Room 5)']],
    ['private: busy, without a word', { classification: 'PRIVATE' }, ['busy']],
    ['confidential: the same', { classification: 'CONFIDENTIAL' }, ['busy']],
    ['cancelled: nothing', { status: 'CANCELLED' }, []],
    ['what takes no time: nothing', { opaque: false }, []],
  ])('%s', (_, more, told) => {
    const occupation = occupationAt({ events: [event(more)] }, START + 700_000);
    expect([...(occupation?.activities ?? []), ...(occupation?.notes ?? [])]).toEqual(told);
  });

  it('two at once are both told, as long as both last, and of the private one nothing but that it is', () => {
    const events = [event(), event({ uid: 'b', start: START + 900_000, end: START + 3_000_000, summary: 'Doctor', classification: 'PRIVATE' })];
    expect(occupationAt({ events }, START + 1_000_000)).toEqual({
      activities: ['meeting', 'busy'],
      notes: ['Budget (Room 5)'],
      period: { start: START + 900_000, end: START + 1_200_000 },
    });
  });
});

describe('a calendar that cannot be had or read', () => {
  it.each<[string, string]>([
    ['breaks off', formatCalendar({ product: 'p', events: [event()] }).slice(0, 150)],
    ['is something else', '<html/>'],
    [
      'recurs without end at one moment',
      formatCalendar({ product: 'p', events: [event()] }).replace('END:VEVENT', 'RRULE:FREQ=DAILY;INTERVAL=0\r\nEND:VEVENT'),
    ],
    ['is too long', `${formatCalendar({ product: 'p', events: [event()] })}${'X:y\r\n'.repeat(15_000)}`],
  ])('changes nothing when it %s', (_, text) => {
    const { bench } = publishing();
    bench.holds(text);
    const outcome = bench.wait(300);
    expect(outcome?.methods).toEqual([]);
    expect(outcome?.notes.map(({ op, clause }) => `${op} ${clause ?? ''}`)).toContain('rejected RFC 5545 §3.1');
    expect(bench.state).toBe('occupied');
    expect(bench.rows('The calendar, as far as it is told')).toEqual([['09:10 – 09:20', 'meeting', 'Budget (Room 5)']]);
  });
});

describe('asked who it is', () => {
  it('answers, with the next number, and with a higher count the next time (RFC 3261 §22.2)', () => {
    const { bench, first, second } = publishing();
    expect(headersOf(first, 'CSeq')).toEqual(['1 PUBLISH']);
    expect(headersOf(second, 'CSeq', 'Call-ID')).toEqual(['2 PUBLISH', first.message.headers.get('Call-ID')]);
    expect(second.message.headers.lines('Via')).toHaveLength(1);
    expect([...['username', 'realm', 'uri', 'nc'].map((name) => credentialsOf(second)?.get(name))]).toEqual([
      'calendar@example.org',
      'home2.net',
      JANE,
      '00000001',
    ]);
    bench.holds([event({ end: START + 1_500_000 })]);
    const modify = bench.wait(300)?.request('PUBLISH');
    if (modify === undefined) throw new Error('nothing is published');
    expect([credentialsOf(modify)?.get('nc'), ...headersOf(modify, 'CSeq')]).toEqual(['00000002', '3 PUBLISH']);
    const stale = bench.challenge(modify, CHALLENGE.replace('n1', 'n2').replace('qop', 'stale=true, qop')).request('PUBLISH');
    expect([credentialsOf(stale)?.get('nonce'), credentialsOf(stale)?.get('nc'), ...headersOf(stale, 'CSeq', 'SIP-If-Match')]).toEqual([
      'n2',
      '00000001',
      '4 PUBLISH',
      'tag1',
    ]);
    expect(stale.message.headers.lines('Authorization')).toHaveLength(1);
  });

  it.each<[string, (bench: AgentBench, second: Sent<SipRequest>) => Outcome]>([
    ['the password is not the right one', (bench, second) => bench.challenge(second, CHALLENGE.replace('n1', 'n2'))],
    ['it is refused for good', (bench, second) => bench.answer(second, 403)],
    [
      'it is stale again and again',
      (bench, second) => {
        const stale = CHALLENGE.replace('qop', 'stale=true, qop');
        const third = bench.challenge(second, stale.replace('n1', 'n2')).request('PUBLISH');
        return bench.challenge(third, stale.replace('n1', 'n3'));
      },
    ],
    ['it is asked for what it cannot do', (bench, second) => bench.challenge(second, 'Basic realm="home2.net"')],
  ])('gives up when %s, until somebody wants it anew', (_, refuse) => {
    const bench = new AgentBench();
    bench.holds([event()]);
    bench.follow();
    bench.wait(300);
    const first = bench.wait(300)?.request('PUBLISH');
    if (first === undefined) throw new Error('nothing is published');
    const outcome = refuse(bench, bench.challenge(first).request('PUBLISH'));
    expect(outcome.methods).toEqual([]);
    expect(bench.state).toBe('refused');
    expect(bench.wait(300)?.methods).toEqual([]);
    expect(bench.follow()?.methods).toEqual(['PUBLISH']);
  });

  it.each([
    '',
    'Digest',
    'Digest realm="x"',
    'Digest realm="home2.net", nonce="n", algorithm=SHA-256, qop="auth"',
    'Digest realm="home2.net", nonce="n", qop="other"',
  ])('gives up on the challenge %j, and does not go round', (value) => {
    const bench = new AgentBench();
    bench.holds([event()]);
    bench.follow();
    bench.wait(300);
    const first = bench.wait(300)?.request('PUBLISH');
    if (first === undefined) throw new Error('nothing is published');
    let outcome = bench.challenge(first, value);
    for (let i = 0; i < 5 && outcome.methods.length > 0; i++) outcome = bench.challenge(outcome.request('PUBLISH'), value);
    expect(bench.state).toBe('refused');
  });
});

describe('its wishes', () => {
  it('leaving takes back what was said, and asks no more', () => {
    const { bench } = publishing();
    const remove = bench.wish({ kind: 'leave-calendar' }).request('PUBLISH');
    expect(headersOf(remove, 'Expires')).toEqual(['0']);
    bench.accept(remove, '0');
    expect(bench.advance(7200).effects.filter(({ kind }) => kind === 'send')).toEqual([]);
    expect(bench.state).toBe('apart');
  });

  it('a claim is written with a note that nobody has checked it', () => {
    const { second } = publishing(new AgentBench({ claims: true }));
    expect(second.message.headers.lines('P-Asserted-Identity')).toEqual([`<${JANE}>`]);
  });

  it('following twice, leaving what is not followed and unknown wishes are refused with a note', () => {
    const bench = new AgentBench();
    expect(bench.wish({ kind: 'leave-calendar' }).notes[0]?.op).toBe('rejected');
    bench.holds([]);
    bench.follow();
    expect(bench.wish({ kind: 'follow-calendar' }).notes[0]?.op).toBe('rejected');
    expect(bench.wish({ kind: 'subscribe', to: JANE }).notes[0]?.op).toBe('rejected');
  });

  it('is asked for nothing itself', () => {
    const bench = new AgentBench();
    expect(bench.deliver(sipRequest('SUBSCRIBE', 'sip:pea.example.org', { Event: 'presence' }), bench.at('icscf2')).statuses).toEqual([405]);
  });

  it('nobody answers: it is tried again when the calendar is looked at', () => {
    const bench = new AgentBench();
    bench.holds([event({ end: START + 7_200_000 })]);
    bench.follow();
    bench.wait(300);
    expect(bench.wait(300)?.methods).toEqual(['PUBLISH']);
    bench.advance(40);
    expect(bench.wait(260)?.methods).toEqual(['PUBLISH']);
  });
});
