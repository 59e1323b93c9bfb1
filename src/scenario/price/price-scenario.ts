/**
 * Two domains that watch each other, scaled down in users: as many users per domain as a watcher has contacts, so that everybody of the other domain is everybody's contact.
 * From the parameters of the analysis (spec section 7.3) to a scenario; the catalog's `interdomain-traffic` is one of these, and its named changes turn the same parameters over.
 */
import { askedSecondsOf, CASES, USUALLY_GRANTED, type PriceCase, type PriceParameters, type Saving } from '#trace/price-formula.ts';
import { lastsFor } from '../workload.ts';
import type { NamedChange, NetworkOptions, Scenario } from '../scenario.ts';

export interface ScaledDown extends Omit<PriceParameters, 'users'> {
  readonly saving: Saving;
  /** Who watches: one user of each domain, or all of them. */
  readonly watchers: 'one' | 'all';
}

type Roles = NonNullable<NetworkOptions['with']>;

/** Seconds. */
export const SESSION_AT = 20;
const REGISTERED_AT = 1;
const PUBLISHED_AT = 8;
/** After the last unsubscription. */
const AFTERWARDS = 20;
const SIDES = [1, 2] as const;
/** As many as a run can have. */
export const MAX_CONTACTS = 40;

const names = (contacts: number): readonly string[] => Array.from({ length: contacts - 1 }, (_, i) => `user${i + 3}`);

/** The others of each domain, who have presence and a UE each. */
export const subscribersOf = (contacts: number): NonNullable<NetworkOptions['subscribers']> =>
  SIDES.flatMap((side) => names(contacts).map((name) => ({ home: `home${side}` as const, name, presence: true })));

/** A list of everybody in each domain, behind its entry. */
export const listsOf = (contacts: number): NonNullable<NetworkOptions['lists']> =>
  SIDES.map((side) => ({
    at: `rls${side}` as const,
    identity: `sip:everybody@home${side}.net`,
    direct: true,
    gathers: true,
    members: [`user${side}`, ...names(contacts)].map((name) => ({ uri: `sip:${name}_public1@home${side}.net` })),
  }));

const usesLists = (saving: Saving): boolean => saving === 'list' || saving === 'list-suppressed';
const suppresses = (saving: Saving): boolean => saving === 'suppressed' || saving === 'list-suppressed';

export const rolesOf = (saving: Saving, contacts: number): Roles => [
  'ps1',
  ...(contacts > 1 ? (['crowd1', 'crowd2'] as const) : []),
  ...(usesLists(saving) ? (['rls1', 'rls2'] as const) : []),
  ...(saving === 'common' ? (['nd1', 'nd2'] as const) : []),
];

/** A UE refreshes 600 s before the end of what it was granted: where a day is not enough, the servers of the run grant more, or it would refresh earlier than the analysis says. */
export function presenceOf(saving: Saving, refreshHours: number): NonNullable<NetworkOptions['presence']> {
  const asked = askedSecondsOf({ refreshHours });
  return {
    ...(saving === 'common' ? { common: true } : { lean: { conditions: suppresses(saving) } }),
    ...(asked > USUALLY_GRANTED ? { maxExpires: asked } : {}),
  };
}
export const watchedBy = (saving: Saving): 'each' | 'list' => (usesLists(saving) ? 'list' : 'each');

/** When the run of a session ends, in seconds. */
export const endOf = (seconds: number): number => SESSION_AT + seconds + AFTERWARDS;

/** Why these parameters cannot be run, in a sentence; undefined when they can. What a workload cannot be is said by the scenario itself. */
export function scaleProblem({ contacts }: Pick<ScaledDown, 'contacts'>): string | undefined {
  return Number.isInteger(contacts) && contacts >= 1 && contacts <= MAX_CONTACTS
    ? undefined
    : `A run has 1 to ${MAX_CONTACTS} contacts per watcher, not ${contacts}.`;
}

/** Without what the catalog adds: chapters, changes and expectations. */
export function priceScenario({ hours, changesPerHour, refreshHours, contacts, saving, watchers }: ScaledDown): Scenario {
  const people = contacts > 1 ? (['ue1', 'ue2', 'crowd1', 'crowd2'] as const) : (['ue1', 'ue2'] as const);
  return {
    format: 1,
    id: 'interdomain-traffic',
    title: 'The price of presence',
    summary:
      'Two networks watch each other for a session, and people come and go; what crosses the border between them is counted, and held against a formula.',
    until: endOf(lastsFor({ hours, changesPerHour, refreshHours }, contacts)),
    network: {
      watcherAtHome: true,
      with: rolesOf(saving, contacts),
      subscribers: subscribersOf(contacts),
      presence: presenceOf(saving, refreshHours),
      lists: listsOf(contacts),
    },
    timeline: [
      ...people.map((who) => ({ at: REGISTERED_AT, who, do: { kind: 'register' } })),
      ...people.map((who) => ({ at: PUBLISHED_AT, who, do: { kind: 'publish', basic: 'open', note: 'At my desk' } })),
    ],
    workload: { at: SESSION_AT, hours, changesPerHour, refreshHours, watchers, by: watchedBy(saving) },
  };
}

/** Hours of a session in the analysis. */
export const WHOLE_HOURS = CASES.basic.parameters.hours;

/** The first case of the analysis, without any saving, with one watcher on either side. */
export const basicSession = (hours: number): Scenario => priceScenario({ ...CASES.basic.parameters, hours, saving: 'none', watchers: 'one' });

type ChangeValue = NamedChange['values'][number];
const plainData = (value: unknown): ChangeValue['patches'][number]['value'] => JSON.parse(JSON.stringify(value)) as ChangeValue['patches'][number]['value'];

/** Turns a session over to another case. */
export function caseValue(value: PriceCase): ChangeValue {
  const { name, title, parameters } = CASES[value];
  const { contacts, changesPerHour } = parameters;
  return {
    value,
    title: `${name}, ${title}: ${contacts} contacts, ${changesPerHour} changes an hour`,
    patches: [
      { path: '/network/subscribers', value: plainData(subscribersOf(contacts)) },
      { path: '/network/lists', value: plainData(listsOf(contacts)) },
      { path: '/workload/changesPerHour', value: changesPerHour },
    ],
  };
}

/** Turns a session over to another saving. */
export const savingValue = (value: Saving, title: string): ChangeValue => ({
  value,
  title,
  patches: [
    { path: '/network/with', value: plainData(rolesOf(value, CASES.basic.parameters.contacts)) },
    { path: '/network/presence', value: plainData(presenceOf(value, CASES.basic.parameters.refreshHours)) },
    { path: '/workload/by', value: watchedBy(value) },
  ],
});
