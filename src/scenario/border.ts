/** What others of a network know of its border node, where it has one. */
import type { ZoneFile } from '#protocol/dns/zone.ts';
import type { NetworkPlan } from './plan.ts';
import type { NetworkRole } from './standings.ts';
import { borderNode, zonesOf } from './zones.ts';

/** For the S-CSCF: through whom requests leave. */
export function borderOf(plan: NetworkPlan, network: NetworkRole): { readonly border?: string } {
  const node = borderNode(plan, network);
  return node === undefined ? {} : { border: node.id };
}

/** For the name server: what partners are told. */
export function outsideZones(plan: NetworkPlan, network: NetworkRole): { readonly outsideZones?: readonly ZoneFile[] } {
  return borderNode(plan, network) === undefined ? {} : { outsideZones: zonesOf(plan, network, true) };
}
