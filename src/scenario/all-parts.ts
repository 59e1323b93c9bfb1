/** How every entity is built that only some scenarios have, and what others can do beyond the usual. */
import { agentGateOf, buildCalendarServer, buildExternalAgent } from './external-agent-parts.ts';
import { NotifyDistributor } from '#ims/notify-distributor/notify-distributor.ts';
import { buildChargingDataFunction } from './charging-parts.ts';
import { buildCrowd } from './crowd-parts.ts';
import { buildContentServer, contentPublisherOf } from './content-parts.ts';
import { buildIbcf } from './ibcf-parts.ts';
import { buildInterworking } from './interworking-parts.ts';
import { buildListServer } from './list-parts.ts';
import { buildNetworkAgent, buildNetworkNode, shServiceOf } from './network-agent-parts.ts';
import type { Parts } from './parts.ts';
import type { Role } from './roles.ts';
import { presenceServerAbilities } from './presence-parts.ts';
import { buildSecurityGateway, protectInside } from './security-gateway-parts.ts';
import { buildSlf } from './slf-parts.ts';
import { UE_ABILITIES } from './ue-abilities.ts';
import { buildXdms } from './xdms-parts.ts';

/** They stand where list servers do. */
const DISTRIBUTORS: ReadonlySet<Role> = new Set(['nd1', 'nd2']);
const interworking: Parts['xmpp-server'] = ({ plan, entity, node, chance }) => buildInterworking(plan, entity, node, chance);

export const ALL_PARTS: Parts = {
  abilities: {
    presenceServer: (context) => ({ ...presenceServerAbilities(context), ...contentPublisherOf(context), ...agentGateOf(context) }),
    protect: protectInside,
    crowd: buildCrowd,
    ue: UE_ABILITIES,
    sh: shServiceOf,
  },
  xdms: buildXdms,
  'network-agent': buildNetworkAgent,
  msc: buildNetworkNode,
  sgsn: buildNetworkNode,
  ggsn: buildNetworkNode,
  gmlc: buildNetworkNode,
  'charging-data-function': ({ entity, startsAt, chance }) => buildChargingDataFunction(entity, startsAt, chance),
  'external-watcher': interworking,
  'watcher-gateway': interworking,
  'xmpp-server': interworking,
  'content-server': ({ plan, entity, startsAt }) => buildContentServer(plan, entity, startsAt),
  'external-agent': buildExternalAgent,
  'calendar-server': buildCalendarServer,
  'list-server': ({ plan, entity, node, chance }) =>
    DISTRIBUTORS.has(entity.scenarioRole)
      ? new NotifyDistributor(node, chance, plan.options.presence?.maxExpires)
      : buildListServer(plan, entity, node, chance),
  slf: ({ plan, entity, chance }) => buildSlf(plan, entity, chance),
  ibcf: ({ plan, entity, node, seed, chance }) => buildIbcf(plan, entity, node, seed, chance),
  'security-gateway': ({ plan, entity, seed, chance }) => buildSecurityGateway(plan, entity, seed, chance),
};
