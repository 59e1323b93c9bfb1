/**
 * What two networks full of people do all day, as the analysis of traffic between domains supposes it (spec section 7.3): everybody, or one user of each, watches everybody of the other network for a
 * session, and everybody's presence changes at a constant rate. Told by a few numbers (`workload` of a scenario) and turned into the wishes of people here; all else is the entities' own doing, refreshes included.
 */
import { askedSecondsOf, BETWEEN_CHANGES, changesOf, refreshesOf, refreshSecondsOf } from '#trace/price-formula.ts';
import type { NetworkPlan } from './plan.ts';
import type { ValidScenario } from './scenario.ts';

export type Workload = NonNullable<ValidScenario['workload']>;
type Wish = ValidScenario['timeline'][number];

/** Seconds between the subscriptions of one watcher. */
const APART = 0.1;
/** Seconds that lie between a change and a refresh. */
const CLEARANCE = 10;
/** Seconds by which each refresh comes later than the last one and the time between them: the time is counted from the answer, which is that long on its way. */
const LATER_EACH = 0.085;
const SIDES = [1, 2] as const;
type Side = (typeof SIDES)[number];

interface Person {
  readonly who: Wish['who'];
  /** Of a member of a crowd. */
  readonly user?: string;
  readonly address: string;
}

/** The UE of the story first, then its crowd. */
function peopleOf(plan: NetworkPlan, side: Side): readonly Person[] {
  const user = plan.users.find(({ role }) => role === `ue${side}`);
  const crowd = plan.entities.get(`crowd${side}`);
  const members = crowd?.crowd ?? [];
  return [
    { who: `ue${side}`, address: user?.publicIdentities[0] ?? '' },
    ...members.map((name): Person => ({ who: `crowd${side}`, user: name, address: `sip:${name}_public1@${crowd?.home ?? ''}` })),
  ];
}

/** Why the workload cannot be had, in a sentence; undefined when it can. */
export function workloadProblem({ workload }: ValidScenario, plan: NetworkPlan): string | undefined {
  if (workload === undefined) return undefined;
  const contacts = Math.max(...SIDES.map((side) => peopleOf(plan, side).length));
  const { changesPerHour, by } = workload;
  if (changesPerHour > 0 && 3600 / changesPerHour / contacts < BETWEEN_CHANGES)
    return `/workload/changesPerHour: ${contacts} people who change ${changesPerHour} times an hour each change too close to each other, and several changes would be told in one NOTIFY`;
  if (by === 'list') {
    const without = SIDES.find((side) => listOf(plan, side) === undefined);
    if (without !== undefined) return `/network/lists: nobody serves a list of home${without}`;
  }
  return undefined;
}

const listOf = (plan: NetworkPlan, side: Side): string | undefined =>
  plan.entities.has(`rls${side}`) ? plan.options.lists?.find(({ at }) => at === `rls${side}`)?.identity : undefined;

type Rates = Pick<Workload, 'hours' | 'changesPerHour' | 'refreshHours'>;

/** Seconds from the first subscription to the moment at which a refresh is due. */
const refreshAfter = (rates: Rates, count: number): number => count * (refreshSecondsOf(rates) + LATER_EACH);

/** Seconds between a subscription and its end: the session, and a little longer where a refresh or a change falls on its end and would be told together with it. */
export function lastsFor(rates: Rates, people: number): number {
  const changes = changesOf(rates);
  const lastChange = changes > 0 ? changeAfter(rates, changes - 1, people - 1, people) + CLEARANCE : 0;
  const refreshes = refreshesOf(rates);
  const lastRefresh = refreshes === 0 ? 0 : refreshAfter(rates, refreshes) + CLEARANCE;
  return Math.ceil(Math.max(rates.hours * 3600, lastChange, lastRefresh) - 1e-6);
}

/** Seconds from the first subscription to a change of one of the people; one that would fall on a refresh comes a little later. */
function changeAfter(rates: Rates, round: number, index: number, people: number): number {
  const since = (3600 / rates.changesPerHour) * (round + (index + 0.5) / people);
  const nearest = refreshAfter(rates, Math.min(Math.round(since / refreshAfter(rates, 1)), refreshesOf(rates)));
  return since + (Math.abs(since - nearest) < CLEARANCE ? 2 * CLEARANCE : 0);
}

/** The wishes of all of them, beside those of the timeline. */
export function workloadTimeline({ workload }: ValidScenario, plan: NetworkPlan): readonly Wish[] {
  if (workload === undefined) return [];
  return SIDES.flatMap((side) => [...watching(workload, plan, side), ...changing(workload, plan, side)]);
}

function watching(workload: Workload, plan: NetworkPlan, side: Side): readonly Wish[] {
  const { at, watchers, by } = workload;
  const other: Side = side === 1 ? 2 : 1;
  const watched = by === 'list' ? [listOf(plan, other) ?? ''] : peopleOf(plan, other).map(({ address }) => address);
  const expires = askedSecondsOf(workload);
  const last = lastsFor(workload, peopleOf(plan, other).length);
  // A crowd is asked as one: each of its members does it.
  const crowd = `crowd${side}` as const;
  const who: readonly Wish['who'][] = watchers === 'all' && plan.entities.has(crowd) ? [`ue${side}`, crowd] : [`ue${side}`];
  return who.flatMap((each) =>
    watched.flatMap((to, i): readonly Wish[] => [
      { at: at + i * APART, who: each, do: { kind: 'subscribe', to, expires, conditional: true, ...(by === 'list' ? { lists: true } : {}) } },
      // Who leaves wants to hear the last word.
      { at: at + i * APART + last, who: each, do: { kind: 'unsubscribe', to, suppress: 'none' } },
    ]),
  );
}

/** One after the other at a constant rate. */
function changing(workload: Workload, plan: NetworkPlan, side: Side): readonly Wish[] {
  const people = peopleOf(plan, side);
  return Array.from({ length: changesOf(workload) }, (_, round) =>
    people.map(({ who, user }, i): Wish => {
      const moment = changeAfter(workload, round, i, people.length);
      const state = round % 2 === 0 ? { basic: 'closed', note: 'Out of office' } : { basic: 'open', note: 'At my desk' };
      return { at: Math.round(1000 * (workload.at + moment)) / 1000, who, do: { kind: 'publish', ...(user === undefined ? {} : { user }), ...state } };
    }),
  ).flat();
}
