/** Keeps the address in step with the state, and follows a link that is pasted into it. */
import { linkOf, openLink } from '#store/open-link.ts';
import type { Simulator } from '#store/simulator.ts';

/** Browsers refuse more than about a hundred rewrites in ten seconds. */
const QUIET_MILLISECONDS = 200;

/** Returns the function that stops it. */
export function keepLink(simulator: Simulator, window: Window): () => void {
  let timer: number | undefined;
  const write = (): void => {
    timer = undefined;
    const { playing, scrubbing, glide } = simulator.viewTime.getState();
    const link = playing || scrubbing || glide !== undefined ? undefined : linkOf(simulator);
    if (link !== undefined && link !== window.location.hash) window.history.replaceState(window.history.state, '', link);
  };
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(write, QUIET_MILLISECONDS);
  };
  const follow = (): void => void openLink(simulator, window.location.hash);
  const stops = [
    simulator.store.subscribe((state, before) => {
      if (state.session.current !== before.session.current || state.selection !== before.selection || state.layout.level !== before.layout.level) later();
    }),
    simulator.viewTime.subscribe((time, before) => {
      if (time.step !== before.step || time.playing !== before.playing || time.glide !== before.glide || time.scrubbing !== before.scrubbing) later();
    }),
  ];
  window.addEventListener('hashchange', follow);
  return () => {
    for (const stop of stops) stop();
    window.removeEventListener('hashchange', follow);
    window.clearTimeout(timer);
  };
}
