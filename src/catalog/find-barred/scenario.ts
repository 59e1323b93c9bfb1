/** A barred identity may be used for registration and nothing else: to others it does not exist (TS 23.218 §6.5.2, §6.4.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedByServing } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'find-barred',
  title: 'An identity that exists for its owner only',
  summary: 'The operator has barred one of the identities of the presentity: the HSS still leads to the S-CSCF, which answers 404 as if nobody had it.',
  sources: [{ document: 'TS 23.218', clause: '6.5.2', checked: true }],
  until: 25,
  network: { users: [{ role: 'ue2', barred: ['sip:user2_public2@home2.net'] }] },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Ask for the barred identity', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public2@home2.net' } },
  ],
  changes: [
    {
      name: 'identity',
      title: 'Which identity is asked for',
      values: [
        { value: 'barred', title: 'the barred one', patches: [] },
        { value: 'open', title: 'the other one of the same user', patches: [{ path: '/timeline/3/do/to', value: 'sip:user2_public1@home2.net' }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The S-CSCF knows that it is barred: 404',
      source: { document: 'TS 23.218', clause: '6.5.2', checked: true },
      chapter: 'subscribe',
      flows: [refusedByServing('404 Not Found')],
    },
    {
      title: 'The other identity is found as ever',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { identity: 'open' },
    },
  ],
} satisfies Scenario;
