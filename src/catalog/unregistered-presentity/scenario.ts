/** The presentity is not registered: its presence server is reached all the same (TS 23.228 §5.12.1; TS 29.228 §6.1.4.1, §6.1.2.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'unregistered-presentity',
  title: 'The presentity is switched off',
  summary: 'Nobody is registered under the address, yet the HSS lets the I-CSCF select an S-CSCF, which fetches the profile and finds the presence server.',
  sources: [
    { document: 'TS 23.228', clause: '5.12.1', checked: true },
    { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
  ],
  until: 60,
  network: { users: [{ role: 'ue2', capabilities: [2] }] },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'again', title: 'A second fetch', at: 30 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 30, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    ROAMING,
    {
      name: 'services',
      title: 'Services for the unregistered presentity',
      values: [
        { value: 'yes', title: 'presence works without registration', patches: [] },
        {
          value: 'no',
          title: 'none: the criterion is for the registered user only',
          patches: [
            {
              path: '/network/users',
              value: [
                {
                  role: 'ue2',
                  filterCriteria: [
                    {
                      priority: 10,
                      cnf: false,
                      triggers: [{ method: 'SUBSCRIBE' }, { header: { name: 'Event', content: '^presence' } }, { sessionCase: 1 }],
                      defaultHandling: 1,
                    },
                  ],
                },
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
      title: 'Selection of an S-CSCF, the profile of the unregistered user, the presence server',
      source: { document: 'TS 23.228', clause: '5.12.1', checked: true },
      chapter: 'subscribe',
      flows: [[...SUBSCRIPTION.slice(0, 6), 'scscf2 > hss2: SAR', 'hss2 > scscf2: SAA', ...SUBSCRIPTION.slice(6)], NOTIFICATION],
    },
    {
      title: 'The second time the HSS names the S-CSCF',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'again',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
