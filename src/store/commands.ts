/** Every user action, as an object that toolbar, hotkeys, palette, presenter remote and tests share. */
import { openDocument } from './documents.ts';
import type { OwnDocument } from './own-documents.ts';
import * as playback from './playback.ts';
import { whyEmpty } from './empty-chapter.ts';
import { fork, goToRun, isCancellable, isRedoable, isUndoable, notify, openScenario, redo, takeBackAll, type Turned, undo } from './runs.ts';
import type { Level } from './levels.ts';
import { pinMessage, pinnedStep, selectEntity, selectMessage, showTab, shownStep } from './selection.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { setLevel } from './switch-level.ts';
import type { Layer } from '#trace/layers.ts';
import { patch, selectHidden, selectRun, type DialogName, type InspectorTab, type RunId, type Theme } from './store.ts';
import type { EntityId, RecordId } from '#trace/record.ts';
import type { WhatIf } from './what-if.ts';

export interface Command {
  readonly id: string;
  /** What it does, for buttons, menus and the list of shortcuts. */
  readonly label: string;
  /** Keys as `KeyboardEvent.key` gives them; `Shift+`, `Ctrl+` in front where needed. Space is ` `. */
  readonly keys: readonly string[];
  enabled(simulator: Simulator): boolean;
  /** Said to whoever presses its key where it is not enabled, if anything is. */
  readonly whyNot?: string;
  run(simulator: Simulator): void | Promise<void>;
}

const always = (): boolean => true;
const hasRun = (simulator: Simulator): boolean => selectRun(simulator.store.getState()) !== undefined;
const isPlaying = (simulator: Simulator): boolean => simulator.viewTime.getState().playing;

function command(id: string, label: string, keys: readonly string[], run: Command['run'], enabled: Command['enabled'] = hasRun): Command {
  return { id, label, keys, enabled, run };
}

/** Runs a command if it is enabled. */
export function execute(simulator: Simulator, each: Command): void | Promise<void> {
  return each.enabled(simulator) ? each.run(simulator) : undefined;
}

export const togglePlay = command('playback.toggle', 'Play or pause', [' ', 'k'], (simulator) =>
  isPlaying(simulator) ? playback.pause(simulator) : playback.play(simulator),
);
export const stepForward = command('playback.forward', 'One step forward', ['ArrowRight', '.', 'PageDown'], playback.stepForward, (simulator) => {
  const story = storyOf(simulator);
  return story !== undefined && playback.nextTold(story, simulator.viewTime.getState().step) !== undefined;
});
export const stepBack = command(
  'playback.back',
  'One step back',
  ['ArrowLeft', ',', 'PageUp'],
  playback.stepBack,
  (simulator) => simulator.viewTime.getState().step > 0,
);
export const goToBeginning = command('playback.beginning', 'To the beginning', ['Home'], playback.goToOpening);
export const goToEnd = command('playback.end', 'To the end', ['End'], (simulator) => playback.goToLastStep(simulator));
export const nextChapter = command('playback.next-chapter', 'Next chapter', [']'], (simulator) => changeChapter(simulator, 1));
export const previousChapter = command('playback.previous-chapter', 'Previous chapter', ['['], (simulator) => changeChapter(simulator, -1));
export const faster = command('playback.faster', 'Faster', ['+', '='], (simulator) => playback.changeSpeed(simulator, 1), always);
export const slower = command('playback.slower', 'Slower', ['-'], (simulator) => playback.changeSpeed(simulator, -1), always);
export const showMessage = command('layout.message', 'Show the message', ['1'], (simulator) => showTab(simulator, 'message'), always);
export const showEntity = command('layout.entity', 'Show the entity', ['2'], (simulator) => showTab(simulator, 'entity'), always);
export const showCharging: Command = {
  ...command(
    'layout.charging',
    'Show the charging',
    ['3'],
    (simulator) => showTab(simulator, 'charging'),
    (simulator) => storyOf(simulator)?.trace.entities.some(({ kind }) => kind === 'charging-data-function') === true,
  ),
  whyNot: 'There is no charging to show: no network of this run has a charging data function. Those of the scenarios under “Accounting” have one.',
};
const flip =
  (what: 'inspectorOpen' | 'blank' | 'spotlight'): Command['run'] =>
  ({ store }) =>
    patch(store, 'layout', { [what]: !store.getState().layout[what] });
