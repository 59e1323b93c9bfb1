import type { ComponentProps, ReactNode } from 'react';
import styles from './widgets.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'onClick' | 'children'> {
  /** The name, where the button shows only an icon. */
  readonly label?: string;
  readonly icon?: ReactNode;
  /** Said in the tooltip. */
  readonly shortcut?: string;
  readonly primary?: boolean;
  readonly onPress?: () => void;
  readonly children?: ReactNode;
}

/** A mouse leaves the focus where it was, so that Space keeps meaning play; the keyboard moves it as usual. */
export function Button({ label, icon, shortcut, primary = false, onPress, children, className, ...rest }: Props) {
  const name = label ?? (typeof children === 'string' ? children : undefined);
  const classes = [styles.button, primary ? styles.primary : undefined, children === undefined ? styles.square : undefined, className];
  return (
    <button
      type="button"
      aria-label={label}
      title={shortcut === undefined ? label : `${name ?? ''} (${shortcut})`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
      {...rest}
      className={classes.filter((each) => each !== undefined).join(' ')}
    >
      {icon}
      {typeof children === 'string' ? <span className={styles.buttonText}>{children}</span> : children}
    </button>
  );
}
