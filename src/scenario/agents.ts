/** Who may publish about the presentities of a presence server although it is none of them: the agents that stand in the network, and what they are (TS 23.141 (clause unchecked)). */
import type { PublicationSource, SourceKind } from '#presence/publication/source.ts';
import type { NetworkPlan } from './plan.ts';
import type { CriterionOptions } from './scenario.ts';

/** For an agent outside nobody vouches: it shows itself who it is (`external-agent-parts.ts`). */
const KINDS: ReadonlyMap<string, SourceKind> = new Map([['network-agent', 'network-agent']]);

/** The agents of the plan, by the names that are asserted for them; without one that the operator has not put on the list of the presence server. */
export function agentsOf(plan: NetworkPlan): readonly PublicationSource[] {
  return [...plan.entities.values()].flatMap(({ kind, id }) => {
    const known = KINDS.get(kind);
    const isOnTheList = kind !== 'network-agent' || plan.options.agent?.trusted !== false;
    return known === undefined || !isOnTheList ? [] : [{ kind: known, identity: `sip:${id}` }];
  });
}

/** The filter criteria that agents need, each where it stands. */
export function agentCriteria({ entities }: NetworkPlan): readonly CriterionOptions[] {
  const agent = entities.get('pna');
  return [
    ...(entities.has('pea') ? [FROM_ELSEWHERE] : []),
    // TS 24.141 §5.3.5.1: the filter criteria see to it that the network agent gets third-party REGISTERs.
    ...(agent === undefined
      ? []
      : [{ priority: 40, cnf: false, triggers: [{ method: 'REGISTER' }, { sessionCase: 0 }], server: `sip:${agent.id}`, defaultHandling: 0 as const }]),
  ];
}

/** A publication for the user that comes from elsewhere goes to the presence server too, whether the user is registered or not: the terminating cases. */
const FROM_ELSEWHERE: CriterionOptions = {
  priority: 30,
  cnf: false,
  triggers: [
    { method: 'PUBLISH', groups: [0, 1] },
    { header: { name: 'Event', content: '^presence(;.*)?$' }, groups: [0, 1] },
    { sessionCase: 1, groups: [0] },
    { sessionCase: 2, groups: [1] },
  ],
  defaultHandling: 1,
};
