/** A button that opens a menu. What the menu needs is loaded when a person comes near it: the first picture does not wait for it. */
import { useRef, useState } from 'react';
import { PartBoundary } from '#ui/errors/PartBoundary.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { createLate } from '#ui/widgets/late.ts';
import type { MenuProps } from './RadixMenu.tsx';

const late = createLate(() => import('./RadixMenu.tsx').then((module) => module.RadixMenu));

/** Whether what was chosen has the focus already: the form that it opened keeps it. */
function isTaken(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.closest('[role="menu"]') === null && focused.getAttribute('aria-haspopup') !== 'menu';
}

export function Menu({ disabled = false, ...props }: MenuProps & { readonly disabled?: boolean }) {
  const { label, icon, iconOnly = false } = props;
  const [open, setOpen] = useState(false);
  // Who came by the keyboard gets the focus back when the menu closes; who came by the mouse keeps Space for playing.
  const byKeyboard = useRef(false);
  const [focus, setFocus] = useState(false);
  const closed = (
    <Button
      icon={icon}
      {...(iconOnly ? { label } : { children: label })}
      disabled={disabled}
      aria-haspopup="menu"
      aria-expanded={open}
      onPointerEnter={() => late.fetch()}
      onFocus={() => late.fetch()}
      autoFocus={focus}
      onKeyDown={() => (byKeyboard.current = true)}
      onPointerDown={() => (byKeyboard.current = false)}
      onPress={() => setOpen(true)}
    />
  );
  if (!open) return closed;
  return (
    <PartBoundary what="This menu" onBroken={() => setOpen(false)}>
      <late.Show
        with={{
          ...props,
          onClose: () => {
            setFocus(byKeyboard.current && !isTaken());
            setOpen(false);
          },
        }}
        meanwhile={closed}
      />
    </PartBoundary>
  );
}
