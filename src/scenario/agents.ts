/** Who may publish about the presentities of a presence server although it is none of them: the agents that stand in the network, and what they are (TS 23.141 (clause unchecked)). */
import type { PublicationSource, SourceKind } from '#presence/publication/source.ts';
import type { NetworkPlan } from './plan.ts';

const KINDS: ReadonlyMap<string, SourceKind> = new Map([
  ['network-agent', 'network-agent'],
  ['external-agent', 'external-agent'],
]);

/** The agents of the plan, by the names that are asserted for them. */
export function agentsOf(plan: NetworkPlan): readonly PublicationSource[] {
  return [...plan.entities.values()].flatMap(({ kind, id }) => {
    const known = KINDS.get(kind);
    return known === undefined ? [] : [{ kind: known, identity: `sip:${id}` }];
  });
}
