import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { type SipRequest, type SipResponse, createRequest, createResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { type Authorization, type NotifierPackage, PRESENCE_FACTS, type StateQuestion } from './event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from './notifier.ts';

const at = (s: number): SimTime => after(START, seconds(s));
const ALICE = 'sip:user1_public1@home1.net';
const BOB = 'sip:user2_public1@home2.net';

interface Bench {
  readonly notifier: Notifier;
  state: string;
  authorization: Authorization;
}

function bench(): Bench {
  const it: { notifier?: Notifier; state: string; authorization: Authorization } = {
    state: 'one',
    authorization: { decision: 'active', reason: 'Everybody may watch.' },
  };
  const presence: NotifierPackage = {
    ...PRESENCE_FACTS,
    contentTypes: ['application/pidf+xml', 'application/pidf-diff+xml'],
    maxExpires: 7200,
    authorize: () => it.authorization,
    bodyOf: ({ access, version }: StateQuestion) => encodeUtf8(access === 'full' ? `${it.state} v${version}` : 'neutral'),
  };
  const reg: NotifierPackage = { ...presence, name: 'reg', minInterval: seconds(0), contentTypes: ['application/reginfo+xml'], bodyOf: () => undefined };
  return Object.assign(it, { notifier: new Notifier({ packages: [presence, reg], contact: '<sip:ps.home2.net>', chance: createKeyedChance(1, 'ps') }) });
}

function subscribe(headers: Record<string, string | undefined> = {}, uri = BOB): SipRequest {
  const all: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP scscf2.home2.net;branch=z9hG4bK1',
    'Record-Route': '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>',
    From: `<${ALICE}>;tag=31415`,
    To: `<${BOB}>`,
    'Call-ID': 'b89rjhnedlrfjflslj40a222',
    CSeq: '61 SUBSCRIBE',
    Contact: '<sip:[2001:db8::1]:1357>',
    Event: 'presence',
    Expires: '7200',
    ...headers,
  };
  return createRequest(
    'SUBSCRIBE',
    uri,
    Object.entries(all).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

const responses = (steps: readonly NotifierStep[]): SipResponse[] => steps.flatMap((step) => (step.kind === 'respond' ? [step.response] : []));
const notifies = (steps: readonly NotifierStep[]): { request: SipRequest; subscription: NotifierSubscription }[] =>
  steps.flatMap((step) => (step.kind === 'notify' ? [step] : []));
const stateOf = (step: { request: SipRequest } | undefined): string | undefined => step?.request.headers.get('Subscription-State');
const bodyOf = (step: { request: SipRequest } | undefined): string => decodeUtf8(step?.request.body ?? new Uint8Array(0));

/** A SUBSCRIBE in the dialog of an accepted one. */
function within(accepted: SipResponse, cseq: number, headers: Record<string, string | undefined> = {}): SipRequest {
  return subscribe({ To: accepted.headers.get('To') ?? '', CSeq: `${cseq} SUBSCRIBE`, 'Record-Route': undefined, ...headers }, 'sip:ps.home2.net');
}

function start(
  b: Bench,
  headers: Record<string, string | undefined> = {},
  now = at(0),
): { accepted: SipResponse; first: { request: SipRequest; subscription: NotifierSubscription }; steps: NotifierStep[] } {
  const steps = b.notifier.receive(subscribe(headers), ALICE, now);
  const [accepted] = responses(steps);
  const [first] = notifies(steps);
  if (accepted === undefined || first === undefined) throw new Error('not accepted');
  return { accepted, first, steps };
}

describe('a refresh at the last moment (peers C7)', () => {
  it('prolongs while there is time left, and comes too late by a second', () => {
    const b = bench();
    const { accepted } = start(b, { Expires: '60' });
    const [prolonged] = responses(b.notifier.receive(within(accepted, 62, { Expires: '60' }), ALICE, at(59.9)));
    expect(prolonged?.status).toBe(200);
    expect(b.notifier.fire(at(119.8))).toEqual([]);
    expect(notifies(b.notifier.fire(at(119.9))).map(stateOf)).toEqual(['terminated;reason=timeout']);
    const late = b.notifier.receive(within(accepted, 63, { Expires: '60' }), ALICE, at(120.9));
    expect([responses(late).map(({ status }) => status), notifies(late), b.notifier.size]).toEqual([[481], [], 0]);
  });

  it('is nothing that a new subscription would suffer from', () => {
    const b = bench();
    const { accepted } = start(b, { Expires: '60' });
    b.notifier.fire(at(60));
    b.notifier.receive(within(accepted, 62), ALICE, at(63));
    const { accepted: anew, first } = start(b, { 'Call-ID': 'another', From: `<${ALICE}>;tag=2` }, at(64));
    expect([anew.status, stateOf(first), b.notifier.size]).toEqual([200, 'active;expires=7200', 1]);
    expect(tagOf(anew.headers.get('To') ?? '')).not.toBe(tagOf(accepted.headers.get('To') ?? ''));
  });
});

describe('accepting a subscription (RFC 6665 §4.2.1)', () => {
  it('answers 200 and sends the state at once, in the dialog that the 200 made', () => {
    const { accepted, first, steps } = start(bench());
    expect(accepted.status).toBe(200);
    expect(accepted.headers.get('Expires')).toBe('7200');
    expect(accepted.headers.get('Contact')).toBe('<sip:ps.home2.net>');
    expect(accepted.headers.values('Record-Route')).toEqual(['<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>']);
    const { headers } = first.request;
    expect(first.request.uri).toBe('sip:[2001:db8::1]:1357');
    expect(headers.values('Route')).toEqual(['<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>']);
    expect(headers.get('From')).toBe(accepted.headers.get('To'));
    expect(headers.get('To')).toBe(`<${ALICE}>;tag=31415`);
    expect(headers.get('Call-ID')).toBe('b89rjhnedlrfjflslj40a222');
    expect(headers.get('Max-Forwards')).toBe('70');
    expect(headers.get('Event')).toBe('presence');
    expect(headers.get('Subscription-State')).toBe('active;expires=7200');
    expect(headers.get('Content-Type')).toBe('application/pidf+xml');
    expect(headers.has('Record-Route')).toBe(false);
    expect(bodyOf(first)).toBe('one v0');
    expect(steps.map((step) => (step.kind === 'emit' ? `${step.event.from}>${step.event.to}` : step.kind))).toEqual([
      'note',
      'init>resp_wait',
      'respond',
      'resp_wait>active',
      'notify',
    ]);
  });

  it('gives a reason and a clause for everything it writes', () => {
    const notes = start(bench()).steps.flatMap((step) =>
      step.kind === 'respond' || step.kind === 'notify' ? step.notes : step.kind === 'note' ? [step.note] : [],
    );
    for (const note of notes) {
      expect(note.reason).toMatch(/^[A-Z][^]*\.$/);
      expect(note.clause).toMatch(/^RFC \d+ §[\d.]+$/);
    }
    expect(notes.map((note) => note.header)).toEqual(
      expect.arrayContaining(['To', 'Record-Route', 'Contact', 'Expires', 'Route', 'CSeq', 'Event', 'Subscription-State', 'Content-Type']),
    );
  });

  it('shortens, never lengthens, and takes the default when nothing is asked for', () => {
    for (const [asked, granted] of [
      ['600', 600],
      ['999999', 7200],
      [undefined, 3600],
    ] as const) {
      const { accepted, first } = start(bench(), { Expires: asked });
      expect(accepted.headers.get('Expires')).toBe(String(granted));
      expect(stateOf(first)).toBe(`active;expires=${granted}`);
    }
  });

  it('keeps the id of Event and nothing else of it', () => {
    expect(start(bench(), { Event: 'presence;foo=bar;id=7' }).first.request.headers.get('Event')).toBe('presence;id=7');
  });

  it('sends a watcher who was let in back to waiting, with what waited for its turn, and lets it in again (RFC 5025 §3.2.1)', () => {
    const b = bench();
    start(b);
    b.state = 'two';
    expect(notifies(b.notifier.changed('presence', BOB, at(2)))).toEqual([]);
    const decide = (decision: 'pending' | 'active', s: number) =>
      notifies(b.notifier.decide('presence', BOB, ALICE, { decision, reason: 'The owner says so.' }, at(s)));
    const [withdrawn] = decide('pending', 3);
    expect([stateOf(withdrawn), bodyOf(withdrawn)]).toEqual(['pending;expires=7197', 'neutral']);
    expect(b.notifier.fire(at(5))).toEqual([]);
    expect(b.notifier.changed('presence', BOB, at(60))).toEqual([]);
    expect(decide('pending', 61)).toEqual([]);
    const [granted] = decide('active', 62);
    expect([stateOf(granted), bodyOf(granted)]).toEqual(['active;expires=7138', 'two v2']);
  });
  it('makes a pending subscription without leaking state', () => {
    const b = bench();
    b.authorization = { decision: 'pending', reason: 'The owner has to be asked.' };
    const { accepted, first } = start(b);
    expect([accepted.status, stateOf(first), bodyOf(first)]).toEqual([200, 'pending;expires=7200', 'neutral']);
    b.state = 'two';
    expect(b.notifier.changed('presence', BOB, at(60))).toEqual([]);
    b.authorization = { decision: 'active', reason: 'Granted.' };
    const [granted] = notifies(b.notifier.decide('presence', BOB, ALICE, b.authorization, at(61)));
    expect([stateOf(granted), bodyOf(granted)]).toEqual(['active;expires=7139', 'two v1']);
  });

  it('shows a politely blocked watcher what an accepted one would see of nobody, now and later', () => {
    const b = bench();
    b.authorization = { decision: 'polite', reason: 'Blocked politely.' };
    const { accepted, first } = start(b);
    expect([accepted.status, stateOf(first), bodyOf(first)]).toEqual([200, 'active;expires=7200', 'neutral']);
    expect(b.notifier.changed('presence', BOB, at(60))).toEqual([]);
    expect(b.notifier.deadline()).toBe(at(7200));
  });
});

describe('refusing (RFC 6665 §4.2.1)', () => {
  it.each<[string, Record<string, string | undefined>, number, Record<string, string>]>([
    ['no Event', { Event: undefined }, 489, { 'Allow-Events': 'presence, reg' }],
    ['an unknown package', { Event: 'dialog' }, 489, { 'Allow-Events': 'presence, reg' }],
    ['another letter case of the package', { Event: 'Presence' }, 489, {}],
    ['formats that are not ours', { Accept: 'text/plain, application/xpidf+xml' }, 406, {}],
    ['our format with q=0', { Accept: 'application/pidf+xml;q=0, application/pidf-diff+xml;q=0' }, 406, {}],
    ['an interval that is too brief', { Expires: '59' }, 423, { 'Min-Expires': '60' }],
    ['an interval that is no number', { Expires: 'soon' }, 400, {}],
    ['no Contact', { Contact: undefined }, 400, {}],
    ['two Contacts', { Contact: '<sip:a@192.0.2.1>, <sip:b@192.0.2.2>' }, 400, {}],
  ])('%s', (_what, headers, status, expected) => {
    const b = bench();
    const steps = b.notifier.receive(subscribe(headers), ALICE, at(0));
    const [refused] = responses(steps);
    expect(refused?.status).toBe(status);
    for (const [name, value] of Object.entries(expected)) expect(refused?.headers.get(name)).toBe(value);
    expect(tagOf(refused?.headers.get('To') ?? '')).toBeDefined();
    expect(notifies(steps)).toEqual([]);
    expect(b.notifier.size).toBe(0);
  });

  it('a watcher that policy rejects, with the status that policy names', () => {
    const b = bench();
    b.authorization = { decision: 'rejected', reason: 'Blocked.' };
    expect(responses(b.notifier.receive(subscribe(), ALICE, at(0)))[0]?.status).toBe(403);
    b.authorization = { decision: 'rejected', status: 404, reason: 'Nobody of that name.' };
    expect(responses(b.notifier.receive(subscribe(), ALICE, at(0)))[0]?.status).toBe(404);
  });

  it('a Request-URI that names no resource', () => {
    expect(responses(bench().notifier.receive(subscribe({}, 'http://home2.net/bob'), ALICE, at(0)))[0]?.status).toBe(416);
  });

  it('423 only below an hour and below the minimum: a package with a minimum of two hours takes one hour', () => {
    const presence: NotifierPackage = {
      ...PRESENCE_FACTS,
      minExpires: 7200,
      authorize: () => ({ decision: 'active', reason: 'Yes.' }),
      bodyOf: () => undefined,
    };
    const notifier = new Notifier({ packages: [presence], contact: '<sip:ps.home2.net>', chance: createKeyedChance(1, 'ps') });
    expect(responses(notifier.receive(subscribe({ Expires: '3599' }), ALICE, at(0)))[0]?.status).toBe(423);
    expect(responses(notifier.receive(subscribe({ Expires: '3600' }), ALICE, at(0)))[0]?.status).toBe(200);
  });
});

describe('choosing the format', () => {
  it.each([
    [undefined, 'application/pidf+xml'],
    ['application/pidf-diff+xml, application/pidf+xml;q=0.3', 'application/pidf-diff+xml'],
    ['application/*;q=0.5, application/pidf+xml;q=0.1', 'application/pidf-diff+xml'],
    ['*/*', 'application/pidf+xml'],
  ])('Accept: %s', (accept, type) => {
    expect(start(bench(), { Accept: accept }).first.request.headers.get('Content-Type')).toBe(type);
  });
});

describe('within the dialog', () => {
  it('refreshes: 200 with the new time, and a NOTIFY with the whole state', () => {
    const b = bench();
    const { accepted, first } = start(b);
    const steps = b.notifier.receive(within(accepted, 62, { Expires: '600', Contact: '<sip:[2001:db8::1]:2468>' }), ALICE, at(100));
    expect(responses(steps).map((each) => [each.status, each.headers.get('Expires'), each.headers.get('To')])).toEqual([
      [200, '600', accepted.headers.get('To')],
    ]);
    const [second] = notifies(steps);
    expect(stateOf(second)).toBe('active;expires=600');
    expect(second?.request.uri).toBe('sip:[2001:db8::1]:2468');
    expect(second?.request.headers.get('CSeq')).toBe(first.request.headers.get('CSeq')?.replace('1', '2'));
    expect(b.notifier.deadline()).toBe(at(700));
  });

  it('ends with zero seconds: 200, and a last NOTIFY with the reason timeout', () => {
    const b = bench();
    const { accepted } = start(b);
    const steps = b.notifier.receive(within(accepted, 62, { Expires: '0' }), ALICE, at(100));
    expect(responses(steps)[0]?.headers.get('Expires')).toBe('0');
    expect(notifies(steps).map(stateOf)).toEqual(['terminated;reason=timeout']);
    expect([b.notifier.size, b.notifier.deadline()]).toEqual([0, undefined]);
    expect(responses(b.notifier.receive(within(accepted, 63), ALICE, at(101)))[0]?.status).toBe(481);
    expect(b.notifier.changed('presence', BOB, at(102))).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['an old CSeq', { CSeq: '61 SUBSCRIBE' }, 500],
    ['an unknown tag', { To: `<${BOB}>;tag=nobody` }, 481],
    ['the tag of another watcher', { From: `<${ALICE}>;tag=other` }, 481],
    ['another Call-ID', { 'Call-ID': 'other' }, 481],
    ['another event of ours', { Event: 'reg' }, 481],
    ['too brief an interval', { Expires: '5' }, 423],
    ['no format of ours', { Accept: 'text/plain' }, 406],
  ])('%s is refused and changes nothing', (_what, headers, status) => {
    const b = bench();
    const { accepted } = start(b);
    const steps = b.notifier.receive(within(accepted, 62, headers), ALICE, at(100));
    expect(responses(steps).map((each) => each.status)).toEqual([status]);
    expect(notifies(steps)).toEqual([]);
    expect(b.notifier.deadline()).toBe(at(7200));
  });
});

describe('fetching (RFC 6665 §4.4.3)', () => {
  it('answers once, with the state, and keeps nothing', () => {
    const b = bench();
    const { accepted, first } = start(b, { Expires: '0' });
    expect([accepted.status, accepted.headers.get('Expires')]).toEqual([200, '0']);
    expect([stateOf(first), bodyOf(first)]).toEqual(['terminated;reason=timeout', 'one v0']);
    expect([b.notifier.size, b.notifier.deadline()]).toEqual([0, undefined]);
  });

  it('tells a watcher that is not authorized yet nothing', () => {
    const b = bench();
    b.authorization = { decision: 'pending', reason: 'The owner has to be asked.' };
    const { first } = start(b, { Expires: '0' });
    expect([stateOf(first), bodyOf(first)]).toEqual(['terminated;reason=timeout', 'neutral']);
  });
});

describe('telling changes', () => {
  it('sends at once, then at most one in five seconds, and then only the latest state', () => {
    const b = bench();
    start(b);
    b.state = 'two';
    expect(notifies(b.notifier.changed('presence', BOB, at(10))).map(bodyOf)).toEqual(['two v1']);
    b.state = 'three';
    expect(notifies(b.notifier.changed('presence', BOB, at(11)))).toEqual([]);
    b.state = 'four';
    expect(notifies(b.notifier.changed('presence', BOB, at(12)))).toEqual([]);
    expect(b.notifier.deadline()).toBe(at(15));
    expect(notifies(b.notifier.fire(at(15))).map((each) => [bodyOf(each), stateOf(each)])).toEqual([['four v2', 'active;expires=7185']]);
    expect(b.notifier.deadline()).toBe(at(7200));
  });

  it('does not let a change wait behind the NOTIFY of a refresh', () => {
    const b = bench();
    const { accepted } = start(b);
    b.state = 'two';
    b.notifier.changed('presence', BOB, at(1));
    expect(notifies(b.notifier.receive(within(accepted, 62), ALICE, at(2))).map(bodyOf)).toEqual(['two v1']);
    expect(b.notifier.deadline()).toBe(at(7202));
    b.notifier.changed('presence', BOB, at(6));
    expect(b.notifier.deadline()).toBe(at(7));
  });

  it('has no limit where the package has none, and reaches every watcher in the order of their coming', () => {
    const b = bench();
    const callIds = ['a', 'b', 'c'];
    for (const callId of callIds) b.notifier.receive(subscribe({ Event: 'reg', 'Call-ID': callId }), `sip:${callId}@home1.net`, at(0));
    const told = notifies(b.notifier.changed('reg', BOB, at(0)));
    expect(told.map((each) => each.request.headers.get('Call-ID'))).toEqual(callIds);
    expect(notifies(b.notifier.changed('presence', BOB, at(1)))).toEqual([]);
    expect(b.notifier.end('reg', BOB, { reason: 'noresource', because: 'Gone.', clause: 'RFC 6665 §4.2.2' }, at(2), 'sip:b@home1.net')).toHaveLength(2);
    expect(notifies(b.notifier.changed('reg', BOB, at(3))).map((each) => each.request.headers.get('Call-ID'))).toEqual(['a', 'c']);
  });

  it('withdraws: a rejected watcher gets a last NOTIFY', () => {
    const b = bench();
    start(b);
    expect(notifies(b.notifier.decide('presence', BOB, ALICE, { decision: 'rejected', reason: 'Changed my mind.' }, at(9))).map(stateOf)).toEqual([
      'terminated;reason=rejected',
    ]);
    expect(b.notifier.size).toBe(0);
  });
});

describe('running out', () => {
  it('sends a last NOTIFY with the reason timeout', () => {
    const b = bench();
    start(b, { Expires: '600' });
    expect(b.notifier.fire(at(599))).toEqual([]);
    expect(notifies(b.notifier.fire(at(600))).map(stateOf)).toEqual(['terminated;reason=timeout']);
    expect([b.notifier.size, b.notifier.fire(at(9999))]).toEqual([0, []]);
  });
});

describe('a NOTIFY that fails (RFC 6665 §4.2.2)', () => {
  const fail = (status: number): Bench => {
    const b = bench();
    const { first } = start(b);
    b.notifier.answered(first.subscription, createResponse(first.request, status), at(1));
    return b;
  };

  it.each([404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604])('%i removes the subscription, and a refresh is answered 481', (status) => {
    const b = bench();
    const { accepted, first } = start(b);
    const steps = b.notifier.answered(first.subscription, createResponse(first.request, status), at(1));
    expect(steps).toContainEqual({ kind: 'emit', event: expect.objectContaining({ on: 'notify-failed', to: 'terminated' }) as unknown });
    expect(notifies(steps)).toEqual([]);
    expect(responses(b.notifier.receive(within(accepted, 62), ALICE, at(2)))[0]?.status).toBe(481);
  });

  it.each([400, 403, 413, 415, 479, 486, 488, 500, 503, 600, 603])('%i is the failure of that NOTIFY only', (status) => {
    expect(fail(status).notifier.size).toBe(1);
  });

  it('without an answer removes the subscription; not so when it could not be sent', () => {
    const b = bench();
    const { first } = start(b);
    b.notifier.unanswered(first.subscription, 'transport-error', at(1));
    expect(b.notifier.size).toBe(1);
    b.notifier.unanswered(first.subscription, 'timeout', at(32));
    expect(b.notifier.size).toBe(0);
    expect(b.notifier.unanswered(first.subscription, 'timeout', at(33))).toEqual([]);
  });
});

describe('what people see', () => {
  it('is tables, timers and live states', () => {
    const b = bench();
    start(b);
    b.notifier.changed('presence', BOB, at(1));
    expect(b.notifier.viewTable(at(10)).rows).toEqual([[ALICE, BOB, 'presence', 'active', 'everything', '7190 s']]);
    expect(b.notifier.viewTimers().map((timer) => [timer.name, timer.firesAt])).toEqual([
      ['Subscription expiry', at(7200)],
      ['Next NOTIFY allowed', at(5)],
    ]);
    expect(b.notifier.viewStates()).toMatchObject([{ machine: 'subscription (notifier)', state: 'active' }]);
  });
});
