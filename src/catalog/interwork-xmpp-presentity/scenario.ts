/** An IMS watcher watches a contact of XMPP through the gateway of the watcher's own network (TS 23.141 §5.3.2; RFC 7247 §5; RFC 8048 §5.3, §6.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

const STREAM: string[] = ['wgw1 > xmpp: stream', 'xmpp > wgw1: stream', 'xmpp > wgw1: stream features'];
const STREAM_BACK: string[] = ['xmpp > wgw1: stream', 'wgw1 > xmpp: stream', 'wgw1 > xmpp: stream features'];
const SUBSCRIPTION: string[] = [
  'ue1 > pcscf1: SUBSCRIBE',
  'pcscf1 > scscf1: SUBSCRIBE',
  'scscf1 > wgw1: SUBSCRIBE',
  'wgw1 > scscf1: 200 OK (SUBSCRIBE)',
  'scscf1 > pcscf1: 200 OK (SUBSCRIBE)',
  'pcscf1 > ue1: 200 OK (SUBSCRIBE)',
];
const NOTIFICATION: string[] = [
  'wgw1 > scscf1: NOTIFY',
  'scscf1 > pcscf1: NOTIFY',
  'pcscf1 > ue1: NOTIFY',
  'ue1 > pcscf1: 200 OK (NOTIFY)',
  'pcscf1 > scscf1: 200 OK (NOTIFY)',
  'scscf1 > wgw1: 200 OK (NOTIFY)',
];

export default {
  format: 1,
  id: 'interwork-xmpp-presentity',
  title: 'An XMPP contact is watched',
  summary:
    'A watcher of a mobile network subscribes to somebody whose domain speaks no SIP. The S-CSCF hands the request to the gateway, which asks by XMPP; the contact approves, and its stanzas become documents.',
  sources: [
    { document: 'TS 23.141', clause: '5.3.2', checked: true },
    { document: 'RFC 7247', clause: '5', checked: true },
    { document: 'RFC 8048', clause: '5.3', checked: true },
  ],
  until: 80,
  network: { with: ['xmpp', 'wgw1'] },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'change', title: 'The contact is away', at: 30 },
    { id: 'leave', title: 'The contact leaves', at: 45 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 60 },
  ],
  timeline: [
    { at: 1, who: 'xmpp', do: { kind: 'available', status: 'Wherefore art thou', priority: 5 } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:juliet@example.org' } },
    { at: 30, who: 'xmpp', do: { kind: 'available', show: 'away', status: 'At the friar’s' } },
    { at: 45, who: 'xmpp', do: { kind: 'unavailable' } },
    { at: 60, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'approval',
      title: 'What the contact says to the watcher',
      values: [
        { value: 'approves', title: 'approves', patches: [] },
        { value: 'denies', title: 'denies', patches: [{ path: '/network/stranger', value: { approves: 'nobody' } }] },
        { value: 'silent', title: 'does not answer', patches: [{ path: '/network/stranger', value: { approves: 'asks' } }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Pending until the contact approves, then active, then the document',
      source: { document: 'RFC 8048', clause: '5.3.1', checked: true },
      chapter: 'subscribe',
      flows: [
        SUBSCRIPTION,
        [...STREAM, 'wgw1 > xmpp: presence subscribe', ...STREAM_BACK, 'xmpp > wgw1: presence subscribed', 'xmpp > wgw1: presence'],
        NOTIFICATION,
        NOTIFICATION,
        NOTIFICATION,
      ],
    },
    {
      title: 'A stanza becomes a document',
      source: { document: 'RFC 8048', clause: '6.2', checked: true },
      chapter: 'change',
      flows: [['xmpp > wgw1: presence', ...NOTIFICATION]],
    },
    {
      title: 'Unavailable is closed',
      source: { document: 'RFC 8048', clause: '6.2', checked: true },
      chapter: 'leave',
      flows: [['xmpp > wgw1: presence unavailable', ...NOTIFICATION]],
    },
    {
      title: 'The end is told to both sides',
      source: { document: 'RFC 8048', clause: '5.3.3', checked: true },
      chapter: 'unsubscribe',
      flows: [
        [
          'ue1 > pcscf1: SUBSCRIBE',
          'pcscf1 > scscf1: SUBSCRIBE',
          'scscf1 > wgw1: SUBSCRIBE',
          'wgw1 > scscf1: 200 OK (SUBSCRIBE)',
          'scscf1 > pcscf1: 200 OK (SUBSCRIBE)',
          'pcscf1 > ue1: 200 OK (SUBSCRIBE)',
        ],
        NOTIFICATION,
        ['wgw1 > xmpp: presence unavailable'],
      ],
    },
    {
      title: 'Denied, the subscription ends with the reason rejected',
      source: { document: 'RFC 8048', clause: '5.3.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, [...STREAM, 'wgw1 > xmpp: presence subscribe', ...STREAM_BACK, 'xmpp > wgw1: presence unsubscribed'], NOTIFICATION, NOTIFICATION],
      when: { approval: 'denies' },
    },
    {
      title: 'Unanswered, it stays pending',
      source: { document: 'RFC 8048', clause: '5.3.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, [...STREAM, 'wgw1 > xmpp: presence subscribe'], NOTIFICATION],
      when: { approval: 'silent' },
    },
  ],
} satisfies Scenario;
