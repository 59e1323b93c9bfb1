/** Nobody answers the challenge: after four minutes the authentication counts as failed (TS 33.203 §6.1.2.3; TS 29.228 §6.1.2.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { CHALLENGED, GIVEN_UP } from '../auth-ladders.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'auth-no-answer',
  title: 'A challenge that stays unanswered',
  summary: 'The UE falls silent after the challenge: UE, P-CSCF and S-CSCF wait four minutes, then each forgets what it had made ready.',
  sources: [
    { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
    { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
    { document: 'TS 24.229', clause: '7.8', checked: true },
  ],
  until: 300,
  chapters: [
    { id: 'challenge', title: 'The challenge', at: 0 },
    { id: 'silence', title: 'Silence', at: 20 },
    { id: 'give-up', title: 'Four minutes are over', at: 235 },
    { id: 'after', title: 'Afterwards', at: 270 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register', answer: 'none' } },
    { at: 270, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'user',
      title: 'Who does not answer',
      values: [
        { value: 'unregistered', title: 'a user who is not registered', patches: [] },
        {
          value: 'registered',
          title: 'a user who is',
          patches: [
            { path: '/network/authentication', value: { everyTime: true } },
            {
              path: '/timeline',
              value: [
                { at: 1, who: 'ue1', do: { kind: 'register' } },
                { at: 12, who: 'ue1', do: { kind: 'register', answer: 'none' } },
                { at: 270, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
              ],
            },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    { title: 'The challenge', source: { document: 'TS 33.203', clause: '6.1.1', checked: true }, chapter: 'challenge', flows: [CHALLENGED] },
    { title: 'Silence', source: { document: 'TS 33.203', clause: '6.1.2.3', checked: true }, chapter: 'silence', flows: [] },
    {
      title: 'The S-CSCF tells the HSS that nobody answered',
      source: { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
      chapter: 'give-up',
      flows: [GIVEN_UP],
    },
    {
      title: 'Of a registered user the HSS hears nothing',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'give-up',
      flows: [],
      when: { user: 'registered' },
    },
    {
      title: 'A registered user subscribes as ever',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'after',
      flows: [SUBSCRIPTION, NOTIFICATION],
      match: 'contains',
      when: { user: 'registered' },
    },
  ],
} satisfies Scenario;