const whilePresenting: Command['enabled'] = ({ store }) => store.getState().layout.presenting;
export const toggleInspector = command('layout.inspector', 'Show or hide the inspector', ['i'], flip('inspectorOpen'), always);
export const togglePresenting = command('layout.present', 'Present: the map and its caption alone, or everything again', ['f'], (simulator) =>
  // What was told before is nothing that a class should see.
  patch(simulator.store, 'layout', { presenting: !simulator.store.getState().layout.presenting, blank: false, spotlight: false, notice: undefined }),
);
export const toggleBlank = command('layout.blank', 'While presenting: blank the screen, or show it again', ['b'], flip('blank'), whilePresenting);
export const toggleSpotlight = command('layout.spotlight', 'While presenting: a spotlight that follows the pointer', ['l'], flip('spotlight'), whilePresenting);
export const togglePrologue = command('layout.prologue', 'Unfold or fold the prologue', ['0'], (simulator) =>
  playback.setPrologueOpen(simulator, storyOf(simulator)?.prologueOpen !== true),
);
export const switchTheme = command(
  'settings.theme',
  'Light, dark or as the system',
  ['t'],
  (simulator) => setTheme(NEXT_THEME[simulator.store.getState().settings.theme]).run(simulator),
  always,
);
const levelOf = (simulator: Simulator): Level => simulator.store.getState().layout.wantedLevel;
export const switchLevel = command('level.switch', 'Stage 2 (functions) or stage 3 (SIP)', ['v'], (simulator) =>
  setLevel(simulator, levelOf(simulator) === 'stage3' ? 'stage2' : 'stage3'),
);
export const switchArchitecture = command('level.architecture', 'The reference architecture of this network', ['a'], (simulator) =>
  setLevel(simulator, levelOf(simulator) === 'architecture' ? 'stage3' : 'architecture'),
);
export const openPalette = openDialog('palette', 'Find a command, an entity or a scenario', ['Ctrl+k']);
export const openShortcuts = openDialog('shortcuts', 'Keyboard shortcuts', ['?']);
export const openScenarios = openDialog('scenarios', 'Choose a scenario', ['s']);
export const openCoverage = openDialog('coverage', 'What of the standards is shown', ['c']);
export const openPrice = openDialog('price', 'The price of presence', ['m']);
export const openCounts = openDialog('counts', 'Messages and bytes, beside the plain run', ['n'], hasRun);
export const openNetwork = openDialog('network', 'Change the network', []);
export const openPublish = openDialog('publish', 'Publish another state', []);
export const openEdit = openDialog('edit', 'Edit this message in flight', ['e'], (simulator) => {
  const story = storyOf(simulator);
  return story !== undefined && shownStep(story, simulator.viewTime.getState()) !== undefined;
});
export const pinShown = command('selection.pin', 'Pin this message, or take the pin off', ['p'], (simulator) => {
  const message = shownMessage(simulator);
  if (message !== undefined) pinMessage(simulator, message);
});
export const openCompare = openDialog('compare', 'Compare with the pinned message', ['d'], (simulator) => {
  const pinned = pinnedStep(simulator.store.getState())?.message;
  const story = storyOf(simulator);
  const shown = story === undefined ? undefined : shownStep(story, simulator.viewTime.getState())?.message;
  return pinned !== undefined && shown !== undefined && pinned !== shown;
});
export const undoChange = command('run.undo', 'Go back to the earlier run', ['Ctrl+z'], undo, isUndoable);
export const redoChange = command('run.redo', 'Go on to the run that was undone', ['Ctrl+Shift+z', 'Ctrl+y'], redo, isRedoable);
export const resetChanges = command(
  'run.reset',
  'Take back all changes',
  [],
  takeBackAll,
  (simulator) => (selectRun(simulator.store.getState())?.request.changes.length ?? 0) > 0,
);
export const cancelWork = command(
  'session.cancel',
  'Cancel the computation',
  ['Escape'],
  (simulator) => simulator.session.cancel(),
  (simulator) => isCancellable(simulator.store.getState()),
);

