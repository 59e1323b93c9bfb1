/** A subscription that is prolonged in time and ended by the watcher (RFC 6665 §4.1.2.2, §4.1.2.3). */
import type { Scenario } from '#scenario/scenario.ts';
import { ACCEPTANCE, ADDRESSES, RECORD_ROUTE, ROAMING } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, SUBSCRIPTION, subscription } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'refresh-and-unsubscribe',
  title: 'Refresh and unsubscribe',
  summary: 'The watcher prolongs its subscription before it runs out, along the route set of the dialog, and ends it later in the same way.',
  sources: [{ document: 'RFC 6665', clause: '4.1.2.2', checked: true }],
  until: 560,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'refresh', title: 'Refresh', at: 60 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 500 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 600 } },
    { at: 500, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [ROAMING, RECORD_ROUTE, ACCEPTANCE, ADDRESSES],
  expectations: [
    {
      title: 'The subscription',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Accepted with the older 202, and for the rest the same',
      source: { document: 'RFC 3265', clause: '3.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [subscription('202 Accepted'), NOTIFICATION],
      when: { 'accepted-by': '202' },
    },
    {
      title: 'A refresh is answered 200 all the same',
      source: { document: 'RFC 6665', clause: '4.1.2.2', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
      when: { 'accepted-by': '202' },
    },
    {
      title: 'The refresh',
      source: { document: 'RFC 6665', clause: '4.1.2.2', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'The end',
      source: { document: 'RFC 6665', clause: '4.1.2.3', checked: true },
      chapter: 'unsubscribe',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
  ],
} satisfies Scenario;
