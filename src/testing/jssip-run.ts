/** A run of a catalog scenario in which the watcher is JsSIP, who has a password instead of a USIM; everybody else is who he always is. */
import { createKeyedChance } from '#base/chance.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { findScenario } from '#catalog/catalog.ts';
import { JsSipMachine, type JsSipEvent } from '#live/jssip-machine.ts';
import { buildEntities } from '#scenario/build.ts';
import { NO_PARTS } from '#scenario/parts.ts';
import { judgeExpectations } from '#scenario/expectations.ts';
import { linkChanges, linkPolicy } from '#scenario/links.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import { createRecording, inFlight } from '#scenario/recorder.ts';
import type { ValidScenario } from '#scenario/scenario.ts';
import { STATE_TABLES } from '#scenario/state-tables.ts';
import { Kernel } from '#sim/kernel.ts';
import type { EntityId, Trace } from '#trace/record.ts';

/** Where the P-CSCF takes WebSockets, and from where JsSIP opens its own. */
const WEB_SOCKET_PORT = 5062;
const JSSIP_PORT = 49_152;

export interface JsSipRun {
  readonly trace: Trace;
  /** What JsSIP told its user, each with the moment in seconds. */
  readonly events: readonly { readonly at: number; readonly event: JsSipEvent }[];
  /** The expectations of the scenario that are not met. */
  readonly broken: readonly string[];
}

export interface JsSipRunOptions {
  readonly seed?: number;
  /** What JsSIP believes its password to be. */
  readonly believes?: string;
  /** More wishes of people. */
  readonly more?: readonly ValidScenario['timeline'][number][];
}

const PASSWORD = 'open sesame';

export function runWithJsSip(id: string, { seed = 1, believes = PASSWORD, more = [] }: JsSipRunOptions = {}): JsSipRun {
  const found = findScenario(id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  const scenario = { ...found, network: { ...found.network, users: [{ role: 'ue1' as const, password: PASSWORD }] }, timeline: [...found.timeline, ...more] };
  const plan = planNetwork(scenario.network);
  const startsAt = scenario.startsAt ?? '2026-01-05T09:00:00Z';
  const until = seconds(scenario.until) as number as SimTime;
  const user = plan.users.find((one) => one.role === 'ue1');
  const ue = entityOf(plan, 'ue1');
  const proxy = entityOf(plan, 'pcscf1');
  if (user === undefined) throw new Error('nobody is in the role ue1');
  const events: JsSipRun['events'][number][] = [];
  const jssip = new JsSipMachine(
    {
      publicIdentity: user.publicIdentities[0] ?? '',
      privateIdentity: user.privateIdentity,
      password: believes,
      homeDomain: plan.domains.home1,
      local: { address: ue.address, port: JSSIP_PORT },
      remote: { address: proxy.address, port: WEB_SOCKET_PORT },
      proxyHost: proxy.id,
      startsAt,
    },
    createKeyedChance(seed, ue.id),
    (event, now) => events.push({ at: now / 1_000_000, event }),
  );
  const nodes = new Map(buildEntities(plan, seed, startsAt, NO_PARTS)).set(ue.id, jssip);
  const addresses = new Map<string, EntityId>([...plan.entities.values()].map((entity) => [entity.address, entity.id]));
  const recording = createRecording(until);
  const kernel = new Kernel({ seed, nodes, addresses, links: linkPolicy(plan, 0), observer: recording.observer });
  for (const at of linkChanges(plan))
    kernel.scheduleChange(seconds(at) as number as SimTime, { kind: 'link quality changes' }, () => kernel.setLinks(linkPolicy(plan, at)));
  for (const { at, who, do: intent } of scenario.timeline)
    kernel.schedule(seconds(at) as number as SimTime, entityOf(plan, who).id, { kind: 'intent', intent });
  kernel.runUntil(until);
  const { records } = recording;
  const trace: Trace = {
    version: 1,
    engine: 'test',
    scenario: id,
    title: scenario.title,
    summary: scenario.summary,
    sources: [],
    seed,
    changes: [],
    startsAt,
    until,
    networks: plan.networks,
    entities: [...plan.entities.values()].map(({ id: name, kind, network, home, label, addresses: own }) => ({
      id: name,
      kind,
      network,
      home,
      label,
      addresses: own,
    })),
    links: plan.links,
    chapters: (scenario.chapters ?? []).map(({ id: name, title, at, prologue }) => ({
      id: name,
      title,
      at: seconds(at),
      ...(prologue === undefined ? {} : { prologue }),
    })),
    tables: STATE_TABLES,
    endedInFlight: inFlight(records),
    records,
  };
  return { trace, events, broken: judgeExpectations(scenario, plan, trace).broken };
}
