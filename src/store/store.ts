/** The state of one app instance, in slices. Actions are functions beside it (`playback.ts`, `runs.ts` ...); people reach them through `commands.ts`. */
import { hiddenLayersOf, type LayerChoices, type LayerSet } from '#trace/layers.ts';
import type { EntityId, RecordId } from '#trace/record.ts';
import type { Coverage, EntityViews, Priced, RunRequest, ScenarioSummary } from '#session/port.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OwnDocument } from './own-documents.ts';
import { withoutHidden } from './hidden-layers.ts';
import { storyAtLevel, type Level } from './levels.ts';
import type { Story } from './story.ts';

export type RunId = number;

/** A run that was made in this session. It stays until the page is closed. */
export interface Run {
  readonly id: RunId;
  readonly request: RunRequest;
  readonly hash: string;
  /** As stage 3 tells it; `selectStory` gives it at the level that is shown. */
  readonly story: Story;
  /** What differs from the scenario: `As the scenario has it`, `UE#2 publishes “Away” at 12.3 s`. */
  readonly name: string;
  /** The run that it was forked from. */
  readonly parent?: RunId;
  /** The run whose changes were all taken back to come here: to undo that is to go there. */
  readonly tookBack?: RunId | undefined;
  /** The run that was undone last to come here: to redo is to go there. */
  readonly redo?: RunId | undefined;
  /** Where the reader stood when it was left: simulated time, and the step in the story at that level. */
  readonly leftAt?: { readonly t: number; readonly s: number; readonly step: number; readonly level: Level };
}

/** Something went wrong: in sentences for people. */
export interface Problem {
  readonly what: string;
  readonly remedy: string;
}

export type SessionPhase =
  { readonly kind: 'computing'; readonly what: string } | { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly problem: Problem };

export interface SessionSlice {
  readonly phase: SessionPhase;
  readonly scenarios: readonly ScenarioSummary[];
  readonly runs: readonly Run[];
  readonly current: RunId | undefined;
  /** The run at hand was gone back to by undoing a change: in the history of the browser that is a way back, and no new entry. */
  readonly undone: boolean;
  /** The network at rest, shown until the first run is there. */
  readonly outline: Story | undefined;
  /** State of every entity at the current step, when it is known; `step` says for which step of `run` it was asked. */
  readonly views: { readonly run: RunId; readonly step: number; readonly entities: EntityViews } | undefined;
}

export type CoverageSlice =
  | { readonly kind: 'none' }
  | { readonly kind: 'computing'; readonly done: number; readonly of: number; readonly soFar: Coverage | undefined }
  /** Given up; to ask again is to go on. `byHand`: by the button, and not by closing the dialog. */
  | { readonly kind: 'stopped'; readonly done: number; readonly of: number; readonly soFar: Coverage | undefined; readonly byHand?: boolean }
  | { readonly kind: 'ready'; readonly coverage: Coverage }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Sessions of two domains that were counted, by what they hang on (price.ts). */
export interface PriceSlice {
  readonly priced: ReadonlyMap<string, Priced>;
  readonly computing: { readonly done: number; readonly of: number } | undefined;
  readonly problem: Problem | undefined;
  /** The numbers as somebody typed them, by field; undefined while nobody has. */
  readonly typed: Readonly<Record<string, string>> | undefined;
}

/** A message that waits to be compared with another one, be it of another run. */
export interface Pinned {
  readonly run: RunId;
  readonly message: RecordId;
}

export interface SelectionSlice {
  readonly entity: EntityId | undefined;
  readonly pinned: Pinned | undefined;
}

/** How far the panels can be resized, in rem. */
export const INSPECTOR_REM = { least: 16, most: 60 } as const;
export const LADDER_REM = { least: 5, most: 60 } as const;
/** Until somebody sets them; the ladder's hangs on the window. */
export const INSPECTOR_USUAL_REM = 24.5;
export const TABLE_USUAL_REM = 9;

export type InspectorTab = 'message' | 'entity' | 'charging';
export type DialogName = 'counts' | 'document' | 'coverage' | 'price' | 'scenarios' | 'publish' | 'network' | 'shortcuts' | 'edit' | 'compare' | 'palette';

