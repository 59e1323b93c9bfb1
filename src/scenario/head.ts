/** What a trace says before its first record: whose run it is, and the network that it happens in. */
import { seconds } from '#base/time.ts';
import type { Change, Trace } from '#trace/record.ts';
import type { NetworkPlan } from './plan.ts';
import type { Scenario } from './scenario.ts';

/** Changes with every change of behaviour: a link made by another engine may show another run. */
export const ENGINE = '0.1.0';
export const DEFAULT_START = '2026-01-05T09:00:00Z';

export interface HeadFacts {
  readonly seed: number;
  readonly changes: readonly Change[];
  /** Microseconds. */
  readonly until: number;
}

export type TraceHead = Omit<Trace, 'tables' | 'endedInFlight' | 'records'>;

export const headOf = (scenario: Scenario, plan: NetworkPlan, { seed, changes, until }: HeadFacts): TraceHead => ({
  version: 1,
  engine: ENGINE,
  scenario: scenario.id,
  title: scenario.title,
  summary: scenario.summary,
  sources: (scenario.sources ?? []).map(({ document, clause, checked }) => ({ document, checked, ...(clause === undefined ? {} : { clause }) })),
  seed,
  changes,
  startsAt: scenario.startsAt ?? DEFAULT_START,
  until,
  networks: plan.networks,
  entities: [...plan.entities.values()].map(({ id, kind, network, home, label, role, addresses: own }) => ({
    id,
    kind,
    network,
    home,
    label,
    addresses: own,
    ...(role === undefined ? {} : { role }),
  })),
  links: plan.links,
  ...(scenario.tells === undefined ? {} : { tells: scenario.tells }),
  chapters: (scenario.chapters ?? [{ id: 'run', title: 'Run', at: 0 }]).map(({ id, title, at, prologue }) => ({
    id,
    title,
    at: seconds(at),
    ...(prologue === undefined ? {} : { prologue }),
  })),
});
