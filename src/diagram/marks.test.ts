import { describe, expect, it } from 'vitest';
import { findScenario } from '#catalog/catalog.ts';
import { runScenario } from '#scenario/run.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { Trace, TraceRecord } from '#trace/record.ts';
import { textWidth } from './geometry.ts';
import { marksAt } from './marks.ts';
import { BADGE_PAD, BADGE_SIZE, BADGE_WIDTH } from './metrics.ts';

const SECOND = 1_000_000;

function run(id: string): Trace {
  const trace = runScenario(findScenario(id)!, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

/** The words that an entity wears, one after the other. */
function storyOf(trace: Trace, entity: string): string[] {
  const words: string[] = [];
  for (const { at } of trace.records) {
    const now = marksAt(trace, at + 1).get(entity) ?? '';
    if (now !== (words.at(-1) ?? '')) words.push(now);
  }
  return words;
}

describe('marksAt', () => {
  it('begins with nothing', () => {
    expect(marksAt(createFixtureTrace(), 0).size).toBe(0);
  });

  it('tells the hand-made run: who is registered, what is published, who watches', () => {
    const trace = createFixtureTrace();
    expect(marksAt(trace, 4 * SECOND).get('ue1')).toBe('registered');
    expect(marksAt(trace, 9 * SECOND).get('ps.home2.net')).toBe('open');
    expect(marksAt(trace, 30 * SECOND).get('ps.home2.net')).toBe('open · 1 watcher');
    expect(marksAt(trace, trace.until).get('ps.home2.net')).toBe('open');
  });

  it('tells the principal run of the entities', () => {
    const trace = run('subscribe-across-networks');
    expect(storyOf(trace, 'ps.home2.net')).toEqual(['open', 'open · 1 watcher', 'open']);
    expect(storyOf(trace, 'ue1')).toEqual(['registered', 'subscribed', 'registered']);
    expect(storyOf(trace, 'ue2')).toEqual(['registered']);
  });

  it('forgets the status when the last publication ends, and not before', () => {
    const trace = createFixtureTrace();
    const turn = (at: number, key: string, from: string, to: string): TraceRecord => ({
      id: 10_000 + at,
      at: trace.until + at,
      kind: 'state',
      entity: 'ps.home2.net',
      machine: 'publication (compositor)',
      key,
      from,
      on: 'expires',
      to,
    });
    const turns = [
      turn(1, '#1', 'init', 'published'),
      turn(2, '#2', 'init', 'published'),
      turn(3, '#1', 'published', 'terminated'),
      turn(4, '#2', 'published', 'terminated'),
    ];
    const longer = { ...trace, records: [...trace.records, ...turns] };
    expect(marksAt(longer, trace.until + 3).get('ps.home2.net')).toBe('open');
    expect(marksAt(longer, trace.until + 4).get('ps.home2.net')).toBeUndefined();
  });

  it('believes a PUBLISH only when it is accepted', () => {
    // The wrong tag is refused (412), the first publication stays, the second one comes and goes.
    expect(storyOf(run('publish'), 'ps.home2.net')).toEqual(['open']);
  });

  it('forgets a subscription that ran out', () => {
    const words = storyOf(run('subscription-expires'), 'ps.home2.net');
    expect(words.some((each) => each.includes('1 watcher'))).toBe(true);
    expect(words.at(-1)).not.toContain('watcher');
  });

  it('keeps the same reference while nothing changes', () => {
    const trace = createFixtureTrace();
    expect(marksAt(trace, 20 * SECOND)).toBe(marksAt(trace, 30 * SECOND));
  });

  it('fits into the room that the layout keeps', () => {
    expect(textWidth('closed · 12 watchers', BADGE_SIZE)).toBeLessThan(BADGE_WIDTH.server - BADGE_PAD);
    for (const word of ['registered', 'subscribed']) expect(textWidth(word, BADGE_SIZE)).toBeLessThan(BADGE_WIDTH.ue - 2 * BADGE_PAD);
  });
});
