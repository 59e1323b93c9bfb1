/** A terminal vanishes without a word: still registered as far as the network knows, until a NOTIFY finds nobody (RFC 6665 §4.2.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, PUBLICATION, registration, SUBSCRIPTION, trying } from '../standard-ladders.ts';

const UNANSWERED = NOTIFICATION.slice(0, 3);

export default {
  format: 1,
  id: 'fail-watcher-vanished',
  title: 'The watcher has vanished',
  summary:
    'The battery of the watcher is out: nobody is told, the registration stands. The next NOTIFY is sent again and again until Timer F fires after 32 s, and the presence server takes the watcher for gone.',
  sources: [{ document: 'RFC 6665', clause: '4.2.2', checked: true }],
  until: 260,
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'news', title: 'News for somebody who has vanished', at: 30 },
    { id: 'more', title: 'More news', at: 170 },
    { id: 'back', title: 'The watcher is back', at: 200 },
    { id: 'again', title: 'The watcher subscribes again', at: 210 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue1', do: { kind: 'crash' } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At lunch' } },
    { at: 170, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'Back again' } },
    { at: 200, who: 'ue1', do: { kind: 'restart' } },
    { at: 201, who: 'ue1', do: { kind: 'register' } },
    { at: 210, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'end',
      title: 'How the watcher goes',
      values: [
        { value: 'vanished', title: 'vanishes: the battery is out', patches: [] },
        { value: 'switched-off', title: 'is switched off: it deregisters', patches: [{ path: '/timeline/4/do/kind', value: 'deregister' }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Nobody answers the NOTIFY',
      source: { document: 'RFC 6665', clause: '4.2.2', checked: true },
      chapter: 'news',
      flows: [PUBLICATION, UNANSWERED, trying('NOTIFY', 'scscf1 > ps', 'pcscf1 > scscf1')],
    },
    {
      title: 'Nobody is told any more: the subscription is removed',
      source: { document: 'RFC 6665', clause: '4.2.2', checked: true },
      chapter: 'more',
      flows: [PUBLICATION],
    },
    {
      title: 'A new registration over the old one',
      source: { document: 'TS 33.203', clause: '6.1.1', checked: true },
      chapter: 'back',
      flows: [registration()],
      match: 'contains',
    },
    { title: 'A new subscription', source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true }, chapter: 'again', flows: [SUBSCRIPTION, NOTIFICATION] },
    {
      title: 'Switched off: the P-CSCF refuses the NOTIFY at once (480), which removes the subscription',
      source: { document: 'RFC 6665', clause: '4.2.2', checked: true },
      chapter: 'news',
      flows: [
        PUBLICATION,
        [
          'ps > scscf1: NOTIFY',
          'scscf1 > pcscf1: NOTIFY',
          'pcscf1 > scscf1: 480 Temporarily Unavailable (NOTIFY)',
          'scscf1 > ps: 480 Temporarily Unavailable (NOTIFY)',
        ],
      ],
      when: { end: 'switched-off' },
    },
  ],
} satisfies Scenario;
