/**
 * Where the reader stands, 60 times a second while it plays: kept apart from the other state so that a frame costs only what moves.
 * `s` and `step` are the truth; `t` follows from `s`. What need not move smoothly subscribes to `step` alone.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Glide {
  readonly fromS: number;
  readonly toS: number;
  /** Seconds of real time that have passed, and that it takes. */
  readonly elapsed: number;
  readonly takes: number;
}

export interface ViewTime {
  /** Simulated time, microseconds since the start of the run. */
  readonly t: number;
  /** Teaching time, seconds. */
  readonly s: number;
  /** Index into `Story.steps` of the current step; one less than `Story.first` where the story opens; -1 before everything. */
  readonly step: number;
  readonly playing: boolean;
  /** Teaching seconds per second: 0.25 to 4. */
  readonly speed: number;
  /** A short travel to a place of rest, after a step or a jump. */
  readonly glide: Glide | undefined;
  /** With reduced motion: how long the step has been shown, in seconds at speed 1. */
  readonly stillFor: number;
  /** The person holds the scrubber. */
  readonly scrubbing: boolean;
}

export type ViewTimeStore = StoreApi<ViewTime>;

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

export function createViewTime(): ViewTimeStore {
  return createStore<ViewTime>()(() => ({ t: 0, s: 0, step: -1, playing: false, speed: 1, glide: undefined, stillFor: 0, scrubbing: false }));
}
