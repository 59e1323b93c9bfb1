/** A tunnel that cannot be set up: nothing crosses, and the sender learns it from its own timer alone. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { throughGateways, TUNNEL_SET_UP } from '../standard-ladders.ts';

/** RFC 4320 §4.1: who waits long is told that somebody is at it. */
const TRYING = ['scscf1 > seg1: 100 Trying (SUBSCRIBE)', 'seg0 > pcscf1: 100 Trying (SUBSCRIBE)', 'pcscf1 > ue1: 100 Trying (SUBSCRIBE)'];
const STOPPED = [...throughGateways(['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE']), 'scscf1 > seg1: SUBSCRIBE'];

export default {
  format: 1,
  id: 'border-down',
  title: 'No tunnel, no signalling',
  summary:
    'The gateways of home1.net and home2.net do not hold the same secret, so there is no tunnel and no SIP crosses. Nobody tells the senders: their timers run out.',
  sources: [
    { document: 'TS 33.210', clause: 'C.2', checked: true },
    { document: 'RFC 7296', clause: '2.15', checked: true },
  ],
  until: 150,
  network: { with: ['seg0', 'seg1', 'seg2'], security: { secretDiffers: true } },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'cause',
      title: 'Why there is no tunnel',
      values: [
        { value: 'secret', title: 'the gateways hold different secrets', patches: [] },
        {
          value: 'no-agreement',
          title: 'it is missing: the operators have no agreement, so the gateways do not know each other',
          patches: [{ path: '/network/security', value: { apart: true } }],
        },
        {
          value: 'no-gateway',
          title: "the presentity's network has no gateway, and nothing may cross unprotected",
          patches: [
            { path: '/network/security', value: { strict: true } },
            { path: '/network/with', value: ['seg0', 'seg1'] },
          ],
        },
        {
          value: 'silent',
          title: 'nothing comes from the other gateway, not even names',
          patches: [
            { path: '/network/security', value: {} },
            { path: '/network/links', value: [{ between: ['seg1', 'seg2'], lossPerMille: 1000, from: 9 }] },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The SUBSCRIBE gets as far as the gateway, whose proof is not believed',
      source: { document: 'RFC 7296', clause: '2.15', checked: true },
      chapter: 'subscribe',
      flows: [STOPPED, TUNNEL_SET_UP('seg1', 'seg2'), TRYING],
    },
    {
      title: 'No agreement: the policy of the gateway lets nothing across, and no tunnel is tried',
      source: { document: 'RFC 4301', clause: '4.4.1', checked: true },
      chapter: 'subscribe',
      when: { cause: 'no-agreement' },
      flows: [STOPPED, TRYING],
    },
    {
      title: 'No gateway on the other side: what must not cross unprotected does not cross',
      source: { document: 'TS 33.210', clause: 'C.2', checked: true },
      chapter: 'subscribe',
      when: { cause: 'no-gateway' },
      flows: [STOPPED, TRYING],
    },
    {
      title: 'The name of the other network cannot even be asked for: the request ends where the name was needed',
      source: { document: 'RFC 3263', clause: '4', checked: true },
      chapter: 'subscribe',
      when: { cause: 'silent' },
      match: 'contains',
      flows: [throughGateways(['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE'])],
    },
  ],
} satisfies Scenario;
