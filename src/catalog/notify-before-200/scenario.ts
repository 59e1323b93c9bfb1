/** The NOTIFY overtakes the 200: the watcher must take it, for it makes the dialog (RFC 6665 §4.1.2.4, §4.4.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'notify-before-200',
  title: 'The NOTIFY overtakes the 200',
  summary: "The link between the presentity's CSCFs is slow, so the first NOTIFY, which does not pass there, arrives before the 200 of the SUBSCRIBE.",
  sources: [{ document: 'RFC 6665', clause: '4.1.2.4', checked: true }],
  until: 30,
  network: { links: [{ between: ['icscf2', 'scscf2'], delayMs: 250, jitterMs: 0, from: 9 }] },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    {
      title: 'The same messages as ever',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The NOTIFY first',
      source: { document: 'RFC 6665', clause: '4.1.2.4', checked: true },
      chapter: 'subscribe',
      flows: [['pcscf1 > ue1: NOTIFY', 'ue1 > pcscf1: 200 OK (NOTIFY)', 'pcscf1 > ue1: 200 OK (SUBSCRIBE)']],
      match: 'contains',
      when: '*',
    },
  ],
} satisfies Scenario;
