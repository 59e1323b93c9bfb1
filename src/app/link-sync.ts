/**
 * Keeps the address in step with the state, and follows a link that is pasted into it or that the browser goes back to. Another run (another scenario, or what
 * became of a change) is an entry of the history; where the reader stands in it is not. To undo a change is to go back: forward then leads to what was undone.
 * While it plays, the address follows at some distance; what it lacks when the page goes is kept with the tab, so that whoever loads it again is where they were.
 */
import { addressOf, type Held, openLink } from '#store/open-link.ts';
import type { Simulator } from '#store/simulator.ts';
import { selectRun, type RunId } from '#store/store.ts';
import { readStored, writeStored } from './storage.ts';

/** Browsers refuse more than about a hundred rewrites in ten seconds. */
const QUIET_MILLISECONDS = 200;
/** No more often than this while it plays. */
const PLAYING_MILLISECONDS = 1000;
const PLACE = 'presence-simulator.place';

/** Where an entry of the history stands among those of this page; undefined of one that the page has not written: somebody has pasted a link. */
const placeIn = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'at' in state && typeof state.at === 'number' ? state.at : undefined;

/** What an entry keeps because its address does not hold it: it is this page's own, and no run is made of anything else. */
export const heldIn = (state: unknown): Held | undefined => {
  const held = typeof state === 'object' && state !== null && 'held' in state ? state.held : undefined;
  return typeof held === 'object' && held !== null && 'changes' in held && Array.isArray(held.changes) ? (held as Held) : undefined;
};

/** When the tab loads the page again: the address leads where the reader was when the page went. A link that somebody opens leads where it says. */
export function catchUp(window: Window): void {
  const [entry] = window.performance.getEntriesByType('navigation');
  const isSameVisit = entry !== undefined && 'type' in entry && (entry.type === 'reload' || entry.type === 'back_forward');
  const [address, link] = readStored(window, 'sessionStorage', PLACE)?.split(' ') ?? [];
  if (isSameVisit && address === window.location.hash && link !== undefined) window.history.replaceState(window.history.state, '', link);
}

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
  let writtenAt = -Infinity;
  const write = (): void => {
    timer = undefined;
    const { scrubbing, glide } = simulator.viewTime.getState();
    const another = current() !== written;
    // A moment is written where somebody comes to rest, and now and then while it plays; another run at once, lest the one before is lost.
    if (following || returning || (!another && (scrubbing || glide !== undefined))) return;
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
    writtenAt = Date.now();
    name();
  };
  const name = (): void => {
    const run = selectRun(simulator.store.getState());
    if (run !== undefined) window.document.title = `${run.story.trace.title} · Presence Network Simulator`;
  };
  const later = (): void => {
    const isSame = current() === written;
    const isPassing = isSame && simulator.viewTime.getState().playing;
    // Steps that come one soon after the other put nothing off.
    if (isPassing && timer !== undefined) return;
    window.clearTimeout(timer);
    const soonest = isPassing ? writtenAt + PLAYING_MILLISECONDS - Date.now() : 0;
    timer = window.setTimeout(write, isSame ? Math.max(QUIET_MILLISECONDS, soonest) : 0);
  };
  /** The page may not come back, and by now it is too late for the address. */
  const onHide = (): void => {
    const link = following || returning || current() !== written ? undefined : addressOf(simulator)?.link;
    const isBehind = link !== undefined && window.location.hash === address && link !== address;
    writeStored(window, 'sessionStorage', PLACE, isBehind ? `${address} ${link}` : undefined);
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
  window.addEventListener('pagehide', onHide);
  name();
  return () => {
    for (const stop of stops) stop();
    window.removeEventListener('hashchange', onHash);
    window.removeEventListener('pagehide', onHide);
    window.clearTimeout(timer);
  };
}
