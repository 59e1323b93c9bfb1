/** Opening a file that somebody brings: a scenario of their own, or a run that was saved, by which what no link holds comes back. */
import { tooLong } from '#scenario/file-size.ts';
import { CancelledError, type OwnFile, type RunRequest, type ScenarioSummary } from '#session/port.ts';
import { notHeld, parseRunFile, type RunFile, unlikeSaved } from '#trace/run-file.ts';
import { goToOpening } from './playback.ts';
import { notify, openRun, ORIGINAL_NAME, problemOf } from './runs.ts';
import type { Simulator } from './simulator.ts';
import { patch, type Run } from './store.ts';

const SAVE_IT = 'No link holds a scenario of your own: Export > Run saves it, with what you change.';

/** False when the file is neither, or nothing that can be computed; a notice says why, and the run at hand stays. */
export async function openFile(simulator: Simulator, name: string, text: string): Promise<boolean> {
  const file = parseRunFile(text);
  if ('problem' in file) {
    if (file.meant) return refuse(simulator, name, file.problem);
    const run = await openOwn(simulator, { name, text });
    if (run === undefined) return false;
    goToOpening(simulator);
    notify(simulator, `“${name}” is opened: ${run.story.trace.title}. ${SAVE_IT}`);
    return true;
  }
  const { scenario, seed, changes, own } = file;
  if (await isNowhere(simulator, file)) return refuse(simulator, name, notHeld(file));
  const called = changes.length === 0 ? undefined : `As “${name}” has it`;
  const run = own === undefined ? await openRun(simulator, { scenario, seed, changes }, called) : await openOwn(simulator, { name, text: own }, file, called);
  if (run === undefined) return false;
  goToOpening(simulator);
  if (run.hash === file.hash) notify(simulator, `“${name}” is opened: ${run.story.trace.title}.`);
  else notify(simulator, unlikeSaved(file, run.story.trace), 'problem');
  return true;
}

/** Whether its scenario stands neither in it nor in the catalog. Where the catalog cannot be had, the run will tell. */
async function isNowhere({ session }: Simulator, { scenario, own }: RunFile): Promise<boolean> {
  if (own !== undefined) return false;
  const catalog = await session.scenarios().catch(() => undefined);
  return catalog?.some(({ id }) => id === scenario) === false;
}

function refuse(simulator: Simulator, name: string, why: string): false {
  notify(simulator, `“${name}” cannot be opened. ${why}`, 'problem');
  return false;
}

/** A run of a scenario of somebody's own, which then stands in the list of scenarios. Undefined when there is none: a notice says why. */
export async function openOwn(
  simulator: Simulator,
  file: OwnFile,
  { seed, changes }: Pick<RunRequest, 'seed' | 'changes'> = { seed: 1, changes: [] },
  called: string = ORIGINAL_NAME,
): Promise<Run | undefined> {
  const { store } = simulator;
  const summary = await read(simulator, file);
  if (summary?.own === undefined) return undefined;
  const run = await openRun(simulator, { scenario: summary.id, seed, changes, own: summary.own.text }, called, undefined, file.name);
  const { scenarios } = store.getState().session;
  if (run !== undefined) patch(store, 'session', { scenarios: [summary, ...scenarios.filter(({ id }) => id !== summary.id)] });
  return run;
}

async function read(simulator: Simulator, file: OwnFile): Promise<ScenarioSummary | undefined> {
  const { store } = simulator;
  const tooMuch = tooLong(file.text);
  if (tooMuch !== undefined) {
    refuse(simulator, file.name, tooMuch);
    return undefined;
  }
  const { phase } = store.getState().session;
  patch(store, 'session', { phase: { kind: 'computing', what: file.name } });
  try {
    return await simulator.session.readScenario(file);
  } catch (error) {
    if (error instanceof CancelledError) notify(simulator, 'Cancelled.');
    else refuse(simulator, file.name, problemOf(error, '').what);
    return undefined;
  } finally {
    patch(store, 'session', { phase });
  }
}
