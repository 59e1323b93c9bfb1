/** The DNS zones of a plan: each home network's domain leads to its I-CSCF, each host to itself, UDP before TCP unless the scenario turns it round. */
import type { DnsRecord } from '#protocol/dns/record.ts';
import type { ZoneFile } from '#protocol/dns/zone.ts';
import { entityOf, type NetworkPlan, type PlannedEntity } from './plan.ts';
import { BORDER_NODES, type NetworkRole } from './standings.ts';

/** One day: operators' own names change rarely. Seconds. */
const TTL = 86_400;

/** `fromOutside`: what partners are told when the network has a border node, which is its entry then. A network that hides itself names nothing else. */
export function zonesOf(plan: NetworkPlan, network: NetworkRole, fromOutside = false): readonly ZoneFile[] {
  const origin = plan.domains[network];
  const border = fromOutside ? borderNode(plan, network) : undefined;
  const isHidden = border !== undefined && plan.networks.some(({ domain, hides }) => domain === origin && hides === true);
  const hosts = [...plan.entities.values()].filter(
    (entity) => entity.networkRole === network && entity.kind !== 'ue' && (!isHidden || entity === border || entity.kind === 'dns-server'),
  );
  const records: DnsRecord[] = [];
  for (const host of hosts) records.push(address(host), ...(host.kind === 'dns-server' || host.kind === 'hss' ? [] : service(host.id, host.id, plan, origin)));
  if (network === 'home1' || network === 'home2') {
    const entry = (border ?? entityOf(plan, network === 'home1' ? 'icscf1' : 'icscf2')).id;
    records.push(...service(origin, entry, plan, origin), ...service(`registrar.${origin}`, entry, plan, origin));
  }
  return [{ origin, records }];
}

/** The border node of a network, if it has one. */
export function borderNode(plan: NetworkPlan, network: NetworkRole): PlannedEntity | undefined {
  const role = BORDER_NODES[network];
  return role === undefined ? undefined : plan.entities.get(role);
}

function address(host: PlannedEntity): DnsRecord {
  return { name: host.id, ttl: TTL, type: host.address.includes(':') ? 'AAAA' : 'A', address: host.address };
}

/** NAPTR and SRV: the transports on offer and the host behind each (RFC 3263 §4.1, §4.2). */
function service(name: string, target: string, plan: NetworkPlan, domain: string): readonly DnsRecord[] {
  const tcpFirst = plan.options.preferTcp?.includes(domain) === true;
  const naptr = (transport: 'udp' | 'tcp', order: number): DnsRecord => ({
    name,
    ttl: TTL,
    type: 'NAPTR',
    order,
    preference: 50,
    flags: 's',
    service: transport === 'udp' ? 'SIP+D2U' : 'SIP+D2T',
    regexp: '',
    replacement: `_sip._${transport}.${name}`,
  });
  const srv = (transport: 'udp' | 'tcp'): DnsRecord => ({
    name: `_sip._${transport}.${name}`,
    ttl: TTL,
    type: 'SRV',
    priority: 0,
    weight: 0,
    port: 5060,
    target,
  });
  return [naptr('udp', tcpFirst ? 20 : 10), naptr('tcp', tcpFirst ? 10 : 20), srv('udp'), srv('tcp')];
}
