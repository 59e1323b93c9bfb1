/** The presentity is registered: the HSS names the S-CSCF, and its filter criteria lead to the presence server (TS 29.228 §6.1.4; TS 23.218 §6.5). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'find-registered',
  title: 'Finding the presence server of a registered user',
  summary: 'The entry of the network asks the HSS who serves the user; the S-CSCF that it names holds the criteria that lead to the presence server.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.4', checked: true },
    { document: 'TS 23.218', clause: '5.2.3', checked: true },
  ],
  until: 25,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Find', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'identity',
      title: 'Which of their identities is asked for',
      values: [
        { value: 'first', title: 'the first one', patches: [] },
        { value: 'second', title: 'another one of the same registration', patches: [{ path: '/timeline/3/do/to', value: 'sip:user2_public2@home2.net' }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'HSS, S-CSCF, presence server',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Every identity of the registration leads to the same S-CSCF',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { identity: 'second' },
    },
  ],
} satisfies Scenario;
