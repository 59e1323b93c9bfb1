/** The counters of USIM and HSS are out of step: AUTS brings them together (TS 33.203 §6.1.3; RFC 3310 §3.4; TS 29.228 §6.3). */
import type { Scenario } from '#scenario/scenario.ts';
import { ANSWERED, CHALLENGED, RESYNCHRONISED, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'auth-sqn-out-of-range',
  title: 'Counters out of step',
  summary:
    'The challenge is real, but its sequence number was used before: the USIM sends its own, the HSS moves its counter, and the next challenge is taken.',
  sources: [
    { document: 'TS 33.203', clause: '6.1.3', checked: true },
    { document: 'TS 29.228', clause: '6.3.1', checked: true },
    { document: 'RFC 3310', clause: '3.4', checked: true },
  ],
  until: 20,
  network: { users: [{ role: 'ue1', device: { sequence: 5000 } }] },
  chapters: [{ id: 'register', title: 'The HSS was restored from an old copy: its counter lags behind the USIM', at: 0 }],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
  changes: [
    {
      name: 'counter',
      title: 'Where the counter of the HSS is',
      values: [
        { value: 'behind', title: 'behind that of the USIM', patches: [] },
        {
          value: 'far-ahead',
          title: 'too far ahead of that of the USIM',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', sequence: 300000000, device: { sequence: 32 } }] }],
        },
        { value: 'in-step', title: 'in step with that of the USIM', patches: [{ path: '/network/users', value: [] }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'AUTS to the HSS, a new challenge, and the user is registered',
      source: { document: 'TS 33.203', clause: '6.1.3', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...RESYNCHRONISED, ...ANSWERED], ...WATCHED],
    },
    {
      title: 'The same when the number lies too far ahead',
      source: { document: 'TS 33.203', clause: '6.1.3', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...RESYNCHRONISED, ...ANSWERED], ...WATCHED],
      when: { counter: 'far-ahead' },
    },
    {
      title: 'In step: one challenge is enough',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...ANSWERED], ...WATCHED],
      when: { counter: 'in-step' },
    },
  ],
} satisfies Scenario;
