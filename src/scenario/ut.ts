/** What a UE and the server of its user's rules hold in common: the address, and a password over Ut. Apart from what the server itself is made of, which is loaded on demand. */
import { createKeyedChance } from '#base/chance.ts';
import type { UeConfig } from '#ims/ue/config.ts';
import type { XcapFacts } from '#ims/ue/xcap-facts.ts';
import type { NetworkPlan, PlannedUser } from './plan.ts';
import type { Role } from './roles.ts';

/** The password that was agreed on for Ut. */
export const utPasswordOf = (user: PlannedUser, seed: number): string => createKeyedChance(seed, `Ut of ${user.role}`).token('password', 12);

const homeOf = (plan: NetworkPlan, role: Role): string | undefined => plan.users.find((one) => one.role === role)?.homeRole;

/** Nothing, where the user's home network keeps no rules. */
export function xcapFactsOf(plan: NetworkPlan, role: Role, seed: number): Pick<UeConfig, 'xcap'> {
  const server = [plan.entities.get('xdms'), plan.entities.get('xdms1')].find((one) => one !== undefined && one.networkRole === homeOf(plan, role));
  const user = plan.users.find((one) => one.role === role);
  const identity = user?.publicIdentities[0];
  if (server === undefined || user === undefined || identity === undefined) return {};
  const right = utPasswordOf(user, seed);
  const facts: XcapFacts = {
    // The presence server stands in home2, the list server of the watcher in home1: what is kept there is what they ask for.
    usage: server.scenarioRole === 'xdms1' ? 'rls-services' : 'pres-rules',
    host: server.id,
    address: server.address,
    identity,
    username: user.privateIdentity,
    password: user.options.device?.utPassword ?? right,
  };
  return { xcap: facts };
}
