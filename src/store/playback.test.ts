import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import {
  execute,
  goToBeginning,
  goToChapter,
  goToEnd,
  goToStep,
  nextChapter,
  previousChapter,
  stepBack,
  stepForward,
  toggleLayer,
  togglePlay,
  togglePrologue,
} from './commands.ts';
import { advance, endScrub, isOpening, scrubTo, setSpeed, stepAt } from './playback.ts';
import { openScenario } from './runs.ts';
import { createSimulator, storyOf, type Simulator } from './simulator.ts';
import { patch } from './store.ts';
import type { Story } from './story.ts';

const FRAME = 1 / 60;

async function opened(): Promise<{ readonly simulator: Simulator; readonly story: () => Story; readonly rest: () => void; readonly step: () => string }> {
  const simulator = createSimulator(createFixtureSession());
  // Told in full, names that are looked up too.
  patch(simulator.store, 'settings', { layers: new Map([['DNS', true]]) });
  await openScenario(simulator, 'subscribe-across-networks');
  const story = (): Story => storyOf(simulator)!;
  const rest = (): void => {
    for (let i = 0; i < 10_000 && advance(simulator, FRAME); i++);
  };
  const step = (): string => {
    const time = simulator.viewTime.getState();
    return isOpening(story(), time) ? 'opening' : (story().steps[time.step]?.name ?? 'before');
  };
  return { simulator, story, rest, step };
}

