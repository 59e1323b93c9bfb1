/** The answer comes under another Call-ID than the challenge: it is no answer, but a new registration (TS 24.229 §5.4.1.2.2; TS 33.203 §6.1.2.3). */
import type { Scenario } from '#scenario/scenario.ts';
import { ANSWERED, CHALLENGED, RESYNCHRONISED, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'auth-other-call-id',
  title: 'An answer under another Call-ID',
  summary: 'The response is right, but its REGISTER has another Call-ID than the challenge: the S-CSCF takes it for a new registration and challenges anew.',
  sources: [
    { document: 'TS 24.229', clause: '5.4.1.2.2', checked: true },
    { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
  ],
  until: 20,
  chapters: [{ id: 'register', title: 'A right answer under a wrong Call-ID, and a second challenge', at: 0 }],
  timeline: [{ at: 1, who: 'ue1', do: { kind: 'register', answer: 'other-call-id' } }],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    {
      title: 'Challenged twice, then registered',
      source: { document: 'TS 33.203', clause: '6.1.2.3', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...RESYNCHRONISED, ...ANSWERED], ...WATCHED],
    },
  ],
} satisfies Scenario;
