/** Any entity may stop at any moment and come back without its memory: the rules hold, the run is the same twice, and afterwards people can begin anew. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { runScenario } from '#scenario/run.ts';
import { ROLES, type Role } from '#scenario/roles.ts';
import { isScenarioError, type Scenario, validateScenario, type ValidScenario } from '#scenario/scenario.ts';
import { STANDINGS } from '#scenario/standings.ts';
import { hashOf } from '#trace/hash.ts';
import type { Trace } from '#trace/record.ts';

const WATCHED = 'sip:user2_public1@home2.net';
const ENTITIES = ROLES.filter((role) => STANDINGS[role].optional !== true);

/** Two people who do everything they can, before, during and after. */
function scenarioWith(acts: Scenario['timeline']): ValidScenario {
  const valid = validateScenario({
    format: 1,
    id: 'crash',
    title: 'Crash',
    summary: 'Somebody stops.',
    until: 420,
    timeline: [
      { at: 0.5, who: 'ue2', do: { kind: 'register' } },
      { at: 3, who: 'ue1', do: { kind: 'register' } },
      { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', expires: 120 } },
      { at: 10, who: 'ue1', do: { kind: 'subscribe', to: WATCHED, expires: 200 } },
      { at: 22, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
      { at: 23, who: 'ue1', do: { kind: 'fetch', to: WATCHED } },
      { at: 24, who: 'ue1', do: { kind: 'register' } },
      { at: 26, who: 'ue1', do: { kind: 'refresh' } },
      // Whoever is still waiting has given up by now (Timer F of a UE).
      { at: 220, who: 'ue1', do: { kind: 'deregister' } },
      { at: 222, who: 'ue2', do: { kind: 'deregister' } },
      { at: 360, who: 'ue1', do: { kind: 'register' } },
      { at: 362, who: 'ue2', do: { kind: 'register' } },
      { at: 370, who: 'ue1', do: { kind: 'subscribe', to: WATCHED } },
      { at: 380, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
      ...acts,
    ],
  } satisfies Scenario);
  if (isScenarioError(valid)) throw new Error(valid.message);
  return valid;
}

function run(scenario: ValidScenario, seed: number): Trace {
  const trace = runScenario(scenario, { seed, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const stop = (who: Role, at: number): Scenario['timeline'] => [
  { at, who, do: { kind: 'crash' } },
  { at: 60, who, do: { kind: 'restart' } },
];

describe.each(ENTITIES)('%s stops and comes back', (who) => {
  it.each([20, 22.03, 23.05])('at %f s: all rules hold, and afterwards everything works', (at) => {
    const scenario = scenarioWith(stop(who, at));
    const trace = run(scenario, 1);
    expect(checkTrace(trace).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    const told = trace.records.filter((r) => r.kind === 'message' && r.to === 'ue1' && r.label === 'NOTIFY' && r.sentAt > 370e6 && r.arrivedAt !== undefined);
    expect(told.length).toBeGreaterThan(1);
    if (at === 20) expect(hashOf(run(scenario, 1))).toBe(hashOf(trace));
  });
});

describe('a link', () => {
  it.each<[Role, Role]>([
    ['ue1', 'pcscf1'],
    ['scscf1', 'icscf2'],
    ['icscf2', 'hss2'],
    ['scscf2', 'ps'],
    ['ps', 'scscf1'],
  ])('between %s and %s is cut and restored', (who, to) => {
    const trace = run(
      scenarioWith([
        { at: 21, who, do: { kind: 'cut', to } },
        { at: 60, who, do: { kind: 'restore', to } },
      ]),
      1,
    );
    expect(checkTrace(trace).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    const told = trace.records.filter((r) => r.kind === 'message' && r.to === 'ue1' && r.label === 'NOTIFY' && r.sentAt > 370e6 && r.arrivedAt !== undefined);
    expect(told.length).toBeGreaterThan(1);
  });
});
