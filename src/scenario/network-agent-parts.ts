/** The Presence Network Agent and the nodes that feed it (ims/network-agent, ims/network-node): built only where a scenario asks for them. */
import { ShService } from '#ims/hss/sh-service.ts';
import { NetworkAgent } from '#ims/network-agent/network-agent.ts';
import { NetworkNode, type NetworkSubscriber } from '#ims/network-node/network-node.ts';
import { REPORT_POINTS, type ReportPoint } from '#presence/network-report/report.ts';
import type { PartContext } from './parts.ts';
import { entityOf, type NetworkPlan, type PlannedEntity, trustOf } from './plan.ts';

const POINT_OF_KIND: Readonly<Record<string, ReportPoint>> = { msc: 'Pc', sgsn: 'Pg', ggsn: 'Pk', gmlc: 'Pl' };

/** Numbers of terminals that are nobody's: a type allocation code for tests and the first digits of the serial number; the last one is the user's place, and the check digit is left 0. */
const EQUIPMENT = '0010101234567';

function subscribersOf(plan: NetworkPlan, { networkRole }: PlannedEntity): readonly NetworkSubscriber[] {
  return plan.users.flatMap((user, i) => {
    const number = numberOf(user.publicIdentities);
    return user.homeRole !== networkRole || number === undefined ? [] : [{ number, equipment: `${EQUIPMENT}${i}0`, names: user.publicIdentities }];
  });
}

/** The digits of the tel URI among the identities. */
const numberOf = (identities: readonly string[]): string | undefined => identities.find((identity) => identity.startsWith('tel:+'))?.replace(/\D/g, '');

export function buildNetworkNode({ plan, entity, startsAt }: PartContext): NetworkNode {
  const point = POINT_OF_KIND[entity.kind];
  if (point === undefined) throw new Error(`${entity.kind} reports over no reference point`);
  const isOn = plan.options.agent?.reports?.includes(point) !== false;
  const agent = isOn ? plan.entities.get('pna')?.address : undefined;
  return new NetworkNode({ host: entity.id, address: entity.address, point, agent, subscribers: subscribersOf(plan, entity), startsAt });
}

export function buildNetworkAgent({ plan, entity, node, startsAt, chance, stopped }: PartContext): NetworkAgent {
  const suppliers = [...plan.entities.values()].flatMap((one) => {
    const point = one.networkRole === entity.networkRole ? POINT_OF_KIND[one.kind] : undefined;
    return point === undefined ? [] : [{ point, address: one.address }];
  });
  const hss = entityOf(plan, 'hss2');
  suppliers.sort((a, b) => REPORT_POINTS.indexOf(a.point) - REPORT_POINTS.indexOf(b.point));
  return new NetworkAgent(
    {
      ...node,
      hss: { host: hss.id, address: hss.address },
      presenceServer: `sip:${entityOf(plan, 'ps').id}`,
      suppliers,
      trust: trustOf(plan, entity.networkRole),
      startsAt,
    },
    chance,
    stopped instanceof NetworkAgent ? stopped.stored : undefined,
  );
}

/** Ph: the agents of the own network may ask. */
export function shServiceOf({ plan, entity, node, chance }: PartContext): ShService | undefined {
  const servers = [...plan.entities.values()].filter(({ kind, networkRole }) => kind === 'network-agent' && networkRole === entity.networkRole);
  if (servers.length === 0) return undefined;
  return new ShService({ host: node.host, domain: node.domain, address: node.address, servers: servers.map(({ address }) => address) }, chance);
}
