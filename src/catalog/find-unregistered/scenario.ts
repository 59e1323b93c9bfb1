/** Nobody is registered and nothing works without registration: the HSS says so, and the entry refuses (TS 29.228 §6.1.4.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedByEntry } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const PRESENCE = [{ method: 'SUBSCRIBE' }, { header: { name: 'Event', content: '^presence' } }];

export default {
  format: 1,
  id: 'find-unregistered',
  title: 'Nobody is registered, and nothing works without it',
  summary: 'The presentity is switched off and has no services for that case: the HSS knows the user, names nobody, and the watcher is told 480.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  until: 25,
  network: { users: [{ role: 'ue2', filterCriteria: [{ priority: 10, cnf: false, triggers: [...PRESENCE, { sessionCase: 1 }], defaultHandling: 1 }] }] },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'subscribe', title: 'Ask in vain', at: 10 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'services',
      title: 'What works for the unregistered presentity',
      values: [
        { value: 'none', title: 'nothing: the criterion is for the registered user only', patches: [] },
        {
          value: 'presence',
          title: 'presence: the criterion is for the unregistered user',
          patches: [{ path: '/network/users/0/filterCriteria/0/triggers', value: [...PRESENCE, { sessionCase: 2 }] }],
        },
        {
          value: 'registered-part',
          title: 'nothing: the criterion stands in the part of the profile for registered users',
          patches: [
            { path: '/network/users/0/filterCriteria/0/triggers', value: [...PRESENCE, { sessionCase: 2 }] },
            { path: '/network/users/0/filterCriteria/0/profilePart', value: 0 },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Not registered, and no services for that case: 480',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [refusedByEntry('480 Temporarily Unavailable')],
    },
    {
      title: 'With a service for that case an S-CSCF is selected and finds the presence server',
      source: { document: 'TS 23.228', clause: '5.12.1', checked: true },
      chapter: 'subscribe',
      flows: [[...SUBSCRIPTION.slice(0, 6), 'scscf2 > hss2: SAR', 'hss2 > scscf2: SAA', ...SUBSCRIPTION.slice(6)], NOTIFICATION],
      when: { services: 'presence' },
    },
    {
      title: 'A criterion in the part for registered users does not count',
      source: { document: 'TS 29.228', clause: 'B.2.2', checked: true },
      chapter: 'subscribe',
      flows: [refusedByEntry('480 Temporarily Unavailable')],
      when: { services: 'registered-part' },
    },
  ],
} satisfies Scenario;
