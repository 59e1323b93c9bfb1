/** What the presentity's network knows of agents outside that may publish, apart from what they are made of, which is loaded on demand. */
import type { NetworkPlan } from './plan.ts';
import type { CriterionOptions } from './scenario.ts';

/** A publication for the user that comes from elsewhere goes to the presence server too, whether the user is registered or not: the terminating cases. */
export const agentCriteria = ({ entities }: NetworkPlan): readonly CriterionOptions[] => (entities.has('pea') ? [FROM_ELSEWHERE] : []);

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
