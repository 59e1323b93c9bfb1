/** What the network knows of its distributor of NOTIFYs (ims/notify-distributor, an experiment): that watchers' SUBSCRIBEs for presence go through it. */
import type { NetworkPlan } from './plan.ts';
import type { CriterionOptions } from './scenario.ts';
import type { NetworkRole } from './standings.ts';

/** In front of all others. */
const FIRST_PRIORITY = 0;

export function distributorCriteria(plan: NetworkPlan, network: NetworkRole): readonly CriterionOptions[] {
  const server = plan.entities.get(network === 'home1' ? 'nd1' : 'nd2');
  if (server === undefined || server.networkRole !== network) return [];
  return [
    {
      priority: FIRST_PRIORITY,
      cnf: false,
      triggers: [{ method: 'SUBSCRIBE' }, { header: { name: 'Event', content: '^presence(;.*)?$' } }, { sessionCase: 0 }],
      server: `sip:${server.id}`,
      defaultHandling: 0,
    },
  ];
}
