/** UDP that loses: a request is sent again until it gets through, or until Timer F (RFC 3261 §17.1.2; timers of TS 24.229 table 7.7.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'lossy-link',
  title: 'A link that loses messages',
  summary: 'First two transmissions get lost over the radio and the third arrives; then the border is cut, and everybody learns how long patience lasts.',
  sources: [
    { document: 'RFC 3261', clause: '17.1.2', checked: true },
    { document: 'TS 24.229', clause: '7.7', checked: true },
  ],
  until: 220,
  network: {
    links: [
      { between: ['ue1', 'pcscf1'], loseFirst: 2, from: 10 },
      { between: ['scscf1', 'icscf2'], lossPerMille: 1000, from: 40 },
    ],
  },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'retransmission', title: 'Sent again', at: 10 },
    { id: 'timer-f', title: 'Timer F', at: 40 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 40, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public2@home2.net' } },
  ],
  changes: [
    {
      name: 'loss',
      title: 'How much the radio loses',
      values: [
        { value: 'two', title: 'the first two messages', patches: [] },
        {
          value: 'third',
          title: 'a third of all messages, by chance',
          patches: [
            {
              path: '/network/links',
              value: [
                { between: ['ue1', 'pcscf1'], lossPerMille: 330, from: 10 },
                { between: ['scscf1', 'icscf2'], lossPerMille: 1000, from: 40 },
              ],
            },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'It gets through in the end',
      source: { document: 'RFC 3261', clause: '17.1.2', checked: true },
      chapter: 'retransmission',
      flows: [
        ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > icscf2: SUBSCRIBE', 'pcscf1 > ue1: 200 OK (SUBSCRIBE)'],
        ['pcscf1 > ue1: NOTIFY', 'ue1 > pcscf1: 200 OK (NOTIFY)'],
      ],
      match: 'contains',
    },
  ],
} satisfies Scenario;
