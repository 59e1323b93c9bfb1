/**
 * Keeps the address in step with the state, and follows a link that is pasted into it or that the browser goes back to. Another run (another scenario, or what
 * became of a change) is an entry of the history; where the reader stands in it is not. To undo a change is to go back: forward then leads to what was undone.
 */
import { addressOf, type Held, openLink } from '#store/open-link.ts';
import type { Simulator } from '#store/simulator.ts';
import { selectRun, type RunId } from '#store/store.ts';

/** Browsers refuse more than about a hundred rewrites in ten seconds. */
const QUIET_MILLISECONDS = 200;

/** Where an entry of the history stands among those of this page; undefined of one that the page has not written: somebody has pasted a link. */
const placeIn = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'at' in state && typeof state.at === 'number' ? state.at : undefined;

/** What an entry keeps because its address does not hold it: it is this page's own, and no run is made of anything else. */
export const heldIn = (state: unknown): Held | undefined => {
  const held = typeof state === 'object' && state !== null && 'held' in state ? state.held : undefined;
  return typeof held === 'object' && held !== null && 'changes' in held && Array.isArray(held.changes) ? (held as Held) : undefined;
};

/** Returns the function that stops it. */
export function keepLink(simulator: Simulator, window: Window): () => void {
  let timer: number | undefined;
  const current = (): RunId | undefined => simulator.store.getState().session.current;
  /** The run whose link stands in the address, and the address as it was written or followed last. */
  let written = current();
  let address = window.location.hash;
  let following = false;
  /** Of each entry that this page has written the run, and where among them the browser stands: the history itself tells nobody. */
  let at = placeIn(window.history.state) ?? 0;
  const runs: (RunId | undefined)[] = [];
  runs[at] = written;
  const stateOf = (held: Held | undefined): object => (held === undefined ? { at } : { at, held });
  window.history.replaceState(stateOf(heldIn(window.history.state)), '');
  /** Back to the run whose change was undone; what the page shows is there already. */
  let returning = false;
  const put = (how: 'pushState' | 'replaceState', link: string, held: Held | undefined): void => {
    try {
      window.history[how](stateOf(held), '', link);
    } catch {
      // More than this browser keeps: then the address alone says that changes are left out.
      window.history[how](stateOf(undefined), '', link);
    }
  };
  const write = (): void => {
    timer = undefined;
    const { playing, scrubbing, glide } = simulator.viewTime.getState();
    const another = current() !== written;
    // A moment is written where somebody comes to rest; another run at once, lest the one before is lost.
    if (following || returning || (!another && (playing || scrubbing || glide !== undefined))) return;
    // The browser has already gone to another entry, and its hashchange is on its way: what is written now would overwrite that entry.
    if (window.location.hash !== address) return;
    const { link, held } = addressOf(simulator) ?? {};
    if (link === undefined || link === address) return;
    const { undone } = simulator.store.getState().session;
    if (another && undone && at > 0 && runs[at - 1] === current()) {
      returning = true;
      window.history.back();
      return;
    }
    // What was undone and is not the entry before is no place to go back to either.
    if (another && !undone && written !== undefined) {
      at++;
      put('pushState', link, held);
      runs.length = at;
    } else put('replaceState', link, held);
    written = current();
    runs[at] = written;
    address = window.location.hash;
    name();
  };
  const name = (): void => {
    const run = selectRun(simulator.store.getState());
    if (run !== undefined) window.document.title = `${run.story.trace.title} · Presence Network Simulator`;
  };
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(write, current() === written ? QUIET_MILLISECONDS : 0);
  };
  /** One at a time: where somebody goes in the meantime is followed after that, and what lies between is passed over. */
  const follow = async (): Promise<void> => {
    if (following) return;
    following = true;
    do {
      address = window.location.hash;
      await openLink(simulator, address, heldIn(window.history.state));
    } while (window.location.hash !== address);
    following = false;
    written = current();
    const place = placeIn(window.history.state);
    if (place === undefined) {
      runs.length = ++at;
      window.history.replaceState({ at }, '');
    } else at = place;
    runs[at] = written;
    name();
    later();
  };
  const onHash = (): void => {
    if (!returning) return void follow();
    returning = false;
    at = placeIn(window.history.state) ?? at;
    written = runs[at];
    address = window.location.hash;
    name();
    later();
  };
  const stops = [
    simulator.store.subscribe((state, before) => {
      const isSame =
        state.session.current === before.session.current &&
        state.selection === before.selection &&
        state.layout.level === before.layout.level &&
        state.layout.dialog === before.layout.dialog &&
        state.price.typed === before.price.typed;
      if (!isSame) later();
    }),
    simulator.viewTime.subscribe((time, before) => {
      if (time.step !== before.step || time.playing !== before.playing || time.glide !== before.glide || time.scrubbing !== before.scrubbing) later();
    }),
  ];
  window.addEventListener('hashchange', onHash);
  name();
  return () => {
    for (const stop of stops) stop();
    window.removeEventListener('hashchange', onHash);
    window.clearTimeout(timer);
  };
}
