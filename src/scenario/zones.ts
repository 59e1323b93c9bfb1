/** The DNS zones of a plan: each home network's domain leads to its I-CSCF, each host to itself, UDP before TCP unless the scenario turns it round. */
import type { DnsRecord } from '#protocol/dns/record.ts';
import type { ZoneFile } from '#protocol/dns/zone.ts';
import { ownNumberRecords } from './directory.ts';
import { xmppRecords } from './interworking.ts';
import { entityOf, type NetworkPlan, type PlannedEntity } from './plan.ts';
import { BORDER_NODES, type NetworkRole } from './standings.ts';

/** One day: operators' own names change rarely. Seconds. */
const TTL = 86_400;

/** Who speaks no SIP needs no NAPTR and SRV records. */
const NO_SIP: ReadonlySet<string> = new Set([
  'dns-server',
  'hss',
  'slf',
  'charging-data-function',
  'security-gateway',
  'xmpp-server',
  'content-server',
  'calendar-server',
]);

/** `fromOutside`: what partners are told when the network has a border node, which is its entry then. A network that hides itself names nothing else. */
export function zonesOf(plan: NetworkPlan, network: NetworkRole, fromOutside = false): readonly ZoneFile[] {
  const origin = plan.domains[network];
  const border = fromOutside ? borderNode(plan, network) : undefined;
  const isHidden = border !== undefined && plan.networks.some(({ domain, hides }) => domain === origin && hides === true);
  const hosts = [...plan.entities.values()].filter(
    (entity) => entity.networkRole === network && entity.kind !== 'ue' && (!isHidden || entity === border || entity.kind === 'dns-server'),
  );
  const records: DnsRecord[] = [];
  for (const host of hosts) {
    records.push(address(host));
    if (!NO_SIP.has(host.kind)) records.push(...service(host.id, [{ target: host.id, priority: 0, weight: 0 }], isTcpFirst(plan, origin)));
  }
  if (network === 'home1' || network === 'home2') {
    const entries = border === undefined ? entriesOf(plan, network) : [{ target: border.id, priority: 0, weight: 0 }];
    const tcpFirst = isTcpFirst(plan, origin) || (network === 'home2' && plan.options.dns?.entriesByTcp === true);
    records.push(...service(origin, entries, tcpFirst), ...service(`registrar.${origin}`, entries, tcpFirst));
    if (plan.options.dns?.pres !== false) records.push(...entries.map((entry) => serviceRecord(`_pres._sip.${origin}`, entry)));
  }
  if (network === 'home2') records.push(...ownNumberRecords(plan));
  records.push(...xmppRecords(plan, network, TTL));
  return [{ origin, records }];
}

/** The border node of a network, if it has one. */
export function borderNode(plan: NetworkPlan, network: NetworkRole): PlannedEntity | undefined {
  const role = BORDER_NODES[network];
  return role === undefined ? undefined : plan.entities.get(role);
}

/** A host that the DNS offers, and when (RFC 2782). */
interface Offer {
  readonly target: string;
  readonly priority: number;
  readonly weight: number;
}

function entriesOf(plan: NetworkPlan, network: 'home1' | 'home2'): readonly Offer[] {
  if (network === 'home1') return [{ target: entityOf(plan, 'icscf1').id, priority: 0, weight: 0 }];
  const entries = plan.options.dns?.entries ?? [{ role: 'icscf2' as const, priority: 0, weight: 0 }];
  return entries.map(({ role, priority, weight }) => ({ target: entityOf(plan, role).id, priority, weight }));
}

const isTcpFirst = (plan: NetworkPlan, domain: string): boolean => plan.options.preferTcp?.includes(domain) === true;

function address(host: PlannedEntity): DnsRecord {
  return { name: host.id, ttl: TTL, type: host.address.includes(':') ? 'AAAA' : 'A', address: host.address };
}

/** NAPTR and SRV: the transports on offer and the hosts behind each (RFC 3263 §4.1, §4.2). */
function service(name: string, offers: readonly Offer[], tcpFirst: boolean): readonly DnsRecord[] {
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
  const srv = (transport: 'udp' | 'tcp'): readonly DnsRecord[] => offers.map((offer) => serviceRecord(`_sip._${transport}.${name}`, offer));
  return [naptr('udp', tcpFirst ? 20 : 10), naptr('tcp', tcpFirst ? 10 : 20), ...srv('udp'), ...srv('tcp')];
}

const serviceRecord = (name: string, { target, priority, weight }: Offer): DnsRecord => ({ name, ttl: TTL, type: 'SRV', priority, weight, port: 5060, target });
