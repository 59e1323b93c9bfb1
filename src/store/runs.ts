/** Making runs, forking them, going back to them, and asking for the state of the entities. */
import { CancelledError, type ExportedFile, type ExportFormat, type RunRequest, type ScenarioSummary } from '#session/port.ts';
export type { ExportedFile, ExportFormat } from '#session/port.ts';
import type { Change, Moment } from '#trace/record.ts';
import { FETCH_FAILURE, isFetchFailure } from './fetch-failure.ts';
import { whereItShows } from './first-difference.ts';
import { goToOpening, isOpening } from './playback.ts';
import { storyAtLevel } from './levels.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { standingIn } from './switch-level.ts';
import { type AppState, patch, selectRun, selectStory, type Notice, type Problem, type Run, type RunId } from './store.ts';
import { deriveStory, type Story } from './story.ts';
import { fitsLink } from './url.ts';

/** A named change of a scenario, turned over. */
export interface Turned {
  readonly name: string;
  readonly value: string;
}

export const DEFAULT_SCENARIO = 'subscribe-across-networks';
export const ORIGINAL_NAME = 'As the scenario has it';

/** Where the reader stands, as the engine understands it. */
export function momentOf(story: Story, time: { readonly step: number; readonly s: number; readonly t: number }): Moment {
  if (isOpening(story, time)) return { t: Math.floor(time.t), record: story.steps[time.step]?.message.id ?? 0 };
  const message = story.steps[time.step]?.message;
  return message === undefined ? { t: 0, record: 0 } : { t: message.sentAt, record: message.id };
}

/** What a run is called; of some that is known only when it is there. */
export type RunName = string | ((story: Story) => string);

export const isSameRequest = (a: RunRequest, b: RunRequest): boolean =>
  a.scenario === b.scenario && a.own === b.own && a.seed === b.seed && JSON.stringify(a.changes) === JSON.stringify(b.changes);

export function problemOf(error: unknown, remedy: string): Problem {
  if (isFetchFailure(error)) return { what: FETCH_FAILURE, remedy };
  return { what: error instanceof Error && error.message !== '' ? error.message : 'The computation failed without saying why.', remedy };
}

/** Something is computed, and there is a run to return to: before the first one nobody gains by giving it up. */
export const isCancellable = (state: AppState): boolean => state.session.phase.kind === 'computing' && selectRun(state) !== undefined;

export function notify(simulator: Simulator, text: string, tone: Notice['tone'] = 'plain', offer?: Notice['offer']): void {
  patch(simulator.store, 'layout', { notice: { text, tone, offer } });
}

export const NO_LINK = 'No link holds it: it is too long. Save the run as a file, to keep it or to pass it on.';
export const NO_LINK_OWN = 'No link holds it: the scenario is your own file. Save the run as a file, to pass it on with what you changed.';

/** What became of a change; where no link holds the run any more that is said too, and what saves it is offered. */
export function tellOfRun(simulator: Simulator, { request }: Run, text: string, tone: Notice['tone'] = 'plain'): void {
  // Of a scenario of one's own that was said when it was opened.
  if (request.own !== undefined || fitsLink(request.changes)) notify(simulator, text, tone);
  else notify(simulator, `${text} ${NO_LINK}`, 'problem', 'save-run');
}

/** Remembers where the reader stood in the run that is left. */
function leave(simulator: Simulator): void {
  const { t, s, step } = simulator.viewTime.getState();
  const { session, layout } = simulator.store.getState();
  const leftAt = { t, s, step, level: layout.level };
  if (session.current !== undefined) setRun(simulator, session.current, { leftAt });
}

function setRun({ store }: Simulator, id: RunId, fields: Partial<Pick<Run, 'leftAt' | 'tookBack' | 'redo'>>): void {
  patch(store, 'session', { runs: store.getState().session.runs.map((run) => (run.id === id ? { ...run, ...fields } : run)) });
}

function show(simulator: Simulator, run: Run, undone = false): void {
  patch(simulator.store, 'session', { phase: { kind: 'ready' }, current: run.id, undone, views: undefined });
}

/**
 * Makes a run, or returns to the one that was made of the same request. With nothing to show yet, a failure fills the page;
 * otherwise the run at hand stays and a notice says what happened, to which `file` where one was brought. Resolves to undefined when there is no run.
 */
