/**
 * What helps to find the presence server of a user: who holds the user's data (one HSS, or several behind an SLF), which S-CSCFs there are to choose from,
 * and services with an address of their own.
 */
import type { ServiceIdentity, Subscription } from '#ims/hss/subscribers.ts';
import { DIAMETER_PORT, type DiameterServer } from '#protocol/diameter/peer.ts';
import { entityOf, type NetworkPlan, type PlannedEntity, type PlannedUser } from './plan.ts';
import type { Role } from './scenario.ts';
import { listServices } from './lists.ts';
import type { NetworkRole } from './standings.ts';

/** Where an entity of that network asks about users, and the HSSs that it may be sent to. */
export function subscriberData(plan: NetworkPlan, network: NetworkRole): { readonly hss: DiameterServer; readonly located?: readonly DiameterServer[] } {
  if (network !== 'home2') return { hss: diameterServer(plan, 'hss1') };
  if (!plan.entities.has('slf2')) return { hss: diameterServer(plan, 'hss2') };
  const held = (['hss2', 'hss2b'] as const).filter((role) => plan.entities.has(role));
  return { hss: diameterServer(plan, 'slf2'), located: held.map((role) => diameterServer(plan, role)) };
}

function diameterServer(plan: NetworkPlan, role: Role): DiameterServer {
  const { id, address } = entityOf(plan, role);
  return { host: id, endpoint: { address, port: DIAMETER_PORT } };
}

/** Whether that HSS holds the user. */
export const holds = (entity: PlannedEntity, user: PlannedUser): boolean =>
  user.homeRole === entity.networkRole && (entity.networkRole === 'home1' || entity.scenarioRole === (user.options.hss ?? 'hss2'));

/** The S-CSCFs of a network and what they can do, in order of preference. */
export function serversOf(plan: NetworkPlan, network: NetworkRole): readonly { readonly name: string; readonly capabilities: readonly number[] }[] {
  if (network !== 'home2') return [{ name: `sip:${entityOf(plan, 'scscf1').id}`, capabilities: [1, 2] }];
  const more = plan.entities.get('scscf2b');
  return [
    { name: `sip:${entityOf(plan, 'scscf2').id}`, capabilities: [1, 2] },
    ...(more === undefined ? [] : [{ name: `sip:${more.id}`, capabilities: [1, 2, 3] }]),
  ];
}

/** The services that the HSS leads to by itself. */
export function servicesOf(plan: NetworkPlan, entity: PlannedEntity): readonly ServiceIdentity[] {
  const { service } = plan.options;
  const server = plan.entities.get('psi');
  const lists = listServices(plan, entity);
  if (service === undefined || server === undefined || entity.scenarioRole !== 'hss2' || service.routing === 's-cscf') return lists;
  return [...lists, { identity: service.identity, serverName: `sip:${server.id}`, active: service.active ?? true }];
}

/** The service as a user who never registers: an S-CSCF serves it, and its only criterion leads to the application server. */
export function servedServices(plan: NetworkPlan, entity: PlannedEntity): readonly Subscription[] {
  const { service } = plan.options;
  const server = plan.entities.get('psi');
  if (service?.routing !== 's-cscf' || server === undefined || entity.scenarioRole !== 'hss2' || service.active === false) return [];
  return [
    {
      privateIdentity: service.identity.replace(/^sip:/, ''),
      publicIdentities: [{ identity: service.identity, barred: false }],
      filterCriteria: [
        {
          priority: 0,
          triggerPoint: { cnf: true, spts: [{ kind: 'session-case', sessionCase: 2, negated: false, groups: [0] }] },
          applicationServer: { serverName: `sip:${server.id}`, defaultHandling: 1 },
        },
      ],
      // Nobody ever registers under it, so no key would open it.
      secret: { kind: 'digest', realm: entity.network, ha1: '' },
      roamingAllowed: [],
      mandatoryCapabilities: [],
      chargingCollection: `ccf1.${entity.network}`,
      sequence: 0,
      serverName: undefined,
      state: 'not registered',
    },
  ];
}
