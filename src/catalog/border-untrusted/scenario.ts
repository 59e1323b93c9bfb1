/** A network that is reached without any protection is not trusted (TS 33.203 §5.4): what it says of identity and charging counts for nothing. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION, throughGateways, TUNNEL_SET_UP } from '../standard-ladders.ts';

/** The watcher's home network has no gateway. */
const PRESENT = ['seg2'];
const BOTH = ['seg1', 'seg2'];
const REFUSAL = '403 Forbidden (SUBSCRIBE)';
const REFUSED = SUBSCRIPTION.map((line) => line.replace('200 OK (SUBSCRIBE)', REFUSAL));

/** Behind a border node: it stands between the watcher's S-CSCF and the I-CSCF. */
const throughEntry = (ladder: readonly string[]): string[] =>
  ladder.flatMap((line) => {
    const [, hop = '', label = ''] = /^(scscf1 > icscf2|icscf2 > scscf1): (.*)$/.exec(line) ?? [];
    if (hop === '') return [line];
    return hop.startsWith('scscf1') ? [`scscf1 > ibcf2: ${label}`, `ibcf2 > icscf2: ${label}`] : [`icscf2 > ibcf2: ${label}`, `ibcf2 > scscf1: ${label}`];
  });

export default {
  format: 1,
  id: 'border-untrusted',
  title: 'No protection, no trust',
  summary:
    'home1.net has no security gateway, so its requests reach home2.net unprotected. There they lose the identity and the charging number that home1.net put in, and the presence server refuses a watcher for whom nobody vouches.',
  sources: [
    { document: 'TS 33.203', clause: '5.4', checked: true },
    { document: 'TS 24.229', clause: '5.3.1', checked: true },
  ],
  until: 50,
  network: { watcherAtHome: true, with: ['seg2'], trust: { home1: false } },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'gateway',
      title: "Whether the watcher's network has a security gateway",
      values: [
        { value: 'missing', title: 'it has none, and is not trusted', patches: [] },
        {
          value: 'present',
          title: 'it has one, and is trusted',
          patches: [
            { path: '/network/with', value: ['seg1', 'seg2'] },
            { path: '/network/trust', value: {} },
          ],
        },
      ],
    },
    {
      name: 'unidentified',
      title: 'What the presentity says of watchers for whom nobody vouches',
      values: [
        { value: 'block', title: 'refuses them', patches: [] },
        { value: 'polite-block', title: 'they are to believe that all is well', patches: [{ path: '/network/presence/unidentified', value: 'polite-block' }] },
        { value: 'allow', title: 'lets them see everything', patches: [{ path: '/network/presence/unidentified', value: 'allow' }] },
      ],
    },
    {
      name: 'entry',
      title: 'By whom home2.net is entered',
      values: [
        { value: 'i-cscf', title: 'by its I-CSCF', patches: [] },
        { value: 'border-node', title: 'by its border node (IBCF)', patches: [{ path: '/network/with', value: ['seg2', 'ibcf2'] }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Nobody vouches for the watcher: the presence server refuses',
      source: { document: 'TS 33.203', clause: '5.4', checked: true },
      chapter: 'subscribe',
      flows: [throughGateways(REFUSED, PRESENT)],
    },
    {
      title: 'With a gateway the same request keeps what it says',
      source: { document: 'TS 33.203', clause: '5.4', checked: true },
      chapter: 'subscribe',
      when: { gateway: 'present' },
      flows: [throughGateways(SUBSCRIPTION, BOTH), throughGateways(NOTIFICATION, BOTH), TUNNEL_SET_UP('seg1', 'seg2')],
    },
    {
      title: 'The border node judges instead of the I-CSCF, with the same end',
      source: { document: 'TS 33.203', clause: '5.4', checked: true },
      chapter: 'subscribe',
      when: { entry: 'border-node' },
      flows: [throughGateways(throughEntry(REFUSED), PRESENT)],
    },
    ...['polite-block', 'allow'].map((unidentified) => ({
      title: 'The rule for watchers without a name lets it in',
      source: { document: 'TS 33.203', clause: '5.4', checked: true },
      chapter: 'subscribe',
      when: { unidentified },
      flows: [throughGateways(SUBSCRIPTION, PRESENT), throughGateways(NOTIFICATION, PRESENT)],
    })),
  ],
} satisfies Scenario;
