/** How often a watcher wants to be told (RFC 6446), on top of the five seconds of RFC 3856: what changes in between is told together, the last state wins. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const TO = 'sip:user2_public1@home2.net';
const rfc = (clause: string) => ({ document: 'RFC 6446', clause, checked: true });
const times = (count: number, ladder: readonly string[]): string[] => Array.from({ length: count }, () => ladder).flat();
const rates = (value: { [name: string]: string }) => [{ path: '/timeline/3/do/rates', value }];

export default {
  format: 1,
  id: 'throttle',
  title: 'As often as the watcher wants',
  summary:
    'The watcher allows one NOTIFY in twenty seconds: five changes become two NOTIFYs, and the last state is told all the same. The end is never held back.',
  sources: [rfc('5'), rfc('7.4'), { document: 'RFC 3856', clause: '6.10', checked: true }],
  until: 130,
  network: { presence: { lean: { rates: true } } },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'changes', title: 'Five changes', at: 19 },
    { id: 'quiet', title: 'Nothing changes', at: 60 },
    { id: 'end', title: 'A change, and the end', at: 84 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, rates: { max: '0.05' } } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'] } },
    { at: 22, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['away'] } },
    { at: 28, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meal'] } },
    { at: 34, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['working'] } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'Back at my desk' } },
    { at: 85, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'] } },
    { at: 87, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 88, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'lean',
      title: 'How often the watcher wants to be told',
      values: [
        { value: 'yes', title: 'at most once in 20 s (max-rate)', patches: [] },
        { value: 'no', title: 'it does not say: the plain run, with the five seconds of RFC 3856', patches: rates({}) },
        { value: 'least', title: 'at least once in 10 s (min-rate)', patches: rates({ min: '0.1' }) },
        { value: 'both', title: 'between once in 20 s and once in 10 s, which cannot be', patches: rates({ max: '0.05', min: '0.1' }) },
        { value: 'adaptive', title: 'on average once in 10 s at least (adaptive-min-rate)', patches: rates({ adaptive: '0.1' }) },
      ],
    },
    RECORD_ROUTE,
    ADDRESSES,
  ],
  plainRun: { change: 'lean', value: 'no', title: 'Without a rate' },
  expectations: [
    { title: 'The subscription, with the rate that holds', source: rfc('5.2'), chapter: 'subscribe', flows: [SUBSCRIPTION, NOTIFICATION] },
    { title: 'Five changes in two NOTIFYs', source: rfc('5.5.2'), chapter: 'changes', flows: [times(5, PUBLICATION), times(2, NOTIFICATION)] },
    { title: 'Nothing changes, nothing is told', source: rfc('5'), chapter: 'quiet', flows: [] },
    {
      title: 'The last NOTIFY waits for nothing, and tells what was held back',
      source: rfc('5.2'),
      chapter: 'end',
      flows: [times(2, PUBLICATION), IN_DIALOG_SUBSCRIBE, times(2, NOTIFICATION)],
    },
    {
      title: 'The plain run: the five seconds hold one change back, and nothing else',
      source: { document: 'RFC 3856', clause: '6.10', checked: true },
      chapter: 'changes',
      flows: [times(5, PUBLICATION), times(5, NOTIFICATION)],
      when: { lean: 'no' },
    },
    { title: 'At least one in 10 s, although nothing changes', source: rfc('6.2'), chapter: 'quiet', flows: [times(3, NOTIFICATION)], when: { lean: 'least' } },
    { title: 'A least rate above the greatest is brought down to it', source: rfc('8'), chapter: 'quiet', flows: [NOTIFICATION], when: { lean: 'both' } },
    {
      title: 'After many changes the forced NOTIFYs come later',
      source: rfc('7.4'),
      chapter: 'quiet',
      flows: [NOTIFICATION],
      match: 'contains',
      when: { lean: 'adaptive' },
    },
  ],
} satisfies Scenario;
