/**
 * Filter criteria as TS 29.228 Annexes B, C and F say, in a table of cases of our own: each a criterion in short hand, a request, and whether it fires.
 * Short hand: groups are separated by `|` in disjunctive form (an OR of ANDs) and by `&` in conjunctive form (an AND of ORs); members by blanks; `!` negates.
 * `M:` method, `H:` header with content after `=`, `U:` Request-URI, `C:` session case, `S:` line of a session description with content after `=`, `R:` types of REGISTER.
 */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { InitialFilterCriterion, ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import { sipRequest } from '#testing/entity-bench.ts';
import { compileFilterCriteria, nextMatch, type RegistrationType, type SessionCase } from './filter-criteria.ts';

const CASES: readonly SessionCase[] = [
  'originating-registered',
  'terminating-registered',
  'terminating-unregistered',
  'originating-unregistered',
  'originating-cdiv',
];
const [ORIG, TERM, TERM_UNREG, ORIG_UNREG, CDIV] = CASES as [SessionCase, SessionCase, SessionCase, SessionCase, SessionCase];

function triggerOf(text: string, group: number): ServicePointTrigger {
  const negated = text.startsWith('!');
  const [, kind = '', rest = ''] = /^!?([A-Z]):(.*)$/.exec(text) ?? [];
  const common = { negated, groups: [group] };
  const [first = '', ...more] = rest.split('=');
  const content = more.length === 0 ? {} : { content: more.join('=').replaceAll('_', ' ') };
  switch (kind) {
    case 'M':
      return { ...common, kind: 'method', method: rest };
    case 'R':
      return { ...common, kind: 'method', method: 'REGISTER', registrationTypes: rest.split(',').filter(Boolean).map(Number) };
    case 'H':
      return { ...common, kind: 'header', header: { name: first, ...content } };
    case 'U':
      return { ...common, kind: 'request-uri', requestUri: rest };
    case 'C':
      return { ...common, kind: 'session-case', sessionCase: Number(rest) };
    case 'S':
      return { ...common, kind: 'session-description', sessionDescription: { line: first, ...content } };
    default:
      throw new Error(text);
  }
}

function criterionOf(text: string, rest: Partial<InitialFilterCriterion> = {}): InitialFilterCriterion {
  const applicationServer = { serverName: 'sip:as.home1.net' };
  if (text === '') return { priority: 0, applicationServer, ...rest };
  const cnf = text.includes(' & ') || text.startsWith('CNF ');
  const groups = text.replace(/^CNF /, '').split(cnf ? ' & ' : ' | ');
  const spts = groups.flatMap((group, i) => group.split(' ').map((one) => triggerOf(one, i)));
  return { priority: 0, triggerPoint: { cnf, spts }, applicationServer, ...rest };
}

interface Given {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly sessionCase?: SessionCase;
  readonly registrationType?: RegistrationType;
  readonly part?: 0 | 1;
}

const SDP =
  'v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=sendonly\r\nm=video 4002 RTP/AVP 31\r\n';
const OFFER: Given = { method: 'INVITE', headers: { 'Content-Type': 'application/sdp' }, body: SDP };
const PRESENCE = 'M:SUBSCRIBE H:Event=^presence(\\.winfo)?(;.*)?$ C:1 | M:SUBSCRIBE H:Event=^presence(\\.winfo)?(;.*)?$ C:2';
const register = (registrationType: RegistrationType): Given => ({ method: 'REGISTER', registrationType });
const from = (From: string, method = 'SUBSCRIBE'): Given => ({ method, headers: { From } });
const JOE = '"joe" <sip:joe@homedomain.com>;tag=1';
const ANN = '"ann" <sip:ann@homedomain.com>;tag=1';
/** Annex C, both forms of one trigger. */
const ANNEX_C = 'M:INVITE M:MESSAGE M:SUBSCRIBE & M:INVITE M:MESSAGE !H:From="joe"';
const ANNEX_C_DNF = 'M:INVITE | M:MESSAGE | M:SUBSCRIBE !H:From="joe"';

const TABLE: readonly (readonly [what: string, criterion: string, given: Given, fires: boolean])[] = [
  // No trigger point: unconditional (B.2.2).
  ['no trigger point, any request', '', {}, true],
  ['no trigger point, the part of the registered user', '', { part: 0 }, true],
  ['no trigger point, the part of the unregistered user', '', { part: 1 }, false],
  // The method (B.2.3).
  ['the method', 'M:SUBSCRIBE', {}, true],
  ['another method', 'M:INVITE', {}, false],
  ['another method, negated', '!M:INVITE', {}, true],
  ['the method, negated', '!M:SUBSCRIBE', {}, false],
  ['the method in small letters', 'M:subscribe', {}, false],
  ['a method that begins like it', 'M:SUB', {}, false],
  ['a method of nobody', 'M:DANCE', { method: 'DANCE' }, true],
  // Disjunctive form: one group whose members all hold.
  ['an AND that holds', 'M:SUBSCRIBE H:Event=presence', {}, true],
  ['an AND of which one does not hold', 'M:SUBSCRIBE H:Event=reg', {}, false],
  ['an OR of which the first holds', 'M:SUBSCRIBE | M:INVITE', {}, true],
  ['an OR of which the second holds', 'M:INVITE | M:SUBSCRIBE', {}, true],
  ['an OR of which none holds', 'M:INVITE | M:MESSAGE', {}, false],
  ['an OR of ANDs, each half true', 'M:SUBSCRIBE H:Event=reg | M:INVITE H:Event=presence', {}, false],
  ['an OR of ANDs, the second whole', 'M:INVITE H:Event=presence | M:SUBSCRIBE H:Event=presence', {}, true],
  ['a negated member in an AND', 'M:SUBSCRIBE !H:Event=reg', {}, true],
  ['two negated members', '!M:INVITE !H:Subject', {}, true],
  ['three groups, the last one', 'M:INVITE | M:MESSAGE | !M:PUBLISH', {}, true],
  // Conjunctive form: every group has a member that holds.
  ['one OR group', 'CNF M:INVITE M:SUBSCRIBE', {}, true],
  ['one OR group of which none holds', 'CNF M:INVITE M:MESSAGE', {}, false],
  ['an AND of ORs', 'M:INVITE M:SUBSCRIBE & H:Event=reg H:Event=presence', {}, true],
  ['an AND of ORs, one of them false', 'M:INVITE M:SUBSCRIBE & H:Event=reg H:Event=dialog', {}, false],
  ['an AND of ORs with a negation that saves it', 'M:SUBSCRIBE & H:Event=reg !H:Subject', {}, true],
  ['three groups, all true', 'M:SUBSCRIBE & H:Event & C:0', {}, true],
  ['three groups, the last one false', 'M:SUBSCRIBE & H:Event & C:1', {}, false],
  ['the same members as an OR of ANDs would fire', 'M:SUBSCRIBE M:INVITE & H:Subject', {}, false],
  // Annex C, the vector of the standard.
  ['Annex C: SUBSCRIBE from joe', ANNEX_C, from(JOE), false],
  ['Annex C: SUBSCRIBE from others', ANNEX_C, from(ANN), true],
  ['Annex C: INVITE from joe', ANNEX_C, from(JOE, 'INVITE'), true],
  ['Annex C: MESSAGE from joe', ANNEX_C, from(JOE, 'MESSAGE'), true],
  ['Annex C: PUBLISH from others', ANNEX_C, from(ANN, 'PUBLISH'), false],
  ['Annex C, disjunctive: SUBSCRIBE from joe', ANNEX_C_DNF, from(JOE), false],
  ['Annex C, disjunctive: SUBSCRIBE from others', ANNEX_C_DNF, from(ANN), true],
  ['Annex C, disjunctive: INVITE from joe', ANNEX_C_DNF, from(JOE, 'INVITE'), true],
  ['Annex C, disjunctive: MESSAGE from joe', ANNEX_C_DNF, from(JOE, 'MESSAGE'), true],
  ['Annex C, disjunctive: PUBLISH from others', ANNEX_C_DNF, from(ANN, 'PUBLISH'), false],
  // Headers (B.2.3; Annex F).
  ['a header that is there', 'H:Event', {}, true],
  ['its name in other letters', 'H:EVENT', {}, true],
  ['a header that is not there', 'H:Subject', {}, false],
  ['a header that must be absent, and is', '!H:Subject', {}, true],
  ['a header that must be absent, and is not', '!H:Event', {}, false],
  ['content that is part of the value', 'H:Event=esen', {}, true],
  ['content anchored at both ends', 'H:Event=^presence$', {}, true],
  ['content anchored, with more behind', 'H:Event=^presence$', { headers: { Event: 'presence;id=7' } }, false],
  ['content in other letters', 'H:Event=^Presence$', {}, false],
  ['content negated on a header that is absent', '!H:Subject=x', {}, true],
  ['any one of several values', 'H:Accept=^application/pidf\\+xml$', { headers: { Accept: 'text/plain, application/pidf+xml' } }, true],
  ['each value by itself, not the list', 'H:Accept=plain,_application', { headers: { Accept: 'text/plain, application/pidf+xml' } }, false],
  ['a negation means: none of the values', '!H:Accept=plain', { headers: { Accept: 'text/plain, application/pidf+xml' } }, false],
  ['blanks around the value do not count', 'H:X-Own=^yes$', { headers: { 'X-Own': '   yes  ' } }, true],
  ['runs of blanks count as one', 'H:X-Own=^a_b$', { headers: { 'X-Own': 'a     b' } }, true],
  ['an alternative', 'H:Event=^(presence|reg)$', {}, true],
  ['a class of characters', 'H:Event=^[a-z]+$', {}, true],
  ['a named class of characters', 'H:Event=^[[:alpha:]]+$', {}, true],
  ['a count', 'H:Event=^p.{7}$', {}, true],
  ['a name by expression', 'H:^X-.*=^yes$', { headers: { 'X-Own': 'yes' } }, true],
  ['a name by expression, no value fits', 'H:^X-.*=^yes$', { headers: { 'X-Own': 'no' } }, false],
  ['an expression that is none', 'H:Event=(((', {}, false],
  ['an expression that is none, negated: nothing matched', '!H:Event=(((', {}, true],
  // The Request-URI: host and port of a SIP URI, the number of a tel URI (Annex F).
  ['the host', 'U:^home2\\.net$', {}, true],
  ['the user part is not looked at', 'U:user2', {}, false],
  ['the scheme is not looked at', 'U:^sip:', {}, false],
  ['the port belongs to it', 'U:^home2\\.net:5070$', { uri: 'sip:user2@home2.net:5070' }, true],
  ['parameters do not', 'U:transport', { uri: 'sip:user2@home2.net;transport=tcp' }, false],
  ['an address in brackets', 'U:^\\[2001:db8::1\\]$', { uri: 'sip:[2001:db8::1]' }, true],
  ['the number of a tel URI', 'U:^\\+1212', { uri: 'tel:+12125552222' }, true],
  ['another host', 'U:^home1\\.net$', {}, false],
  ['another host, negated', '!U:^home1\\.net$', {}, true],
  // Session cases (B.2.3).
  ['the originating case', 'C:0', {}, true],
  ['the originating case of an unregistered user is another', 'C:0', { sessionCase: ORIG_UNREG }, false],
  ['the terminating case, registered', 'C:1', { sessionCase: TERM }, true],
  ['the terminating case, unregistered', 'C:2', { sessionCase: TERM_UNREG }, true],
  ['after a diversion', 'C:4', { sessionCase: CDIV }, true],
  ['not originating means every other case', '!C:0', { sessionCase: CDIV }, true],
  ['a case of the future matches nothing', 'C:9', {}, false],
  // The part of the profile (B.2.2).
  ['registered part, registered user', 'M:SUBSCRIBE', { part: 0, sessionCase: TERM }, true],
  ['registered part, unregistered user', 'M:SUBSCRIBE', { part: 0, sessionCase: TERM_UNREG }, false],
  ['unregistered part, unregistered user', 'M:SUBSCRIBE', { part: 1, sessionCase: TERM_UNREG }, true],
  ['unregistered part, registered user', 'M:SUBSCRIBE', { part: 1, sessionCase: TERM }, false],
  ['unregistered part, originating for an unregistered user', 'M:SUBSCRIBE', { part: 1, sessionCase: ORIG_UNREG }, true],
  ['common part, unregistered user', 'M:SUBSCRIBE', { sessionCase: TERM_UNREG }, true],
  // Kinds of REGISTER (B.2.3).
  ['initial registrations only: an initial one', 'R:0', register('initial'), true],
  ['initial registrations only: a refresh', 'R:0', register('re-registration'), false],
  ['initial and last: a refresh', 'R:0,2', register('re-registration'), false],
  ['initial and last: the last', 'R:0,2', register('de-registration'), true],
  ['none named: every REGISTER', 'R:', register('re-registration'), true],
  ['not a first one', '!R:0', register('re-registration'), true],
  ['not a first one also fits other methods', '!R:0', {}, true],
  // Session descriptions (B.2.3; Annex F).
  ['a line', 'S:m', OFFER, true],
  ['its content', 'S:m=^video', OFFER, true],
  ['content of the other field of that type', 'S:m=^audio', OFFER, true],
  ['content of another line', 'S:a=video', OFFER, false],
  ['a line that is not there', 'S:k', OFFER, false],
  ['a line that must be absent, and is', '!S:k', OFFER, true],
  ['a type by expression', 'S:^[am]$=sendonly', OFFER, true],
  ['a body that is no session description', 'S:m', { ...OFFER, headers: { 'Content-Type': 'text/plain' } }, false],
  ['no body at all', 'S:m', { method: 'INVITE' }, false],
  // The criterion for presence (spec/presence-flows.md, section 4.5).
  ['a watcher, the presentity registered', PRESENCE, { sessionCase: TERM }, true],
  ['a watcher, the presentity not registered', PRESENCE, { sessionCase: TERM_UNREG }, true],
  ['a watcher of watchers', PRESENCE, { sessionCase: TERM, headers: { Event: 'presence.winfo' } }, true],
  ['her own subscription to somebody', PRESENCE, {}, false],
  ['a subscription to her registration', PRESENCE, { sessionCase: TERM, headers: { Event: 'reg' } }, false],
];

describe('a criterion', () => {
  it('has enough cases', () => {
    expect(TABLE.length).toBeGreaterThan(100);
    expect(new Set(TABLE.map(([what]) => what)).size).toBe(TABLE.length);
  });

  it.each(TABLE)('%s', (_what, text, { method = 'SUBSCRIBE', uri = 'sip:user2_public1@home2.net', headers = {}, body, ...context }, expected) => {
    const { part, sessionCase = ORIG, registrationType } = context;
    const compiled = compileFilterCriteria([criterionOf(text, part === undefined ? {} : { profilePart: part })]);
    const request = sipRequest(method, uri, { Event: 'presence', ...headers }, body === undefined ? undefined : encodeUtf8(body));
    expect(nextMatch(compiled, 0, request, registrationType === undefined ? { sessionCase } : { sessionCase, registrationType })).toBe(expected ? 0 : -1);
  });
});
