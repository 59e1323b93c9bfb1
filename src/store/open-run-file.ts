/** Opening a run that was saved as a file: what no link holds comes back by it. */
import { parseRunFile, unlikeSaved } from '#trace/run-file.ts';
import { goToOpening } from './playback.ts';
import { notify, openRun } from './runs.ts';
import type { Simulator } from './simulator.ts';

/** False when the file names no run, or none that can be computed; a notice says why. */
export async function openRunFile(simulator: Simulator, name: string, text: string): Promise<boolean> {
  const file = parseRunFile(text);
  if ('problem' in file) {
    notify(simulator, `“${name}” cannot be opened. ${file.problem}`, 'problem');
    return false;
  }
  const { scenario, seed, changes } = file;
  const run = await openRun(simulator, { scenario, seed, changes }, changes.length === 0 ? undefined : `As “${name}” has it`);
  if (run === undefined) return false;
  goToOpening(simulator);
  if (run.hash === file.hash) notify(simulator, `“${name}” is opened: ${run.story.trace.title}.`);
  else notify(simulator, unlikeSaved(file, run.story.trace.engine), 'problem');
  return true;
}
