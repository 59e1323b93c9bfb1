/** Runs of authentication, each doctored so that it breaks one rule. */
import { decodeUtf8 } from '#base/utf8.ts';
import type { MessageRecord } from '#trace/record.ts';
import { type Doctored, find, header, hop, mapRecord, P1, type Pick, rewrite, run, S1, watch, without } from './doctor.ts';

/** Refused at first, then registered, and authenticated again. */
export const proven = run({
  until: 40,
  network: { authentication: { everyTime: true } },
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register', answer: 'wrong-response' } },
    { at: 10, who: 'ue1', do: { kind: 'register' } },
    { at: 20, who: 'ue1', do: { kind: 'register' } },
  ],
});
/** With a password, and a request in the clear. */
export const byPassword = run({
  until: 40,
  network: { users: [{ role: 'ue1', password: 'a long password' }] },
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: watch },
  ],
});

/** A REGISTER that answers a challenge, on its way to this entity. */
function answering(to: string, after: number): Pick {
  return (r) => r.to === to && r.label === 'REGISTER' && r.sentAt >= after * 1e6 && /response="[0-9a-f]{32}"/.test(decodeUtf8(r.bytes));
}
function challenge(after: number): Pick {
  return (r) => r.to === 'ue1' && r.label.startsWith('401') && r.sentAt >= after * 1e6;
}
const spoiltResponse = (text: string): string => text.replace(/response="[0-9a-f]{4}/, 'response="0000');
const fieldOf = (r: MessageRecord, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(decodeUtf8(r.bytes))?.[1]?.trimEnd() ?? '';

export const AUTHENTICATION_DOCTORED: Doctored = [
  [
    'security-association',
    'a UE with a password sends from another port than it registered from',
    () => mapRecord(byPassword, hop('ue1', P1, 'SUBSCRIBE', 10), (r) => [{ ...r, src: r.src.replace(':5060', ':5070') }]),
  ],
  [
    'authentication-failure',
    'the HSS told of a failure when the user is registered',
    () =>
      mapRecord(
        proven,
        (r) => r.label === 'SAR',
        (r) => [{ ...r, sentAt: 15e6, arrivedAt: 15.01e6 }],
      ),
  ],
  ['authenticated', 'a response that XRES does not make', () => rewrite(proven, answering(S1, 10), spoiltResponse)],
  ['authenticated', 'a response that the password does not make', () => rewrite(byPassword, answering(S1, 1), spoiltResponse)],
  ['authenticated', 'a REGISTER that nothing vouches for', () => rewrite(proven, answering(S1, 10), (t) => without('Authorization')(t))],
  [
    'security-verify',
    'a list that was never given',
    () =>
      rewrite(
        proven,
        answering(P1, 10),
        header('Security-Verify', (v) => v.replace(/spi-s=\d+/, 'spi-s=4711')),
      ),
  ],
  ['security-verify', 'no list at all', () => rewrite(proven, answering(P1, 10), without('Security-Verify'))],
  [
    'new-associations',
    'the SPIs of the time before',
    () =>
      rewrite(
        proven,
        challenge(20),
        header('Security-Server', () => fieldOf(find(proven, challenge(10)), 'Security-Server')),
      ),
  ],
  [
    'new-associations',
    'another server port',
    () =>
      rewrite(
        proven,
        challenge(20),
        header('Security-Server', (v) => v.replaceAll('port-s=7531', 'port-s=7532')),
      ),
  ],
];
