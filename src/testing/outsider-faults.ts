/** An agent outside that publishes from a calendar, and how that can be wrong. */
import { type Doctored, header, hop, rewrite, run, without } from './doctor.ts';

const PS = 'ps.home2.net';
const S2 = 'scscf2.home2.net';
const PEA = 'pea.example.org';
const I2 = 'icscf2-s.home2.net';

export const fromCalendar = run({
  until: 1100,
  network: { with: ['pea', 'cal'] },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'cal', do: { kind: 'enter-event', event: 'a', from: 100, until: 700, summary: 'Secret talk', location: 'Room 5', class: 'private' } },
    { at: 21, who: 'cal', do: { kind: 'enter-event', event: 'b', from: 300, until: 900, summary: 'Open talk', others: 2 } },
    { at: 30, who: 'pea', do: { kind: 'follow-calendar' } },
  ],
});

const accepted = hop(S2, PS, 'PUBLISH', 100.1);

export const OUTSIDER_DOCTORED: Doctored = [
  ['outside-publication', 'no credentials at all', () => rewrite(fromCalendar, accepted, without('Authorization'))],
  [
    'outside-publication',
    'a nonce that the server never gave',
    () =>
      rewrite(
        fromCalendar,
        accepted,
        header('Authorization', (value) => value.replace(/nonce="\w+"/, 'nonce="made-up"')),
      ),
  ],
  [
    'outside-publication',
    'a count that has been there before',
    () =>
      rewrite(
        fromCalendar,
        hop(S2, PS, 'PUBLISH', 299),
        header('Authorization', (value) => value.replace(/nc=\w+/, 'nc=00000001')),
      ),
  ],
  [
    'private-event',
    'the agent says what it is about',
    () =>
      rewrite(fromCalendar, hop(PEA, I2, 'PUBLISH', 100.1), (text) => text.replace('</rpid:activities>', '</rpid:activities><dm:note>Secret talk</dm:note>')),
  ],
  [
    'private-event',
    'a watcher hears where',
    () =>
      rewrite(fromCalendar, hop(PS, 'scscf1.home1.net', 'NOTIFY', 100), (text) =>
        text.replace('</rpid:activities>', '</rpid:activities><dm:note>Room 5</dm:note>'),
      ),
  ],
];
