/** What the system and the person prefer: theme and hidden layers (kept on this device), and reduced motion. */
import type { Simulator } from '#store/simulator.ts';
import { patch, type Theme } from '#store/store.ts';
import { LAYERS, type LayerSet } from '#trace/layers.ts';

const KEY = 'presence-simulator.theme';
const LAYERS_KEY = 'presence-simulator.hidden-layers';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Storage may be forbidden (a file opened from a stick, a strict browser): then a choice lasts as long as the page. */
function read(window: Window, key: string): string | undefined {
  try {
    return window.localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(window: Window, key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Then it is not kept.
  }
}

function readTheme(window: Window): Theme {
  const stored = read(window, KEY);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

function readHiddenLayers(window: Window): LayerSet {
  const stored = read(window, LAYERS_KEY)?.split(' ') ?? [];
  return new Set(LAYERS.filter((layer) => layer !== 'SIP' && stored.includes(layer)));
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
  patch(simulator.store, 'settings', { theme, hiddenLayers: readHiddenLayers(window), reducedMotion: still.matches });
  still.addEventListener('change', onMotion);
  const stop = simulator.store.subscribe((state, before) => {
    const { hiddenLayers } = state.settings;
    if (hiddenLayers !== before.settings.hiddenLayers) write(window, LAYERS_KEY, [...hiddenLayers].join(' '));
    if (state.settings.theme === before.settings.theme) return;
    apply(state.settings.theme);
    write(window, KEY, state.settings.theme);
  });
  return () => {
    stop();
    still.removeEventListener('change', onMotion);
  };
}
