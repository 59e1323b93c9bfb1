/**
 * The door and what lies behind it, with extreme numbers in every place of a scenario where a number can stand: each file is refused in a sentence, or it runs, or
 * the run is given up in a sentence. Nothing throws, nothing runs for ever, and what has run is a trace that can be written as a capture.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tracePcapng } from '#trace/pcapng.ts';
import { ALL_PARTS } from './all-parts.ts';
import { createRunner } from './runner.ts';
import { parseScenario } from './parse-scenario.ts';
import { isScenarioError } from './scenario.ts';

const WATCHED = 'sip:user2_public1@home2.net';

/** A number in every place that takes one. */
const EVERYWHERE = {
  format: 1,
  id: 'extreme',
  title: 'Extremes',
  summary: 'Numbers at their limits.',
  until: 30,
  network: {
    with: ['pea', 'cal', 'cs2', 'seg1', 'seg2', 'rls1', 'xdms'],
    addressOffset: 3,
    protectedPorts: { client: 5063, server: 5064 },
    users: [
      { role: 'ue1', sequence: 7, clientPort: 2345, serverPort: 2346, capabilities: [1], device: { sequence: 5 } },
      {
        role: 'ue2',
        filterCriteria: [{ priority: 1, triggers: [{ groups: [0], method: 'PUBLISH', sessionCase: 0 }], defaultHandling: 0, profilePart: 0 }],
      },
    ],
    security: { lifetime: 60, agreedUntil: 50 },
    presence: { giveUpAfter: 100, minExpires: 10, maxExpires: 600, lean: { conditions: true, rates: true } },
    links: [
      {
        between: ['ue1', 'pcscf1'],
        delayMs: 20,
        jitterMs: 5,
        lossPerMille: 10,
        duplicatePerMille: 10,
        reorderPerMille: 10,
        loseFirst: 1,
        from: 1,
      },
    ],
    authentication: { nonceLifetime: 60 },
    content: { lifetime: 60 },
    externalAgent: { nonceLifetime: 60, pollEvery: 20, expires: 120 },
    patience: { scscf: 4, server: 4 },
    dns: { entries: [{ role: 'icscf2', priority: 1, weight: 1 }] },
  },
  chapters: [{ id: 'all', title: 'All of it', at: 0 }],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register', expires: 600_000 } },
    { at: 2, who: 'ue1', do: { kind: 'register', expires: 600_000 } },
    { at: 4, who: 'ue2', do: { kind: 'publish', basic: 'open', expires: 3600 } },
    { at: 6, who: 'ue1', do: { kind: 'subscribe', to: WATCHED, expires: 3600, refresh: true, minInterval: 1, maxInterval: 5, averageInterval: 3 } },
    { at: 8, who: 'pea', do: { kind: 'follow-calendar' } },
    { at: 20, who: 'scscf1', do: { kind: 'impair', to: 'hss1', lossPerMille: 100, lateMs: 50 } },
  ],
};

type Path = readonly (string | number)[];

const numbersIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => numbersIn(member, [...path, Array.isArray(value) ? Number(key) : key]));
};

function withNumber(value: unknown, [key, ...rest]: Path, number: number): unknown {
  if (key === undefined) return number;
  if (Array.isArray(value)) return value.map((member: unknown, i) => (i === key ? withNumber(member, rest, number) : member));
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: withNumber(members[key], rest, number) };
}

const PATHS = numbersIn(EVERYWHERE);
const EXTREMES = [
  0,
  -1,
  1,
  1e-9,
  0.5,
  2,
  10,
  30,
  60,
  90,
  999,
  1000,
  1024,
  60_000,
  65_535,
  65_536,
  2_419_200,
  2_419_201,
  1e8,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  1e300,
];
/** Far fewer inputs than a person is allowed: what runs for ever is to be found soon. */
const runner = createRunner(ALL_PARTS, 4000);

const SENTENCE = /^[A-Z/].*[.]$/s;

function outcomeOf(scenario: unknown): 'refused' | 'runs' | 'given up' | 'not feasible' {
  const valid = parseScenario(JSON.stringify(scenario));
  if (isScenarioError(valid)) {
    expect(valid.message).toMatch(SENTENCE);
    return 'refused';
  }
  const trace = runner.runScenario(valid, { seed: 1, changes: [] });
  if ('kind' in trace) {
    expect(trace.message).toMatch(SENTENCE);
    return trace.message.startsWith('Too much happens') ? 'given up' : 'not feasible';
  }
  expect(tracePcapng(trace).length).toBeGreaterThan(0);
  return 'runs';
}

describe('a scenario with numbers everywhere', { timeout: 120_000 }, () => {
  it('runs as it stands', () => {
    expect(outcomeOf(EVERYWHERE)).toBe('runs');
    expect(PATHS.length).toBeGreaterThan(50);
  });

  it('is refused, runs, or is given up, each in a sentence, with an extreme in any of them', () => {
    const found = new Set<string>();
    for (const [i, path] of PATHS.entries()) {
      for (const extreme of [EXTREMES[(3 * i) % EXTREMES.length], 0, 1e8, 2 ** 53]) {
        if (extreme === undefined) continue;
        try {
          found.add(outcomeOf(withNumber(EVERYWHERE, path, extreme)));
        } catch (error) {
          throw new Error(`/${path.join('/')} = ${extreme}`, { cause: error });
        }
      }
    }
    expect([...found].sort()).toEqual(expect.arrayContaining(['not feasible', 'refused', 'runs']));
  });

  it('and with extremes in several at once', () => {
    const change = fc.record({ path: fc.constantFrom(...PATHS), number: fc.constantFrom(...EXTREMES) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 2, maxLength: 5 }), (changes) => {
        outcomeOf(changes.reduce<unknown>((scenario, { path, number }) => withNumber(scenario, path, number), EVERYWHERE));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('is given up when its subscription is renewed every few seconds for weeks, and the sentence says what to do', () => {
    const restless = withNumber(withNumber(EVERYWHERE, ['until'], 2_419_200), ['timeline', 3, 'do', 'expires'], 10);
    const valid = parseScenario(JSON.stringify(restless));
    if (isScenarioError(valid)) throw new Error(valid.message);
    expect(runner.runScenario(valid, { seed: 1, changes: [] })).toMatchObject({
      kind: 'scenario-error',
      message: expect.stringMatching(/^Too much happens: more than 4000 .* of 2419200 s\. Let the run end earlier/) as string,
    });
  });

  it('asks at most four weeks of time of its run', () => {
    expect(outcomeOf({ ...EVERYWHERE, until: 2_419_201 })).toBe('refused');
  });
});
