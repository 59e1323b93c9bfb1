/** Keys to commands. A panel that takes a key itself prevents its default, and is left alone; so are text fields, menus and dialogs. */
import { execute, KEYED_COMMANDS, type Command } from '#store/commands.ts';
import { notify } from '#store/runs.ts';
import type { Simulator } from '#store/simulator.ts';
import { selectRun } from '#store/store.ts';

const BY_KEY: ReadonlyMap<string, Command> = new Map(KEYED_COMMANDS.flatMap((command) => command.keys.map((key) => [key, command] as const)));

/** `Ctrl+z`, `?`, `ArrowLeft`; on a Mac the command key counts as Ctrl. Shift is part of the character, but with Ctrl it is named. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isCtrl = event.ctrlKey || event.metaKey;
  return `${isCtrl ? 'Ctrl+' : ''}${isCtrl && event.shiftKey ? 'Shift+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
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
    if (command === undefined || isTaken(event)) return;
    if (!command.enabled(simulator)) {
      if (command.whyNot !== undefined && selectRun(simulator.store.getState()) !== undefined) notify(simulator, command.whyNot);
      return;
    }
    event.preventDefault();
    void execute(simulator, command);
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
