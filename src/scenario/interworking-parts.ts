/** The entities with which IMS meets other presence systems: a plain SIP agent outside, an XMPP server, the gateway of a network. And what the DNS says of them. */
import type { Chance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { ExternalAgent } from '#ims/external-agent/external-agent.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { WatcherGateway } from '#ims/watcher-gateway/watcher-gateway.ts';
import { XmppServer } from '#ims/xmpp-server/xmpp-server.ts';
import type { DnsRecord } from '#protocol/dns/record.ts';
import { XMPP_SERVER_PORT } from '#protocol/xmpp/peers.ts';
import { type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';
import type { Role } from './scenario.ts';
import type { NetworkRole } from './standings.ts';

const DEFAULT_USER = 'juliet';
const DEFAULT_RESOURCE = 'balcony';

export function buildInterworking(plan: NetworkPlan, entity: PlannedEntity, config: NodeConfig, chance: Chance): Machine {
  const stranger = plan.options.stranger ?? {};
  const account = stranger.user ?? DEFAULT_USER;
  switch (entity.kind) {
    case 'xmpp-server': {
      const { domain, address, dns } = config;
      return new XmppServer(
        { domain, address, dns, account, resource: stranger.resource ?? DEFAULT_RESOURCE, approves: stranger.approves ?? 'everybody' },
        chance,
      );
    }
    case 'watcher-gateway':
      return new WatcherGateway({ ...config, trust: trustOf(plan, entity.networkRole) }, chance);
    default:
      return new ExternalAgent({ ...config, identity: `sip:${account}@${plan.domains.outside}` }, chance);
  }
}

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
