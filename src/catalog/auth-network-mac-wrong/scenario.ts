/** The USIM does not believe that the challenge is from its home network (TS 33.203 §6.1.2.2, §7.3.1.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { CHALLENGED, FAILED, FAILED_WHILE_REGISTERED, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'auth-network-mac-wrong',
  title: 'A challenge that is not believed',
  summary: 'The code in the challenge is wrong, so the USIM takes the network for an impostor: the UE says so, and nobody is registered.',
  sources: [
    { document: 'TS 33.203', clause: '6.1.2.2', checked: true },
    { document: 'TS 33.203', clause: '7.3.1.2', checked: true },
    { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
  ],
  until: 30,
  network: { users: [{ role: 'ue1', device: { key: 'ffffffffffffffffffffffffffffffff' } }] },
  chapters: [
    { id: 'refuse', title: 'The USIM holds another key than the HSS', at: 0 },
    { id: 'after', title: 'Nothing is left', at: 10 },
  ],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
  changes: [
    {
      name: 'user',
      title: 'Who is challenged',
      values: [
        { value: 'unregistered', title: 'a user who is not registered, with another key in the USIM', patches: [] },
        {
          value: 'registered',
          title: 'a registered user, by somebody on the radio who changes the challenge',
          patches: [
            { path: '/network/users', value: [] },
            { path: '/network/authentication', value: { everyTime: true } },
            {
              path: '/network/links',
              value: [
                {
                  between: ['pcscf1', 'ue1'],
                  from: 8,
                  rewrite: [{ message: '401 Unauthorized (REGISTER)', from: 'nonce="', to: 'nonce="AAAA' }],
                },
              ],
            },
            {
              path: '/chapters',
              value: [
                { id: 'prologue', title: 'Registration', at: 0, prologue: true },
                { id: 'refuse', title: 'Once more, in the clear: somebody changes the challenge', at: 10 },
                { id: 'after', title: 'The registration stands: the user subscribes', at: 15 },
              ],
            },
            {
              path: '/timeline',
              value: [
                { at: 1, who: 'ue1', do: { kind: 'register' } },
                { at: 10, who: 'ue1', do: { kind: 'register', protected: false } },
                { at: 15, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
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
      title: 'An empty response; the HSS forgets the S-CSCF; 403',
      source: { document: 'TS 33.203', clause: '6.1.2.2', checked: true },
      chapter: 'refuse',
      flows: [[...CHALLENGED, ...FAILED]],
    },
    { title: 'And that is all', source: { document: 'TS 33.203', clause: '6.1.2.2', checked: true }, chapter: 'after', flows: [] },
    {
      title: 'Registered before',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'prologue',
      flows: [[...CHALLENGED, ...FAILED.slice(0, 7), 'pcscf1 > ue1: 200 OK (REGISTER)'], ...WATCHED],
      match: 'contains',
      when: { user: 'registered' },
    },
    {
      title: 'An empty response; the HSS hears nothing of it; 403',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'refuse',
      flows: [[...CHALLENGED, ...FAILED_WHILE_REGISTERED]],
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
