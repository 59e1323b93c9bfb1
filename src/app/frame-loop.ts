/** The one loop of animation frames: lets time pass while something moves, and sleeps otherwise. */
import { advance } from '#store/playback.ts';
import type { Simulator } from '#store/simulator.ts';

/** A tab that was in the background does not jump ahead. */
const LONGEST_FRAME_SECONDS = 0.1;

/** Returns the function that stops it. */
export function startFrameLoop(simulator: Simulator): () => void {
  let request: number | undefined;
  let last: number | undefined;

  const frame = (now: number): void => {
    request = undefined;
    const seconds = last === undefined ? 1 / 60 : Math.min(LONGEST_FRAME_SECONDS, (now - last) / 1000);
    last = now;
    if (advance(simulator, seconds)) schedule();
    else last = undefined;
  };
  const schedule = (): void => {
    request ??= requestAnimationFrame(frame);
  };
  const unsubscribe = simulator.viewTime.subscribe((time) => {
    if (time.playing || time.glide !== undefined) schedule();
  });
  return () => {
    unsubscribe();
    if (request !== undefined) cancelAnimationFrame(request);
  };
}
