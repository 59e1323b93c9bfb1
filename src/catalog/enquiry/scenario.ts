/** The enquiry of TS 23.141 A.1 in its four kinds: now, all changes for so long, the next change, and stop. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE, ROAMING } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const BOB = 'sip:user2_public1@home2.net';

export default {
  format: 1,
  id: 'enquiry',
  title: 'Four ways to ask about somebody',
  summary: 'A asks how B is: once, for an hour, until the next change, and until A says stop. Stage 2 knows one enquiry; SIP makes a SUBSCRIBE of each.',
  sources: [
    { document: 'TS 23.141', clause: 'A.1', checked: true },
    { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
    { document: 'RFC 6665', clause: '4.4.3', checked: true },
  ],
  until: 3860,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'now', title: 'How is B now?', at: 10 },
    { id: 'for-an-hour', title: 'And for the next hour?', at: 20 },
    { id: 'in-the-hour', title: 'B changes', at: 40 },
    { id: 'hour-over', title: 'The hour is over', at: 3600 },
    { id: 'next-change', title: 'Tell me the next change', at: 3700 },
    { id: 'the-change', title: 'B changes, A has heard enough', at: 3720 },
    { id: 'again', title: 'Ask for an hour again', at: 3800 },
    { id: 'stop', title: 'Stop', at: 3830 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'fetch', to: BOB } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: BOB, expires: 3600, refresh: false } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting' } },
    { at: 3700, who: 'ue1', do: { kind: 'enquire-next-change', to: BOB, expires: 3600 } },
    { at: 3720, who: 'ue2', do: { kind: 'publish', basic: 'closed', note: 'Gone home' } },
    { at: 3800, who: 'ue1', do: { kind: 'subscribe', to: BOB, expires: 3600 } },
    { at: 3830, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [ROAMING, RECORD_ROUTE, ADDRESSES],
  expectations: [
    {
      title: 'The current state: a SUBSCRIBE for no time at all, one NOTIFY',
      source: { document: 'RFC 6665', clause: '4.4.3', checked: true },
      chapter: 'now',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'All changes for an hour: a SUBSCRIBE that is not prolonged',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'for-an-hour',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'A change within the hour reaches the watcher',
      source: { document: 'TS 24.141', clause: 'A.5.2.1', checked: true },
      chapter: 'in-the-hour',
      flows: [PUBLICATION, NOTIFICATION],
    },
    {
      title: 'The hour is over: the server says so',
      source: { document: 'RFC 6665', clause: '4.2.1.4', checked: true },
      chapter: 'hour-over',
      flows: [NOTIFICATION],
    },
    {
      title: 'The next change: a SUBSCRIBE like the others',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'next-change',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The change comes, and the watcher ends the subscription by itself',
      source: { document: 'RFC 6665', clause: '4.1.2.3', checked: true },
      chapter: 'the-change',
      flows: [PUBLICATION, NOTIFICATION, IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'Asked for an hour again',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'again',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Stop: a SUBSCRIBE for no time at all in the dialog',
      source: { document: 'RFC 6665', clause: '4.1.2.3', checked: true },
      chapter: 'stop',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
  ],
} satisfies Scenario;
