/** A protected border (TS 33.210 §C.2; RFC 4301, RFC 4303, RFC 7296): security gateways set a tunnel up when the first packet needs it. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, SUBSCRIPTION, throughGateways, TUNNEL_SET_UP } from '../standard-ladders.ts';

/** What goes in ESP all the way to the P-CSCF is no message of its own there. */
const withoutFirstLeg = (ladder: readonly string[]): string[] => throughGateways(ladder).filter((line) => !/^(pcscf1 > seg0|seg0 > pcscf1):/.test(line));

export default {
  format: 1,
  id: 'border-protected',
  title: 'The border is protected',
  summary:
    'Every network has a security gateway at its border. The first packet for another network makes them agree on keys; from then on whole packets cross encrypted and numbered.',
  sources: [
    { document: 'TS 33.210', clause: 'C.2', checked: true },
    { document: 'RFC 7296', clause: '1.2', checked: true },
  ],
  until: 60,
  network: { with: ['seg0', 'seg1', 'seg2'] },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe, and a tunnel', at: 10 },
    { id: 'unsubscribe', title: 'Unsubscribe, through the tunnel that stands', at: 40 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 40, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'inside',
      title: 'Whether the way from P-CSCF to gateway is protected as well (Zb)',
      values: [
        { value: 'plain', title: 'it is not: the inside of a network is trusted', patches: [] },
        { value: 'protected', title: 'it is, where the watcher is', patches: [{ path: '/network/security', value: { inside: ['pcscf1'] } }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The subscription through gateways, and the four messages that set the tunnel up',
      source: { document: 'RFC 7296', clause: '1.2', checked: true },
      chapter: 'subscribe',
      flows: [throughGateways(SUBSCRIPTION), throughGateways(NOTIFICATION), TUNNEL_SET_UP('seg1', 'seg2')],
    },
    {
      title: 'The end, through the tunnel that stands',
      source: { document: 'RFC 6665', clause: '4.1.2.3', checked: true },
      chapter: 'unsubscribe',
      flows: [throughGateways(IN_DIALOG_SUBSCRIBE), throughGateways(NOTIFICATION)],
    },
    {
      title: 'Protected inside as well: between P-CSCF and gateway nothing is seen but ESP',
      source: { document: 'TS 33.210', clause: 'C.2', checked: true },
      chapter: 'unsubscribe',
      when: { inside: 'protected' },
      flows: [withoutFirstLeg(IN_DIALOG_SUBSCRIBE), withoutFirstLeg(NOTIFICATION)],
    },
    {
      title: 'SIP between networks goes from gateway to gateway, and never in clear',
      source: { document: 'TS 33.210', clause: 'C.2', checked: true },
      chapter: 'unsubscribe',
      flows: [throughGateways(IN_DIALOG_SUBSCRIBE), throughGateways(NOTIFICATION)],
    },
  ],
} satisfies Scenario;
