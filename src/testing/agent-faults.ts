/** A network agent that is fed, and how that can be wrong. */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { type Doctored, header, hop, mapRecord, rewrite, run } from './doctor.ts';

const USER = 'sip:user2_public1@home2.net';
const [PNA, PS, S2, MSC] = ['pna.home2.net', 'ps.home2.net', 'scscf2.home2.net', 'msc.home2.net'];

export const fed = run({
  until: 30,
  network: { with: ['pna', 'msc2'] },
  timeline: [
    { at: 1, who: 'msc2', do: { kind: 'attach', user: USER } },
    { at: 4, who: 'ue2', do: { kind: 'register' } },
    { at: 20, who: 'msc2', do: { kind: 'begin-call', user: USER } },
  ],
});

export const AGENT_DOCTORED: Doctored = [
  [
    'agent-was-told',
    'another user',
    () =>
      rewrite(
        fed,
        hop(S2, PNA, 'REGISTER'),
        header('To', (value) => value.replace('user2_public1', 'user9_public1')),
      ),
  ],
  [
    'agent-was-told',
    'told of an end',
    () =>
      rewrite(
        fed,
        hop(S2, PNA, 'REGISTER'),
        header('Expires', () => '0'),
      ),
  ],
  [
    'report-once',
    'two publications of one report',
    () =>
      mapRecord(fed, hop(PNA, PS, 'PUBLISH', 20), (record) => [
        record,
        {
          ...record,
          id: record.id + 100_000,
          bytes: encodeUtf8(decodeUtf8(record.bytes).replace('branch=z9hG4bK', 'branch=z9hG4bKother')),
        },
      ]),
  ],
  [
    'report-form',
    'no state of this reference point',
    () => rewrite(fed, hop(MSC, PNA, 'Pc report: busy'), (text) => text.replace('State: busy', 'State: asleep')),
  ],
  ['report-form', 'another reference point', () => rewrite(fed, hop(MSC, PNA, 'Pc report: attached'), (text) => text.replace('over Pc', 'over Pg'))],
  ['report-form', 'as if it had a protocol', () => mapRecord(fed, hop(MSC, PNA, 'Pc report: busy'), (record) => [{ ...record, transport: 'sctp' }])],
  [
    'foreign-publication',
    'somebody else',
    () =>
      rewrite(
        fed,
        hop(PNA, PS, 'PUBLISH', 20),
        header('P-Asserted-Identity', () => '<sip:user1_public1@home1.net>'),
      ),
  ],
];
