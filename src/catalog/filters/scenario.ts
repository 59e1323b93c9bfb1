/** The watcher says what it wants to know, and when (RFC 4660, RFC 4661): everything else is kept from it, and costs nothing. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION, subscription } from '../standard-ladders.ts';

const TO = 'sip:user2_public1@home2.net';
const rfc = (number: number, clause: string) => ({ document: `RFC ${number}`, clause, checked: true });
const times = (count: number, ladder: readonly string[]): string[] => Array.from({ length: count }, () => ladder).flat();
const filter = (value: { [name: string]: string | boolean | (string | { [name: string]: string })[] }) => [{ path: '/timeline/3/do/filter', value }];
const BASIC = '//pidf:tuple/pidf:status/pidf:basic';

export default {
  format: 1,
  id: 'filters',
  title: 'Only what the watcher wants to know',
  summary:
    'A filter in the SUBSCRIBE picks what is told: whether she can be reached, and nothing else. What it leaves out changes without a NOTIFY; then the filter is switched off.',
  sources: [rfc(4660, '5.3'), rfc(4661, '3.5'), rfc(4661, '3.6')],
  until: 110,
  network: { presence: { lean: { filters: true } } },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe with a filter', at: 10 },
    { id: 'changes', title: 'Four changes', at: 19 },
    { id: 'off', title: 'The filter is switched off', at: 64 },
    { id: 'end', title: 'A change, and the end', at: 74 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'Back at three' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, filter: { id: 'reachable', include: [BASIC] } } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['away'], note: 'Back at four' } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'closed', activities: ['away'] } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'closed', activities: ['meal'] } },
    { at: 50, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meal'] } },
    { at: 65, who: 'ue1', do: { kind: 'refresh', filter: { id: 'reachable', enabled: false } } },
    { at: 75, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['working'] } },
    { at: 85, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'lean',
      title: 'The filter',
      values: [
        { value: 'yes', title: 'what: only whether she can be reached', patches: [] },
        {
          value: 'no',
          title: 'none: the plain run',
          patches: [
            { path: '/timeline/3/do/filter', value: false },
            { path: '/timeline/8/do/filter', value: false },
          ],
        },
        {
          value: 'trigger',
          title: 'when: only as she cannot be reached any more',
          patches: filter({ id: 'reachable', changed: [{ path: BASIC, from: 'open', to: 'closed' }] }),
        },
        { value: 'added', title: 'when: only as she goes to a meal', patches: filter({ id: 'reachable', added: ['//rpid:activities/rpid:meal'] }) },
        { value: 'bad', title: 'one that the server does not understand', patches: filter({ id: 'reachable', include: ['count(//pidf:tuple)'] }) },
      ],
    },
    {
      name: 'server',
      title: 'Whether the server knows filters',
      values: [
        { value: 'filters', title: 'it does', patches: [] },
        { value: 'plain', title: 'it does not', patches: [{ path: '/network/presence/lean/filters', value: false }] },
      ],
    },
    RECORD_ROUTE,
    ADDRESSES,
  ],
  plainRun: { change: 'lean', value: 'no', title: 'Without a filter' },
  expectations: [
    { title: 'The first NOTIFY comes at once, and is filtered', source: rfc(4660, '5.3.1'), chapter: 'subscribe', flows: [SUBSCRIPTION, NOTIFICATION] },
    { title: 'Of four changes two are told', source: rfc(4660, '5.3'), chapter: 'changes', flows: [times(4, PUBLICATION), times(2, NOTIFICATION)] },
    { title: 'Switched off: everything is told at once', source: rfc(4660, '5.3'), chapter: 'off', flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION] },
    { title: 'And from then on', source: rfc(4660, '5.3'), chapter: 'end', flows: [[...PUBLICATION, ...IN_DIALOG_SUBSCRIBE], times(2, NOTIFICATION)] },
    {
      title: 'The plain run: each change is told',
      source: rfc(4660, '5.3'),
      chapter: 'changes',
      flows: [times(4, PUBLICATION), times(4, NOTIFICATION)],
      when: { lean: 'no' },
    },
    {
      title: 'Only the one from open to closed is told',
      source: rfc(4661, '3.6.1'),
      chapter: 'changes',
      flows: [times(4, PUBLICATION), NOTIFICATION],
      when: { lean: 'trigger' },
    },
    {
      title: 'Only the one that brings the meal is told',
      source: rfc(4661, '3.6.2'),
      chapter: 'changes',
      flows: [times(4, PUBLICATION), NOTIFICATION],
      when: { lean: 'added' },
    },
    {
      title: 'A filter that is not understood: 488',
      source: rfc(4660, '5.4'),
      chapter: 'subscribe',
      flows: [subscription('488 Not Acceptable Here')],
      when: { lean: 'bad' },
    },
    {
      title: 'No filters known: 415',
      source: rfc(4660, '3.3.4'),
      chapter: 'subscribe',
      flows: [subscription('415 Unsupported Media Type')],
      when: { server: 'plain' },
    },
  ],
} satisfies Scenario;
