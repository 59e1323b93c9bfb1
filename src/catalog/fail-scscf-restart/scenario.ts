/** The S-CSCF of the watcher stops, or the I-CSCF of the presentity: 504 and the wish that the UE register anew, first from the P-CSCF, then from the S-CSCF that has come back without memory. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, LOST_SCSCF, NOTIFICATION, registration, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-scscf-restart',
  title: 'The S-CSCF is restarted',
  summary:
    'The S-CSCF of the watcher stops and comes back without its memory: the subscription that stands goes on along its route set, but for a new request it has to ask the HSS, and sends the terminal away to register again.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
    { document: 'TS 24.229', clause: '5.4.3.2', checked: true },
  ],
  until: 60,
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'outage', title: 'It stops, and comes back', at: 20 },
    { id: 'refresh', title: 'The subscription that stands', at: 30 },
    { id: 'new', title: 'A new request', at: 40 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'scscf1', do: { kind: 'crash' } },
    { at: 25, who: 'scscf1', do: { kind: 'restart' } },
    { at: 30, who: 'ue1', do: { kind: 'refresh' } },
    { at: 40, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'back',
      title: 'When it comes back',
      values: [
        { value: 'soon', title: 'before anybody needs it', patches: [] },
        {
          value: 'late',
          title: 'after its P-CSCF has given up waiting',
          patches: [
            { path: '/until', value: 140 },
            { path: '/timeline/5/at', value: 95 },
            { path: '/timeline/6', value: { at: 100, who: 'ue1', do: { kind: 'register' } } },
          ],
        },
      ],
    },
    {
      name: 'who',
      title: 'Which CSCF stops',
      values: [
        { value: 'scscf', title: 'the S-CSCF of the watcher', patches: [] },
        {
          value: 'icscf',
          title: 'the I-CSCF of the presentity: it has nothing to forget',
          patches: [
            { path: '/timeline/4/who', value: 'icscf2' },
            { path: '/timeline/5/who', value: 'icscf2' },
          ],
        },
        {
          value: 'icscf-for-long',
          title: 'the I-CSCF of the presentity, for longer than anybody waits',
          patches: [
            { path: '/until', value: 240 },
            { path: '/timeline/4/who', value: 'icscf2' },
            { path: '/timeline/5', value: { at: 180, who: 'icscf2', do: { kind: 'restart' } } },
            { path: '/timeline/8', value: { at: 190, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } } },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    { title: 'Nobody notices while nothing is sent', source: { document: 'TS 24.229', checked: false }, chapter: 'outage', flows: [] },
    {
      title: 'The dialog needs no memory of the S-CSCF, only its name in the route set',
      source: { document: 'RFC 3261', clause: '16.12', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'The HSS knows better; 504, a new registration, and what was watched is watched anew',
      source: { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
      chapter: 'new',
      flows: [[...LOST_SCSCF, ...registration(), ...SUBSCRIPTION], NOTIFICATION],
      match: 'contains',
    },
    {
      title: 'The P-CSCF waits 32 s and asks for a new registration, which nobody can take yet: 504; later it works',
      source: { document: 'TS 24.229', checked: false },
      chapter: 'new',
      flows: [
        [
          'ue1 > pcscf1: SUBSCRIBE',
          'pcscf1 > scscf1: SUBSCRIBE',
          'pcscf1 > ue1: 504 Server Time-out (SUBSCRIBE)',
          ...registration().slice(0, 5),
          'icscf1 > hss1: UAR',
          'hss1 > icscf1: UAA',
          'icscf1 > pcscf1: 504 Server Time-out (REGISTER)',
          'pcscf1 > ue1: 504 Server Time-out (REGISTER)',
          ...registration(),
          ...SUBSCRIPTION,
        ],
      ],
      match: 'contains',
      when: { back: 'late' },
    },
    {
      title: 'An I-CSCF is not in the route set: nobody misses it',
      source: { document: 'RFC 3261', clause: '16.12', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
      when: { who: 'icscf' },
    },
    {
      title: 'An I-CSCF has lost nothing: what it has to know it asks the HSS, each time anew',
      source: { document: 'TS 29.228', clause: '6.1.4', checked: true },
      chapter: 'new',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { who: 'icscf' },
    },
    {
      title: 'Nobody is at the entry: a proxy that gives up says nothing, so the terminal waits until its own Timer F; later it works',
      source: { document: 'RFC 4320', clause: '4.2', checked: true },
      chapter: 'new',
      flows: [['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > icscf2: SUBSCRIBE', ...SUBSCRIPTION], NOTIFICATION],
      match: 'contains',
      when: { who: 'icscf-for-long' },
    },
  ],
} satisfies Scenario;
