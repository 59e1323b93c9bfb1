/** Runs the cases of the interdomain scaling analysis, scaled down in users, and counts at the border; the formula stands beside what was counted. Nothing is recorded but the counts. */
import { BORDER_KINDS, BorderCounter, type BorderCounts, type BorderKind } from '#trace/border-count.ts';
import { CASES, messagesPerWatcher, PRICE_CASES, type PriceCase, type PriceParameters, type Saving, SAVINGS } from '#trace/price-formula.ts';
import type { Amount } from '#trace/traffic.ts';
import { planNetwork } from '../plan.ts';
import { observeScenario } from '../run.ts';
import { isScenarioError, type ScenarioError, validateScenario } from '../scenario.ts';
import { priceScenario, scaleProblem } from './price-scenario.ts';

export interface Priced {
  readonly parameters: PriceParameters;
  readonly saving: Saving;
  /** Watchers per domain in the run. */
  readonly watchers: number;
  /** At the border, both directions, the whole session. */
  readonly counted: BorderCounts;
  /** Per watcher and session. */
  readonly messages: number;
  readonly bytes: number;
  readonly byKind: Readonly<Record<BorderKind, Amount>>;
  /** What the formula says of the messages. */
  readonly formula: number;
}

export interface PricedCase extends Priced {
  readonly case: PriceCase;
}

const SEED = 1;

/** The run of one case, or why it cannot be run. What only shows when many watch the same presentity is run with everybody watching, all else with one watcher in each domain. */
export function priceOf(parameters: PriceParameters, saving: Saving, watching: 'one' | 'all' = saving === 'common' ? 'all' : 'one'): Priced | ScenarioError {
  const problem = scaleProblem(parameters);
  if (problem !== undefined) return { kind: 'scenario-error', message: problem };
  const scenario = validateScenario(priceScenario({ ...parameters, saving, watchers: watching }));
  if (isScenarioError(scenario)) return scenario;
  const plan = planNetwork(scenario.network ?? {});
  const networks = new Map([...plan.entities.values()].map(({ id, network }) => [id, network]));
  const counter = new BorderCounter((entity) => networks.get(entity));
  const failed = observeScenario(scenario, { seed: SEED, changes: [] }, ({ from, to, send }) => {
    counter.see({ from, to, protocol: send.protocol, bytes: send.bytes });
  });
  if (failed !== undefined) return failed;
  const { counts } = counter;
  const watchers = watching === 'one' ? 1 : parameters.contacts;
  const each = ({ messages, bytes }: Amount): Amount => ({ messages: messages / (2 * watchers), bytes: bytes / (2 * watchers) });
  return {
    parameters,
    saving,
    watchers,
    counted: counts,
    ...each(counts.sip),
    byKind: Object.fromEntries(BORDER_KINDS.map((kind) => [kind, each(counts.byKind[kind])])) as Record<BorderKind, Amount>,
    formula: messagesPerWatcher(parameters, saving),
  };
}

/** A run that somebody wants. */
export interface PriceWish {
  readonly parameters: PriceParameters;
  readonly saving: Saving;
}

export interface PriceJob {
  readonly case: PriceCase;
  readonly saving: Saving;
}

/** The whole table: what takes least time first. */
export const PRICE_JOBS: readonly PriceJob[] = SAVINGS.flatMap((saving) => PRICE_CASES.map((each) => ({ case: each, saving })));

/** A case of the analysis. Throws when it cannot be run. */
export function priceCase({ case: each, saving }: PriceJob): PricedCase {
  const priced = priceOf(CASES[each].parameters, saving);
  if ('kind' in priced) throw new Error(priced.message);
  return { ...priced, case: each };
}
