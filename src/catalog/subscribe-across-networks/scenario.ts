/** The principal flow: TS 24.141 A.3.2.1 (subscription), A.4.2.1 (publication), A.5.2.1 (notification), and the end of the subscription. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE, ROAMING, WATCHER_RULE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'subscribe-across-networks',
  title: 'A watcher subscribes across two networks',
  summary: 'A watcher of home1.net, roaming in visited1.net, asks for the presence of a user of home2.net, learns it, and is told when it changes.',
  sources: [
    { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
    { document: 'TS 24.141', clause: 'A.4.2.1', checked: true },
    { document: 'TS 24.141', clause: 'A.5.2.1', checked: true },
  ],
  until: 50,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'publish', title: 'Publish and notify', at: 20 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 35 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting until noon' } },
    { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [ROAMING, RECORD_ROUTE, WATCHER_RULE, ADDRESSES],
  expectations: [
    {
      title: 'The subscription',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The publication and the notification',
      source: { document: 'TS 24.141', clause: 'A.5.2.1', checked: true },
      chapter: 'publish',
      flows: [PUBLICATION, NOTIFICATION],
    },
    {
      title: 'The end: a SUBSCRIBE with Expires 0 in the dialog, and the last NOTIFY',
      source: { document: 'RFC 6665', clause: '4.1.2.3', checked: true },
      chapter: 'unsubscribe',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
  ],
} satisfies Scenario;
