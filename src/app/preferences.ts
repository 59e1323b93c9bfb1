/** What the system and the person prefer: theme and layers (kept on this device), and reduced motion. */
import type { Simulator } from '#store/simulator.ts';
import { patch, type Theme } from '#store/store.ts';
import { LAYERS, type LayerChoices } from '#trace/layers.ts';

const KEY = 'presence-simulator.theme';
const LAYERS_KEY = 'presence-simulator.layers';
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

/** `+DNS -Diameter`: what somebody has chosen to see, and not to see. */
function readLayers(window: Window): LayerChoices {
  const stored = read(window, LAYERS_KEY)?.split(' ') ?? [];
  return new Map(
    LAYERS.flatMap((layer) =>
      layer === 'SIP' || !(stored.includes(`+${layer}`) || stored.includes(`-${layer}`)) ? [] : [[layer, stored.includes(`+${layer}`)]],
    ),
  );
}

const formatLayers = (layers: LayerChoices): string => Array.from(layers, ([layer, shown]) => `${shown ? '+' : '-'}${layer}`).join(' ');

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
  patch(simulator.store, 'settings', { theme, layers: readLayers(window), reducedMotion: still.matches });
  still.addEventListener('change', onMotion);
  const stop = simulator.store.subscribe((state, before) => {
    const { layers } = state.settings;
    if (layers !== before.settings.layers) write(window, LAYERS_KEY, formatLayers(layers));
    if (state.settings.theme === before.settings.theme) return;
    apply(state.settings.theme);
    write(window, KEY, state.settings.theme);
  });
  return () => {
    stop();
    still.removeEventListener('change', onMotion);
  };
}
