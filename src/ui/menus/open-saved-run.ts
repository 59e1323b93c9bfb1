/** A run from a file that somebody chooses on their device. */
import type { Command } from '#store/commands.ts';
import { openRunFile } from '#store/open-run-file.ts';
import { notify } from '#store/runs.ts';

/** Larger than any file that the page writes. */
const LARGEST = 256 * 2 ** 20;

const chosen = (): Promise<File | undefined> =>
  new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.json,application/json';
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });

export const openSavedRun: Command = {
  id: 'run.open-file',
  label: 'Open a saved run',
  keys: [],
  enabled: ({ store }) => store.getState().session.phase.kind === 'ready',
  run: async (simulator) => {
    const file = await chosen();
    if (file === undefined) return;
    if (file.size > LARGEST) return notify(simulator, `“${file.name}” cannot be opened: it is larger than any file that this page saves.`, 'problem');
    let text: string;
    try {
      text = await file.text();
    } catch {
      return notify(simulator, `“${file.name}” cannot be read. Look whether it is still there.`, 'problem');
    }
    await openRunFile(simulator, file.name, text);
  },
};