describe('playback', () => {
  it('opens at rest after the prologue, before the first step', async () => {
    const { simulator, story, step } = await opened();
    expect(step()).toBe('opening');
    expect(simulator.viewTime.getState()).toMatchObject({ playing: false, t: 10_000_000, step: story().first - 1 });
  });

  it('passes over the looking up of names unless somebody wants to see it', async () => {
    const { simulator, story } = await opened();
    const isDnsTold = (): boolean => story().steps.some(({ message, index }) => message.protocol === 'DNS' && story().isTold(index));
    expect(isDnsTold()).toBe(true);
    patch(simulator.store, 'settings', { layers: new Map() });
    expect(isDnsTold()).toBe(false);
  });

  it('passes over the steps of a hidden layer, which take no time, and stays where it stands when one is shown again', async () => {
    const { simulator, story, step, rest } = await opened();
    const whole = story().teaching.total;
    void execute(simulator, goToStep(story().first + 3));
    rest();
    expect(story().steps[simulator.viewTime.getState().step]?.message.protocol).toBe('DNS');
    void execute(simulator, toggleLayer('DNS'));
    expect(step()).toBe('2');
    expect(story().teaching.total).toBeLessThan(whole);
    void execute(simulator, stepForward);
    rest();
    expect(step()).toBe('5');
    void execute(simulator, stepBack);
    expect(step()).toBe('2');
    const { t } = simulator.viewTime.getState();
    void execute(simulator, toggleLayer('DNS'));
    expect(step()).toBe('2');
    expect(simulator.viewTime.getState().t).toBeCloseTo(t, 3);
    expect(story().teaching.total).toBe(whole);
    void execute(simulator, goToBeginning);
    void execute(simulator, toggleLayer('DNS'));
    expect(step()).toBe('opening');
    void execute(simulator, togglePlay);
    const seen = new Set<string>();
    for (let i = 0; i < 10_000 && advance(simulator, FRAME); i++) seen.add(story().steps[simulator.viewTime.getState().step]?.message.protocol ?? '');
    expect([...seen].sort()).toEqual(['Diameter', 'SIP']);
  });

  it('steps forward and back through the opening into the prologue, which then unfolds', async () => {
    const { simulator, story, step, rest } = await opened();
    void execute(simulator, stepForward);
    rest();
    expect(step()).toBe('1');
    void execute(simulator, stepBack);
    expect(step()).toBe('opening');
    expect(story().prologueOpen).toBe(false);
    void execute(simulator, stepBack);
    rest();
    expect(step()).toBe('P18');
    expect(story().prologueOpen).toBe(true);
    void execute(simulator, togglePrologue);
    expect(step()).toBe('opening');
    expect(story().prologueOpen).toBe(false);
  });

  it('comes to rest half way of the message of a step', async () => {
    const { simulator, story, rest } = await opened();
    void execute(simulator, goToStep(story().first + 7));
    rest();
    const { s, t } = simulator.viewTime.getState();
    const { message, restS } = story().steps[story().first + 7]!;
    expect(s).toBeCloseTo(restS, 9);
    expect(t).toBeGreaterThan(message.sentAt);
    expect(t).toBeLessThan(message.arrivedAt!);
  });

  it('plays to the end through every step in order, and again from the opening', async () => {
    const { simulator, story, step } = await opened();
    void execute(simulator, togglePlay);
    const seen: number[] = [];
    for (let i = 0; i < 20_000 && advance(simulator, FRAME); i++) {
      const now = simulator.viewTime.getState().step;
      if (seen.at(-1) !== now) seen.push(now);
    }
    expect(seen).toEqual(Array.from({ length: story().steps.length - story().first }, (_, i) => story().first + i));
    expect(simulator.viewTime.getState().playing).toBe(false);
    void execute(simulator, togglePlay);
    expect(step()).toBe('opening');
    expect(simulator.viewTime.getState().playing).toBe(true);
  });

  it('plays twice as fast at speed 2, within 0.25 and 4', async () => {
    const { simulator } = await opened();
    const from = simulator.viewTime.getState().s;
    setSpeed(simulator, 2);
    void execute(simulator, togglePlay);
    for (let i = 0; i < 60; i++) advance(simulator, FRAME);
    expect(simulator.viewTime.getState().s - from).toBeCloseTo(2, 6);
    setSpeed(simulator, 99);
    expect(simulator.viewTime.getState().speed).toBe(4);
    setSpeed(simulator, 0);
    expect(simulator.viewTime.getState().speed).toBe(0.25);
  });

  it('goes step by step without travel when motion is reduced', async () => {
    const { simulator, story } = await opened();
    patch(simulator.store, 'settings', { reducedMotion: true });
    void execute(simulator, togglePlay);
    const places = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      advance(simulator, FRAME);
      places.add(simulator.viewTime.getState().s);
    }
    const rests = new Set([story().openingS, ...story().steps.map((each) => each.restS)]);
    expect([...places].filter((s) => !rests.has(s))).toEqual([]);
    expect(places.size).toBeGreaterThan(4);
  });

  it('follows the scrubber and snaps to the nearest step when it is let go', async () => {
    const { simulator, story, step } = await opened();
    const third = story().steps[story().first + 2]!;
    scrubTo(simulator, third.restS + 0.05);
    expect(simulator.viewTime.getState()).toMatchObject({ scrubbing: true, s: third.restS + 0.05 });
    endScrub(simulator);
    expect(step()).toBe('3');
    expect(simulator.viewTime.getState()).toMatchObject({ scrubbing: false, s: third.restS });
    scrubTo(simulator, story().openingS);
    endScrub(simulator);
    expect(step()).toBe('opening');
  });

  it('jumps by chapters, to the beginning and to the end', async () => {
    const { simulator, story, step, rest } = await opened();
    void execute(simulator, nextChapter);
    rest();
    expect(step()).toBe(story().steps[story().chapters[2]!.first]!.name);
    void execute(simulator, stepForward);
    void execute(simulator, previousChapter);
    rest();
    expect(step()).toBe(story().steps[story().chapters[2]!.first]!.name);
    void execute(simulator, previousChapter);
    expect(step()).toBe('opening');
    void execute(simulator, goToEnd);
    rest();
    expect(step()).toBe(story().steps.at(-1)!.name);
    expect(stepForward.enabled(simulator)).toBe(false);
    void execute(simulator, goToBeginning);
    expect(step()).toBe('opening');
    void execute(simulator, goToChapter(0));
    rest();
    expect(step()).toBe('P1');
    expect(stepBack.enabled(simulator)).toBe(false);
  });

  it('finds the last step that was sent at a place of teaching time', async () => {
    const { story } = await opened();
    for (const each of story().steps.slice(story().first)) expect(stepAt(story(), each.sentS + 1e-9)).toBeGreaterThanOrEqual(each.index);
    expect(stepAt(story(), -1)).toBe(-1);
  });
});
