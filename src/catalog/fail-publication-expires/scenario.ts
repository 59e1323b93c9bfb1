/** A publication that nobody refreshes: soft state dies by itself, and the watchers are told (RFC 3903 §4.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-publication-expires',
  title: 'A publication runs out',
  summary:
    'The terminal of the presentity does not refresh its publication; after its 60 s the presence server forgets it by itself and tells the watcher that nothing is known any more.',
  sources: [{ document: 'RFC 3903', clause: '4.2', checked: true }],
  until: 90,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'publish', title: 'Publish for 60 s', at: 20 },
    { id: 'expiry', title: 'Nobody refreshes', at: 30 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk', expires: 60, refresh: false } },
  ],
  changes: [
    {
      name: 'refresh',
      title: 'Whether the terminal refreshes',
      values: [
        { value: 'no', title: 'it does not', patches: [] },
        { value: 'yes', title: 'it does, at half time', patches: [{ path: '/timeline/3/do/refresh', value: true }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The subscription',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    { title: 'The publication', source: { document: 'TS 24.141', clause: 'A.4.2.1', checked: true }, chapter: 'publish', flows: [PUBLICATION, NOTIFICATION] },
    { title: 'Its end is told', source: { document: 'RFC 3903', clause: '4.2', checked: true }, chapter: 'expiry', flows: [NOTIFICATION] },
    {
      title: 'Refreshed in time, and the watcher hears nothing',
      source: { document: 'RFC 3903', clause: '4.3', checked: true },
      chapter: 'expiry',
      flows: [PUBLICATION, PUBLICATION],
      when: { refresh: 'yes' },
    },
  ],
} satisfies Scenario;
