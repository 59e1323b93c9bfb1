/** Runs a scenario: plan, entities, kernel, trace. The same scenario, seed and changes give the same trace, byte for byte. */
import type { Machine } from '#base/machine.ts';
import { seconds, type SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { Kernel, NOT_LISTENING, RunawayError } from '#sim/kernel.ts';
import type { Observer, Packet } from '#sim/packet.ts';
import type { Change, EntityId, Moment, Trace, TraceRecord } from '#trace/record.ts';
import { buildEntities, rebuildEntity } from './build.ts';
import { applyNamedChanges } from './changes.ts';
import { judgeExpectations, type Judgement } from './expectations.ts';
import { infeasibility } from './feasibility.ts';
import { gatewaysOf } from './gateways.ts';
import { DEFAULT_START, headOf } from './head.ts';
import { linkChanges, linkPolicy, loseFirstRules, rewriteRules } from './links.ts';
import { planOperations } from './operators.ts';
import { packetRules } from './packet-changes.ts';
import type { Parts } from './parts.ts';
import { type NetworkPlan, planNetwork } from './plan.ts';
import { createRecording, inFlight } from './recorder.ts';
import type { ScenarioError, ValidScenario } from './scenario.ts';
import { STATE_TABLES } from './state-tables.ts';

export interface RunOptions {
  readonly seed: number;
  readonly changes: readonly Change[];
}

/** Microseconds that follow a person's last wish. */
const AFTERMATH = seconds(40);
/** Microseconds after the end of a scenario at which somebody may still ask for something: a link must not make a browser compute years. */
const LATEST_AFTER_END = seconds(86_400);
/** Microseconds: the longest that somebody waits for a message that was dropped or changed (Timer F of a UE), and a little. */
const PATIENCE = seconds(132);
/**
 * Inputs after which a run that is recorded is given up, as a scenario error: some ten thousands of messages, more than anybody reads, and what a browser computes in
 * less than half a minute and holds.
 */
const MOST_INPUTS = 100_000;
const STOPPAGES: ReadonlySet<string> = new Set(['crash', 'cut', 'impair']);

interface Prepared {
  readonly scenario: ValidScenario;
  readonly plan: NetworkPlan;
  readonly machines: ReadonlyMap<EntityId, Machine>;
  readonly kernel: Kernel;
  readonly until: SimTime;
  readonly finish: () => Trace;
}

/** Is told of every packet when it is sent. */
export type PacketWatch = (packet: Packet) => void;

export interface Runner {
  /** The whole run without a trace, for those who only count; or why the scenario cannot be run. */
  readonly observeScenario: (scenario: ValidScenario, options: RunOptions, onPacket: PacketWatch) => ScenarioError | undefined;
  /** The whole run, or why the scenario cannot be run with these changes. */
  readonly runScenario: (scenario: ValidScenario, options: RunOptions) => Trace | ScenarioError;
  /** The whole run, and which expectations of the scenario it meets and breaks. */
  readonly runAndJudge: (scenario: ValidScenario, options: RunOptions) => ({ readonly trace: Trace } & Judgement) | ScenarioError;
  /** What every entity holds at a moment: the run is computed again up to it. */
  readonly viewsAt: (scenario: ValidScenario, options: RunOptions, moment: Moment) => ReadonlyMap<EntityId, EntityView> | ScenarioError;
}

/** Lets it run up to a moment; or why not. */
function carryOut({ kernel, until }: Prepared, moment = until): ScenarioError | undefined {
  try {
    kernel.runUntil(Math.min(moment, until) as SimTime);
    return undefined;
  } catch (error) {
    if (!(error instanceof RunawayError)) throw error;
    return {
      kind: 'scenario-error',
      message: `Too much happens: more than ${kernel.inputs - 1} messages, timers and wishes by ${(kernel.now / 1_000_000).toFixed(0)} s of ${until / 1_000_000} s. Let the run end earlier, or let less happen in it (longer expiry times, fewer people).`,
    };
  }
}

/** Runs scenarios with the entities that everybody needs, and those of `parts`. */
export function createRunner(parts: Parts, mostInputs = MOST_INPUTS): Runner {
  return {
    runScenario: (scenario, options) => {
      const prepared = prepare(scenario, options, parts, mostInputs);
      if ('kind' in prepared) return prepared;
      return carryOut(prepared) ?? prepared.finish();
    },

    observeScenario: (scenario, options, onPacket) => {
      const prepared = prepare(scenario, options, parts, undefined, { ...NOT_LISTENING, onPacket });
      if ('kind' in prepared) return prepared;
      return carryOut(prepared);
    },

    runAndJudge: (scenario, options) => {
      const prepared = prepare(scenario, options, parts, mostInputs);
      if ('kind' in prepared) return prepared;
      const obstacle = carryOut(prepared);
      if (obstacle !== undefined) return obstacle;
      const trace = prepared.finish();
      return { trace, ...judgeExpectations(prepared.scenario, prepared.plan, trace) };
    },

    viewsAt: (scenario, options, moment) => {
      const prepared = prepare(scenario, options, parts, mostInputs);
      if ('kind' in prepared) return prepared;
      const { kernel, machines } = prepared;
      const obstacle = carryOut(prepared, moment.t as SimTime);
      if (obstacle !== undefined) return obstacle;
      const views = new Map<EntityId, EntityView>();
      for (const id of machines.keys()) views.set(id, kernel.machineOf(id).view(kernel.now));
      return views;
    },
  };
}

/** When the last thing happened, and a moment to see that nothing follows: nobody waits for a tail in which nothing happens any more. */
function lastEventOf(records: readonly TraceRecord[]): number {
  let last = 0;
  for (const record of records) last = Math.max(last, record.at, record.kind === 'message' ? (record.arrivedAt ?? record.lostAt ?? Infinity) : 0);
  return last + seconds(1);
}

function prepare(
  given: ValidScenario,
  { seed, changes }: RunOptions,
  parts: Parts,
  maxInputs: number | undefined,
  instead?: Observer,
): Prepared | ScenarioError {
  const scenario = applyNamedChanges(given, changes);
  if ('kind' in scenario) return scenario;
  const plan = planNetwork(scenario.network ?? {});
  const obstacle = infeasibility(scenario, plan);
  if (obstacle !== undefined) return obstacle;
  const startsAt = scenario.startsAt ?? DEFAULT_START;
  // What a person does late in the run is given time to have its effect.
  const lastChange = Math.max(0, ...changes.map((change) => (change.kind === 'do' ? change.at + AFTERMATH : 0)));
  const waiting = changes.some((change) => (change.kind === 'do' ? STOPPAGES.has(change.intent.kind) : change.kind !== 'set')) ? PATIENCE : 0;
  const least = Math.max(seconds(scenario.until), lastChange) as SimTime;
  const until = Math.max(seconds(scenario.until) + waiting, lastChange) as SimTime;
  const machines = buildEntities(plan, seed, startsAt, parts);
  const stray = changes.find((change) => change.kind === 'do' && !machines.has(change.who));
  if (stray?.kind === 'do')
    return { kind: 'scenario-error', message: `A change asks ${stray.who} for something, but there is no such entity in this network.` };
  const late = changes.find((change) => change.kind === 'do' && change.at > seconds(scenario.until) + LATEST_AFTER_END);
  if (late?.kind === 'do')
    return {
      kind: 'scenario-error',
      message: `A change asks for something at ${late.at / 1_000_000} s, more than a day after this scenario ends (${scenario.until} s).`,
    };
  const operations = planOperations(scenario, plan, changes, (entity, stopped, life) => rebuildEntity(plan, entity, seed, startsAt, parts, stopped, life));
  const recording = createRecording(until);
  const addresses = new Map<string, EntityId>();
  for (const entity of plan.entities.values()) for (const address of entity.addresses) addresses.set(address, entity.id);
  const gateways = gatewaysOf(plan);
  const kernel = new Kernel({
    seed,
    nodes: machines,
    addresses,
    links: linkPolicy(plan, 0),
    ...(gateways === undefined ? {} : { gateways }),
    rules: [...rewriteRules(plan), ...packetRules(changes), ...loseFirstRules(plan)],
    observer: instead ?? recording.observer,
    outages: operations.outages,
    ...(maxInputs === undefined ? {} : { maxInputs }),
  });
  const setLinks = (at: SimTime) => () => kernel.setLinks(operations.faulty(linkPolicy(plan, at / 1_000_000), at));
  for (const moment of linkChanges(plan)) {
    const at = seconds(moment) as number as SimTime;
    kernel.scheduleChange(at, { kind: 'link quality changes' }, setLinks(at));
  }
  for (const { at, who, intent } of operations.repairs) kernel.scheduleChange(at, intent, setLinks(at), who);
  for (const { at, who, intent } of operations.wishes) kernel.schedule(at, who, { kind: 'intent', intent });
  const finish = (): Trace => ({
    ...headOf(scenario, plan, { seed, changes, until: Math.max(least, Math.min(until, lastEventOf(recording.records))) }),
    tables: STATE_TABLES,
    endedInFlight: inFlight(recording.records),
    records: recording.records,
  });
  return { scenario, plan, machines, kernel, until, finish };
}
