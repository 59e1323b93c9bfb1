/** Many seeds with loss, duplicates and reordering on every link: all rules hold, and what chaos is for really happened. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { planNetwork } from '#scenario/plan.ts';
import { runScenario } from '#scenario/run.ts';
import type { Role, ValidScenario } from '#scenario/scenario.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { EntityKind, MessageRecord, Trace } from '#trace/record.ts';
import { stepsOf, transactionsOf } from '#trace/steps.ts';
import { findScenario } from './catalog.ts';

/** The two roles of every link in the network. */
function pairsOf({ network }: ValidScenario): readonly [Role, Role][] {
  const { entities, links } = planNetwork(network ?? {});
  const roles = new Map([...entities.values()].map((entity) => [entity.id, entity.scenarioRole]));
  return links.map(({ a, b }) => [roles.get(a) ?? 'ps', roles.get(b) ?? 'ps']);
}

/** 5 to 20 % lost by seed; what is under way at the end gets its time. */
function chaotic(id: string, seed: number, patience: number): ValidScenario {
  const scenario = findScenario(id);
  if (scenario === undefined) throw new Error(id);
  const quality = { lossPerMille: 50 + ((seed * 37) % 151), duplicatePerMille: 50, reorderPerMille: 150 };
  const links = pairsOf(scenario).map((between) => ({ between, ...quality }));
  // Every tenth time the presence server is cut off for good: somebody must run into Timer F.
  const cut = (['scscf1', 'scscf2'] as const).map((role): { between: [Role, Role]; lossPerMille: number; from: number } => ({
    between: [role, 'ps'],
    lossPerMille: 1000,
    from: 19,
  }));
  return { ...scenario, until: scenario.until + patience, network: { ...scenario.network, links: seed % 10 === 0 ? [...links, ...cut] : links } };
}

function run(id: string, seed: number, patience = 140): Trace {
  const trace = runScenario(chaotic(id, seed, patience), { seed, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

interface Tally {
  lost: number;
  retransmitted: number;
  duplicated: number;
  overtaken: number;
  timedOut: number;
}

/** Watchers to whom the NOTIFY came before the 200 of its SUBSCRIBE. */
function overtakenIn(messages: readonly MessageRecord[]): number {
  const first = new Map<string, string>();
  for (const record of messages.filter((m) => m.to === 'ue1' && m.arrivedAt !== undefined).sort((a, b) => (a.arrivedAt ?? 0) - (b.arrivedAt ?? 0))) {
    const sip = factsOf(record).sip;
    if (sip?.cseq !== 1 || (record.label !== 'NOTIFY' && record.label !== '200 OK (SUBSCRIBE)')) continue;
    if (!first.has(sip.callId)) first.set(sip.callId, record.label);
  }
  return [...first.values()].filter((label) => label === 'NOTIFY').length;
}

/** Requests that nobody answered until Timer F: 64·T1, at the UE and towards it 128 s, else 32 s (TS 24.229 table 7.7.1). */
function timedOutIn(trace: Trace): number {
  const ofUe = (m: MessageRecord): boolean => m.from.startsWith('ue') || m.to.startsWith('ue');
  return transactionsOf(stepsOf(trace)).filter(({ steps }) => {
    const [request] = steps;
    if (request === undefined || request.message.protocol !== 'SIP' || !request.isRequest) return false;
    const end = request.message.sentAt + (ofUe(request.message) ? 128e6 : 32e6);
    return end <= trace.until && !steps.some(({ isRequest, message }) => !isRequest && (message.arrivedAt ?? Infinity) < end);
  }).length;
}

function count(trace: Trace, tally: Tally): void {
  const steps = stepsOf(trace);
  const messages = steps.map(({ message }) => message);
  tally.lost += messages.filter(({ lostAt }) => lostAt !== undefined).length;
  tally.retransmitted += steps.filter(
    ({ retransmissionOf, isRequest, message }) => retransmissionOf !== undefined && isRequest && message.protocol === 'SIP',
  ).length;
  tally.duplicated += messages.filter(({ duplicateArrivedAt }) => duplicateArrivedAt !== undefined).length;
  tally.overtaken += overtakenIn(messages);
  tally.timedOut += timedOutIn(trace);
}

/** A reliable transport sends again after 200 ms: no link is that slow by itself. Microseconds. */
const RETRANSMISSION = 200_000;

/** What was lost to and from an entity; over TCP loss is delay: how often a message took longer than any undisturbed one could. */
function troubleAt(trace: Trace, kind: EntityKind): number {
  const ids = new Set(trace.entities.filter((entity) => entity.kind === kind).map(({ id }) => id));
  return stepsOf(trace).filter(({ message: { from, to, sentAt, arrivedAt, lostAt, transport } }) => {
    if (!ids.has(from) && !ids.has(to)) return false;
    return lostAt !== undefined || (transport === 'tcp' && arrivedAt !== undefined && arrivedAt - sentAt >= RETRANSMISSION);
  }).length;
}

describe('chaos on every link', () => {
  const tally: Tally = { lost: 0, retransmitted: 0, duplicated: 0, overtaken: 0, timedOut: 0 };

  it.each([
    ['subscribe-across-networks', 100],
    ['publish', 100],
    ['refresh-and-unsubscribe', 100],
  ] as const)('%s keeps all rules over %i seeds', { timeout: 120_000 }, (id, seeds) => {
    const problems: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const trace = run(id, seed);
      count(trace, tally);
      for (const finding of checkTrace(trace)) problems.push(`seed ${seed}: ${finding.rule}: ${finding.message}`);
    }
    expect(problems).toEqual([]);
  });

  it.each([
    ['list-own', 'list-server', 30],
    ['content-indirection', 'content-server', 60],
    ['authorize-xcap', 'xdms', 30],
  ] as const)('%s keeps all rules too, and its %s did not get everything at once, over %i seeds', { timeout: 120_000 }, (id, kind, seeds) => {
    const problems: string[] = [];
    let trouble = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const trace = run(id, seed);
      trouble += troubleAt(trace, kind);
      for (const finding of checkTrace(trace)) problems.push(`seed ${seed}: ${finding.rule}: ${finding.message}`);
    }
    expect(problems).toEqual([]);
    console.info('chaos:', kind, trouble);
    expect(trouble).toBeGreaterThan(20);
  });

  it('peers C1 and C7: losses, retransmissions, an overtaken 200 and a Timer F really occurred', () => {
    console.info('chaos:', JSON.stringify(tally));
    expect(tally.lost).toBeGreaterThan(1000);
    expect(tally.retransmitted).toBeGreaterThan(1000);
    expect(tally.duplicated).toBeGreaterThan(500);
    expect(tally.overtaken).toBeGreaterThan(10);
    expect(tally.timedOut).toBeGreaterThan(10);
  });
});
