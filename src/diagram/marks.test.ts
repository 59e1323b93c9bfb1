import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario, type Scenario } from '#scenario/scenario.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { Trace, TraceRecord } from '#trace/record.ts';
import { textWidth } from './geometry.ts';
import { marksAt } from './marks.ts';
import { BADGE_PAD, BADGE_SIZE, BADGE_WIDTH } from './metrics.ts';

const SECOND = 1_000_000;

type Timeline = Scenario['timeline'];

/** A run of the entities themselves. */
function run(timeline: Timeline, until: number, network: Scenario['network'] = {}): Trace {
  const scenario = validateScenario({ format: 1, id: 'marks', title: 'Marks', summary: 'Marks.', until, timeline, network });
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes: [] });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const REGISTERED: Timeline = [
  { at: 0.5, who: 'ue2', do: { kind: 'register' } },
  { at: 3, who: 'ue1', do: { kind: 'register' } },
];
const PUBLISHED: Timeline = [...REGISTERED, { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } }];
const SUBSCRIBE = { kind: 'subscribe', to: 'sip:user2_public1@home2.net' };

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
  it('names another device of the user while what it has published lasts', () => {
    const tablet = { kind: 'publish', device: 'tablet', basic: 'open', expires: 60, refresh: false };
    const trace = run([...PUBLISHED, { at: 10, who: 'ue2', do: tablet }, { at: 90, who: 'ue2', do: { kind: 'publish', basic: 'closed' } }], 100);
    expect(storyOf(trace, 'ue2')).toEqual(['registered', 'registered · tablet', 'registered']);
    expect(marksAt(trace, 69.9 * SECOND).get('ue2')).toBe('registered · tablet');
    expect(marksAt(trace, 70 * SECOND).get('ue2')).toBe('registered');
  });

  it('says of a security gateway what its tunnels do', () => {
    const trace = run([...REGISTERED, { at: 10, who: 'ue1', do: SUBSCRIBE }], 20, { with: ['seg0', 'seg1', 'seg2'] });
    expect(storyOf(trace, 'seg1.home1.net')).toEqual(['Za up', 'Za: keys', 'Za up (2)']);
    expect(storyOf(trace, 'seg.visited1.net')).toEqual(['Za: keys', 'Za up']);
    for (const word of ['Za up (2)', 'Za down']) expect(textWidth(word, BADGE_SIZE)).toBeLessThan(BADGE_WIDTH.ue - 2 * BADGE_PAD);
  });

  it('does not count the presentity who watches her watchers', () => {
    const watching = { ...SUBSCRIBE, event: 'presence.winfo' };
    const triggers = [{ header: { name: 'Event', content: '^presence' } }];
    const trace = run([...PUBLISHED, { at: 10, who: 'ue2', do: watching }, { at: 20, who: 'ue1', do: SUBSCRIBE }], 30, {
      users: [{ role: 'ue2', filterCriteria: [{ priority: 10, cnf: false, triggers, defaultHandling: 1 }] }],
      presence: { watcherInformation: true },
    });
    const told = trace.records.filter(
      (record) => record.kind === 'message' && record.from === 'ps.home2.net' && record.label === 'NOTIFY' && record.sentAt < 20 * SECOND,
    );
    expect(told).not.toEqual([]);
    expect(storyOf(trace, 'ps.home2.net')).toEqual(['open', 'open · 1 watcher']);
  });

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
    const trace = run(
      [
        ...PUBLISHED,
        { at: 10, who: 'ue1', do: SUBSCRIBE },
        { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
        { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
        { at: 45, who: 'ue1', do: { kind: 'deregister' } },
      ],
      60,
    );
    expect(storyOf(trace, 'ps.home2.net')).toEqual(['open', 'open · 1 watcher', 'closed · 1 watcher', 'closed']);
    expect(storyOf(trace, 'ue1')).toEqual(['registered', 'subscribed', 'registered', '']);
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
    const story: Timeline = [
      ...PUBLISHED,
      { at: 15, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'no-such-tag' } },
      { at: 30, who: 'ue2', do: { kind: 'unpublish' } },
    ];
    expect(storyOf(run(story, 40), 'ps.home2.net')).toEqual(['open']);
  });

  it('forgets what is taken back', () => {
    expect(storyOf(run([...PUBLISHED, { at: 15, who: 'ue2', do: { kind: 'unpublish' } }], 30), 'ps.home2.net')).toEqual(['open', '']);
  });

  it('forgets a subscription that ran out', () => {
    const words = storyOf(run([...PUBLISHED, { at: 10, who: 'ue1', do: { ...SUBSCRIBE, expires: 60, refresh: false } }], 120), 'ps.home2.net');
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

  it('says who is overloaded, until it is relieved', () => {
    const trace = run(
      [
        { at: 1, who: 'icscf2', do: { kind: 'overload' } },
        { at: 2, who: 'icscf2', do: { kind: 'relieve' } },
      ],
      5,
    );
    expect(storyOf(trace, 'icscf2-s.home2.net')).toEqual(['overloaded', '']);
  });
});
