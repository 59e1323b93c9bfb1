/** Nothing is told twice (RFC 5839): a watcher names the state that it holds, and is told only when there is another. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, inDialogSubscribe, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const TO = 'sip:user2_public1@home2.net';
const SPARED = inDialogSubscribe('204 No Notification');
const clause = (of: string) => ({ document: 'RFC 5839', clause: of, checked: true });

export default {
  format: 1,
  id: 'conditional-notify',
  title: 'Nothing is told twice',
  summary:
    'The server names each state by an entity-tag; a watcher that holds it says so when it refreshes, sleeps, ends and comes back, and is spared the NOTIFY or its body.',
  sources: [clause('5'), clause('6')],
  until: 150,
  network: { presence: { lean: { conditions: true } } },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'refresh', title: 'Refresh: nothing new', at: 29 },
    { id: 'change', title: 'A change', at: 39 },
    { id: 'sleep', title: 'The watcher sleeps', at: 49 },
    { id: 'wake', title: 'And wakes', at: 69 },
    { id: 'end', title: 'It leaves', at: 79 },
    { id: 'again', title: 'And comes back', at: 89 },
    { id: 'ask', title: 'Somebody asks twice', at: 104 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, conditional: true } },
    { at: 30, who: 'ue1', do: { kind: 'refresh' } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'] } },
    { at: 50, who: 'ue1', do: { kind: 'refresh', suppress: '*' } },
    { at: 60, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'Back at my desk' } },
    { at: 70, who: 'ue1', do: { kind: 'refresh', suppress: 'held' } },
    { at: 80, who: 'ue1', do: { kind: 'unsubscribe' } },
    { at: 90, who: 'ue1', do: { kind: 'subscribe', to: TO, conditional: true } },
    { at: 95, who: 'ue1', do: { kind: 'unsubscribe' } },
    { at: 105, who: 'ue1', do: { kind: 'fetch', to: TO, conditional: true } },
  ],
  changes: [
    {
      name: 'lean',
      title: 'Whether the server knows conditions',
      values: [
        { value: 'yes', title: 'it does', patches: [] },
        { value: 'no', title: 'it passes them over: the plain run', patches: [{ path: '/network/presence/lean/conditions', value: false }] },
      ],
    },
    {
      name: 'tag',
      title: 'What the watcher says it holds',
      values: [
        { value: 'held', title: 'what it was told', patches: [] },
        { value: 'unknown', title: 'a state that nobody knows', patches: [{ path: '/timeline/4/do/suppress', value: 'no-such-state' }] },
      ],
    },
    {
      name: 'server',
      title: 'The presence server',
      values: [
        { value: 'stays', title: 'stays as it is', patches: [] },
        {
          value: 'restarts',
          title: 'restarts while the watcher is away',
          patches: [
            { path: '/timeline/13', value: { at: 84, who: 'ps', do: { kind: 'crash' } } },
            { path: '/timeline/14', value: { at: 85, who: 'ps', do: { kind: 'restart' } } },
            { path: '/timeline/15', value: { at: 86, who: 'ue2', do: { kind: 'refresh-publication' } } },
          ],
        },
      ],
    },
    RECORD_ROUTE,
    ADDRESSES,
  ],
  plainRun: { change: 'lean', value: 'no', title: 'Without conditions' },
  expectations: [
    { title: 'The first NOTIFY tells and names the state', source: clause('6.1'), chapter: 'subscribe', flows: [SUBSCRIPTION, NOTIFICATION] },
    { title: 'A refresh that would tell nothing new: 204, and no NOTIFY', source: clause('5.6'), chapter: 'refresh', flows: [SPARED] },
    { title: 'A change is told as ever', source: clause('6.3'), chapter: 'change', flows: [PUBLICATION, NOTIFICATION] },
    { title: 'With * the subscription is silent, whatever changes', source: clause('5.2'), chapter: 'sleep', flows: [SPARED, PUBLICATION] },
    {
      title: 'The state that the watcher names is old: it is told the new one',
      source: clause('6.3'),
      chapter: 'wake',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    { title: 'An end without a last NOTIFY', source: clause('5.7'), chapter: 'end', flows: [SPARED] },
    { title: 'Resumed: a NOTIFY without a body', source: clause('5.5'), chapter: 'again', flows: [SUBSCRIPTION, NOTIFICATION, SPARED] },
    { title: 'Asked once more: a NOTIFY without a body', source: clause('5.4'), chapter: 'ask', flows: [SUBSCRIPTION, NOTIFICATION] },
    {
      title: 'A state that nobody knows: told in full',
      source: clause('6.3'),
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
      when: { tag: 'unknown' },
    },
    {
      title: 'The plain run: a NOTIFY for every refresh',
      source: clause('5.1'),
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
      when: { lean: 'no' },
    },
    {
      title: 'The plain run: a NOTIFY for every change',
      source: clause('5.1'),
      chapter: 'sleep',
      flows: [
        [...IN_DIALOG_SUBSCRIBE, ...PUBLICATION],
        [...NOTIFICATION, ...NOTIFICATION],
      ],
      when: { lean: 'no' },
    },
    { title: 'The plain run: a last NOTIFY', source: clause('5.1'), chapter: 'end', flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION], when: { lean: 'no' } },
  ],
} satisfies Scenario;
