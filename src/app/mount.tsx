/** Puts one app instance into an element: stores, session, keys, link, preferences, frame loop. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '#ui/tokens.css';
import '#ui/base.css';
import { createRoot } from 'react-dom/client';
import type { SessionPort } from '#session/port.ts';
import { isEmptyFragment, openLink, showOutline } from '#store/open-link.ts';
import { refreshViews } from '#store/runs.ts';
import { createSimulator, type Simulator } from '#store/simulator.ts';
import { patch } from '#store/store.ts';
import { SimulatorProvider } from '#ui/simulator-context.tsx';
import { ErrorBoundary } from '#ui/errors/ErrorBoundary.tsx';
import { App } from './App.tsx';
import { listenToDrops } from './drops.ts';
import { startFrameLoop } from './frame-loop.ts';
import { listenToKeys } from './hotkeys.ts';
import { keepDrafts } from './kept-drafts.ts';
import { catchUp, heldIn, keepLink } from './link-sync.ts';
import { followPreferences } from './preferences.ts';
import { followPresenting } from './presenting.ts';
import { createTestApi } from './test-api.ts';
import { usualLadderRem } from './usual-sizes.ts';

function keepViews(simulator: Simulator): void {
  const refresh = (): void => void refreshViews(simulator);
  simulator.store.subscribe((state, before) => {
    if (state.session.phase !== before.session.phase || state.session.current !== before.session.current || state.layout.level !== before.layout.level)
      refresh();
  });
  simulator.viewTime.subscribe((time, before) => {
    if (time.step !== before.step) refresh();
  });
}

/** The ladder follows the window until somebody sets it. */
function fitLadder(simulator: Simulator, view: Window): void {
  let fitted: number | undefined;
  const fit = (): void => {
    if (fitted !== undefined && simulator.store.getState().layout.ladderRem !== fitted) return;
    fitted = usualLadderRem(view);
    if (simulator.store.getState().layout.ladderRem !== fitted) patch(simulator.store, 'layout', { ladderRem: fitted });
  };
  fit();
  view.addEventListener('resize', fit);
}

export function mount(element: HTMLElement, session: SessionPort): void {
  const simulator = createSimulator(session);
  let onPanels: () => void = () => undefined;
  const panels = new Promise<void>((resolve) => {
    onPanels = resolve;
  });
  let onPicture: () => void = () => undefined;
  const pictured = new Promise<void>((resolve) => {
    onPicture = resolve;
  });
  window.__simulator = createTestApi(simulator, panels);
  followPreferences(simulator, window);
  followPresenting(simulator, window.document);
  fitLadder(simulator, window);
  startFrameLoop(simulator);
  listenToKeys(simulator, window);
  listenToDrops(simulator, window);
  keepDrafts(simulator, window);
  keepViews(simulator);
  /** The network at rest is drawn first, the engine is loaded behind it; a link leads somewhere else, so there the engine comes first. */
  async function open(): Promise<void> {
    catchUp(window);
    if (isEmptyFragment(window.location.hash)) {
      showOutline(simulator);
      await pictured;
    }
    void session.scenarios().then(
      (scenarios) => patch(simulator.store, 'session', { scenarios: [...simulator.store.getState().session.scenarios, ...scenarios] }),
      () => undefined,
    );
    await openLink(simulator, window.location.hash, heldIn(window.history.state));
    keepLink(simulator, window);
  }
  createRoot(element).render(
    <ErrorBoundary>
      <SimulatorProvider simulator={simulator}>
        <App onPicture={onPicture} onPanels={onPanels} />
      </SimulatorProvider>
    </ErrorBoundary>,
  );
  void open();
}
