/** What stands in a menu, on Radix. */
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from '#ui/widgets/widgets.module.css';
import { shown } from '#ui/widgets/shown.ts';

interface ItemProps {
  readonly icon?: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  /** Left out where nothing can be done. */
  readonly onSelect?: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, hint, disabled = false, onSelect, children }: ItemProps) {
  return (
    <DropdownMenu.Item className={styles.item} disabled={disabled} {...(onSelect === undefined ? {} : { onSelect })}>
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
              {shown(option.text)}
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
