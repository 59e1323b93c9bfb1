/** The HSS does not answer: nobody knows where a user is served, nobody can be authenticated, and the sender is told within seconds. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, SUBSCRIPTION, trying, unlocated } from '../standard-ladders.ts';

/** Who has to wait says so (RFC 4320 §4.1). */
const TRYING = [trying('SUBSCRIBE', 'scscf1 > pcscf1'), trying('SUBSCRIBE', 'icscf2 > scscf1')];

export default {
  format: 1,
  id: 'fail-hss-silent',
  title: 'The HSS is silent',
  summary:
    'The HSS of the presentity stops: the entry of her network cannot find out where she is served and answers 500 after 6 s, while a subscription that stands needs no HSS; when it is back, its data are there as before.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.4', checked: true },
    { document: 'RFC 6733', clause: '5.6', checked: true },
  ],
  until: 70,
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'silence', title: 'A new request', at: 20 },
    { id: 'standing', title: 'The subscription that stands', at: 40 },
    { id: 'back', title: 'The HSS is back', at: 50 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 18, who: 'hss2', do: { kind: 'crash' } },
    { at: 20, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
    { at: 40, who: 'ue1', do: { kind: 'refresh' } },
    { at: 50, who: 'hss2', do: { kind: 'restart' } },
    { at: 52, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'fault',
      title: 'What is broken',
      values: [
        { value: 'hss', title: 'the HSS is down', patches: [] },
        {
          value: 'link',
          title: 'its link to the I-CSCF is cut',
          patches: [
            { path: '/timeline/4', value: { at: 18, who: 'icscf2', do: { kind: 'cut', to: 'hss2' } } },
            { path: '/timeline/7', value: { at: 50, who: 'icscf2', do: { kind: 'restore', to: 'hss2' } } },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The I-CSCF gives up after 6 s: 500',
      source: { document: 'TS 29.228', clause: '6.1.4', checked: true },
      chapter: 'silence',
      flows: [unlocated('500 Server Internal Error'), ...TRYING],
    },
    {
      title: 'The dialog goes past I-CSCF and HSS',
      source: { document: 'RFC 3261', clause: '16.12', checked: true },
      chapter: 'standing',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'It knows what it knew',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'back',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The same with a cut link',
      source: { document: 'TS 29.228', clause: '6.1.4', checked: true },
      chapter: 'silence',
      flows: [unlocated('500 Server Internal Error'), ...TRYING],
      when: { fault: 'link' },
    },
    {
      title: 'The link is repaired',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'back',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { fault: 'link' },
    },
  ],
} satisfies Scenario;
