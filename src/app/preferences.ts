/** What the system and the person prefer: theme and layers (kept on this device), and reduced motion. */
import type { Simulator } from '#store/simulator.ts';
import { patch, type Theme } from '#store/store.ts';
import { LAYERS, type LayerChoices } from '#trace/layers.ts';
import { readStored, writeStored } from './storage.ts';

const KEY = 'presence-simulator.theme';
const LAYERS_KEY = 'presence-simulator.layers';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function readTheme(window: Window): Theme {
  const stored = readStored(window, 'localStorage', KEY);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

/** `+DNS -Diameter`: what somebody has chosen to see, and not to see. */
function readLayers(window: Window): LayerChoices {
  const stored = readStored(window, 'localStorage', LAYERS_KEY)?.split(' ') ?? [];
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
    if (layers !== before.settings.layers) writeStored(window, 'localStorage', LAYERS_KEY, formatLayers(layers));
    if (state.settings.theme === before.settings.theme) return;
    apply(state.settings.theme);
    writeStored(window, 'localStorage', KEY, state.settings.theme);
  });
  return () => {
    stop();
    still.removeEventListener('change', onMotion);
  };
}
