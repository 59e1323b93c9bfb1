/** Filter criteria of the presentity that several scenarios give her, beyond the usual ones of `scenario/build.ts`. Plain data. */
import type { CriterionOptions } from '#scenario/scenario.ts';

/** Who subscribes to her presence is sent to the presence server, registered or not. */
const WATCHERS = {
  priority: 10,
  cnf: false,
  triggers: [
    { method: 'SUBSCRIBE', groups: [0, 1] },
    { header: { name: 'Event', content: '^presence(\\.winfo)?(;.*)?$' }, groups: [0, 1] },
    { sessionCase: 1, groups: [0] },
    { sessionCase: 2, groups: [1] },
  ],
  defaultHandling: 1,
} satisfies CriterionOptions;

const PUBLICATIONS = {
  priority: 20,
  cnf: false,
  triggers: [{ method: 'PUBLISH' }, { header: { name: 'Event', content: '^presence(;.*)?$' } }, { sessionCase: 0 }],
  defaultHandling: 1,
} satisfies CriterionOptions;

/** She asks the presence server herself who watches her: an originating service (TS 24.141 (clause unchecked)). */
export const WITH_OWN_WATCHERS = [
  WATCHERS,
  {
    priority: 15,
    cnf: false,
    triggers: [{ method: 'SUBSCRIBE' }, { header: { name: 'Event', content: '^presence\\.winfo(;.*)?$' } }, { sessionCase: 0 }],
    defaultHandling: 1,
  },
  PUBLICATIONS,
] satisfies CriterionOptions[];

/** The presence server also hears of registrations (TS 23.218 §6.3). */
export const WITH_REGISTRATIONS = [
  WATCHERS,
  PUBLICATIONS,
  { priority: 30, cnf: false, triggers: [{ method: 'REGISTER' }, { sessionCase: 0 }], defaultHandling: 0 },
] satisfies CriterionOptions[];

/** Nothing leads to the presence server but what she publishes. */
export const WITHOUT_WATCHERS = [PUBLICATIONS] satisfies CriterionOptions[];

/** The usual ones, where a scenario has to name them. */
export const USUAL = [WATCHERS, PUBLICATIONS] satisfies CriterionOptions[];