function shownMessage(simulator: Simulator): RecordId | undefined {
  const story = storyOf(simulator);
  return story === undefined ? undefined : shownStep(story, simulator.viewTime.getState())?.message.id;
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

function changeChapter(simulator: Simulator, direction: 1 | -1): void {
  const story = storyOf(simulator);
  if (story === undefined) return;
  const { step, s } = simulator.viewTime.getState();
  const opening = playback.isOpening(story, { step, s });
  const here = opening ? story.chapters.findIndex((chapter) => !chapter.prologue) : (story.steps[step]?.chapterIndex ?? 0);
  if (direction === -1 && !opening && step > (story.chapters[here]?.first ?? 0)) return playback.goToChapter(simulator, here);
  let to = here + direction;
  while (story.chapters[to]?.empty === true) to += direction;
  playback.goToChapter(simulator, to);
}

// Commands about something in particular.
export const showLevel = (level: Level): Command => command('level.show', 'Show this level', [], (simulator) => setLevel(simulator, level));
export const goToStep = (index: number): Command => command('playback.step', `Go to step ${index}`, [], (simulator) => playback.goToStep(simulator, index));
export const goToChapter = (index: number): Command =>
  command('playback.chapter', `Go to chapter ${index}`, [], (simulator) => {
    playback.goToChapter(simulator, index);
    const story = storyOf(simulator);
    const chapter = story?.chapters[index];
    if (story !== undefined && chapter?.empty === true) notify(simulator, whyEmpty(story, chapter));
  });
export const setSpeed = (speed: number): Command => command('playback.speed', `Speed ${speed}`, [], (simulator) => playback.setSpeed(simulator, speed), always);
export const inspectMessage = (message: RecordId): Command =>
  command('selection.message', 'Go to this message', [], (simulator) => selectMessage(simulator, message));
export const pin = (message: RecordId): Command => command('selection.pin-this', 'Pin this message', [], (simulator) => pinMessage(simulator, message));
export const inspectEntity = (entity: EntityId): Command =>
  command('selection.entity', 'Inspect this entity', [], (simulator) => selectEntity(simulator, entity));
export const setTab = (tab: InspectorTab): Command => (tab === 'message' ? showMessage : tab === 'entity' ? showEntity : showCharging);
/** Shows a layer on the map, or hides it. */
export const toggleLayer = (layer: Layer): Command =>
  command(
    'settings.layer',
    `Show or hide the layer ${layer}`,
    [],
    (simulator) => {
      const state = simulator.store.getState();
      const layers = new Map(state.settings.layers).set(layer, selectHidden(state).has(layer));
      const before = storyOf(simulator);
      patch(simulator.store, 'settings', { layers });
      playback.keepPlace(simulator, before);
    },
    always,
  );
export const setTheme = (theme: Theme): Command =>
  command('settings.theme-is', `Theme: ${theme}`, [], (simulator) => patch(simulator.store, 'settings', { theme }), always);
export const setInspectorSize = (inspectorRem: number): Command =>
  command('layout.inspector-size', 'Width of the inspector', [], (simulator) => patch(simulator.store, 'layout', { inspectorRem }), always);
export const setLadderSize = (ladderRem: number): Command =>
  command('layout.ladder-size', 'Height of the ladder', [], (simulator) => patch(simulator.store, 'layout', { ladderRem }), always);
export const setTableSize = (tableRem: number): Command =>
  command('layout.table-size', 'Height of the table', [], (simulator) => patch(simulator.store, 'layout', { tableRem }), always);
export const chooseScenario = (id: string, seed = 1, set: readonly Turned[] = []): Command =>
  command('run.scenario', 'Open this scenario', [], (simulator) => openScenario(simulator, id, seed, set), always);
export const chooseRun = (id: RunId): Command => command('run.choose', 'Go to this run', [], (simulator) => goToRun(simulator, id));
export const change = (whatIf: WhatIf): Command =>
  command(`change.${whatIf.id}`, whatIf.label, [], async (simulator) => {
    await fork(simulator, whatIf.change, whatIf.name, whatIf.told);
  });
export const editDocument = (document: OwnDocument): Command =>
  command('layout.document', 'Change this document', [], (simulator) => openDocument(simulator, document));
/** Its form, in the inspector. */
export const editPolicy = (entity: EntityId): Command =>
  command('layout.policy', 'Change this policy', [], (simulator) => {
    selectEntity(simulator, entity);
    patch(simulator.store, 'layout', { policyOf: entity });
  });
export const closePolicy = command(
  'layout.close-policy',
  'Leave the policy as it is',
  [],
  (simulator) => patch(simulator.store, 'layout', { policyOf: undefined }),
  always,
);
export const closeDialog = command('layout.close-dialog', 'Close', [], (simulator) => patch(simulator.store, 'layout', { dialog: undefined }), always);
export const closeNotice = command(
  'layout.close-notice',
  'Close the notice',
  [],
  (simulator) => patch(simulator.store, 'layout', { notice: undefined }),
  always,
);

function openDialog(dialog: DialogName, label: string, keys: readonly string[], enabled: Command['enabled'] = always): Command {
  return command(`layout.${dialog}`, label, keys, (simulator) => patch(simulator.store, 'layout', { dialog }), enabled);
}

/** Those that have keys, in the order of the list of shortcuts. */
export const KEYED_COMMANDS: readonly Command[] = [
  openPalette,
  togglePlay,
  stepForward,
  stepBack,
  goToBeginning,
  goToEnd,
  nextChapter,
  previousChapter,
  faster,
  slower,
  togglePrologue,
  showMessage,
  showEntity,
  showCharging,
  toggleInspector,
  togglePresenting,
  toggleBlank,
  toggleSpotlight,
  switchLevel,
  switchArchitecture,
  openEdit,
  pinShown,
  openCompare,
  openScenarios,
  openCoverage,
  openPrice,
  openCounts,
  undoChange,
  redoChange,
  cancelWork,
  switchTheme,
  openShortcuts,
];

/** Those that are listed: the charging only where anything is charged. The others do something at one moment or another of every run. */
export const shortcutsOf = (simulator: Simulator): readonly Command[] => KEYED_COMMANDS.filter((each) => each !== showCharging || each.enabled(simulator));
