/** What is drawn and shown of a gateway: the states of a tunnel, and the two databases as tables. */
import type { StateTable } from '#base/state-table.ts';
import { between, inSeconds, type SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { SUITE_NAME } from '#protocol/ike/payloads.ts';
import { type Association, spiText } from './association.ts';
import { type Policy, rangeText } from './policy.ts';

export type TunnelState = 'down' | 'negotiating' | 'up';
export type TunnelEvent = 'traffic' | 'established' | 'failed' | 'renewed' | 'expired' | 'deleted' | 'peer silent';

/** The tunnel to one peer (our words; RFC 4301 §4.4 for the databases, RFC 7296 §1.2 for how it comes up). */
export const TUNNEL: StateTable<TunnelState, TunnelEvent> = {
  name: 'tunnel (Za)',
  states: ['down', 'negotiating', 'up'],
  initial: 'down',
  final: [],
  rows: [
    { from: 'down', on: 'traffic', to: 'negotiating', clause: 'RFC 7296 §1.2' },
    { from: 'negotiating', on: 'failed', to: 'down', clause: 'RFC 7296 §2.21' },
    { from: ['down', 'negotiating'], on: 'established', to: 'up', clause: 'RFC 7296 §1.2' },
    { from: 'up', on: 'renewed', to: 'up', clause: 'RFC 7296 §2.8' },
    { from: 'up', on: 'expired', to: 'down', clause: 'RFC 4301 §4.4.2' },
    { from: 'up', on: 'deleted', to: 'down', clause: 'RFC 7296 §1.4.1' },
    { from: 'up', on: 'peer silent', to: 'down', clause: 'RFC 7296 §2.4' },
  ],
};

/** Within a network, between a node and the gateway: where the operator wants it. */
export const TUNNEL_INSIDE: StateTable<TunnelState, TunnelEvent> = { ...TUNNEL, name: 'tunnel (Zb)' };

export function policyTable(policies: readonly Policy[]): ViewTable {
  return {
    title: 'Security policies (SPD)',
    columns: ['For', 'Remote addresses', 'Port', 'Then'],
    rows: policies.map(({ name, remote, port, action }) => [
      name,
      rangeText(remote),
      port === undefined ? 'any' : String(port),
      action.kind === 'protect' ? `protect, tunnel to ${action.peer}` : action.kind === 'bypass' ? 'let through as it is' : 'discard',
    ]),
    empty: 'No policy: nothing crosses.',
  };
}

/** One row per direction, as the database has them. */
export function associationTable(associations: readonly { readonly peer: string; readonly association: Association }[], now: SimTime): ViewTable {
  return {
    title: 'Security associations (SAD)',
    columns: ['SPI', 'Direction', 'Peer', 'Algorithms', 'Number', 'For (s)'],
    rows: associations.flatMap(({ peer, association }) => {
      const left = String(Math.max(0, Math.round(inSeconds(between(now, association.endsAt)))));
      return [
        [spiText(association.outboundSpi), 'out', peer, SUITE_NAME, String(association.sent), left],
        [spiText(association.inboundSpi), 'in', peer, SUITE_NAME, String(association.window.highest), left],
      ];
    }),
    empty: 'No association is up.',
  };
}
