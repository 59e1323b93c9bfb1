import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { createFixtureSession } from '#testing/fixture-session.ts';
import {
  execute,
  KEYED_COMMANDS,
  openShortcuts,
  shortcutsOf,
  showCharging,
  showEntity,
  switchTheme,
  toggleInspector,
  togglePlay,
  togglePresenting,
} from './commands.ts';
import { notify, openScenario } from './runs.ts';
import { createSimulator } from './simulator.ts';

describe('commands', () => {
  it('have one meaning per key and an id of their own', () => {
    const keys = KEYED_COMMANDS.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(KEYED_COMMANDS.map((command) => command.id)).size).toBe(KEYED_COMMANDS.length);
  });

  it('give the keys that presenters and readers expect', () => {
    const at = (key: string): string | undefined => KEYED_COMMANDS.find((command) => command.keys.includes(key))?.id;
    expect([' ', 'k', 'ArrowRight', '.', 'PageDown', 'ArrowLeft', 'PageUp', 'Home', 'End', '?', 't'].map(at)).toEqual([
      'playback.toggle',
      'playback.toggle',
      'playback.forward',
      'playback.forward',
      'playback.forward',
      'playback.back',
      'playback.back',
      'playback.beginning',
      'playback.end',
      'layout.shortcuts',
      'settings.theme',
    ]);
  });

  it('list the key of the charging only where something is charged', async () => {
    const simulator = createSimulator(createFixtureSession());
    await openScenario(simulator, 'subscribe-across-networks');
    expect(shortcutsOf(simulator)).toEqual(KEYED_COMMANDS.filter((each) => each !== showCharging));
    const trace = computeNamed('charging');
    const charged = createSimulator({ ...createFixtureSession(), run: () => Promise.resolve({ trace, hash: 'charged' }) });
    await openScenario(charged, 'subscribe-across-networks');
    expect(shortcutsOf(charged)).toEqual(KEYED_COMMANDS);
  });

  it('do nothing while they are disabled', () => {
    const simulator = createSimulator(createFixtureSession());
    expect(togglePlay.enabled(simulator)).toBe(false);
    void execute(simulator, togglePlay);
    expect(simulator.viewTime.getState().playing).toBe(false);
  });

  it('change layout and settings', () => {
    const simulator = createSimulator(createFixtureSession());
    const { store } = simulator;
    void execute(simulator, toggleInspector);
    expect(store.getState().layout.inspectorOpen).toBe(false);
    void execute(simulator, showEntity);
    expect(store.getState().layout).toMatchObject({ inspectorOpen: true, inspectorTab: 'entity' });
    void execute(simulator, openShortcuts);
    expect(store.getState().layout.dialog).toBe('shortcuts');
    // What was told before is not shown to a class.
    notify(simulator, 'Something was done.', 'problem');
    void togglePresenting.run(simulator);
    expect(store.getState().layout).toMatchObject({ presenting: true, notice: undefined });
    const themes = [0, 1, 2].map(() => {
      void execute(simulator, switchTheme);
      return store.getState().settings.theme;
    });
    expect(themes).toEqual(['light', 'dark', 'system']);
  });
});
