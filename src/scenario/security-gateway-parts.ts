/** The security gateways of the networks (ims/security-gateway): policies, peers, secrets, and who of a network is reached through them. Only where a scenario asks for them. */
import { type Chance, createKeyedChance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { ProtectedNode } from '#ims/security-gateway/protected-node.ts';
import { type GatewayPeer, SecurityGateway } from '#ims/security-gateway/security-gateway.ts';
import type { Policy } from '#ims/security-gateway/policy.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import type { AddressRange } from '#protocol/ike/payloads.ts';
import type { NetworkPlan, PlannedEntity } from './plan.ts';
import { gatewayOf } from './gateways.ts';
import { NETWORK_ROLES, type NetworkRole, PREFIXES } from './standings.ts';

/** How long an association lives unless the scenario says so (seconds; our choice). */
const LIFETIME = 3600;
const DNS_PORT = 53;

export function buildSecurityGateway(plan: NetworkPlan, entity: PlannedEntity, seed: number, chance: Chance): SecurityGateway {
  const others = NETWORK_ROLES.filter((network) => network !== entity.networkRole && plan.networks.some(({ domain }) => domain === plan.domains[network]));
  const policies: Policy[] = [{ name: 'name service', port: DNS_PORT, action: { kind: 'bypass' } }];
  const peers: GatewayPeer[] = [];
  for (const network of others) {
    const gateway = gatewayOf(plan, network);
    const remote = rangeOf(plan, network);
    if (gateway !== undefined && !isApart(plan, entity.networkRole, network)) peers.push(peerOf(plan, entity, gateway, remote, seed));
    policies.push({ remote, ...policyFor(plan, entity.networkRole, network) });
  }
  for (const node of plan.entities.values())
    if (node.networkRole === entity.networkRole && isGuarded(plan, node)) peers.push(insidePeer(plan, entity, node, seed));
  return new SecurityGateway({ host: entity.id, address: entity.address, local: rangeOf(plan, entity.networkRole), policies, peers }, chance);
}

const isGuarded = ({ options }: NetworkPlan, { scenarioRole }: PlannedEntity): boolean =>
  options.security?.inside?.some((role) => role === scenarioRole) === true;

/** A node with IPsec below it, where the scenario wants its way to the gateway protected; otherwise as it is. */
export function protectInside(plan: NetworkPlan, entity: PlannedEntity, machine: Machine, seed: number, life: number): Machine {
  const gateway = gatewayOf(plan, entity.networkRole);
  if (gateway === undefined || !isGuarded(plan, entity)) return machine;
  const everywhere = everywhereOf(plan);
  const { secret, lifetime, agreedUntil } = insidePeer(plan, gateway, entity, seed);
  const local = { first: bytesOf(entity.address), last: bytesOf(entity.address) };
  const ipsec = new SecurityGateway(
    {
      host: entity.id,
      address: entity.address,
      local,
      policies: [
        { name: 'name service', port: DNS_PORT, action: { kind: 'bypass' } },
        { name: `within ${entity.network}`, remote: rangeOf(plan, entity.networkRole), action: { kind: 'bypass' } },
        { name: 'with other networks', action: { kind: 'protect', peer: gateway.id } },
      ],
      peers: [{ host: gateway.id, domain: entity.network, address: gateway.address, secret, remote: everywhere, inside: true, lifetime, agreedUntil }],
    },
    createKeyedChance(seed, `IPsec of ${entity.id}${life === 0 ? '' : ` ${life}`}`),
  );
  return new ProtectedNode(machine, ipsec);
}

function insidePeer(plan: NetworkPlan, gateway: PlannedEntity, node: PlannedEntity, seed: number): GatewayPeer {
  return {
    host: node.id,
    domain: node.network,
    address: node.address,
    secret: createKeyedChance(seed, `secret of ${gateway.id} and ${node.id}`).bytes('secret', 32),
    local: everywhereOf(plan),
    remote: { first: bytesOf(node.address), last: bytesOf(node.address) },
    inside: true,
    lifetime: plan.options.security?.lifetime ?? LIFETIME,
    agreedUntil: undefined,
  };
}

const everywhereOf = ({ options }: NetworkPlan): AddressRange =>
  options.family === 'ipv4'
    ? { first: bytesOf('0.0.0.0'), last: bytesOf('255.255.255.255') }
    : { first: bytesOf('::'), last: bytesOf('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') };

function policyFor(plan: NetworkPlan, own: NetworkRole, network: NetworkRole): Pick<Policy, 'name' | 'action' | 'clause'> {
  const domain = plan.domains[network];
  const gateway = gatewayOf(plan, network);
  if (isApart(plan, own, network)) return { name: `${domain}: no agreement, no tunnel`, action: { kind: 'discard' } };
  if (gateway !== undefined) return { name: `signalling with ${domain}`, action: { kind: 'protect', peer: gateway.id } };
  return plan.options.security?.strict === true
    ? { name: `${domain}, which has no gateway: nothing unprotected`, action: { kind: 'discard' }, clause: 'TS 33.210 §C.2' }
    : { name: `${domain}, which has no gateway: unprotected`, action: { kind: 'bypass' } };
}

const isApart = ({ options }: NetworkPlan, a: NetworkRole, b: NetworkRole): boolean =>
  options.security?.apart === true && [a, b].every((role) => role === 'home1' || role === 'home2');

function peerOf(plan: NetworkPlan, own: PlannedEntity, gateway: PlannedEntity, remote: AddressRange, seed: number): GatewayPeer {
  const { lifetime, agreedUntil, secretDiffers } = plan.options.security ?? {};
  const pair = [own.network, gateway.network].sort().join(' and ');
  const isWrong = secretDiffers === true && own.scenarioRole === 'seg2' && gateway.scenarioRole === 'seg1';
  return {
    host: gateway.id,
    domain: gateway.network,
    address: gateway.address,
    secret: createKeyedChance(seed, `${isWrong ? 'another ' : ''}secret of ${pair}`).bytes('secret', 32),
    remote,
    lifetime: lifetime ?? LIFETIME,
    agreedUntil: agreedUntil === undefined ? undefined : (seconds(agreedUntil) as number as SimTime),
  };
}

/** All addresses of a network. */
function rangeOf(plan: NetworkPlan, network: NetworkRole): AddressRange {
  const family = plan.options.family ?? 'ipv6';
  const prefix = PREFIXES[family][network];
  const [first, last] = family === 'ipv6' ? [prefix, `${prefix.slice(0, -1)}0:ffff:ffff:ffff:ffff`] : [`${prefix}0`, `${prefix}255`];
  return { first: bytesOf(first), last: bytesOf(last) };
}

function bytesOf(address: string): Uint8Array {
  const bytes = parseIpAddress(address);
  if (bytes === undefined) throw new Error(`${address} is no address`);
  return bytes;
}
