/**
 * Configuration hiding (TS 33.203 §5.2, §6.4): nothing of the inside of a network shows outside, and every dialog works all the same. The clause has the I-CSCF do it,
 * as in Release 5 and 6 (THIG); here the border node does, as since Release 7 (`ims/ibcf/README.md`).
 */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, RECORD_ROUTE, ROAMING } from '../shared-changes.ts';
import { throughBorderNodes } from '../standard-ladders.ts';

const both = throughBorderNodes('ibcf1', 'ibcf2');
const source = { document: 'TS 33.203', clause: '6.4', checked: true };

/** The same ladder whatever is hidden: hiding changes what is said, not who is met. */
const expected = (when: Record<string, string> | undefined, ladders: ReturnType<typeof throughBorderNodes>) =>
  [
    { title: 'The subscription through the border nodes', chapter: 'subscribe', flows: [ladders.subscription, ladders.notification] },
    { title: 'The refresh, along the same way', chapter: 'refresh', flows: [ladders.inDialog, ladders.notification] },
    { title: 'The end, along the same way', chapter: 'unsubscribe', flows: [ladders.inDialog, ladders.notification] },
  ].map((one) => ({ ...one, source, ...(when === undefined ? {} : { when }) }));

export default {
  format: 1,
  id: 'topology-hiding',
  title: 'A network keeps its inside to itself',
  summary:
    'The border node of home1.net turns the names of its proxies into tokens on the way out and back on the way in; subscription, notification, refresh and end work all the same.',
  sources: [
    { document: 'TS 33.203', clause: '5.2', checked: true },
    { document: 'TS 33.203', clause: '6.4', checked: true },
  ],
  until: 560,
  network: { with: ['ibcf1', 'ibcf2'], hiding: { home1: true } },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'refresh', title: 'Refresh', at: 60 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 500 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 600 } },
    { at: 500, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'hiding',
      title: 'Who hides its proxies',
      values: [
        { value: 'home1', title: "the watcher's network", patches: [] },
        { value: 'home2', title: "the presentity's network", patches: [{ path: '/network/hiding', value: { home2: true } }] },
        { value: 'both', title: 'both networks', patches: [{ path: '/network/hiding/home2', value: true }] },
        { value: 'none', title: 'nobody', patches: [{ path: '/network/hiding', value: {} }] },
      ],
    },
    {
      name: 'border-nodes',
      title: 'Which networks have a border node',
      values: [
        { value: 'both', title: 'both networks', patches: [] },
        { value: 'home1', title: "only the watcher's network", patches: [{ path: '/network/with', value: ['ibcf1'] }] },
        {
          value: 'home2',
          title: "only the presentity's network, which then hides",
          patches: [
            { path: '/network/with', value: ['ibcf2'] },
            { path: '/network/hiding', value: { home2: true } },
          ],
        },
      ],
    },
    ROAMING,
    RECORD_ROUTE,
    ADDRESSES,
  ],
  expectations: [
    ...expected(undefined, both),
    ...['home2', 'both', 'none'].flatMap((hiding) => expected({ hiding }, both)),
    ...expected({ 'border-nodes': 'home1' }, throughBorderNodes('ibcf1', undefined)),
    ...expected({ 'border-nodes': 'home2' }, throughBorderNodes(undefined, 'ibcf2')),
  ],
} satisfies Scenario;
