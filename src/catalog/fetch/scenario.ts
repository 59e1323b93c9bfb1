/** Asking once: SUBSCRIBE with Expires 0 outside a dialog (RFC 6665 §4.4.3). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING, WATCHER_RULE } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fetch',
  title: 'A watcher asks once',
  summary: 'Expires 0 fetches the state: one NOTIFY with the document, and the subscription is over as it begins.',
  sources: [{ document: 'RFC 6665', clause: '4.4.3', checked: true }],
  until: 25,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'fetch', title: 'Fetch', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [ROAMING, WATCHER_RULE, ADDRESSES],
  expectations: [
    {
      title: 'Subscription and end in one',
      source: { document: 'RFC 6665', clause: '4.4.3', checked: true },
      chapter: 'fetch',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
