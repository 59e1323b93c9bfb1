/** The home network does not let this user roam there (TS 29.228 §6.1.1.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ANSWERED, CHALLENGED, NOT_LET_IN, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'auth-roaming-not-allowed',
  title: 'No roaming here',
  summary: 'The P-CSCF says in which network the user stands, the HSS finds that roaming there is not allowed (5004), and the I-CSCF answers 403.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.1.1', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  until: 10,
  network: { users: [{ role: 'ue1', roaming: ['home1'] }] },
  chapters: [{ id: 'register', title: 'A user who may register at home only', at: 0 }],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register' } }],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    { title: 'The I-CSCF refuses', source: { document: 'TS 29.228', clause: '6.1.1.1', checked: true }, chapter: 'register', flows: [NOT_LET_IN] },
    {
      title: 'At home the same user is let in',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...ANSWERED], ...WATCHED],
      when: { watcher: 'at-home' },
    },
  ],
} satisfies Scenario;
