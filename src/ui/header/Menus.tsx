import { Download, GitFork, History, Monitor, Moon, Sun } from 'lucide-react';
import type { Theme } from '#store/store.ts';
import { Menu } from '#ui/menus/Menu.tsx';
import { useAppState } from '#ui/simulator-context.tsx';

/** The runs of this session; shown once there is more than one. */
export function RunsMenu() {
  const count = useAppState((state) => state.session.runs.length);
  const place = useAppState((state) => state.session.runs.findIndex((run) => run.id === state.session.current) + 1);
  return count < 2 ? null : <Menu label={`Run ${place} of ${count}`} icon={<History />} content="runs" />;
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
