/** Presenting, in browsers that have no whole screen to give, or do not grant it. */
import { describe, expect, it, vi } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { execute, togglePresenting } from '#store/commands.ts';
import { openScenario } from '#store/runs.ts';
import { createSimulator } from '#store/simulator.ts';
import { followPresenting } from './presenting.ts';

class FakeDocument extends EventTarget {
  readonly defaultView = null;
  readonly documentElement: { readonly requestFullscreen?: () => Promise<void> };
  constructor(requestFullscreen?: () => Promise<void>) {
    super();
    this.documentElement = requestFullscreen === undefined ? {} : { requestFullscreen };
  }
}

describe('presenting', () => {
  it.each([
    ['knows no whole screen', undefined],
    ['refuses it', () => Promise.reject(new TypeError('Not here.'))],
  ])('shows the map and its caption in the window where the browser %s', async (_, requestFullscreen) => {
    const simulator = createSimulator(createFixtureSession());
    await openScenario(simulator, 'registration');
    followPresenting(simulator, new FakeDocument(requestFullscreen) as unknown as Document);
    // Whoever is told after it, as the panels are, is told.
    const told = vi.fn();
    simulator.store.subscribe(told);
    for (const presenting of [true, false]) {
      await execute(simulator, togglePresenting);
      expect(simulator.store.getState().layout.presenting).toBe(presenting);
    }
    expect(told).toHaveBeenCalledTimes(2);
  });
});
