/** Who stays in the path: each CSCF records itself or not, and every later request passes those who did and nobody else (RFC 3261 §16.6, §12.2.1.1; TS 23.141 §5.3.4). */
import type { Scenario } from '#scenario/scenario.ts';
import { inDialogThrough, notificationThrough } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

/** What is expected of the chapters when these stay in the path, from the notifier to the P-CSCF of the watcher. */
const expectations = (title: string, recorded: readonly string[], when?: { readonly [name: string]: string }) => {
  const about = { source: { document: 'RFC 3261', clause: '12.2.1.1', checked: true }, ...(when === undefined ? {} : { when }) };
  const notification = notificationThrough(recorded);
  return [
    { ...about, title: `${title}: the first NOTIFY`, chapter: 'subscribe', flows: [SUBSCRIPTION, notification] },
    { ...about, title: `${title}: the next NOTIFY`, chapter: 'publish', flows: [PUBLICATION, notification] },
    { ...about, title: `${title}: the way of the watcher is the same backwards`, chapter: 'unsubscribe', flows: [inDialogThrough(recorded), notification] },
  ];
};

export default {
  format: 1,
  id: 'record-route-policy',
  title: 'Who stays in the path',
  summary: 'Each network decides whether its S-CSCF records itself into the subscription; the NOTIFYs and the end of it pass exactly those who did.',
  sources: [
    { document: 'RFC 3261', clause: '16.6', checked: true },
    { document: 'RFC 6665', clause: '4.3', checked: true },
    { document: 'TS 23.141', clause: '5.3.4', checked: true },
  ],
  until: 50,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Record', at: 10 },
    { id: 'publish', title: 'Follow the record', at: 20 },
    { id: 'unsubscribe', title: 'And back', at: 35 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting until noon' } },
    { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'policy',
      title: 'Which S-CSCFs stay in the path',
      values: [
        { value: 'watcher', title: "the watcher's (as in Annex A)", patches: [] },
        { value: 'none', title: 'none of them', patches: [{ path: '/network/recordRoute/scscf1', value: false }] },
        { value: 'both', title: 'both', patches: [{ path: '/network/recordRoute/scscf2', value: true }] },
        {
          value: 'presentity',
          title: "the presentity's only",
          patches: [
            { path: '/network/recordRoute/scscf1', value: false },
            { path: '/network/recordRoute/scscf2', value: true },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    ...expectations("The watcher's S-CSCF", ['scscf1']),
    ...expectations('None', [], { policy: 'none' }),
    ...expectations('Both', ['scscf2', 'scscf1'], { policy: 'both' }),
    ...expectations("The presentity's S-CSCF", ['scscf2'], { policy: 'presentity' }),
  ],
} satisfies Scenario;
