/** A dialog over the page, on Radix; loaded only when the first one opens. */
import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import styles from './widgets.module.css';

interface Props {
  readonly title: string;
  /** Takes most of a small screen. */
  readonly wide?: boolean;
  /** Keeps its height whatever is in it; what is in it scrolls by itself. */
  readonly fill?: boolean;
  /** There is nothing in it but text: it has the focus itself, so that keys scroll it. */
  readonly text?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Not the first thing in it, which closes it, but what the dialog is for. */
function focusWhereMarked(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  (content.querySelector<HTMLElement>('[data-focus]') ?? content).focus();
}

export function Modal({ title, wide = false, fill = false, text = false, onClose, children }: Props) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.overlay} />
        <Dialog.Content className={styles.dialog} data-wide={wide} data-fill={fill} aria-describedby={undefined} onOpenAutoFocus={focusWhereMarked}>
          <div className={styles.dialogHead}>
            <Dialog.Title className={styles.dialogTitle}>{title}</Dialog.Title>
            <Dialog.Close asChild>
              <Button label="Close" icon={<X />} className={styles.quiet ?? ''} />
            </Dialog.Close>
          </div>
          <div className={styles.dialogBody} {...(text ? { tabIndex: 0, role: 'region', 'aria-label': title, 'data-focus': '' } : {})}>
            {children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
