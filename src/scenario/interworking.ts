/** Who speaks XMPP for a network: what its S-CSCF and the DNS know of that. */
import type { DnsRecord } from '#protocol/dns/record.ts';
import { XMPP_SERVER_PORT } from '#protocol/xmpp/ports.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import type { Role } from './scenario.ts';
import type { NetworkRole } from './standings.ts';

/** Who speaks XMPP for a network. */
const SPEAKERS: Readonly<Partial<Record<NetworkRole, Role>>> = { home1: 'wgw1', home2: 'wgw2', outside: 'xmpp' };

/** The gateway of a network, when it has one. */
function gatewayOf(plan: NetworkPlan, network: NetworkRole): PlannedEntity | undefined {
  const role = SPEAKERS[network];
  return role === undefined ? undefined : plan.entities.get(role);
}

export function gatewayConfig(plan: NetworkPlan, network: NetworkRole): { readonly gateway?: string } {
  const gateway = gatewayOf(plan, network);
  return gateway === undefined ? {} : { gateway: `sip:${gateway.id}` };
}

/** The SRV record by which other domains find the XMPP server of this one (RFC 7247 §5). */
export function xmppRecords(plan: NetworkPlan, network: NetworkRole, ttl: number): readonly DnsRecord[] {
  const speaker = gatewayOf(plan, network);
  if (speaker === undefined) return [];
  const name = `_xmpp-server._tcp.${plan.domains[network]}`;
  return [{ name, ttl, type: 'SRV', priority: 0, weight: 0, port: XMPP_SERVER_PORT, target: speaker.id }];
}
