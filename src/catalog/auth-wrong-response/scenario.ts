/** A wrong answer to the challenge, made with the right keys: 403, and a registration that stands is untouched (TS 33.203 §6.1.1, §6.1.2.1, §7.3.1.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { CHALLENGED, FAILED, FAILED_WHILE_REGISTERED } from '../auth-ladders.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'auth-wrong-response',
  title: 'A wrong answer to the challenge',
  summary: 'A registered user is authenticated again and gets it wrong: 403, the new security associations go, and the registration stands as before.',
  sources: [
    { document: 'TS 33.203', clause: '6.1.2.1', checked: true },
    { document: 'TS 33.203', clause: '7.3.1.1', checked: true },
    { document: 'TS 33.203', clause: '7.4.2a', checked: true },
  ],
  until: 40,
  network: { authentication: { everyTime: true } },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'fail', title: 'Authenticated again: the response is wrong', at: 10 },
    { id: 'after', title: 'The registration stands: the user subscribes', at: 20 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'register', answer: 'wrong-response' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'user',
      title: 'Who answers wrongly',
      values: [
        { value: 'registered', title: 'a user who is registered', patches: [] },
        {
          value: 'unregistered',
          title: 'a user who is not',
          patches: [
            {
              path: '/chapters',
              value: [
                { id: 'fail', title: 'The response is wrong', at: 0 },
                { id: 'after', title: 'Without a registration nothing is sent', at: 20 },
              ],
            },
            {
              path: '/timeline',
              value: [
                { at: 1, who: 'ue1', do: { kind: 'register', answer: 'wrong-response' } },
                { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
              ],
            },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The HSS hears nothing of it; 403',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'fail',
      flows: [[...CHALLENGED, ...FAILED_WHILE_REGISTERED]],
    },
    {
      title: 'A registered user subscribes as ever',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'after',
      flows: [SUBSCRIPTION, NOTIFICATION],
      match: 'contains',
    },
    {
      title: 'The HSS forgets the S-CSCF; 403',
      source: { document: 'TS 33.203', clause: '6.1.2.1', checked: true },
      chapter: 'fail',
      flows: [[...CHALLENGED, ...FAILED]],
      when: { user: 'unregistered' },
    },
    {
      title: 'Nobody is registered, nothing is sent',
      source: { document: 'TS 33.203', clause: '6.1.2.1', checked: true },
      chapter: 'after',
      flows: [],
      when: { user: 'unregistered' },
    },
  ],
} satisfies Scenario;
