/** A button with its menu, on Radix: keys, focus and names for screen readers are its work. Loaded with the first menu. */
import { DropdownMenu } from 'radix-ui';
import type { ComponentType, ReactNode } from 'react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from '#ui/widgets/widgets.module.css';
import { Acts, Files, Runs, Themes } from './contents.tsx';

export type MenuContent = 'acts' | 'runs' | 'files' | 'themes';

/** Rendered when the menu opens, so that they speak of the moment at which it was opened. */
const CONTENTS: Readonly<Record<MenuContent, ComponentType>> = { acts: Acts, runs: Runs, files: Files, themes: Themes };

export interface MenuProps {
  readonly label: string;
  readonly icon?: ReactNode;
  /** Only the icon is shown. */
  readonly iconOnly?: boolean;
  /** Which menu it is. */
  readonly content: MenuContent;
}

interface Props extends MenuProps {
  readonly onClose: () => void;
}

/** The menu, open from the start: it is made when somebody wants it. */
export function RadixMenu({ label, icon, iconOnly = false, content, onClose }: Props) {
  const Content = CONTENTS[content];
  return (
    <DropdownMenu.Root defaultOpen modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <Button icon={icon} {...(iconOnly ? { label } : { children: label })} onMouseDown={undefined} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8}>
          <Content />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
