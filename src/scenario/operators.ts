/**
 * What operators do, as the scenario's timeline and a person's changes ask for it: stop and restart entities, cut, impair and restore links. All of it is known before
 * the run begins; the kernel is told when. What an operator asks an entity itself (an HSS, say) goes there as any wish does.
 */
import type { Intent, Machine } from '#base/machine.ts';
import { milliseconds, seconds, type Duration, type SimTime } from '#base/time.ts';
import { decided } from '#ims/node/edit.ts';
import type { LinkPolicy } from '#sim/links.ts';
import type { OperatorsAct, Outage } from '#sim/outage.ts';
import type { Change, EntityId } from '#trace/record.ts';
import { criterionOf } from './build.ts';
import { entityOf, type NetworkPlan } from './plan.ts';
import type { CriterionOptions, Role, ValidScenario } from './scenario.ts';
import { workloadTimeline } from './workload.ts';

/** Somebody wants something of an entity at a moment (microseconds). */
export interface Wish {
  readonly at: SimTime;
  readonly who: EntityId;
  readonly intent: Intent;
}

/** What is wrong with a link for a while: nothing passes, or not everything does, or all of it comes late. */
interface Fault {
  readonly a: EntityId;
  readonly b: EntityId;
  readonly from: SimTime;
  readonly until: SimTime | undefined;
  readonly lossPerMille: number;
  /** What it takes longer than it does. */
  readonly late: Duration;
}

export interface Operations {
  /** What is left for the entities themselves. */
  readonly wishes: readonly Wish[];
  readonly outages: readonly Outage[];
  /** What is done to links, as the trace shows it. */
  readonly repairs: readonly Wish[];
  /** The links with the faults that they have at that moment. */
  faulty(policy: LinkPolicy, at: SimTime): LinkPolicy;
}

const OPERATIONS: ReadonlySet<string> = new Set(['crash', 'restart', 'cut', 'impair', 'restore']);
const OF_LINKS: ReadonlySet<string> = new Set(['cut', 'impair', 'restore']);
const STOPS = decided('It stops: all that was in its memory is lost, and what is sent to it reaches nobody until it is restarted.');
const COMES_BACK = decided('It comes back with its configuration and what is on disk; of everything else it knows nothing.');

/** `rebuild` makes the machine that comes back, for the so manieth life (1 for the first restart). */
export function planOperations(
  scenario: ValidScenario,
  plan: NetworkPlan,
  changes: readonly Change[],
  rebuild: (entity: EntityId, stopped: Machine, life: number) => Machine,
): Operations {
  const all: Wish[] = [...scenario.timeline, ...workloadTimeline(scenario, plan)].map(({ at, who, do: intent }) => ({
    at: seconds(at) as number as SimTime,
    who: entityOf(plan, who).id,
    intent: inEntityWords(plan, intent),
  }));
  for (const change of changes) if (change.kind === 'do') all.push({ at: change.at as SimTime, who: change.who, intent: inEntityWords(plan, change.intent) });
  const acts = all.filter(({ intent }) => OPERATIONS.has(intent.kind)).sort((a, b) => a.at - b.at);
  const faults = faultsOf(acts);
  return {
    wishes: all.filter(({ intent }) => !OPERATIONS.has(intent.kind)),
    outages: outagesOf(acts, rebuild),
    repairs: acts.filter(({ intent }) => OF_LINKS.has(intent.kind)),
    faulty: (policy, at) => (from, to) => {
      const quality = policy(from, to);
      const fault = faults.find(
        ({ a, b, from: since, until }) => ((a === from && b === to) || (a === to && b === from)) && at >= since && (until === undefined || at < until),
      );
      if (fault === undefined) return quality;
      return { ...quality, lossPerMille: Math.max(quality.lossPerMille, fault.lossPerMille), delay: (quality.delay + fault.late) as Duration };
    },
  };
}

function outagesOf(acts: readonly Wish[], rebuild: (entity: EntityId, stopped: Machine, life: number) => Machine): Outage[] {
  const outages: { -readonly [K in keyof Outage]: Outage[K] }[] = [];
  for (const { at, who, intent } of acts) {
    const before = outages.findLast((outage) => outage.entity === who);
    const isDown = before !== undefined && before.restart === undefined;
    const act = (note: OperatorsAct['note']): OperatorsAct => ({ at, intent, note });
    if (intent.kind === 'crash' && !isDown) {
      const life = outages.filter((outage) => outage.entity === who).length + 1;
      outages.push({ entity: who, crash: act(STOPS), restart: undefined, rebuild: (stopped) => rebuild(who, stopped, life) });
    } else if (intent.kind === 'restart' && isDown) before.restart = act(COMES_BACK);
    // To restart what runs is to stop it and bring it back at once.
    else if (intent.kind === 'restart') {
      const life = outages.filter((outage) => outage.entity === who).length + 1;
      const back = { at: (at + 1) as SimTime, intent, note: COMES_BACK };
      outages.push({ entity: who, crash: act(STOPS), restart: back, rebuild: (stopped) => rebuild(who, stopped, life) });
    }
  }
  return outages;
}

/** A link has one fault at a time: a later one takes the place of the one before. */
function faultsOf(acts: readonly Wish[]): readonly Fault[] {
  const faults: { -readonly [K in keyof Fault]: Fault[K] }[] = [];
  for (const { at, who, intent } of acts) {
    if (!OF_LINKS.has(intent.kind)) continue;
    const to = typeof intent['to'] === 'string' ? intent['to'] : '';
    const open = faults.find(({ a, b, until }) => until === undefined && ((a === who && b === to) || (a === to && b === who)));
    if (open !== undefined) open.until = at;
    if (intent.kind === 'restore') continue;
    const isCut = intent.kind === 'cut';
    const lossPerMille = isCut ? 1000 : numberOf(intent['lossPerMille'], 1000);
    faults.push({ a: who, b: to, from: at, until: undefined, lossPerMille, late: milliseconds(isCut ? 0 : numberOf(intent['lateMs'], LATEST_MS)) });
  }
  return faults;
}

/** No link is slower than this: nobody waits for longer. */
const LATEST_MS = 60_000;
const numberOf = (value: unknown, most: number): number => (typeof value === 'number' && value > 0 ? Math.round(Math.min(value, most)) : 0);

/** Roles become the ids of entities, and criteria what a profile holds. */
function inEntityWords(plan: NetworkPlan, intent: Intent): Intent {
  if (OF_LINKS.has(intent.kind)) {
    const to = plan.entities.get(intent['to'] as Role);
    return to === undefined ? intent : { ...intent, to: to.id };
  }
  if (intent.kind !== 'change-profile' || !Array.isArray(intent['filterCriteria'])) return intent;
  const criteria = (intent['filterCriteria'] as unknown as readonly CriterionOptions[]).map((one) => criterionOf(plan, one));
  return { ...intent, filterCriteria: JSON.parse(JSON.stringify(criteria)) as Intent[string] };
}