export async function openRun(
  simulator: Simulator,
  request: RunRequest,
  name: RunName = ORIGINAL_NAME,
  parent?: RunId,
  file?: string,
): Promise<Run | undefined> {
  const { store } = simulator;
  const before = store.getState().session;
  const made = before.runs.find((run) => isSameRequest(run.request, request));
  leave(simulator);
  if (made !== undefined) {
    show(simulator, made);
    return made;
  }
  const title = before.scenarios.find((scenario) => scenario.id === request.scenario)?.title;
  patch(store, 'session', { phase: { kind: 'computing', what: title ?? file ?? 'the network' } });
  try {
    const { trace, hash } = await simulator.session.run(request);
    const id = Math.max(0, ...store.getState().session.runs.map((run) => run.id)) + 1;
    const story = deriveStory(trace);
    const run: Run = { id, request, hash, story, name: typeof name === 'string' ? name : name(story), ...(parent === undefined ? {} : { parent }) };
    patch(store, 'session', { runs: [...store.getState().session.runs, run] });
    show(simulator, run);
    return run;
  } catch (error) {
    const cancelled = error instanceof CancelledError;
    const problem = problemOf(error, 'Look whether the network is there and try again, or choose another scenario.');
    const nothing = selectRun(store.getState()) === undefined;
    patch(store, 'session', { phase: nothing ? { kind: 'failed', problem } : { kind: 'ready' } });
    if (!nothing)
      notify(
        simulator,
        cancelled ? 'Cancelled. The earlier run is shown.' : file === undefined ? problem.what : `“${file}” cannot be run. ${problem.what}`,
        cancelled ? 'plain' : 'problem',
      );
    return undefined;
  }
}

/** What was turned over, in the scenario's own words: `Watcher rule: refuses her`. */
const inWords = (choices: ScenarioSummary['choices'], set: readonly Turned[]): readonly string[] =>
  set.map(({ name, value }) => {
    const choice = choices.find((each) => each.name === name);
    return `${choice?.title ?? name}: ${choice?.values.find((each) => each.value === value)?.title ?? value}`;
  });

/** Opens a scenario at its beginning, with these named changes turned over. */
export async function openScenario(simulator: Simulator, scenario: string, seed = 1, set: readonly Turned[] = []): Promise<void> {
  const known = simulator.store.getState().session.scenarios.find((each) => each.id === scenario);
  const choices = known?.choices ?? [];
  const name = set.length === 0 ? ORIGINAL_NAME : inWords(choices, set).join('; ');
  const changes = set.map(({ name: turned, value }): Change => ({ kind: 'set', name: turned, value }));
  const run = await openRun(simulator, { scenario, seed, changes, ...(known?.own === undefined ? {} : { own: known.own.text }) }, name);
  if (run !== undefined) goToOpening(simulator);
}

/**
 * Does something to the network: a new run replaces the view at the same moment, and whoever was playing plays on; the earlier one stays in the list. `told` is said
 * of it, and from where on it shows. False when there is no such run.
 */
export async function fork(simulator: Simulator, change: Change, name: RunName, told?: string): Promise<boolean> {
  const run = selectRun(simulator.store.getState());
  const story = storyOf(simulator);
  if (run === undefined || story === undefined) return false;
  const { t, s, step, playing } = simulator.viewTime.getState();
  const wasOpening = isOpening(story, { s, step });
  simulator.viewTime.setState({ playing: false, glide: undefined });
  const { record } = momentOf(story, { s, step, t });
  // What was done to later messages names records that may now be others; what is done to a message again is done to what became of it.
  const since = 'record' in change ? Math.max(record, change.record) : record;
  const kept = run.request.changes.filter((each) => !('record' in each) || each.record <= since);
  const forked = await openRun(simulator, { ...run.request, changes: [...kept, change] }, name, run.id);
  if (forked === undefined) return false;
  // What was undone is no longer what comes next.
  setRun(simulator, run.id, { redo: undefined });
  if (wasOpening) goToOpening(simulator);
  else standAt(simulator, forked.story, t, step);
  if (playing) simulator.viewTime.setState({ playing });
  const shows = whereItShows(run.story, forked.story, storyOf(simulator) ?? forked.story);
  const said = [`${forked.name}.`, told ?? '', shows, 'The earlier run stays in the list of runs.'].filter((part) => part !== '').join(' ');
  tellOfRun(simulator, forked, said);
  return true;
}

/** Turns the scenario's named changes over (name → value); those at their first value are left out. Another network tells another story: from its beginning. False when there is no such run. */
export async function setChoices(simulator: Simulator, values: Readonly<Record<string, string>>): Promise<boolean> {
  const state = simulator.store.getState();
  const run = selectRun(state);
  const scenario = state.session.scenarios.find((each) => each.id === run?.request.scenario);
  if (run === undefined || scenario === undefined) return false;
  const chosen = scenario.choices.flatMap(({ name, values: [usual, ...others] }) => {
    const value = others.find((each) => each.value === values[name]);
    return value === undefined || usual === undefined ? [] : [{ name, value: value.value }];
  });
  const acts = run.request.changes.filter((each) => each.kind === 'do');
  const changes: Change[] = [...chosen.map(({ name, value }): Change => ({ kind: 'set', name, value })), ...acts];
  const name =
    changes.length === 0 ? ORIGINAL_NAME : [...inWords(scenario.choices, chosen), ...(acts.length === 0 ? [] : ['with what was done before'])].join('; ');
  const forked = await openRun(simulator, { ...run.request, changes }, name, run.id);
  if (forked === undefined) return false;
  goToOpening(simulator);
  tellOfRun(simulator, forked, `${name}. The earlier run stays in the list of runs.`);
  return true;
}

