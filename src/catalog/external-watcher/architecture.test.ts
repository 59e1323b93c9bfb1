/** Reference points read off real runs: each is claimed only where both its ends stand. */
import { describe, expect, it } from 'vitest';
import { computeRun } from '#testing/computed-run.ts';
import { functionLinks, functionsOf, referencePoints } from '#trace/architecture.ts';
import { readStage2 } from '#trace/stage2.ts';
import externalWatcher from './scenario.ts';

describe('a watcher outside of IMS', () => {
  const trace = computeRun(externalWatcher);
  const { functions: played, trace: stage2 } = readStage2(trace);
  const functions = functionsOf(trace, played);

  it('plays the watcher, by a link past both proxies of its own', () => {
    const [outsider] = played.filter(({ members }) => members.includes('agent.example.org'));
    expect(outsider?.function).toBe('watcher');
    const used = functionLinks(functions, stage2.links).filter(({ a, b }) => a === outsider?.id || b === outsider?.id);
    expect(used.map(({ referencePoint }) => referencePoint)).toEqual(['Pw', 'Pw']);
  });

  it('is no Presence External Agent, so there is no Pex', () => {
    const pex = referencePoints(trace, functions).find(({ name }) => name === 'Pex');
    expect(pex).toMatchObject({ by: [], missing: 'No Presence External Agent stands in this network.' });
    expect(functions.some((each) => each.function === 'pea')).toBe(false);
  });
});
