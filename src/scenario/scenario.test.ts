import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import type { Change, Trace } from '#trace/record.ts';
import { isMessage } from '#trace/steps.ts';
import { applyNamedChanges } from './changes.ts';
import { runAndJudge, runScenario, viewsAt } from './run.ts';
import { parseScenario } from './parse-scenario.ts';
import { isScenarioError, type ValidScenario } from './scenario.ts';

const README = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
const SMALLEST = /```json\n([\s\S]*?)```/.exec(README)?.[1] ?? '';

function parsed(more: Readonly<Record<string, unknown>> = {}): ValidScenario {
  const scenario = parseScenario(JSON.stringify({ ...(JSON.parse(SMALLEST) as object), ...more }));
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  return scenario;
}

function run(scenario: ValidScenario, changes: readonly Change[] = [], seed = 1): Trace {
  const trace = runScenario(scenario, { seed, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

describe('the smallest scenario of the README', () => {
  it('is valid, and nothing can be left out of it', () => {
    expect(isScenarioError(parseScenario(SMALLEST) as ValidScenario)).toBe(false);
    for (const key of Object.keys(JSON.parse(SMALLEST) as object)) {
      const { [key]: _, ...rest } = JSON.parse(SMALLEST) as Record<string, unknown>;
      expect(parseScenario(JSON.stringify(rest))).toMatchObject({ kind: 'scenario-error', message: expect.stringContaining(`/${key}`) as string });
    }
  });

  it('runs clean: the user registers', () => {
    const trace = run(parsed());
    expect(checkTrace(trace)).toEqual([]);
    expect(trace.records.filter(isMessage).some((m) => m.to === 'ue1' && m.label === '200 OK (REGISTER)' && m.arrivedAt !== undefined)).toBe(true);
  });
});

describe('at the door', () => {
  it.each([
    ['not JSON', '{', /not JSON/],
    ['a list', '[]', /at \//],
    ['an unknown member', JSON.stringify({ ...(JSON.parse(SMALLEST) as object), arrows: [] }), /arrows/],
    [
      'an unknown role',
      JSON.stringify({ ...(JSON.parse(SMALLEST) as object), timeline: [{ at: 1, who: 'ue9', do: { kind: 'register' } }] }),
      /\/timeline\/0\/who/,
    ],
    [
      'a negative time',
      JSON.stringify({ ...(JSON.parse(SMALLEST) as object), timeline: [{ at: -1, who: 'ue1', do: { kind: 'register' } }] }),
      /\/timeline\/0\/at/,
    ],
    [
      'a negative life of a subscription',
      JSON.stringify({ ...(JSON.parse(SMALLEST) as object), timeline: [{ at: 1, who: 'ue1', do: { kind: 'subscribe', to: 'sip:a@b.net', expires: -4 } }] }),
      /\/timeline\/0\/do\/expires/,
    ],
    ['another format', JSON.stringify({ ...(JSON.parse(SMALLEST) as object), format: 2 }), /\/format/],
  ])('%s is refused with one sentence that names the path', (_, text, sentence) => {
    const result = parseScenario(text);
    expect(result).toMatchObject({ kind: 'scenario-error', message: expect.stringMatching(sentence) as string });
  });
});

describe('changes', () => {
  const scenario = parsed({
    changes: [
      {
        name: 'ip',
        title: 'Addresses',
        values: [
          { value: 'v6', title: 'six', patches: [] },
          { value: 'v4', title: 'four', patches: [{ path: '/network/family', value: 'ipv4' }] },
        ],
      },
    ],
  });

  it('set patches the scenario, and makes the objects that are missing on the way', () => {
    expect(applyNamedChanges(scenario, [{ kind: 'set', name: 'ip', value: 'v4' }])).toMatchObject({ network: { family: 'ipv4' } });
    expect(applyNamedChanges(scenario, [{ kind: 'set', name: 'ip', value: 'v6' }])).toEqual(scenario);
    expect(run(scenario, [{ kind: 'set', name: 'ip', value: 'v4' }]).entities[0]?.addresses[0]).toMatch(/^192\.0\.2\./);
  });

  it.each([
    [{ kind: 'set', name: 'colour', value: 'red' }, /no change named "colour"; it has: ip/],
    [{ kind: 'set', name: 'ip', value: 'v5' }, /takes v6 or v4, not "v5"/],
    [{ kind: 'do', at: 2e6, who: 'nobody', intent: { kind: 'register' } }, /no such entity/],
    [{ kind: 'do', at: 9_007_199_254_740_991, who: 'ue1', intent: { kind: 'register' } }, /more than a day after this scenario ends/],
  ] as const)('%j cannot be made, and the sentence says why', (change, sentence) => {
    expect(runScenario(scenario, { seed: 1, changes: [change] })).toMatchObject({ kind: 'scenario-error', message: expect.stringMatching(sentence) as string });
  });

  it.each(['/__proto__/polluted', '/constructor/prototype/polluted'])('a patch cannot reach %s', (path) => {
    const evil = parsed({
      changes: [
        {
          name: 'x',
          title: 'x',
          values: [
            { value: 'a', title: 'a', patches: [] },
            { value: 'b', title: 'b', patches: [{ path, value: true }] },
          ],
        },
      ],
    });
    expect(applyNamedChanges(evil, [{ kind: 'set', name: 'x', value: 'b' }])).toMatchObject({ kind: 'scenario-error' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a wish late in the run lengthens it', () => {
    expect(run(scenario, [{ kind: 'do', at: 9.9e6, who: 'ue1', intent: { kind: 'deregister' } }]).until).toBe(49.9e6);
  });
});

describe('expectations', () => {
  const source = { document: 'TS 23.228', checked: false };
  const judged = (flows: readonly (readonly string[])[], match: string): readonly string[] => {
    const result = runAndJudge(parsed({ expectations: [{ title: 'E', source, flows, match }] }), { seed: 1, changes: [] });
    if ('kind' in result) throw new Error(result.message);
    return result.broken;
  };

  it('are met in order, and say what is missing after what', () => {
    expect(judged([['ue1 > pcscf1: REGISTER', 'pcscf1 > icscf1: REGISTER']], 'contains')).toEqual([]);
    expect(judged([['ue1 > pcscf1: REGISTER', 'pcscf1 > icscf2: REGISTER']], 'contains')).toEqual([
      'E (TS 23.228): "pcscf1 > icscf2: REGISTER" is missing after "ue1 > pcscf1: REGISTER".',
    ]);
  });

  it('are judged one by one, whatever they are called; those about another run not at all', () => {
    const met = { title: 'E', source: { ...source, clause: '5.1' }, flows: [['ue1 > pcscf1: REGISTER']], match: 'contains' };
    const broken = { ...met, source, flows: [['ue1 > pcscf1: PUBLISH']] };
    const result = runAndJudge(parsed({ expectations: [met, broken, { ...met, when: { ip: 'v4' } }] }), { seed: 1, changes: [] });
    expect(result).toMatchObject({
      broken: ['E (TS 23.228): "ue1 > pcscf1: PUBLISH" is missing.'],
      met: [{ title: 'E', source: { document: 'TS 23.228', clause: '5.1', checked: false } }],
    });
  });

  it('that are exact allow nothing else', () => {
    expect(judged([['ue1 > pcscf1: REGISTER']], 'exact')).toEqual([expect.stringMatching(/was not expected/)]);
  });
});

describe('views', () => {
  it('show every entity at a moment: the UE is registered after, not before', () => {
    const scenario = parsed();
    const at = (t: number) => viewsAt(scenario, { seed: 1, changes: [] }, { t, record: Number.MAX_SAFE_INTEGER });
    const text = (t: number): string => {
      const views = at(t);
      return views instanceof Map ? JSON.stringify([...views]) : '';
    };
    expect(text(9e6)).not.toBe(text(0.5e6));
    expect(text(9e6)).toContain('registered');
  });
});