/** Stands at simulated time `t`, at step `step` where the story, at the level that is shown, still has it there. */
export function standAt(simulator: Simulator, run: Story, t: number, step: number): void {
  const story = storyOf(simulator) ?? run;
  const s = story.teaching.toTeaching(t);
  simulator.viewTime.setState({ t, s, step: Math.min(step, story.steps.length - 1), playing: false, glide: undefined });
}

/** To a run that was made before, where the reader left it; `undone`: by taking back what was done in the one at hand. What was told of that one is told no more. */
export function goToRun(simulator: Simulator, id: RunId, undone = false): void {
  const run = simulator.store.getState().session.runs.find((each) => each.id === id);
  if (run === undefined || run.id === simulator.store.getState().session.current) return;
  leave(simulator);
  show(simulator, run, undone);
  patch(simulator.store, 'layout', { notice: undefined });
  if (run.leftAt === undefined) return goToOpening(simulator);
  const { t, s, step, level } = run.leftAt;
  const story = storyOf(simulator) ?? run.story;
  const standing = standingIn(storyAtLevel(run.story, level), story, { t, s, step });
  simulator.viewTime.setState({ ...standing, playing: false, glide: undefined });
}

/** To the scenario without any change, at the same moment. */
export async function takeBackAll(simulator: Simulator): Promise<void> {
  const run = selectRun(simulator.store.getState());
  if (run === undefined) return;
  const { t, step } = simulator.viewTime.getState();
  const original = await openRun(simulator, { ...run.request, changes: [] }, ORIGINAL_NAME);
  if (original === undefined) return;
  setRun(simulator, original.id, { tookBack: run.id });
  standAt(simulator, original.story, t, step);
  notify(simulator, 'All changes are taken back. Ctrl+Z brings them back.');
}

export function isUndoable({ store }: Simulator): boolean {
  const run = selectRun(store.getState());
  return run?.tookBack !== undefined || run?.parent !== undefined;
}

/** Back to the run in which something was done, or whose changes were all taken back. */
export function undo(simulator: Simulator): void {
  const run = selectRun(simulator.store.getState());
  const to = run?.tookBack ?? run?.parent;
  if (run === undefined || to === undefined) return;
  // What was brought back can be taken back again: the way leads on, and not to and fro.
  setRun(simulator, run.id, { tookBack: undefined });
  setRun(simulator, to, { redo: run.id });
  goToRun(simulator, to, true);
}

export const isRedoable = ({ store }: Simulator): boolean => selectRun(store.getState())?.redo !== undefined;

/** On to the run that was undone last, from which undoing leads back again. */
export function redo(simulator: Simulator): void {
  const { session } = simulator.store.getState();
  const run = selectRun(simulator.store.getState());
  const to = session.runs.find(({ id }) => id === run?.redo);
  if (run === undefined || to === undefined) return;
  setRun(simulator, run.id, { redo: undefined });
  if (to.parent !== run.id) setRun(simulator, to.id, { tookBack: run.id });
  goToRun(simulator, to.id);
}

/** Asks for the state of the entities at the current step, one question at a time; the latest step wins. */
export async function refreshViews(simulator: Simulator): Promise<void> {
  const { store, viewTime, session } = simulator;
  if (asking.has(simulator)) return;
  asking.add(simulator);
  try {
    for (;;) {
      const run = selectRun(store.getState());
      const { step, s, t } = viewTime.getState();
      const known = store.getState().session.views;
      const story = selectStory(store.getState());
      if (run === undefined || story === undefined || (known?.run === run.id && known.step === step)) return;
      const entities = await session.viewsAt(run.request, momentOf(story, { step, s, t }));
      patch(store, 'session', { views: { run: run.id, step, entities } });
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) notify(simulator, problemOf(error, '').what, 'problem');
  } finally {
    asking.delete(simulator);
  }
}

const asking = new WeakSet<Simulator>();

/** The file of the run at hand, or undefined when it could not be made (a notice then says why). */
export async function exportCurrent(simulator: Simulator, format: ExportFormat): Promise<ExportedFile | undefined> {
  const run = selectRun(simulator.store.getState());
  if (run === undefined) return undefined;
  try {
    return await simulator.session.exportRun(run.request, format);
  } catch (error) {
    notify(simulator, problemOf(error, '').what, 'problem');
    return undefined;
  }
}
