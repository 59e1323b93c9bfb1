/** Offline charging of the principal flow, and of what goes wrong: every node tells the charging data function of its network (TS 32.260 §5.2.2.1.5). */
import type { Scenario } from '#scenario/scenario.ts';
import { ROAMING, WATCHER_RULE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, publication, SUBSCRIPTION } from '../standard-ladders.ts';
import { BLOCKED, charged, DENIED, taken } from './ladders.ts';

const SOURCE = { document: 'TS 32.260', clause: '5.2.2.1.5', checked: true };

const SUBSCRIBED = charged(SUBSCRIPTION);
const NOTIFIED = charged(NOTIFICATION, 'ps');
const PUBLISHED = charged(PUBLICATION);
const REFUSED = charged(DENIED);
const FAILED = charged(publication('412 Conditional Request Failed (PUBLISH)'));
const ENDED = charged(IN_DIALOG_SUBSCRIBE);
const OUT = charged(BLOCKED);

export default {
  format: 1,
  id: 'charging',
  title: 'Charging records across two networks',
  summary:
    'Every node reports each transaction that was answered, well or badly, to the charging function of its network; one number ties the records together.',
  sources: [SOURCE, { document: 'TS 32.299', clause: '7.2.35', checked: true }],
  until: 60,
  network: { charging: true },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'publish', title: 'Publish and notify', at: 20 },
    { id: 'denied', title: 'A subscription is denied', at: 28 },
    { id: 'failed', title: 'A publication fails', at: 34 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 42 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting until noon' } },
    { at: 28, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'reg' } },
    { at: 34, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'no-such-tag' } },
    { at: 42, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'cdf',
      title: "The charging function of the watcher's network",
      values: [
        { value: 'answers', title: 'answers', patches: [] },
        {
          value: 'silent',
          title: 'is silent from 9.5 s to 36 s',
          patches: [
            { path: '/timeline/8', value: { at: 9.5, who: 'cdf1', do: { kind: 'fall-silent' } } },
            { path: '/timeline/9', value: { at: 36, who: 'cdf1', do: { kind: 'speak-again' } } },
          ],
        },
      ],
    },
    WATCHER_RULE,
    ROAMING,
  ],
  expectations: [
    {
      title: 'The subscription and the first notification',
      source: SOURCE,
      chapter: 'subscribe',
      flows: [SUBSCRIBED, NOTIFIED, ...taken(SUBSCRIBED, NOTIFIED)],
    },
    { title: 'The publication and the notification', source: SOURCE, chapter: 'publish', flows: [PUBLISHED, NOTIFIED, ...taken(PUBLISHED, NOTIFIED)] },
    { title: 'A denied subscription is charged by all who saw it', source: SOURCE, chapter: 'denied', flows: [REFUSED, ...taken(REFUSED)] },
    {
      title: 'A failed publication is charged, and so is the one that follows',
      source: SOURCE,
      chapter: 'failed',
      flows: [[...FAILED, ...PUBLISHED], ...taken(FAILED, PUBLISHED)],
    },
    { title: 'The end of the subscription', source: SOURCE, chapter: 'unsubscribe', flows: [ENDED, NOTIFIED, ...taken(ENDED, NOTIFIED)] },
    {
      title: 'The presence server refuses, and that is charged too',
      source: SOURCE,
      chapter: 'subscribe',
      when: { rule: 'block' },
      flows: [OUT, ...taken(OUT)],
    },
    {
      title: 'A silent charging function holds nothing up: the messages run as ever',
      source: { document: 'TS 32.299', clause: '6.1.3.2', checked: true },
      chapter: 'subscribe',
      when: { cdf: 'silent' },
      match: 'contains',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Its records are repeated, kept, and sent when it answers again',
      source: { document: 'TS 32.299', clause: '6.1.3.1', checked: true },
      when: { cdf: 'silent' },
      match: 'contains',
      flows: [
        [
          'scscf1 > cdf1: ACR',
          'scscf1 > cdf1: ACR',
          'scscf1 > cdf1: ACR',
          'pcscf1 > ue1: 403 Forbidden (SUBSCRIBE)',
          'cdf1 > scscf1: ACA',
          'scscf1 > cdf1: ACR',
          'cdf1 > scscf1: ACA',
        ],
      ],
    },
  ],
} satisfies Scenario;
