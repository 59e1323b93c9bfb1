/** Response and keys are wrong: IPsec discards the answer before SIP sees it, and time does the rest (TS 33.203 §6.1.2.1, §6.1.2.3, §7.3.1.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { CHALLENGED, GIVEN_UP } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'auth-wrong-keys',
  title: 'An answer sealed with wrong keys',
  summary: 'A USIM with wrong secrets computes wrong keys too: the P-CSCF cannot open the packet and never sees the answer; after four minutes it is over.',
  sources: [
    { document: 'TS 33.203', clause: '6.1.2.1', checked: true },
    { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
    { document: 'TS 33.203', clause: '7.3.1.1', checked: true },
  ],
  until: 260,
  chapters: [
    { id: 'challenge', title: 'The challenge', at: 0 },
    { id: 'discard', title: 'IPsec at the P-CSCF discards every answer', at: 5 },
    { id: 'give-up', title: 'Nobody has answered: the network gives up', at: 200 },
  ],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register', answer: 'wrong-keys' } }],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    {
      title: 'The answer goes no further than the P-CSCF',
      source: { document: 'TS 33.203', clause: '6.1.2.1', checked: true },
      chapter: 'challenge',
      flows: [[...CHALLENGED, 'ue1 > pcscf1: REGISTER']],
    },
    {
      title: 'The S-CSCF tells the HSS that nobody answered',
      source: { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
      chapter: 'give-up',
      flows: [GIVEN_UP],
    },
  ],
} satisfies Scenario;
