/** Every rule can fire: real runs, each doctored in one place so that it breaks one rule. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { Scenario } from '#scenario/scenario.ts';
import { AGENT_DOCTORED, fed } from '#testing/agent-faults.ts';
import { add, type Doctored, find, header, hop, mapRecord, P1, type Pick, rewrite, run, S1, watch, without } from '#testing/doctor.ts';
import { fromCalendar, OUTSIDER_DOCTORED } from '#testing/outsider-faults.ts';
import { charged, CHARGING_DOCTORED } from '#testing/charging-faults.ts';
import { AUTHENTICATION_DOCTORED, byPassword, proven } from '#testing/doctored-authentication.ts';
import { LEAN_DOCTORED, leanly } from '#testing/lean-faults.ts';
import { composed, COMPOSITION_DOCTORED } from '#testing/composition-faults.ts';
import { CONTENT_DOCTORED, referred } from '#testing/content-faults.ts';
import { listed, LISTS_DOCTORED } from '#testing/list-faults.ts';
import { watched, WATCHING_DOCTORED } from '#testing/watching-faults.ts';
import { CHANGED_BY_ITSELF, kept, XCAP_DOCTORED } from '#testing/xcap-faults.ts';
import { itFiresOn, itIsSilentOn } from '#testing/rule-cases.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { RULES } from './check.ts';

const beginning: Scenario['timeline'] = [
  { at: 0.5, who: 'ue2', do: { kind: 'register' } },
  { at: 3, who: 'ue1', do: { kind: 'register' } },
  { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
];

const story = run({
  until: 60,
  timeline: [
    ...beginning,
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting until noon' } },
    { at: 26, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'no-such-tag' } },
    { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});
/** Nobody hears the presentity any more: her publication runs out while she is watched. */
const expiry = run({
  until: 7300,
  network: { links: [{ between: ['ue2', 'pcscf2'], lossPerMille: 1000, from: 12 }] },
  timeline: [...beginning, { at: 10, who: 'ue1', do: { ...watch, expires: 20000 } }],
});
/** The NOTIFYs of the second state do not get through; the watcher refreshes when the server has given up. */
const deaf = run({
  until: 160,
  network: {
    links: [
      { between: ['ps', 'scscf1'], lossPerMille: 1000, from: 15 },
      { between: ['ps', 'scscf1'], lossPerMille: 0, from: 70 },
    ],
  },
  timeline: [
    ...beginning,
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 80, who: 'ue1', do: { kind: 'refresh' } },
  ],
});
/** Without a presence criterion the SUBSCRIBE goes where the user is. */
const toTheUe = run({
  until: 20,
  network: { users: [{ role: 'ue2', filterCriteria: [] }] },
  timeline: [...beginning.slice(0, 2), { at: 10, who: 'ue1', do: watch }],
});

/** A stranger who claims to be somebody, and is stripped of it. */
const stranger = run({
  until: 40,
  network: { with: ['ext'], presence: { unidentified: 'polite-block' } },
  timeline: [
    ...beginning,
    { at: 10, who: 'ext', do: { ...watch, claim: 'sip:user1_public1@home1.net' } },
    { at: 30, who: 'ext', do: { kind: 'register', to: 'sip:user2_public1@home2.net' } },
  ],
});
const claimOf = (trace: Trace, name: string): string =>
  new RegExp(`^${name}: .*$`, 'm').exec(decodeUtf8(find(trace, hop('agent.example.org', 'icscf2-s.home2.net', 'SUBSCRIBE')).bytes))?.[0].trim() ?? '';

/** The story with one message changed. */
const alter = (pick: Pick, edit: (text: string) => string) => (): Trace => rewrite(story, pick, edit);

const leaveOut = (trace: Trace, pick: Pick): Trace => ({ ...trace, records: trace.records.filter((r) => r.kind !== 'message' || !pick(r)) });

