import { Download, GitFork, History, Monitor, Moon, Sun } from 'lucide-react';
import type { Theme } from '#store/store.ts';
import { Menu } from '#ui/menus/Menu.tsx';
import { useAppState } from '#ui/simulator-context.tsx';

/** The runs of this session; shown once there is more than one. Those of this scenario are counted; where only others are there, the menu names them. */
export function RunsMenu() {
  const label = useAppState(({ session: { runs, current } }) => {
    const scenario = runs.find(({ id }) => id === current)?.request.scenario;
    const same = runs.filter(({ request }) => request.scenario === scenario);
    const place = same.findIndex(({ id }) => id === current) + 1;
    return same.length > 1 ? `Run ${place} of ${same.length}` : runs.length > 1 ? 'Other runs' : undefined;
  });
  return label === undefined ? null : <Menu label={label} icon={<History />} content="runs" />;
}

export function WhatIfMenu() {
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  return <Menu label="What if" icon={<GitFork />} disabled={!ready} content="acts" />;
}

export function ExportMenu() {
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  return <Menu label="Export" icon={<Download />} disabled={!ready} content="files" />;
}

const THEME_ICONS: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };

export function ThemeMenu() {
  const theme = useAppState((state) => state.settings.theme);
  const Icon = THEME_ICONS[theme];
  return <Menu label="Theme" icon={<Icon />} iconOnly content="themes" />;
}
