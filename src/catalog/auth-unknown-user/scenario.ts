/** Nobody has the identity, or two identities do not belong together: the HSS says so to the I-CSCF (TS 29.228 §6.1.1.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { NOT_LET_IN } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

const refused = (which: string, title: string) => ({
  title,
  source: { document: 'TS 29.228', clause: '6.1.1.1', checked: true },
  chapter: 'register',
  flows: [NOT_LET_IN],
  when: { who: which },
});

export default {
  format: 1,
  id: 'auth-unknown-user',
  title: 'A stranger wants to register',
  summary: 'The HSS does not know the private identity: the I-CSCF answers 403, and no S-CSCF is ever asked for a challenge.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.1.1', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  until: 10,
  network: { subscribers: [{ home: 'home1', name: 'user3' }], users: [{ role: 'ue1', device: { claims: { privateIdentityOf: 'nobody' } } }] },
  chapters: [{ id: 'register', title: 'The home network does not let the user in', at: 0 }],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
  changes: [
    {
      name: 'who',
      title: 'With which identities the UE registers',
      values: [
        { value: 'private-unknown', title: 'a private identity that nobody has (5001)', patches: [] },
        {
          value: 'public-unknown',
          title: 'a public identity that nobody has (5001)',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', device: { claims: { publicIdentityOf: 'nobody' } } }] }],
        },
        {
          value: 'mismatch',
          title: 'the public identity of somebody else (5002)',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', device: { claims: { publicIdentityOf: 'user3' } } }] }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The I-CSCF refuses',
      source: { document: 'TS 29.228', clause: '6.1.1.1', checked: true },
      chapter: 'register',
      flows: [NOT_LET_IN],
    },
    refused('public-unknown', 'The I-CSCF refuses an unknown public identity'),
    refused('mismatch', 'The I-CSCF refuses identities that do not belong together'),
  ],
} satisfies Scenario;
