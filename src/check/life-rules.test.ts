/** The rules of life and death, of interworking, location and refusals can fire too: real runs, each doctored in one place. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { Scenario } from '#scenario/scenario.ts';
import { type Doctored, find, header, hop, mapRecord, P1, type Pick, rewrite, run, S1, watch, without } from '#testing/doctor.ts';
import { itFiresOn, itIsSilentOn } from '#testing/rule-cases.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';

const ME = 'sip:user1_public1@home1.net';
const JANE = 'sip:user2_public1@home2.net';
const I1 = 'icscf1-p.home1.net';
const I2 = 'icscf2-s.home2.net';
const PS = 'ps.home2.net';
const G2 = 'gateway.home2.net';
const X = 'xmpp.example.org';
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
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 35, who: 'ue1', do: { kind: 'refresh' } },
    { at: 45, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});
/** The presence server stops, comes back, and knows nothing. */
const stopped = run({
  until: 60,
  timeline: [
    ...beginning,
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'ps', do: { kind: 'crash' } },
    { at: 30, who: 'ps', do: { kind: 'restart' } },
    { at: 40, who: 'ue1', do: { kind: 'refresh' } },
  ],
});
/** The operator ends the registration of the watcher. */
const ended = run({
  until: 40,
  timeline: [
    ...beginning,
    { at: 10, who: 'ue1', do: watch },
    { at: 20, who: 'hss1', do: { kind: 'deregister-user', user: ME, reason: 'permanent-termination', info: 'The contract is over' } },
  ],
});
const runOut = run({ until: 100, timeline: [...beginning, { at: 10, who: 'ue1', do: { ...watch, expires: 60, refresh: false } }] });
const brief = run({ until: 20, timeline: [{ at: 3, who: 'ue1', do: { kind: 'register', expires: 30 } }] });
const again = run({ until: 40, timeline: [...beginning, { at: 10, who: 'ue1', do: watch }, { at: 20, who: 'ue1', do: { ...watch, kind: 'fetch' } }] });
/** A user of XMPP watches. */
const juliet = run({
  until: 40,
  network: { with: ['xmpp', 'wgw2'] },
  timeline: [
    ...beginning.filter(({ who }) => who === 'ue2'),
    { at: 1, who: 'xmpp', do: { kind: 'available' } },
    { at: 10, who: 'xmpp', do: { kind: 'subscribe', to: JANE } },
  ],
});
/** A contact of XMPP is watched. */
const romeo = run({
  until: 40,
  network: { with: ['xmpp', 'wgw1'] },
  timeline: [
    { at: 1, who: 'xmpp', do: { kind: 'available', status: 'Wherefore' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:juliet@example.org' } },
  ],
});

const leaveOut = (trace: Trace, pick: Pick): Trace => ({ ...trace, records: trace.records.filter((r) => r.kind !== 'message' || !pick(r)) });
const becomes = (statusLine: string) => (text: string) => text.replace(/^SIP\/2\.0 \d{3} [^\r]*/, `SIP/2.0 ${statusLine}`);
/** Other octets of the same number, wherever they stand. */
const exchange =
  (from: string, to: string) =>
  (r: MessageRecord): readonly MessageRecord[] => {
    const text = Array.from(r.bytes, (byte) => String.fromCharCode(byte)).join('');
    if (!text.includes(from) || from.length !== to.length) throw new Error(`${from} is not there`);
    return [{ ...r, bytes: Uint8Array.from(text.replaceAll(from, to), (char) => char.charCodeAt(0)) }];
  };
const at = (moment: number) => (r: MessageRecord) => [{ ...r, sentAt: moment * 1e6, arrivedAt: moment * 1e6 + 1000 }];
const document = (from: string, to: string) => (text: string) =>
  text
    .replace(`<basic>${from}</basic>`, `<basic>${to}</basic>`)
    .replace(/^(Content-Length: )(\d+)/m, (_, name: string, length: string) => name + String(Number(length) + to.length - from.length));
const ofReg: Pick = (r) => r.from === S1 && r.label === 'NOTIFY' && r.sentAt > 20e6 && decodeUtf8(r.bytes).includes('Event: reg');

const DOCTORED: Doctored = [
  ['no-memory', 'a NOTIFY of somebody who has been stopped', () => mapRecord(stopped, hop(PS, S1, 'NOTIFY', 9), (r) => [...at(22)(r), r])],
  [
    'no-memory',
    'a refresh that is accepted by somebody who has forgotten',
    () => rewrite(stopped, (r) => r.from === PS && r.label.startsWith('481'), becomes('200 OK')),
  ],
  [
    'no-memory',
    'a NOTIFY for what was forgotten',
    () =>
      mapRecord(stopped, hop(PS, S1, 'NOTIFY', 9), (r) => [
        r,
        ...at(45)({ ...r, bytes: encodeUtf8(decodeUtf8(r.bytes).replace('branch=z9hG4bK', 'branch=z9hG4bKa')) }),
      ]),
  ],
  [
    'registered',
    'a request of somebody whose registration has run out',
    () =>
      rewrite(
        story,
        hop(S1, I1, '200 OK (REGISTER)'),
        header('Contact', (v) => v.replace(/expires=\d+/, 'expires=2')),
      ),
  ],
  ['registered', 'a request after the HSS has ended the registration', () => mapRecord(ended, (r) => r.label === 'RTR', at(9))],
  ['told-of-end', 'peers C6: an end of which nobody hears', () => leaveOut(ended, ofReg)],
  [
    'alive',
    'a subscription denied after a NOTIFY that was refused with 503',
    () =>
      rewrite(
        rewrite(story, hop(S1, PS, '200 OK (NOTIFY)', 20), becomes('503 Service Unavailable')),
        hop(PS, S1, '200 OK (SUBSCRIBE)', 34),
        becomes('481 Subscription does not exist'),
      ),
  ],
  ['ends-in-time', 'an end that nobody is told', () => leaveOut(runOut, (r) => r.label.includes('NOTIFY') && r.sentAt > 69e6)],
  [
    'type-3-ioi',
    'a bare IOI for the presence server',
    () => rewrite(story, hop('scscf2.home2.net', PS, 'SUBSCRIBE'), (t) => t.replace('"Type 3home2.net"', 'home2.net')),
  ],
  [
    'type-3-ioi',
    'another network that answers',
    () => rewrite(story, hop(PS, 'scscf2.home2.net', '200 OK (SUBSCRIBE)'), (t) => t.replace(/term-ioi="[^"]*"/, 'term-ioi=home2.net')),
  ],
  ['refusal-says', 'a 423 without Min-Expires', () => rewrite(brief, (r) => r.label.startsWith('423'), without('Min-Expires'))],
  ['refusal-says', 'a 401 without challenge', () => rewrite(story, (r) => r.label.startsWith('401'), without('WWW-Authenticate'))],
  [
    'too-brief',
    'a 423 for what is long enough',
    () =>
      rewrite(
        brief,
        (r) => r.label.startsWith('423'),
        header('Min-Expires', () => '20'),
      ),
  ],
  [
    'too-brief',
    'less asked for than the least',
    () =>
      rewrite(
        brief,
        (r) => r.from === 'ue1' && r.to === P1 && decodeUtf8(r.bytes).includes('expires=60'),
        (t) => t.replace('expires=60', 'expires=50'),
      ),
  ],
  [
    'located',
    'a second request that is sent to another S-CSCF',
    () => mapRecord(again, hop('hss2.home2.net', I2, 'LIA', 19), exchange('scscf2.home2', 'scscf9.home2')),
  ],
  [
    'counterpart',
    'a stanza about somebody who is watched by nobody',
    () => rewrite(juliet, hop(G2, X, 'presence subscribed'), (t) => t.replace('user2_public1', 'user9_public9')),
  ],
  ['counterpart', 'a SUBSCRIBE that no user of XMPP has wanted', () => leaveOut(juliet, hop(X, G2, 'presence subscribe'))],
  ['same-state', 'present, where the document says closed', () => rewrite(juliet, hop(PS, G2, 'NOTIFY'), document('open', 'closed'))],
  ['same-state', 'open, where nobody is present', () => leaveOut(romeo, hop(X, 'gateway.home1.net', 'presence'))],
];

describe('the rules of life and death', () => {
  itIsSilentOn([
    ['a whole story', story],
    ['a presence server that was stopped', stopped],
    ['a registration that the HSS ends', ended],
    ['a subscription that runs out', runOut],
    ['a registration that is too brief', brief],
    ['a second request', again],
    ['a user of XMPP who watches', juliet],
    ['a contact of XMPP who is watched', romeo],
  ]);
  itFiresOn(DOCTORED);

  it('have the messages to doctor', () => {
    expect(find(ended, (r) => r.label === 'RTR').to).toBe(S1);
  });
});
