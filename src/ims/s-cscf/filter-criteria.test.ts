import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { InitialFilterCriterion, ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { sipRequest } from '#testing/entity-bench.ts';
import { compileFilterCriteria, type EvaluationContext, nextMatch, type SessionCase } from './filter-criteria.ts';

const ORIGINATING: EvaluationContext = { sessionCase: 'originating-registered' };

type Trigger = Partial<ServicePointTrigger> & { readonly kind: ServicePointTrigger['kind'] };
const spt = (trigger: Trigger, groups: readonly number[] = [0], negated = false): ServicePointTrigger =>
  ({ groups, negated, ...trigger }) as ServicePointTrigger;
const method = (name: string, groups?: readonly number[], negated?: boolean): ServicePointTrigger => spt({ kind: 'method', method: name }, groups, negated);
const header = (name: string, content?: string, groups?: readonly number[], negated?: boolean): ServicePointTrigger =>
  spt({ kind: 'header', header: content === undefined ? { name } : { name, content } }, groups, negated);

const criterion = (cnf: boolean, spts: readonly ServicePointTrigger[], rest: Partial<InitialFilterCriterion> = {}): InitialFilterCriterion => ({
  priority: 0,
  triggerPoint: { cnf, spts },
  applicationServer: { serverName: 'sip:AS1@homedomain.com' },
  ...rest,
});
const fires = (one: InitialFilterCriterion, request: SipRequest, context = ORIGINATING): boolean =>
  nextMatch(compileFilterCriteria([one]), 0, request, context) === 0;
const request = (name: string, fields: Record<string, string | undefined> = {}, uri = 'sip:user2_public1@home2.net', body?: string): SipRequest =>
  sipRequest(name, uri, fields, body === undefined ? undefined : encodeUtf8(body));
const single = (trigger: ServicePointTrigger): InitialFilterCriterion => criterion(true, [trigger]);

describe('TS 29.228 Annex C: the conjunctive and the disjunctive form of one trigger', () => {
  const from = (groups: readonly number[]): ServicePointTrigger => header('From', 'joe', groups, true);
  const conjunctive = criterion(true, [method('INVITE', [0, 1]), method('MESSAGE', [0, 1]), method('SUBSCRIBE', [0]), from([1])]);
  const disjunctive = criterion(false, [method('INVITE', [0]), method('MESSAGE', [1]), method('SUBSCRIBE', [2]), from([2])]);
  const joe = '<sip:joe@homedomain.com>;tag=1';
  const ann = '<sip:ann@homedomain.com>;tag=1';

  it.each([
    ['INVITE', joe, true],
    ['INVITE', ann, true],
    ['MESSAGE', joe, true],
    ['MESSAGE', ann, true],
    ['SUBSCRIBE', joe, false],
    ['SUBSCRIBE', ann, true],
    ['PUBLISH', joe, false],
    ['PUBLISH', ann, false],
  ])('%s from %s', (name, sender, expected) => {
    expect(fires(conjunctive, request(name, { From: sender }))).toBe(expected);
    expect(fires(disjunctive, request(name, { From: sender }))).toBe(expected);
  });
});

describe('one service point trigger', () => {
  const subscribe = request('SUBSCRIBE', { Event: 'presence;id=1', Accept: 'application/pidf+xml, multipart/related', 'X-Own': 'yes' });

  it.each<[string, ServicePointTrigger, boolean]>([
    ['the method', method('SUBSCRIBE'), true],
    ['another method', method('PUBLISH'), false],
    ['another method, negated', method('PUBLISH', [0], true), true],
    ['the method in other letters: methods are case-sensitive', method('subscribe'), false],
    ['a header that is there', header('Event'), true],
    ['a header in other letters', header('event'), true],
    ['a header that is not there', header('Subject'), false],
    ['a header that must be absent, and is', header('Subject', undefined, [0], true), true],
    ['a header that must be absent, and is not', header('Event', undefined, [0], true), false],
    ['content', header('Event', '^presence(\\.winfo)?(;.*)?$'), true],
    ['other content', header('Event', '^reg$'), false],
    ['content of the second value', header('Accept', '^multipart'), true],
    ['a header not known to the parser', header('X-Own', 'yes'), true],
    ['a header named by an expression', header('^X-.*', 'yes'), true],
    ['a header named by an expression that fits none', header('^Y-.*'), false],
    ['content that must not match on a header that is absent', header('Subject', 'x', [0], true), true],
    ['an expression that is none matches nothing', header('Event', '((('), false],
    ['the Request-URI', spt({ kind: 'request-uri', requestUri: '^home2\\.net$' }), true],
    ['another Request-URI', spt({ kind: 'request-uri', requestUri: '^tel:' }), false],
  ])('%s', (_what, trigger, expected) => {
    expect(fires(single(trigger), subscribe)).toBe(expected);
  });

  it('without a trigger point the server is always asked', () => {
    const { triggerPoint: _none, ...always } = single(method('INVITE'));
    expect(fires(always, subscribe)).toBe(true);
  });
});

describe('session cases', () => {
  const cases: readonly SessionCase[] = [
    'originating-registered',
    'terminating-registered',
    'terminating-unregistered',
    'originating-unregistered',
    'originating-cdiv',
  ];
  const subscribe = request('SUBSCRIBE');

  it.each(cases.map((name, number) => [number, name] as const))('%i is %s and no other; negated it is all others', (number, name) => {
    const trigger = { kind: 'session-case', sessionCase: number } as const;
    for (const sessionCase of cases) {
      expect(fires(single(spt(trigger)), subscribe, { sessionCase })).toBe(sessionCase === name);
      expect(fires(single(spt(trigger, [0], true)), subscribe, { sessionCase })).toBe(sessionCase !== name);
    }
  });

  it.each<[0 | 1 | undefined, readonly boolean[]]>([
    [0, [true, true, false, false]],
    [1, [false, false, true, true]],
    [undefined, [true, true, true, true]],
  ])('profile part %s: registered and unregistered', (profilePart, expected) => {
    const one = criterion(true, [method('SUBSCRIBE')], profilePart === undefined ? {} : { profilePart });
    expect(cases.slice(0, 4).map((sessionCase) => fires(one, subscribe, { sessionCase }))).toEqual(expected);
  });

  it('the presence criterion of the presentity fires registered and not, for presence and its watcher information only', () => {
    const both = criterion(false, [
      method('SUBSCRIBE', [0, 1]),
      header('Event', '^presence(\\.winfo)?(;.*)?$', [0, 1]),
      spt({ kind: 'session-case', sessionCase: 1 }, [0]),
      spt({ kind: 'session-case', sessionCase: 2 }, [1]),
    ]);
    const fired = (event: string): readonly boolean[] =>
      cases.slice(0, 3).map((sessionCase) => fires(both, request('SUBSCRIBE', { Event: event }), { sessionCase }));
    expect(fired('presence')).toEqual([false, true, true]);
    expect(fired('presence.winfo')).toEqual([false, true, true]);
    expect(fired('reg')).toEqual([false, false, false]);
    expect(fired('presencelist')).toEqual([false, false, false]);
  });
});

describe('registration types', () => {
  const register = request('REGISTER');
  const of = (types: readonly number[]): InitialFilterCriterion => single({ ...method('REGISTER'), registrationTypes: types });
  it.each<[readonly number[], readonly boolean[]]>([
    [[0], [true, false, false]],
    [[1], [false, true, false]],
    [[2], [false, false, true]],
    [
      [0, 2],
      [true, false, true],
    ],
    [[], [true, true, true]],
  ])('%j', (types, expected) => {
    const kinds = ['initial', 're-registration', 'de-registration'] as const;
    expect(kinds.map((registrationType) => fires(of(types), register, { ...ORIGINATING, registrationType }))).toEqual(expected);
  });
});

describe('session descriptions', () => {
  const body = 'v=0\r\no=- 1 1 IN IP6 ::1\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\nm=video 4002 RTP/AVP 31\r\n';
  const sdp = (line: string, content?: string): InitialFilterCriterion =>
    single(spt({ kind: 'session-description', sessionDescription: content === undefined ? { line } : { line, content } }));
  const invite = request('INVITE', { 'Content-Type': 'application/sdp' }, undefined, body);
  it.each<[string, InitialFilterCriterion, boolean]>([
    ['a line', sdp('m'), true],
    ['its content', sdp('m', 'video'), true],
    ['other content', sdp('m', 'application'), false],
    ['content of another line', sdp('a', 'video'), false],
    ['a line that is not there', sdp('k'), false],
  ])('%s', (_what, one, expected) => {
    expect(fires(one, invite)).toBe(expected);
  });
  it('are looked for in session descriptions only', () => {
    expect(fires(sdp('m'), request('MESSAGE', { 'Content-Type': 'text/plain' }, undefined, body))).toBe(false);
  });
});

describe('the order', () => {
  const named = (priority: number, serverName: string, name = 'SUBSCRIBE'): InitialFilterCriterion =>
    criterion(true, [method(name)], { priority, applicationServer: { serverName } });
  const walk = (criteria: readonly InitialFilterCriterion[]): string[] => {
    const compiled = compileFilterCriteria(criteria);
    const servers: string[] = [];
    for (let i = nextMatch(compiled, 0, request('SUBSCRIBE'), ORIGINATING); i >= 0; i = nextMatch(compiled, i + 1, request('SUBSCRIBE'), ORIGINATING)) {
      servers.push(compiled[i]?.criterion.applicationServer.serverName ?? '');
    }
    return servers;
  };
  it('is that of the priorities, smaller numbers first', () => {
    expect(walk([named(30, 'c'), named(10, 'a'), named(20, 'no', 'PUBLISH'), named(20, 'b')])).toEqual(['a', 'b', 'c']);
  });
  it('of equal priorities is that of the profile', () => {
    expect(walk([named(1, 'b'), named(1, 'a'), named(0, 'z')])).toEqual(['z', 'b', 'a']);
  });
});

it('an expression made to hang does not', () => {
  const evil = header('X-Evil', '^(a+)+$');
  expect(fires(single(evil), request('SUBSCRIBE', { 'X-Evil': `${'a'.repeat(5000)}!` }))).toBe(false);
}, 2_000);
