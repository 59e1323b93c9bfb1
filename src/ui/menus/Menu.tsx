/** A button that opens a menu. What the menu needs is loaded when a person comes near it: the first picture does not wait for it. */
import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from '#ui/widgets/Button.tsx';
import type { MenuProps } from './RadixMenu.tsx';

const load = () => import('./RadixMenu.tsx');
const RadixMenu = lazy(() => load().then((module) => ({ default: module.RadixMenu })));

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
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      autoFocus={focus}
      onKeyDown={() => (byKeyboard.current = true)}
      onPointerDown={() => (byKeyboard.current = false)}
      onPress={() => setOpen(true)}
    />
  );
  if (!open) return closed;
  return (
    <Suspense fallback={closed}>
      <RadixMenu
        {...props}
        onClose={() => {
          setFocus(byKeyboard.current && !isTaken());
          setOpen(false);
        }}
      />
    </Suspense>
  );
}
