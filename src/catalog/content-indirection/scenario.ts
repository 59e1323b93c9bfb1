/** The NOTIFY holds a URL instead of the document, which the watcher fetches (TS 23.141 §5.3.4, last paragraph; RFC 4483). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const PUT = ['ps > cs2: PUT', 'cs2 > ps: 201 Created (PUT)'];
const GET = ['ue1 > cs2: GET', 'cs2 > ue1: 200 OK (GET)'];

export default {
  format: 1,
  id: 'content-indirection',
  title: 'The document behind a URL',
  summary:
    'The NOTIFY only says where the presence document is, until when, how long it is and what its hash is; the watcher fetches it and holds it against that.',
  sources: [
    { document: 'TS 23.141', clause: '5.3.4', checked: true },
    { document: 'RFC 4483', clause: '5', checked: true },
  ],
  until: 60,
  network: { with: ['cs2'] },
  chapters: [
    { id: 'prologue', title: 'Registration and first publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe, and fetch what is referred to', at: 12 },
    { id: 'refresh', title: 'The same content again', at: 25 },
    { id: 'change', title: 'Other content, another URL', at: 35 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'ue2', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 12, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', references: true } },
    { at: 25, who: 'ue1', do: { kind: 'refresh' } },
    { at: 35, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'Back at three' } },
  ],
  changes: [
    {
      name: 'content',
      title: 'What the watcher finds where the URL leads',
      values: [
        { value: 'as-meant', title: 'the document', patches: [] },
        {
          value: 'changed',
          title: 'a document that somebody has changed',
          patches: [{ path: '/timeline/6', value: { at: 12.16, who: 'cs2', do: { kind: 'alter-content' } } }],
        },
        { value: 'unreachable', title: 'nobody', patches: [{ path: '/timeline/6', value: { at: 12.16, who: 'cs2', do: { kind: 'crash' } } }] },
        { value: 'expired', title: 'nothing any more: the time of the URL is over', patches: [{ path: '/network/content', value: { lifetime: 0 } }] },
      ],
    },
    {
      name: 'references',
      title: 'Whether the terminal takes references',
      values: [
        { value: 'yes', title: 'it prefers them', patches: [] },
        { value: 'no', title: 'it does not: the document stands in the NOTIFY', patches: [{ path: '/timeline/3/do/references', value: false }] },
      ],
    },
    ADDRESSES,
  ],
  plainRun: { change: 'references', value: 'no', title: 'The document in the NOTIFY' },
  expectations: [
    {
      title: 'The document waits elsewhere, and the watcher fetches it',
      source: { document: 'TS 23.141', clause: '5.3.4', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION, PUT, GET],
    },
    {
      title: 'What has the same Content-ID is not fetched again',
      source: { document: 'RFC 4483', clause: '5.6', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'Other content is fetched anew',
      source: { document: 'RFC 4483', clause: '5.6', checked: true },
      chapter: 'change',
      flows: [PUBLICATION, NOTIFICATION, PUT, GET],
    },
    {
      title: 'Nothing is fetched whose time is over',
      source: { document: 'RFC 4483', clause: '5.7', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION, PUT],
      when: { content: 'expired' },
    },
    {
      title: 'Content that was changed is fetched, and not taken',
      source: { document: 'RFC 4483', clause: '7', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION, PUT, GET],
      when: { content: 'changed' },
    },
    {
      title: 'Who takes no references gets the document itself',
      source: { document: 'RFC 4483', clause: '5.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { references: 'no' },
    },
  ],
} satisfies Scenario;
