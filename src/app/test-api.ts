/** What end-to-end tests may ask of the page besides what a person sees: when it is at rest, and what was computed. Nothing of the product uses it. */
import { linkOf } from '#store/open-link.ts';
import { selectRun } from '#store/store.ts';
import { storyOf, type Simulator } from '#store/simulator.ts';

export interface TestApi {
  /** Resolves when nothing is computed, moves or is asked for any more. */
  whenIdle(): Promise<void>;
  /** Full hash of the run that is shown. */
  hash(): string | undefined;
  /** Full hash of a scenario as it stands, computed by the session and not shown. */
  hashOf(scenario: string, seed: number): Promise<string>;
  link(): string | undefined;
  /** Numbers of steps after the prologue, and the current one (0 where the story opens). */
  position(): { readonly step: number; readonly of: number };
}

declare global {
  interface Window {
    __simulator?: TestApi;
  }
}

/** `panels` resolves when the panels around the stage are there. */
export function createTestApi(simulator: Simulator, panels: Promise<void>): TestApi {
  const isIdle = (): boolean => {
    const { session, layout } = simulator.store.getState();
    const { phase, current, views } = session;
    const { playing, glide, scrubbing, step } = simulator.viewTime.getState();
    const viewsKnown = phase.kind !== 'ready' || (views?.run === current && views?.step === step);
    return phase.kind !== 'computing' && !playing && glide === undefined && !scrubbing && viewsKnown && layout.wantedLevel === layout.level;
  };
  return {
    whenIdle: () =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!isIdle()) return;
          for (const stop of stops) stop();
          // React has rendered, and the panels have drawn, two frames later.
          const settled = simulator.store.getState().session.phase.kind === 'failed' ? Promise.resolve() : panels;
          void settled.then(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
        };
        const stops = [simulator.store.subscribe(check), simulator.viewTime.subscribe(check)];
        check();
      }),
    hash: () => selectRun(simulator.store.getState())?.hash,
    hashOf: async (scenario, seed) => (await simulator.session.run({ scenario, seed, changes: [] })).hash,
    link: () => linkOf(simulator),
    position: () => {
      const story = storyOf(simulator);
      const { step } = simulator.viewTime.getState();
      return { step: story === undefined ? 0 : step - story.first + 1, of: story === undefined ? 0 : story.steps.length - story.first };
    },
  };
}
