/** What the system and the person prefer: theme (kept on this device) and reduced motion. */
import type { Simulator } from '#store/simulator.ts';
import { patch, type Theme } from '#store/store.ts';

const KEY = 'presence-simulator.theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Storage may be forbidden (a file opened from a stick, a strict browser): then the choice lasts as long as the page. */
function readTheme(window: Window): Theme {
  try {
    const stored = window.localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function writeTheme(window: Window, theme: Theme): void {
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // Then it is not kept.
  }
}

/** Returns the function that stops listening. */
export function followPreferences(simulator: Simulator, window: Window): () => void {
  const { documentElement } = window.document;
  const apply = (theme: Theme): void => {
    if (theme === 'system') delete documentElement.dataset['theme'];
    else documentElement.dataset['theme'] = theme;
  };
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  const onMotion = (): void => patch(simulator.store, 'settings', { reducedMotion: still.matches });
  const theme = readTheme(window);
  apply(theme);
  patch(simulator.store, 'settings', { theme, reducedMotion: still.matches });
  still.addEventListener('change', onMotion);
  const stop = simulator.store.subscribe((state, before) => {
    if (state.settings.theme === before.settings.theme) return;
    apply(state.settings.theme);
    writeTheme(window, state.settings.theme);
  });
  return () => {
    stop();
    still.removeEventListener('change', onMotion);
  };
}
