/** An S-CSCF is selected once: from then on the HSS names it, whoever asks (TS 29.228 §6.1.4.1, §6.1.2.1; TS 23.228 §5.12.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedByEntry, throughServing } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION } from '../standard-ladders.ts';

const FIRST = throughServing('scscf2b');
const SELECTED = [...FIRST.slice(0, 6), 'scscf2b > hss2: SAR', 'hss2 > scscf2b: SAA', ...FIRST.slice(6)];

export default {
  format: 1,
  id: 'find-again',
  title: 'The S-CSCF is selected once',
  summary: 'For an unregistered user the entry selects the S-CSCF that can do what the user needs; the second time the HSS already knows its name.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
    { document: 'TS 23.228', clause: '5.12.1', checked: true },
  ],
  until: 45,
  network: { with: ['scscf2b'], users: [{ role: 'ue2', capabilities: [3] }] },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'first', title: 'A selection', at: 10 },
    { id: 'again', title: 'No selection', at: 30 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 30, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'capabilities',
      title: 'What the user needs of an S-CSCF',
      values: [
        { value: 'rare', title: 'something that only the second one can do', patches: [] },
        { value: 'impossible', title: 'something that none of them can do', patches: [{ path: '/network/users/0/capabilities', value: [9] }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The first time: an S-CSCF is selected by its capabilities, and the HSS takes note',
      source: { document: 'TS 23.228', clause: '5.12.1', checked: true },
      chapter: 'first',
      flows: [SELECTED, NOTIFICATION],
    },
    {
      title: 'The second time: the HSS names it, nothing is selected and no profile is fetched',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'again',
      flows: [FIRST, NOTIFICATION],
    },
    {
      title: 'No S-CSCF can serve the user: 480',
      source: { document: 'TS 24.229', checked: false },
      chapter: 'first',
      flows: [refusedByEntry('480 Temporarily Unavailable')],
      when: { capabilities: 'impossible' },
    },
  ],
} satisfies Scenario;