/** Documents that users keep at a server, as the forms change them. */
export interface DocumentsSlice {
  /** The one in the dialog. */
  readonly open: OwnDocument | undefined;
}

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'problem';
  /** What can be done about it at once: the run is saved as a file. */
  readonly offer?: 'save-run' | undefined;
}

export interface LayoutSlice {
  readonly level: Level;
  /** The level that was asked for last: another one than `level` while it is fetched. */
  readonly wantedLevel: Level;
  readonly inspectorTab: InspectorTab;
  readonly inspectorOpen: boolean;
  /** For a class or a meeting: the map and its caption alone, large. */
  readonly presenting: boolean;
  /** While it is presented: nothing at all is shown, so that people look at who speaks. */
  readonly blank: boolean;
  /** While it is presented: a spotlight follows the pointer. */
  readonly spotlight: boolean;
  /** Sizes in rem: the width of the inspector, the height of the ladder. */
  readonly inspectorRem: number;
  readonly ladderRem: number;
  /** The table of reference points, which stands in the ladder's place on the architecture. */
  readonly tableRem: number;
  readonly dialog: DialogName | undefined;
  /** Whose policy somebody has asked to change: its form stands open in the inspector. */
  readonly policyOf: EntityId | undefined;
  /** A sentence that is shown for a while, e.g. after copying; `tone` problem stays until it is closed. */
  readonly notice: Notice | undefined;
}

export type Theme = 'system' | 'light' | 'dark';

export interface SettingsSlice {
  readonly theme: Theme;
  /** Layers that a person has chosen to see on the map, or not to see; of the others `selectHidden` decides. */
  readonly layers: LayerChoices;
  /** From the system: playing goes step by step, without travel. */
  readonly reducedMotion: boolean;
}

export interface AppState {
  readonly session: SessionSlice;
  readonly selection: SelectionSlice;
  readonly layout: LayoutSlice;
  readonly settings: SettingsSlice;
  readonly coverage: CoverageSlice;
  readonly documents: DocumentsSlice;
  /** What was begun in forms, by what it belongs to (drafts.ts). */
  readonly drafts: Readonly<Record<string, unknown>>;
  readonly price: PriceSlice;
}

export type AppStore = StoreApi<AppState>;

export function createAppStore(): AppStore {
  return createStore<AppState>()(() => ({
    session: {
      phase: { kind: 'computing', what: 'the network' },
      scenarios: [],
      runs: [],
      current: undefined,
      undone: false,
      outline: undefined,
      views: undefined,
    },
    selection: { entity: undefined, pinned: undefined },
    layout: {
      level: 'stage3',
      wantedLevel: 'stage3',
      inspectorTab: 'message',
      inspectorOpen: true,
      presenting: false,
      blank: false,
      spotlight: false,
      inspectorRem: INSPECTOR_USUAL_REM,
      ladderRem: 15,
      tableRem: TABLE_USUAL_REM,
      dialog: undefined,
      policyOf: undefined,
      notice: undefined,
    },
    settings: { theme: 'system', layers: new Map(), reducedMotion: false },
    coverage: { kind: 'none' },
    documents: { open: undefined },
    drafts: {},
    price: { priced: new Map(), computing: undefined, problem: undefined, typed: undefined },
  }));
}

/** Changes fields of one slice and leaves the others as they are. */
export function patch<K extends keyof AppState>(store: AppStore, slice: K, fields: Partial<AppState[K]>): void {
  store.setState((state) => ({ [slice]: { ...state[slice], ...fields } }));
}

export function selectRun(state: AppState): Run | undefined {
  return state.session.runs.find((run) => run.id === state.session.current);
}

/** The story that is told: at the level that is shown, without what is hidden. Before there is a run, the network at rest. */
export function selectStory(state: AppState): Story | undefined {
  const run = selectRun(state);
  return run === undefined ? state.session.outline : withoutHidden(storyAtLevel(run.story, state.layout.level), selectHidden(state));
}

/** The layers that are not shown on the map, nor told; the ladder folds them. */
export function selectHidden(state: AppState): LayerSet {
  const trace = selectRun(state)?.story.trace ?? state.session.outline?.trace;
  return hiddenLayersOf(state.settings.layers, trace?.tells ?? []);
}
