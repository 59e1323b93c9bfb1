/** A user of XMPP watches an IMS presentity through the gateway of the presentity's network (TS 23.141 §5.3.2; RFC 8048 §5.2, §6.3, §7.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { publication } from '../standard-ladders.ts';

const STREAM: string[] = ['xmpp > wgw2: stream', 'wgw2 > xmpp: stream', 'wgw2 > xmpp: stream features'];
const STREAM_BACK: string[] = ['wgw2 > xmpp: stream', 'xmpp > wgw2: stream', 'xmpp > wgw2: stream features'];
const SUBSCRIPTION: string[] = [
  'wgw2 > icscf2: SUBSCRIBE',
  'icscf2 > hss2: LIR',
  'hss2 > icscf2: LIA',
  'icscf2 > scscf2: SUBSCRIBE',
  'scscf2 > ps: SUBSCRIBE',
  'ps > scscf2: 200 OK (SUBSCRIBE)',
  'scscf2 > icscf2: 200 OK (SUBSCRIBE)',
  'icscf2 > wgw2: 200 OK (SUBSCRIBE)',
];
const NOTIFICATION: string[] = ['ps > wgw2: NOTIFY', 'wgw2 > ps: 200 OK (NOTIFY)'];
const REFUSAL: string[] = [
  ...SUBSCRIPTION.slice(0, 5),
  'ps > scscf2: 403 Forbidden (SUBSCRIBE)',
  'scscf2 > icscf2: 403 Forbidden (SUBSCRIBE)',
  'icscf2 > wgw2: 403 Forbidden (SUBSCRIBE)',
];

export default {
  format: 1,
  id: 'interwork-xmpp-watcher',
  title: 'An XMPP user watches',
  summary:
    'Juliet, who has an account at an XMPP server, asks to see somebody of a mobile network. The gateway turns her lasting authorization into a subscription that it keeps alive, and documents into stanzas.',
  sources: [
    { document: 'TS 23.141', clause: '5.3.2', checked: true },
    { document: 'RFC 8048', clause: '5.2', checked: true },
    { document: 'RFC 6121', clause: '3.1', checked: true },
  ],
  until: 80,
  network: { with: ['xmpp', 'wgw2'] },
  chapters: [
    { id: 'prologue', title: 'Registration and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Ask to see the presence', at: 10 },
    { id: 'publish', title: 'The presentity publishes', at: 25 },
    { id: 'probe', title: 'Ask once', at: 40 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 55 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 1, who: 'xmpp', do: { kind: 'available' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'xmpp', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 25, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting' } },
    { at: 40, who: 'xmpp', do: { kind: 'probe', to: 'sip:user2_public1@home2.net' } },
    { at: 55, who: 'xmpp', do: { kind: 'unsubscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'watcher-rule',
      title: 'What the presentity says of the XMPP user',
      values: [
        { value: 'allow', title: 'allows her', patches: [] },
        { value: 'block', title: 'refuses her', patches: [{ path: '/network/presence/default', value: 'block' }] },
        { value: 'polite-block', title: 'lets her believe that all is well', patches: [{ path: '/network/presence/default', value: 'polite-block' }] },
        { value: 'confirm', title: 'wants to be asked', patches: [{ path: '/network/presence/default', value: 'confirm' }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'A request of XMPP becomes a subscription; active, it becomes the approval and the presence',
      source: { document: 'RFC 8048', clause: '5.2.1', checked: true },
      chapter: 'subscribe',
      flows: [
        [...STREAM, 'xmpp > wgw2: presence subscribe', ...SUBSCRIPTION],
        NOTIFICATION,
        [...STREAM_BACK, 'wgw2 > xmpp: presence subscribed', 'wgw2 > xmpp: presence'],
      ],
    },
    {
      title: 'A document becomes a stanza',
      source: { document: 'RFC 8048', clause: '6.3', checked: true },
      chapter: 'publish',
      flows: [publication('200 OK (PUBLISH)'), [...NOTIFICATION.slice(0, 1), 'wgw2 > xmpp: presence'], NOTIFICATION.slice(1)],
    },
    {
      title: 'A probe becomes a fetch',
      source: { document: 'RFC 8048', clause: '7.1', checked: true },
      chapter: 'probe',
      flows: [['xmpp > wgw2: presence probe', ...SUBSCRIPTION], [...NOTIFICATION.slice(0, 1), 'wgw2 > xmpp: presence'], NOTIFICATION.slice(1)],
    },
    {
      title: 'The end, acknowledged',
      source: { document: 'RFC 8048', clause: '5.2.3', checked: true },
      chapter: 'unsubscribe',
      flows: [
        ['xmpp > wgw2: presence unsubscribe', 'wgw2 > ps: SUBSCRIBE', 'ps > wgw2: 200 OK (SUBSCRIBE)', 'wgw2 > xmpp: presence unsubscribed'],
        NOTIFICATION,
      ],
    },
    {
      title: 'A final refusal cancels the authorization',
      source: { document: 'RFC 8048', clause: '5.2.2', checked: true },
      chapter: 'subscribe',
      flows: [[...STREAM, 'xmpp > wgw2: presence subscribe', ...REFUSAL, ...STREAM_BACK, 'wgw2 > xmpp: presence unsubscribed']],
      when: { 'watcher-rule': 'block' },
    },
    {
      title: 'As long as the owner has not decided, XMPP hears nothing',
      source: { document: 'RFC 8048', clause: '5.2.1', checked: true },
      chapter: 'subscribe',
      flows: [[...STREAM, 'xmpp > wgw2: presence subscribe', ...SUBSCRIPTION], NOTIFICATION],
      when: { 'watcher-rule': 'confirm' },
    },
  ],
} satisfies Scenario;
