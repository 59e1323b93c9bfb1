/** What a schema cannot tell: whether the network of a scenario can stand at all. Asked before anything is built, so that a user's own file gets a sentence. */
import type { NetworkPlan } from './plan.ts';
import { ROLES, type ScenarioError, type ValidScenario } from './scenario.ts';

/** Why the scenario cannot be run in its own network, or undefined. */
export function infeasibility(scenario: ValidScenario, plan: NetworkPlan): ScenarioError | undefined {
  const problem = problemOf(scenario, plan);
  return problem === undefined ? undefined : { kind: 'scenario-error', message: `Not a valid scenario: at ${problem}.` };
}

function problemOf({ timeline, network = {} }: ValidScenario, plan: NetworkPlan): string | undefined {
  const stray = timeline.findIndex(({ who }) => !plan.entities.has(who));
  if (stray >= 0) return `/timeline/${stray}/who: there is no ${timeline[stray]?.who ?? ''} in this network`;
  for (const [i, { between }] of (network.links ?? []).entries()) {
    const absent = between.find((role) => !plan.entities.has(role));
    if (absent !== undefined) return `/network/links/${i}/between: there is no ${absent} in this network`;
  }
  const domains = plan.networks.map((each) => each.domain);
  if (new Set(domains).size < domains.length) return `/network: its networks must have different domains, not ${domains.join(', ')}`;
  const roles = (network.users ?? []).map((user) => user.role);
  if (new Set(roles).size < roles.length) return `/network/users: ${roles.join(', ')} names somebody twice`;
  const seen = new Set<string>();
  for (const role of ROLES) {
    const entity = plan.entities.get(role);
    if (entity === undefined) continue;
    if (entity.kind !== 'ue' && !entity.id.endsWith(`.${entity.network}`)) return `/network/hosts/${role}: ${entity.id} does not lie in ${entity.network}`;
    if (seen.has(entity.id)) return `/network/hosts/${role}: another entity is called ${entity.id} already`;
    seen.add(entity.id);
  }
  return undefined;
}
