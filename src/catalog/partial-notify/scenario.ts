/** Only what has changed is told (RFC 5262, RFC 5263), and only what has changed is published (RFC 5264). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const TO = 'sip:user2_public1@home2.net';
const NOTE =
  'On the train to the meeting of the working group until Thursday; the phone is off, mail is read in the evening, and urgent matters go to my colleague. ' +
  'Whoever waits for the report of last week: it is written, and being read by the three who promised to. The demonstration is on Friday at ten, in the large ' +
  'room on the second floor; bring a question, and somebody who can answer it. After that I am on leave for a fortnight, without a telephone.';
const rfc = (number: number, clause?: string) => ({ document: `RFC ${number}`, ...(clause === undefined ? {} : { clause }), checked: clause !== undefined });

export default {
  format: 1,
  id: 'partial-notify',
  title: 'Only what has changed',
  summary:
    'The watcher takes partial documents: the first NOTIFY tells everything, those that follow only what to add, replace and remove; who misses one asks for the whole.',
  sources: [rfc(5263, '4.4'), rfc(5263, '4.5'), rfc(5262), rfc(5264)],
  until: 100,
  network: { presence: { lean: { partial: true } } },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe: the whole', at: 10 },
    { id: 'changes', title: 'Three changes', at: 19 },
    { id: 'refresh', title: 'Refresh: the whole again', at: 54 },
    { id: 'end', title: 'The end', at: 64 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: NOTE } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, partial: true } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['away'], note: NOTE } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'closed', activities: ['away'], note: NOTE } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['away'], note: NOTE } },
    { at: 55, who: 'ue1', do: { kind: 'refresh' } },
    { at: 65, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'lean',
      title: 'What the watcher takes',
      values: [
        { value: 'yes', title: 'partial documents', patches: [] },
        { value: 'no', title: 'whole documents only: the plain run', patches: [{ path: '/timeline/3/do/partial', value: false }] },
      ],
    },
    {
      name: 'server',
      title: 'What the presence server knows',
      values: [
        { value: 'partial', title: 'partial documents', patches: [] },
        { value: 'plain', title: 'whole documents only: Accept leaves it the choice', patches: [{ path: '/network/presence/lean/partial', value: false }] },
      ],
    },
    {
      name: 'lost',
      title: 'A version that is missed',
      values: [
        { value: 'none', title: 'none', patches: [] },
        {
          value: 'one',
          title: 'the number of one is changed on the way, as if others had been lost',
          patches: [
            { path: '/network/links', value: [{ between: ['scscf1', 'pcscf1'], rewrite: [{ message: 'NOTIFY', from: 'version="3"', to: 'version="5"' }] }] },
          ],
        },
      ],
    },
    {
      name: 'publications',
      title: 'What the presentity publishes',
      values: [
        { value: 'whole', title: 'whole documents', patches: [] },
        {
          value: 'partial',
          title: 'only what has changed (RFC 5264)',
          patches: [
            { path: '/timeline/4/do/partial', value: true },
            { path: '/timeline/5/do/partial', value: true },
            { path: '/timeline/6/do/partial', value: true },
          ],
        },
      ],
    },
    RECORD_ROUTE,
    ADDRESSES,
  ],
  plainRun: { change: 'lean', value: 'no', title: 'Whole documents only' },
  expectations: [
    { title: 'The first NOTIFY tells the whole', source: rfc(5263, '4.4'), chapter: 'subscribe', flows: [SUBSCRIPTION, NOTIFICATION] },
    {
      title: 'Each change is told as a change',
      source: rfc(5263, '4.4'),
      chapter: 'changes',
      flows: [
        [...PUBLICATION, ...PUBLICATION, ...PUBLICATION],
        [...NOTIFICATION, ...NOTIFICATION, ...NOTIFICATION],
      ],
    },
    { title: 'A refresh brings the whole', source: rfc(5263, '4.4'), chapter: 'refresh', flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION] },
    { title: 'The end', source: rfc(5263, '4.4'), chapter: 'end', flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION] },
    {
      title: 'A version is missed: the watcher asks for the whole at once',
      source: rfc(5263, '4.5'),
      chapter: 'changes',
      flows: [IN_DIALOG_SUBSCRIBE, [...NOTIFICATION, ...NOTIFICATION, ...NOTIFICATION, ...NOTIFICATION]],
      match: 'contains',
      when: { lost: 'one' },
    },
    {
      title: 'Parts of documents are published, and told as ever',
      source: rfc(5264),
      chapter: 'changes',
      flows: [
        [...PUBLICATION, ...PUBLICATION, ...PUBLICATION],
        [...NOTIFICATION, ...NOTIFICATION, ...NOTIFICATION],
      ],
      when: { publications: 'partial' },
    },
  ],
} satisfies Scenario;
