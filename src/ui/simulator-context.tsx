/** How panels reach the app instance around them: state by selector, view time by selector, actions by command. */
import { createContext, use, useCallback, useSyncExternalStore, type ReactNode } from 'react';
import { execute, type Command } from '#store/commands.ts';
import type { Simulator } from '#store/simulator.ts';
import { selectStory, type AppState } from '#store/store.ts';
import type { Story } from '#store/story.ts';
import type { ViewTime } from '#store/view-time.ts';

const SimulatorContext = createContext<Simulator | undefined>(undefined);

export function SimulatorProvider({ simulator, children }: { readonly simulator: Simulator; readonly children: ReactNode }) {
  return <SimulatorContext value={simulator}>{children}</SimulatorContext>;
}

export function useSimulator(): Simulator {
  const simulator = use(SimulatorContext);
  if (simulator === undefined) throw new Error('This panel stands outside a SimulatorProvider.');
  return simulator;
}

/** A part of the state; `select` must return the same reference while nothing changed. */
export function useAppState<T>(select: (state: AppState) => T): T {
  const { store } = useSimulator();
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}

/** A part of view time; select `step` or `playing` to render rarely. What moves every frame subscribes to `simulator.viewTime` itself. */
export function useViewTime<T>(select: (time: ViewTime) => T): T {
  const { viewTime } = useSimulator();
  return useSyncExternalStore(viewTime.subscribe, () => select(viewTime.getState()));
}

export function useStory(): Story | undefined {
  return useAppState(selectStory);
}

/** Runs commands, if they are enabled. */
export function useExecute(): (command: Command) => void {
  const simulator = useSimulator();
  return useCallback((command: Command) => void execute(simulator, command), [simulator]);
}
