import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import {
  execute,
  goToChapter,
  goToEnd,
  goToStep,
  resetChanges,
  showLevel,
  stepForward,
  switchArchitecture,
  switchLevel,
  togglePlay,
  togglePrologue,
} from './commands.ts';
import { functionsAt } from './levels.ts';
import { linkOf, openLink } from './open-link.ts';
import { advance, isOpening } from './playback.ts';
import { fork, openScenario } from './runs.ts';
import { selectMessage, shownStep } from './selection.ts';
import { createSimulator, storyOf, type Simulator } from './simulator.ts';
import type { Story } from './story.ts';
import { transmissionsAt } from './switch-level.ts';

async function opened() {
  const simulator: Simulator = createSimulator(createFixtureSession());
  await openScenario(simulator, 'subscribe-across-networks');
  const story = (): Story => storyOf(simulator)!;
  const label = (): string => story().steps[simulator.viewTime.getState().step]?.message.label ?? 'before';
  const rest = (): void => {
    for (let i = 0; i < 10_000 && advance(simulator, 1 / 60); i++);
  };
  return { simulator, story, label, rest };
}

describe('switching the level', () => {
  it('keeps the moment, there and back, at every step', async () => {
    const { simulator, story } = await opened();
    for (let step = story().first; step < story().steps.length; step++) {
      void execute(simulator, goToStep(step));
      while (advance(simulator, 1 / 60));
      const before = simulator.viewTime.getState();
      const { message } = story().steps[before.step]!;
      await execute(simulator, switchLevel);
      const arrow = story().byFunctions?.stage2.arrowOf.get(message.id);
      const there = simulator.viewTime.getState();
      expect(there.t).toBe(before.t);
      if (arrow !== undefined) expect(story().steps[there.step]?.message.id).toBe(arrow);
      expect(story().steps[there.step]?.message.sentAt ?? 0).toBeLessThanOrEqual(there.t);
      await execute(simulator, switchLevel);
      const back = simulator.viewTime.getState();
      expect(back.t).toBe(before.t);
      if (arrow !== undefined) expect(back.step).toBe(before.step);
      expect(back.s).toBeCloseTo(before.s, 6);
    }
  });

  it('leads to what was asked for last, although the first is still being fetched', async () => {
    const { simulator } = await opened();
    const level = () => simulator.store.getState().layout.level;
    const first = execute(simulator, showLevel('stage2'));
    await execute(simulator, showLevel('stage3'));
    await first;
    expect(level()).toBe('stage3');
    await Promise.all([execute(simulator, switchLevel), execute(simulator, switchLevel)]);
    expect(level()).toBe('stage3');
    await Promise.all([execute(simulator, switchLevel), execute(simulator, switchArchitecture)]);
    expect(level()).toBe('architecture');
  });

  it('keeps the opening, the selection and the playing', async () => {
    const { simulator, story, rest } = await opened();
    await execute(simulator, showLevel('stage2'));
    expect(isOpening(story(), simulator.viewTime.getState())).toBe(true);
    void execute(simulator, togglePlay);
    advance(simulator, 1.5);
    await execute(simulator, showLevel('architecture'));
    await execute(simulator, showLevel('stage3'));
    expect(simulator.viewTime.getState().playing).toBe(true);
    expect(simulator.viewTime.getState().step).toBeGreaterThan(story().first - 1);
    await execute(simulator, showLevel('stage2'));
    rest();
    expect(simulator.viewTime.getState()).toMatchObject({ playing: false, step: story().steps.length - 1 });
  });

  it('tells arrows one by one, at a pace of their own', async () => {
    const { simulator, story, label, rest } = await opened();
    await execute(simulator, switchLevel);
    const told: string[] = [];
    for (let i = 0; i < 12; i++) {
      void execute(simulator, stepForward);
      rest();
      told.push(label().replace(/ \(.*/, ''));
    }
    expect(told).toEqual([
      'SubscribePres',
      'SubscribePres',
      'Query',
      'Resp',
      'SubscribePres',
      'MsgAck',
      'MsgAck',
      'MsgAck',
      'NotifyPresUp',
      'NotifyPresUp',
      'MsgAck',
      'MsgAck',
    ]);
    expect(story().teaching.total).toBeLessThan(story().byFunctions!.transmissions.teaching.total);
  });

  it('shows the transmission that passed from one function to the other, and finds the arrow of any', async () => {
    const { simulator, story, label } = await opened();
    const second = story().steps[story().first + 1]!;
    await execute(simulator, switchLevel);
    selectMessage(simulator, second.message.id);
    expect(label()).toContain('SubscribePres');
    const shown = shownStep(story(), simulator.viewTime.getState())!;
    expect(story().byFunctions!.transmissions.entity(shown.message.to)?.kind).toBe('i-cscf');
    const { story: transmissions, time } = transmissionsAt(story(), simulator.viewTime.getState());
    expect(transmissions.byFunctions).toBeUndefined();
    expect(time.t).toBe(simulator.viewTime.getState().t);
  });

  it('holds for chapters, the prologue, forks and the way back from them', async () => {
    const { simulator, story } = await opened();
    await execute(simulator, switchLevel);
    void execute(simulator, togglePrologue);
    expect(story().prologueOpen).toBe(true);
    expect(story().byFunctions).toBeDefined();
    void execute(simulator, togglePrologue);
    void execute(simulator, goToChapter(story().chapters.length - 1));
    const { t } = simulator.viewTime.getState();
    await fork(simulator, { kind: 'do', at: Math.round(t), who: 'ue2', intent: { kind: 'deregister' } }, 'UE#2 switches off');
    expect(story().byFunctions).toBeDefined();
    expect(simulator.viewTime.getState().t).toBeCloseTo(t, 0);
    await execute(simulator, resetChanges);
    expect(simulator.viewTime.getState().t).toBeCloseTo(t, 0);
    void execute(simulator, goToEnd);
    await execute(simulator, switchArchitecture);
    expect(simulator.store.getState().layout.level).toBe('architecture');
    await execute(simulator, switchArchitecture);
    expect(simulator.store.getState().layout.level).toBe('stage3');
  });

  it('says of a transmission which functions have a part in it', async () => {
    const { simulator, story } = await opened();
    await execute(simulator, switchLevel);
    const transmissions = story().byFunctions!.transmissions;
    const titles = (label: string, nth: number): readonly string[] =>
      functionsAt(transmissions, transmissions.steps.filter(({ message, prologue }) => message.label === label && !prologue)[nth]!.message.id);
    expect(titles('SUBSCRIBE', 0)).toEqual(['Watcher application', 'Watcher Presence Proxy']);
    expect(titles('SUBSCRIBE', 1)).toEqual(['Watcher Presence Proxy']);
    expect(titles('SUBSCRIBE', 4)).toEqual(['Presentity Presence Proxy', 'Presence Server']);
    expect(titles('PUBLISH', 0)).toEqual(['Presence User Agent']);
    expect(titles('PUBLISH', 1)).toEqual(['Presence User Agent', 'Presentity Presence Proxy']);
    expect(functionsAt(transmissions, transmissions.steps[0]!.message.id)).toEqual([]);
  });

  it('is in the link, at the moment', async () => {
    const { simulator, story, label, rest } = await opened();
    await execute(simulator, showLevel('stage2'));
    void execute(simulator, goToStep(story().first + 4));
    rest();
    const { s, step } = simulator.viewTime.getState();
    const link = linkOf(simulator)!;
    expect(link).toContain('&l=stage2');
    const name = label();
    await execute(simulator, showLevel('stage3'));
    void execute(simulator, goToEnd);
    expect(linkOf(simulator)).not.toContain('&l=');
    await openLink(simulator, link);
    expect(simulator.store.getState().layout.level).toBe('stage2');
    expect(simulator.viewTime.getState()).toMatchObject({ step });
    expect(simulator.viewTime.getState().s).toBeCloseTo(s, 6);
    expect(label()).toBe(name);
    await openLink(simulator, link.replace('&l=stage2', ''));
    expect(simulator.store.getState().layout.level).toBe('stage3');
  });
});
