/** The presentity switches off, then the watcher: what the network forgets, and what it still holds (TS 29.228 §6.1.2; TS 23.218 §6.3; RFC 3680). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { WITH_REGISTRATIONS } from '../shared-criteria.ts';
import { deregistration, NOTIFICATION, REFUSED_NOTIFICATION, regEventNotify, thirdParty, UNREGISTERED_SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-deregister',
  title: 'Switched off: the user deregisters',
  summary:
    'The presentity deregisters: S-CSCF, HSS, P-CSCF and presence server hear of it, yet what was published lives until its time is over; then the watcher deregisters, and the next NOTIFY ends the subscription.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
    { document: 'TS 23.218', clause: '6.3', checked: true },
    { document: 'RFC 6665', clause: '4.2.2', checked: true },
  ],
  until: 110,
  network: { users: [{ role: 'ue2', filterCriteria: WITH_REGISTRATIONS }] },
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'presentity', title: 'The presentity switches off', at: 20 },
    { id: 'fetch', title: 'Somebody asks about her', at: 40 },
    { id: 'watcher', title: 'The watcher switches off', at: 60 },
    { id: 'news', title: 'News for somebody who is gone', at: 80 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk', expires: 90 } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'deregister' } },
    { at: 40, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
    { at: 60, who: 'ue1', do: { kind: 'deregister' } },
  ],
  changes: [
    {
      name: 'first',
      title: 'What the terminal does before it deregisters',
      values: [
        { value: 'nothing', title: 'nothing', patches: [] },
        {
          value: 'unpublish',
          title: 'takes its publication back',
          patches: [{ path: '/timeline/7', value: { at: 19, who: 'ue2', do: { kind: 'unpublish' } } }],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'HSS, presence server, terminal and P-CSCF hear of it',
      source: { document: 'TS 23.218', clause: '6.3', checked: true },
      chapter: 'presentity',
      flows: [deregistration(2), thirdParty(), regEventNotify(2, 'ue'), regEventNotify(2, 'pcscf')],
    },
    {
      title: 'An S-CSCF is chosen anew, and the presence server still knows what was published',
      source: { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
      chapter: 'fetch',
      flows: [UNREGISTERED_SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The watcher goes',
      source: { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
      chapter: 'watcher',
      flows: [deregistration(1), regEventNotify(1, 'ue'), regEventNotify(1, 'pcscf')],
    },
    {
      title: 'The publication runs out; the P-CSCF refuses the NOTIFY, and the subscription is removed',
      source: { document: 'RFC 6665', clause: '4.2.2', checked: true },
      chapter: 'news',
      flows: [REFUSED_NOTIFICATION],
    },
    {
      title: 'Nothing is left that could run out',
      source: { document: 'RFC 3903', clause: '4.5', checked: true },
      chapter: 'news',
      flows: [],
      when: { first: 'unpublish' },
    },
  ],
} satisfies Scenario;
