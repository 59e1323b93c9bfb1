/** A file that somebody chooses on their device, or drops on the page: a saved run, or a scenario of their own. */
import type { Command } from '#store/commands.ts';
import { openFile } from '#store/open-file.ts';
import { notify } from '#store/runs.ts';
import type { Simulator } from '#store/simulator.ts';
import { patch } from '#store/store.ts';

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

/** Closes the dialog over the page: what comes of it is seen, and said, below. */
export async function takeFile(simulator: Simulator, file: File): Promise<void> {
  const said = `“${file.name}” cannot be opened`;
  patch(simulator.store, 'layout', { dialog: undefined });
  if (simulator.store.getState().session.phase.kind === 'computing')
    return notify(simulator, `${said} while a run is computed. Try again when it is there.`, 'problem');
  if (file.size > LARGEST) return notify(simulator, `${said}: it is larger than any file that this page saves.`, 'problem');
  let text: string;
  try {
    text = await file.text();
  } catch {
    return notify(simulator, `“${file.name}” cannot be read. Look whether it is still there.`, 'problem');
  }
  await openFile(simulator, file.name, text);
}

export const openFromFile: Command = {
  id: 'run.open-file',
  label: 'Open a scenario file or a saved run',
  keys: [],
  enabled: ({ store }) => store.getState().session.phase.kind === 'ready',
  run: async (simulator) => {
    const file = await chosen();
    if (file !== undefined) await takeFile(simulator, file);
  },
};
