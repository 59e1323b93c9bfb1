/** While somebody presents, the page has the whole screen, where the browser has one to give and grants it; whoever leaves the one leaves the other. */
import type { Simulator } from '#store/simulator.ts';
import { patch } from '#store/store.ts';

/** What browsers on telephones leave out. */
type Screen = Partial<Pick<Document, 'fullscreenElement' | 'exitFullscreen'>>;
type Root = Partial<Pick<Element, 'requestFullscreen'>>;

/** Returns the function that stops it. */
export function followPresenting(simulator: Simulator, document: Document): () => void {
  const screen: Screen = document;
  const root: Root = document.documentElement;
  const isWhole = (): boolean => (screen.fullscreenElement ?? null) !== null;
  const onScreen = (): void => {
    if (!isWhole() && granted) patch(simulator.store, 'layout', { presenting: false });
    granted = isWhole();
  };
  let granted = false;
  let scrolledTo = 0;
  const stop = simulator.store.subscribe(({ layout }, before) => {
    if (layout.presenting === before.layout.presenting) return;
    // Whoever had scrolled down, on a telephone, sees the map from its top, and is where they were afterwards.
    const view = document.defaultView;
    if (layout.presenting) {
      scrolledTo = view?.scrollY ?? 0;
      view?.scrollTo(0, 0);
    }
    // The panels have been drawn again two frames later.
    else if (scrolledTo > 0) view?.requestAnimationFrame(() => view.requestAnimationFrame(() => view.scrollTo(0, scrolledTo)));
    // Not known (on an iPhone) or refused (by a frame, or by the person): then it is presented in the window.
    const asked = layout.presenting ? root.requestFullscreen?.() : isWhole() ? screen.exitFullscreen?.() : undefined;
    asked?.catch(() => undefined);
  });
  // Where the whole screen was refused, Escape is the page's own business; dialogs and menus have it first.
  const onKey = ({ key, target, defaultPrevented }: KeyboardEvent): void => {
    const isTaken = defaultPrevented || (target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null);
    if (key === 'Escape' && !isTaken && !granted && simulator.store.getState().layout.presenting) patch(simulator.store, 'layout', { presenting: false });
  };
  document.addEventListener('fullscreenchange', onScreen);
  document.addEventListener('keydown', onKey);
  return () => {
    stop();
    document.removeEventListener('fullscreenchange', onScreen);
    document.removeEventListener('keydown', onKey);
  };
}
