/** The presence server loses its memory: nobody knows its entity-tags (412) and its dialogs (481) any more, and everybody begins anew (RFC 3903 §5; RFC 6665 §4.1.2.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { inDialogSubscribe, NOTIFICATION, publication, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-ps-restart',
  title: 'The presence server is restarted',
  summary:
    'The presence server stops and comes back without its memory: the refresh of the publication is answered 412 and the state is published anew, the refresh of the subscription is answered 481 and the watcher subscribes again.',
  sources: [
    { document: 'RFC 3903', clause: '5', checked: true },
    { document: 'RFC 6665', clause: '4.1.2.2', checked: true },
  ],
  until: 75,
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'outage', title: 'It stops, and comes back', at: 20 },
    { id: 'publication', title: 'The publication is refreshed', at: 40 },
    { id: 'subscription', title: 'The subscription is refreshed', at: 50 },
    { id: 'again', title: 'The watcher subscribes again', at: 60 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ps', do: { kind: 'crash' } },
    { at: 30, who: 'ps', do: { kind: 'restart' } },
    { at: 40, who: 'ue2', do: { kind: 'refresh-publication' } },
    { at: 50, who: 'ue1', do: { kind: 'refresh' } },
    { at: 60, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [ADDRESSES],
  expectations: [
    {
      title: 'Nobody notices while nothing is sent',
      source: { document: 'RFC 6665', checked: false },
      chapter: 'outage',
      flows: [],
    },
    {
      title: '412, and the state is published anew',
      source: { document: 'RFC 3903', clause: '5', checked: true },
      chapter: 'publication',
      flows: [[...publication('412 Conditional Request Failed (PUBLISH)'), ...PUBLICATION]],
    },
    {
      title: '481: there is no subscription any more',
      source: { document: 'RFC 6665', clause: '4.1.2.2', checked: true },
      chapter: 'subscription',
      flows: [inDialogSubscribe('481 Call/Transaction Does Not Exist')],
    },
    {
      title: 'A new subscription tells what was published anew',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'again',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
