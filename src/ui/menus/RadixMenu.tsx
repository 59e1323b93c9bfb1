/** A button with its menu, on Radix: keys, focus and names for screen readers are its work. Loaded with the first menu. */
import { DropdownMenu } from 'radix-ui';
import { Suspense, type ComponentType, type ReactNode } from 'react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from '#ui/widgets/widgets.module.css';

export interface MenuProps {
  readonly label: string;
  readonly icon?: ReactNode;
  /** Only the icon is shown. */
  readonly iconOnly?: boolean;
  /** The items; rendered when the menu opens, so that they speak of the moment at which it was opened. */
  readonly content: ComponentType;
}

interface Props extends MenuProps {
  readonly onClose: () => void;
}

/** The menu, open from the start: it is made when somebody wants it. */
export function RadixMenu({ label, icon, iconOnly = false, content: Content, onClose }: Props) {
  return (
    <DropdownMenu.Root defaultOpen modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <Button icon={icon} {...(iconOnly ? { label } : { children: label })} onMouseDown={undefined} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8}>
          <Suspense fallback={null}>
            <Content />
          </Suspense>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  readonly icon?: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, hint, disabled = false, onSelect, children }: ItemProps) {
  return (
    <DropdownMenu.Item className={styles.item} disabled={disabled} onSelect={onSelect}>
      {icon}
      <span className={styles.itemText}>
        {children}
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      </span>
    </DropdownMenu.Item>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string; readonly hint?: string }[];
  readonly onChoose: (value: T) => void;
}

export function MenuChoice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <>
      <DropdownMenu.Label className={styles.heading}>{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={value}>
        {options.map((option) => (
          <DropdownMenu.RadioItem key={option.value} className={styles.item} value={option.value} onSelect={() => onChoose(option.value)}>
            <span className={styles.mark}>{option.value === value ? '●' : ''}</span>
            <span className={styles.itemText}>
              {option.text}
              {option.hint !== undefined && <span className={styles.hint}>{option.hint}</span>}
            </span>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}

export function MenuRule() {
  return <DropdownMenu.Separator className={styles.rule} />;
}

export function MenuHeading({ children }: { readonly children: ReactNode }) {
  return <DropdownMenu.Label className={styles.heading}>{children}</DropdownMenu.Label>;
}
