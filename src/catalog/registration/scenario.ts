/** Registration with IMS AKA, roaming: the challenge, the security associations, Path and Service-Route, the implicit set, and who watches it. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { REGISTRATION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'registration',
  title: 'A roaming user registers',
  summary: 'The home network and the USIM prove themselves to each other, the visited network learns the way home, and everybody who must know is told.',
  sources: [
    { document: 'TS 23.228', clause: '5.2.2.3', checked: true },
    { document: 'TS 33.203', clause: '6.1.1', checked: true },
    { document: 'TS 24.229', clause: '5.1.1.2', checked: true },
  ],
  until: 25,
  chapters: [
    { id: 'register', title: 'Challenge and answer', at: 0 },
    { id: 'deregister', title: 'Deregistration', at: 12 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 12, who: 'ue1', do: { kind: 'deregister' } },
  ],
  changes: [
    ROAMING,
    {
      name: 'key',
      title: 'The key in the USIM',
      values: [
        { value: 'right', title: 'is that of the HSS', patches: [] },
        {
          value: 'wrong',
          title: 'differs from that of the HSS',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', device: { key: 'ffffffffffffffffffffffffffffffff' } }] }],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Registration with one challenge',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'register',
      flows: [REGISTRATION],
      match: 'contains',
    },
    {
      title: 'The UE and the P-CSCF watch the registration',
      source: { document: 'TS 24.229', clause: '5.4.2.1.1', checked: true },
      chapter: 'register',
      flows: [
        ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > pcscf1: 200 OK (SUBSCRIBE)', 'pcscf1 > ue1: 200 OK (SUBSCRIBE)'],
        [
          'pcscf1 > icscf1: SUBSCRIBE',
          'icscf1 > hss1: LIR',
          'hss1 > icscf1: LIA',
          'icscf1 > scscf1: SUBSCRIBE',
          'scscf1 > icscf1: 200 OK (SUBSCRIBE)',
          'icscf1 > pcscf1: 200 OK (SUBSCRIBE)',
        ],
        ['scscf1 > pcscf1: NOTIFY', 'pcscf1 > ue1: NOTIFY', 'ue1 > pcscf1: 200 OK (NOTIFY)', 'pcscf1 > scscf1: 200 OK (NOTIFY)'],
      ],
      match: 'contains',
    },
  ],
} satisfies Scenario;