const I2 = 'icscf2-s.home2.net';
const PS = 'ps.home2.net';
const S2 = 'scscf2.home2.net';
const subscribe = hop('ue1', P1, 'SUBSCRIBE', 10);
const acceptance = hop(PS, S2, '200 OK (SUBSCRIBE)');
const notify = hop(PS, S1, 'NOTIFY');
const second = hop(PS, S1, 'NOTIFY', 20);
const publicationAnswer = hop(PS, S2, '200 OK (PUBLISH)');

const DOCTORED: Doctored = [
  ...AUTHENTICATION_DOCTORED,
  [
    'readable',
    'a CSeq of another method',
    alter(
      subscribe,
      header('CSeq', () => '1 NOTIFY'),
    ),
  ],
  ['readable', 'a body cut short', alter(notify, (t) => t.replace('Content-Length: ', 'Content-Length: 1'))],
  [
    'content-length',
    'a length that is too small',
    alter(
      notify,
      header('Content-Length', () => '7'),
    ),
  ],
  ['branch', 'the branch of another request', () => twice()],
  ['branch', 'a branch without the cookie', alter(subscribe, (t) => t.replace('z9hG4bK', 'y8gF3aJ'))],
  ['via', 'a forwarded request that lost a Via', alter(hop(S1, I2, 'SUBSCRIBE'), (t) => t.replace(/Via: SIP\/2\.0\/UDP \[[^\r]*\r\n/, ''))],
  [
    'via',
    'a response that kept a Via',
    alter(hop(P1, 'ue1', '200 OK (SUBSCRIBE)', 10), (t) => t.replace(/(Via: [^\r]*\r\n)/, '$1Via: SIP/2.0/UDP more.net;branch=z9hG4bKm\r\n')),
  ],
  ['cause', 'a request that was lost, yet answered', () => mapRecord(story, hop(S2, PS, 'SUBSCRIBE'), (r) => [lost(r)])],
  [
    'max-forwards',
    'a proxy that takes two',
    alter(
      hop(I2, S2, 'SUBSCRIBE'),
      header('Max-Forwards', (v) => `${Number(v) - 1}`),
    ),
  ],
  [
    'proxy-success',
    'a 200 that nobody sent',
    alter(
      hop(S2, I2, '200 OK (SUBSCRIBE)'),
      header('To', (v) => v.replace(/tag=.*/, 'tag=other')),
    ),
  ],
  [
    'retransmission',
    'the same request again, at once',
    () => mapRecord(story, subscribe, (r) => [r, { ...r, id: r.id, sentAt: r.sentAt + 5000, arrivedAt: r.sentAt + 9000 }]),
  ],
  ['retransmission', 'an answer that never came, and no retransmission', () => leaveOut(story, hop(I2, S1, '200 OK (SUBSCRIBE)'))],
  ['retransmission', 'patience that ends early', () => leaveOut(deaf, (r) => second(r) && r.sentAt > 30e6)],
  ['provisional', '180 to a SUBSCRIBE', () => mapRecord(story, acceptance, (r) => [provisional(r, 'SIP/2.0 180 Ringing'), r])],
  ['provisional', '100 too early', () => mapRecord(story, acceptance, (r) => [provisional(r, 'SIP/2.0 100 Trying'), r])],
  ['no-408', '408 to a SUBSCRIBE', alter(acceptance, (t) => t.replace('200 OK', '408 Request Timeout'))],
  ['large-request', 'a document that is too large for UDP', alter(notify, (t) => `${t}${' '.repeat(900)}`)],
  ['single-answer', 'two different answers', () => mapRecord(story, acceptance, (r) => [r, provisional(r, 'SIP/2.0 403 Forbidden')])],
  [
    'to-tag',
    'another To tag than the request had',
    alter(
      hop(PS, S1, '200 OK (SUBSCRIBE)', 35),
      header('To', (v) => v.replace(/tag=.*/, 'tag=other')),
    ),
  ],
  [
    'to-tag',
    'no To tag at all',
    alter(
      acceptance,
      header('To', (v) => v.replace(/;tag=.*/, '')),
    ),
  ],
  [
    'unchanged',
    'a proxy that rewrites the Contact',
    alter(
      hop(S1, I2, 'SUBSCRIBE'),
      header('Contact', () => '<sip:else@where.net>'),
    ),
  ],
  [
    'cseq',
    'a CSeq that does not grow',
    alter(
      second,
      header('CSeq', () => '1 NOTIFY'),
    ),
  ],
  [
    'notify-uris',
    'peers C4: the Contact in From',
    alter(
      notify,
      header('From', (v) => v.replace(/<.*>/, '<sip:ps.home2.net>')),
    ),
  ],
  [
    'notify-uris',
    'peers C5: the tag of the 200 is not that of the NOTIFY',
    alter(
      acceptance,
      header('To', (v) => v.replace(/tag=.*/, 'tag=other')),
    ),
  ],
  ['notify-route', 'a route set turned round', alter(notify, (t) => t.replace(/(Route: [^\r]*\r\n)(Route: [^\r]*\r\n)/, '$2$1'))],
  ['notify-route', 'a target that nobody gave', alter(notify, (t) => t.replace(/^NOTIFY \S+/, 'NOTIFY sip:else@where.net'))],
  [
    'notify-record-route',
    'peers C3: a proxy that recorded the SUBSCRIBE does not record the NOTIFY',
    alter(hop(S1, P1, 'NOTIFY', 20), without('Record-Route')),
  ],
  [
    'subscribe-route',
    'peers C3: a refresh along a truncated route set',
    alter(hop('ue1', P1, 'SUBSCRIBE', 35), (t) => t.replace(/(Route: [^\r]*\r\n)Route: [^\r]*\r\n/, '$1')),
  ],
  ['in-dialog-path', 'filter criteria for a request in a dialog', alter(hop(S1, PS, 'SUBSCRIBE', 35), add('Route: <sip:as.home1.net;lr>'))],
  ['border', 'P-Preferred-Identity between networks', alter(hop(S1, I2, 'SUBSCRIBE'), add('P-Preferred-Identity: <sip:user1_public1@home1.net>'))],
  ['border', 'P-Visited-Network-ID in a SUBSCRIBE', alter(hop(P1, S1, 'SUBSCRIBE', 10), add('P-Visited-Network-ID: visited1.net'))],
  ['strangers', 'the claim of a stranger is passed on', () => rewrite(stranger, hop(I2, S2, 'SUBSCRIBE', 10), add(claimOf(stranger, 'P-Asserted-Identity')))],
  [
    'strangers',
    'a stranger is told who is charged',
    () => rewrite(stranger, hop(I2, 'agent.example.org', '200 OK (SUBSCRIBE)'), add('P-Charging-Vector: icid-value=x')),
  ],
  [
    'register-from-outside',
    'a stranger registers',
    () => rewrite(stranger, hop(I2, 'agent.example.org', '403 Forbidden (REGISTER)'), (t) => t.replace('403 Forbidden', '200 OK')),
  ],
  ['charging-to-ue', 'a charging vector for the UE', alter(hop(P1, 'ue1', 'NOTIFY', 10), add('P-Charging-Vector: icid-value=x'))],
  ['access-info', 'the access network told abroad', alter(hop(S1, I2, 'SUBSCRIBE'), add('P-Access-Network-Info: 3GPP-UTRAN-FDD'))],
  [
    'keys',
    'CK over the air',
    alter(
      hop(P1, 'ue1', '401 Unauthorized (REGISTER)'),
      header('WWW-Authenticate', (v) => `${v}, ck="00"`),
    ),
  ],
  [
    'home-to-home',
    'a prefixed IOI between home networks',
    alter(hop(S1, I2, 'SUBSCRIBE'), (t) => t.replace('orig-ioi=home1.net', 'orig-ioi="Type 1home1.net"')),
  ],
  ['home-to-home', 'a 2xx without Expires', alter(hop(I2, S1, '200 OK (SUBSCRIBE)'), without('Expires'))],
  ['home-to-home', 'nobody vouches for the watcher', alter(hop(S1, I2, 'SUBSCRIBE'), (t) => without('P-Asserted-Identity')(without('P-Asserted-Identity')(t)))],
  ['type-1-ioi', 'a bare IOI from the visited network', alter(hop(P1, S1, 'SUBSCRIBE', 10), (t) => t.replace('"Type 1visited1.net"', 'visited1.net'))],
  ['icid', 'a new ICID on the way', alter(hop(S1, I2, 'SUBSCRIBE'), (t) => t.replace(/icid-value="[^"]*"/, 'icid-value="new"'))],
  ['icid', 'the ICID of an earlier transaction', alter(second, (t) => t.replace(/icid-value="[^"]*"/, `icid-value="${icidOf(story, notify)}"`))],
  ['subscription-state', 'peers C6: a NOTIFY without Subscription-State', alter(notify, without('Subscription-State'))],
  [
    'subscription-state',
    'peers C6: active without expires',
    alter(
      notify,
      header('Subscription-State', () => 'active'),
    ),
  ],
  [
    'notify-belongs',
    'a NOTIFY to nobody',
    alter(
      notify,
      header('To', (v) => v.replace(/tag=.*/, 'tag=nobody')),
    ),
  ],
  ['notify-follows', 'a 200 without NOTIFY', () => leaveOut(story, (r) => r.label.includes('NOTIFY') && r.sentAt > 10e6 && r.sentAt < 20e6)],
  [
    'never-longer',
    'a 200 that lengthens',
    alter(
      acceptance,
      header('Expires', () => '7201'),
    ),
  ],
  [
    'never-longer',
    'a NOTIFY that lengthens',
    alter(
      second,
      header('Subscription-State', () => 'active;expires=7200'),
    ),
  ],
  [
    'after-the-end',
    'a NOTIFY after the end',
    alter(
      notify,
      header('Subscription-State', () => 'terminated;reason=timeout'),
    ),
  ],
  ['failed-notify', 'a NOTIFY after a 481', alter(hop(S1, PS, '200 OK (NOTIFY)'), (t) => t.replace('200 OK', '481 Subscription does not exist'))],
  [
    'failed-notify',
    'a refresh that is accepted after Timer F',
    () =>
      rewrite(
        deaf,
        (r) => r.from === PS && r.label.startsWith('481'),
        (t) => t.replace(/^SIP\/2\.0 481 [^\r]*/, 'SIP/2.0 200 OK'),
      ),
  ],
  [
    'entity-tag',
    'peers C9: the same entity-tag again',
    alter(
      hop(PS, S2, '200 OK (PUBLISH)', 20),
      header('SIP-ETag', () => etagOf(story)),
    ),
  ],
  ['entity-tag', 'no Expires', alter(publicationAnswer, without('Expires'))],
  [
    'if-match',
    'a wrong entity-tag that is accepted',
    alter(
      (r) => r.from === PS && r.label.startsWith('412'),
      (t) => t.replace(/^SIP\/2\.0 412 [^\r]*/, 'SIP/2.0 200 OK'),
    ),
  ],
  ['if-match', 'a right entity-tag that is refused', alter(hop(PS, S2, '200 OK (PUBLISH)', 20), (t) => t.replace('200 OK', '412 Conditional Request Failed'))],
  ['publication-expiry', 'nobody is told', () => leaveOut(expiry, (r) => r.sentAt > 7200e6 && r.label.includes('NOTIFY'))],
  ['security-association', 'a SUBSCRIBE on the unprotected port', () => mapRecord(story, subscribe, (r) => [{ ...r, dst: r.dst.replace(':7531', ':5060') }])],
  [
    'service-before-ue',
    'a profile that names a server, and the UE asked',
    () => ({
      ...toTheUe,
      records: toTheUe.records.map((r) => (r.kind === 'message' && r.label === 'SAA' && r.to === S2 ? { ...r, bytes: profileOf(story) } : r)),
    }),
  ],
  ['diameter-answer', 'an answer to nothing', () => leaveOut(story, hop(I2, 'hss2.home2.net', 'LIR'))],
  ...OUTSIDER_DOCTORED,
  ...CHARGING_DOCTORED,
  ...WATCHING_DOCTORED,
  ...XCAP_DOCTORED,
  ...LISTS_DOCTORED,
  ...LEAN_DOCTORED,
  ...CONTENT_DOCTORED,
  ...COMPOSITION_DOCTORED,
  ...AGENT_DOCTORED,
  [
    'dns-answer',
    'an answer to a question that was lost',
    () =>
      mapRecord(
        story,
        (r) => r.protocol === 'DNS',
        (r) => [lost(r)],
      ),
  ],
];

function twice(): Trace {
  const first = find(story, notify);
  const branch = /branch=(\S+)/.exec(decodeUtf8(first.bytes))?.[1] ?? '';
  return rewrite(story, second, (t) => t.replace(/branch=\S+/, `branch=${branch}`));
}

const icidOf = (trace: Trace, pick: Pick): string => /icid-value="([^"]*)"/.exec(decodeUtf8(find(trace, pick).bytes))?.[1] ?? '';
const etagOf = (trace: Trace): string => /SIP-ETag: (\S+)/.exec(decodeUtf8(find(trace, publicationAnswer).bytes))?.[1] ?? '';
const profileOf = (trace: Trace): Uint8Array => find(trace, hop('hss2.home2.net', S2, 'SAA')).bytes;
const provisional = (r: MessageRecord, statusLine: string): MessageRecord => ({
  ...r,
  bytes: encodeUtf8(decodeUtf8(r.bytes).replace(/^SIP\/2\.0 [^\r]*/, statusLine)),
});
function lost({ arrivedAt: _, ...r }: MessageRecord): MessageRecord {
  return { ...r, lostAt: r.sentAt + 1000 };
}

/** Seen to fire in border-rules.test.ts and life-rules.test.ts. */
const ELSEWHERE = [
  ...['hiding', 'hiding-all', 'protected', 'protected-inside', 'esp-number'],
  ...['no-memory', 'registered', 'told-of-end', 'alive', 'ends-in-time', 'refusal-says', 'too-brief', 'located', 'counterpart', 'same-state', 'type-3-ioi'],
];

/** The first three answers that the S-CSCF gets about its P-CSCF are lost, so it tells nobody of the registration; what is asked anew later is answered. */
const unanswered = run({
  until: 20,
  network: { links: [{ between: ['dns2', 'scscf2'], loseFirst: 3 }] },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 5.95, who: 'ue2', do: { kind: 'subscribe', event: 'reg', to: 'sip:user2_public1@home2.net' } },
  ],
});

describe('the rules', () => {
  itIsSilentOn([
    ['a whole story', story],
    ['publications composed by a policy', composed],
    ['a publication that runs out', expiry],
    ['NOTIFYs that do not get through', deaf],
    ['no filter criteria', toTheUe],
    ['several authentications', proven],
    ['a password', byPassword],
    ['a network that charges', charged],
    ['a presentity who watches its watchers', watched],
    ['a presentity who changes its rules', kept],
    ['a list, and one on it', listed],
    ['a watcher who wants few NOTIFYs', leanly],
    ['documents behind URLs', referred],
    ['content that changes by itself where it is no XCAP document', CHANGED_BY_ITSELF],
    ['what a network agent is told', fed],
    ['an agent outside', fromCalendar],
    ['answers of a name server that were lost', unanswered],
  ]);
  itFiresOn(DOCTORED);

  it('have each been seen to fire', () => {
    expect(RULES.map(({ id }) => id).filter((id) => !DOCTORED.some(([rule]) => rule === id) && !ELSEWHERE.includes(id))).toEqual([]);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});
