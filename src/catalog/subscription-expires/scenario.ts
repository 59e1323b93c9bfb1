/** A subscription that nobody prolongs: the notifier says goodbye when its time is over (RFC 6665 §4.2.1.4). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'subscription-expires',
  title: 'A subscription runs out',
  summary: 'The watcher does not refresh; when the time is over the presence server ends the subscription with a last NOTIFY.',
  sources: [{ document: 'RFC 6665', clause: '4.2.1.4', checked: true }],
  until: 660,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'expiry', title: 'Expiry', at: 60 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 600, refresh: false } },
  ],
  changes: [ROAMING, RECORD_ROUTE, ADDRESSES],
  expectations: [
    {
      title: 'The subscription',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    { title: 'The last NOTIFY', source: { document: 'RFC 6665', clause: '4.2.1.4', checked: true }, chapter: 'expiry', flows: [NOTIFICATION] },
  ],
} satisfies Scenario;
