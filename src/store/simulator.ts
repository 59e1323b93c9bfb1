/** One app instance: its stores and its session. Handed to every action and command. */
import type { SessionPort } from '#session/port.ts';
import { createAppStore, selectStory, type AppStore } from './store.ts';
import type { Story } from './story.ts';
import { createViewTime, type ViewTimeStore } from './view-time.ts';

export interface Simulator {
  readonly store: AppStore;
  readonly viewTime: ViewTimeStore;
  readonly session: SessionPort;
}

export function createSimulator(session: SessionPort): Simulator {
  return { store: createAppStore(), viewTime: createViewTime(), session };
}

export const storyOf = (simulator: Simulator): Story | undefined => selectStory(simulator.store.getState());
