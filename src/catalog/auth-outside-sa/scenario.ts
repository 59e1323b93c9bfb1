/** A request past the security associations: the P-CSCF takes nothing but REGISTER there (TS 33.203 §7.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'auth-outside-sa',
  title: 'Past the security associations',
  summary: 'A registered UE sends a SUBSCRIBE in the clear: the P-CSCF refuses it. The same over the security associations goes through.',
  sources: [
    { document: 'TS 33.203', clause: '7.1', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  until: 40,
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'outside', title: 'In the clear', at: 10 },
    { id: 'inside', title: 'Over the security associations', at: 20 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', protected: false } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'user',
      title: 'Who sends it',
      values: [
        { value: 'registered', title: 'a user who is registered', patches: [] },
        {
          value: 'unregistered',
          title: 'a user who never was',
          patches: [{ path: '/timeline', value: [{ at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', protected: false } }] }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Refused at the door',
      source: { document: 'TS 33.203', clause: '7.1', checked: true },
      chapter: 'outside',
      flows: [['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > ue1: 403 Forbidden (SUBSCRIBE)']],
    },
    {
      title: 'The same, protected, goes its way',
      source: { document: 'TS 33.203', clause: '7.1', checked: true },
      chapter: 'inside',
      flows: [SUBSCRIPTION, NOTIFICATION],
      match: 'contains',
    },
    {
      title: 'Refused to a stranger too',
      source: { document: 'TS 33.203', clause: '7.1', checked: true },
      chapter: 'outside',
      flows: [['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > ue1: 403 Forbidden (SUBSCRIBE)']],
      when: { user: 'unregistered' },
    },
  ],
} satisfies Scenario;
