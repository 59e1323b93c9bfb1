/** The entities with which IMS meets other presence systems: a plain SIP watcher outside, an XMPP server, the gateway of a network. */
import type { Chance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { ExternalWatcher } from '#ims/external-watcher/external-watcher.ts';
import type { NodeConfig } from '#ims/node/sip-node.ts';
import { WatcherGateway } from '#ims/watcher-gateway/watcher-gateway.ts';
import { XmppServer } from '#ims/xmpp-server/xmpp-server.ts';
import { type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';

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
      return new ExternalWatcher({ ...config, identity: `sip:${account}@${plan.domains.outside}` }, chance);
  }
}
