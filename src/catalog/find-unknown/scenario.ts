/** The domain exists and the user does not: only the HSS there can tell (TS 29.228 §6.1.4.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedByEntry } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'find-unknown',
  title: 'Nobody has this address',
  summary: 'The domain leads to the other network as ever, but its HSS knows nobody of that name: 404 comes back from the entry.',
  sources: [{ document: 'TS 29.228', clause: '6.1.4.1', checked: true }],
  until: 20,
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'subscribe', title: 'Ask for nobody', at: 10 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:no-such-user@home2.net' } },
  ],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    {
      title: 'Unknown to the HSS: 404',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [refusedByEntry('404 Not Found')],
    },
  ],
} satisfies Scenario;
