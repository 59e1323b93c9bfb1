/** Associations have an end: in time they are renewed with fresh keys; where that is refused, traffic stops with the last of them. */
import type { Scenario } from '#scenario/scenario.ts';
import { NOTIFICATION, PUBLICATION, SUBSCRIPTION, throughGateways, TUNNEL_RENEWED, TUNNEL_SET_UP } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'border-expired',
  title: 'An association grows old',
  summary:
    'Two minutes after it was set up the association between the gateways would end: before that they agree on fresh keys, and the next notification passes.',
  sources: [
    { document: 'TS 33.210', clause: 'C.2', checked: true },
    { document: 'RFC 7296', clause: '2.8', checked: true },
  ],
  until: 200,
  network: { with: ['seg0', 'seg1', 'seg2'], security: { lifetime: 120 } },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe, and a tunnel', at: 10 },
    { id: 'renewal', title: 'The associations grow old', at: 100 },
    { id: 'publish', title: 'Publish and notify', at: 150 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 150, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting until noon' } },
  ],
  changes: [
    {
      name: 'renewal',
      title: 'Whether associations may be renewed',
      values: [
        { value: 'agreed', title: 'they may', patches: [] },
        { value: 'ended', title: 'the agreement between the operators has ended', patches: [{ path: '/network/security/agreedUntil', value: 60 }] },
      ],
    },
  ],
  expectations: [
    {
      title: 'The subscription, and the tunnel',
      source: { document: 'RFC 7296', clause: '1.2', checked: true },
      chapter: 'subscribe',
      flows: [throughGateways(SUBSCRIPTION), throughGateways(NOTIFICATION), TUNNEL_SET_UP('seg1', 'seg2')],
    },
    {
      title: 'Fresh keys before the old ones end, on both tunnels',
      source: { document: 'RFC 7296', clause: '2.8', checked: true },
      chapter: 'renewal',
      flows: [TUNNEL_RENEWED('seg0', 'seg1'), TUNNEL_RENEWED('seg1', 'seg2')],
    },
    {
      title: 'The notification passes with the new keys',
      source: { document: 'TS 24.141', clause: 'A.5.2.1', checked: true },
      chapter: 'publish',
      flows: [PUBLICATION, throughGateways(NOTIFICATION)],
    },
    {
      title: 'Not renewed: the association is deleted at its end',
      source: { document: 'RFC 7296', clause: '1.4.1', checked: true },
      chapter: 'renewal',
      when: { renewal: 'ended' },
      flows: [TUNNEL_RENEWED('seg0', 'seg1'), TUNNEL_RENEWED('seg1', 'seg2')],
    },
    {
      title: 'Not renewed: the NOTIFY gets as far as the gateway of its own network',
      source: { document: 'TS 33.210', clause: 'C.2', checked: true },
      chapter: 'publish',
      when: { renewal: 'ended' },
      flows: [PUBLICATION, ['ps > seg2: NOTIFY']],
    },
  ],
} satisfies Scenario;
