/** Keys to commands. A panel that takes a key itself prevents its default, and is left alone; so are text fields, menus and dialogs. */
import { execute, KEYED_COMMANDS, type Command } from '#store/commands.ts';
import type { Simulator } from '#store/simulator.ts';

const BY_KEY: ReadonlyMap<string, Command> = new Map(KEYED_COMMANDS.flatMap((command) => command.keys.map((key) => [key, command] as const)));

/** `Ctrl+z`, `?`, `ArrowLeft`; on a Mac the command key counts as Ctrl. Shift is part of the character. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || !(event.target instanceof Element)) return event.defaultPrevented;
  if (event.target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null) return true;
  const presses = event.key === ' ' || event.key === 'Enter';
  return presses && event.target.closest('button, a, summary, [role="button"], [role="tab"], [role="row"], [role="option"]') !== null;
}

/** Returns the function that stops listening. */
export function listenToKeys(simulator: Simulator, target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = BY_KEY.get(keyOf(event));
    if (command === undefined || isTaken(event) || !command.enabled(simulator)) return;
    event.preventDefault();
    void execute(simulator, command);
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
