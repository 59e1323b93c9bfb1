import { Monitor, Moon, Sun } from 'lucide-react';
import { setTheme } from '#store/commands.ts';
import type { Theme } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Menu, MenuChoice } from '#ui/widgets/Menu.tsx';

const ICONS: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };
const OPTIONS: readonly { readonly value: Theme; readonly text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

export function ThemeMenu() {
  const execute = useExecute();
  const theme = useAppState((state) => state.settings.theme);
  const Icon = ICONS[theme];
  return (
    <Menu label="Theme" icon={<Icon />} iconOnly>
      <MenuChoice label="Theme" value={theme} options={OPTIONS} onChoose={(value) => execute(setTheme(value))} />
    </Menu>
  );
}
