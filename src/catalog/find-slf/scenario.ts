/** Two HSSs: a locator says which of them holds the user, by a redirect (TS 23.228 §5.8.1; RFC 6733 §6.12). */
import type { Scenario } from '#scenario/scenario.ts';
import { LOCATED_SUBSCRIPTION, refusedByLocator } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'find-slf',
  title: 'Two HSSs, and one who knows which',
  summary: 'The other network keeps its subscribers in two HSSs; its locator does not answer questions about them but says whom to ask.',
  sources: [
    { document: 'RFC 6733', clause: '6.12', checked: true },
    { document: 'TS 23.228', clause: '5.8.1', checked: true },
  ],
  until: 25,
  network: { with: ['slf2', 'hss2b'], users: [{ role: 'ue2', hss: 'hss2b' }] },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Locate', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'address',
      title: 'Whose presence is asked for',
      values: [
        { value: 'known', title: 'a user of the second HSS', patches: [] },
        { value: 'unknown', title: 'somebody whom neither holds', patches: [{ path: '/timeline/3/do/to', value: 'sip:no-such-user@home2.net' }] },
      ],
    },
    {
      name: 'holder',
      title: 'Where the user is held',
      values: [
        { value: 'second', title: 'in the second HSS', patches: [] },
        { value: 'first', title: 'in the first HSS', patches: [{ path: '/network/users/0/hss', value: 'hss2' }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The locator sends the I-CSCF to the HSS that holds the user',
      source: { document: 'RFC 6733', clause: '6.12', checked: true },
      chapter: 'subscribe',
      flows: [LOCATED_SUBSCRIPTION('hss2b'), NOTIFICATION],
    },
    {
      title: 'The same for the other one',
      source: { document: 'RFC 6733', clause: '6.12', checked: true },
      chapter: 'subscribe',
      flows: [LOCATED_SUBSCRIPTION('hss2'), NOTIFICATION],
      when: { holder: 'first' },
    },
    {
      title: 'Held by neither: the locator itself says so',
      source: { document: 'TS 23.228', clause: '5.15.2', checked: true },
      chapter: 'subscribe',
      flows: [refusedByLocator('404 Not Found')],
      when: { address: 'unknown' },
    },
  ],
} satisfies Scenario;
