/** Somebody on the radio strikes out the better algorithms, and is found out (TS 33.203 §7.2, §7.3.2.3; RFC 3329 §2.3.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { CHALLENGED, GIVEN_UP } from '../auth-ladders.ts';
import { ADDRESSES } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'auth-tampered-security-verify',
  title: 'Bidding down',
  summary:
    'Somebody on the radio strikes encryption out of the offer and of the list. The UE repeats the list under protection: the P-CSCF sees that it is not its own.',
  sources: [
    { document: 'TS 33.203', clause: '7.2', checked: true },
    { document: 'TS 33.203', clause: '7.3.2.3', checked: true },
    { document: 'RFC 3329', clause: '2.3.1', checked: true },
  ],
  until: 260,
  network: {
    links: [
      { between: ['ue1', 'pcscf1'], rewrite: [{ message: 'REGISTER', from: 'ealg=aes-cbc', to: 'ealg=null' }] },
      { between: ['pcscf1', 'ue1'], rewrite: [{ message: '401 Unauthorized (REGISTER)', from: 'ealg=aes-cbc', to: 'ealg=null' }] },
    ],
  },
  chapters: [
    { id: 'bid-down', title: 'Somebody in between strikes out the encryption', at: 0 },
    { id: 'wait', title: 'The S-CSCF waits for an answer', at: 20 },
    { id: 'give-up', title: 'Four minutes are over', at: 200 },
  ],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
  changes: [
    {
      name: 'attack',
      title: 'What is struck out',
      values: [
        { value: 'both', title: 'encryption, from the offer and from the list', patches: [] },
        {
          value: 'offer',
          title: 'encryption, from the offer of the UE only: the two ends do not agree, and IPsec opens nothing',
          patches: [{ path: '/network/links/1/rewrite', value: [] }],
        },
        { value: 'nothing', title: 'nothing', patches: [{ path: '/network/links', value: [] }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The registration is broken off at the P-CSCF',
      source: { document: 'TS 33.203', clause: '7.3.2.3', checked: true },
      chapter: 'bid-down',
      flows: [[...CHALLENGED, 'ue1 > pcscf1: REGISTER', 'pcscf1 > ue1: 400 Bad Request (REGISTER)']],
    },
    {
      title: 'To the S-CSCF nobody has answered',
      source: { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
      chapter: 'give-up',
      flows: [GIVEN_UP],
    },
    {
      title: 'Only the offer changed: the answer is never opened',
      source: { document: 'TS 33.203', clause: '7.3.1.1', checked: true },
      chapter: 'bid-down',
      flows: [[...CHALLENGED, 'ue1 > pcscf1: REGISTER']],
      when: { attack: 'offer' },
    },
  ],
} satisfies Scenario;
