/** What the page may ask of a session. The worker implements it; tests may hand in another one. */
import type { EntityView } from '#base/view.ts';
import type { ScenarioGroup } from '#catalog/groups.ts';
import type { Coverage } from '#scenario/coverage-runs.ts';
import type { Priced, PriceWish } from '#scenario/price/price-run.ts';
import type { Traffic } from '#trace/traffic.ts';
import type { Change, EntityId, Moment, SourceOfTruth, Trace } from '#trace/record.ts';

export type { Coverage } from '#scenario/coverage-runs.ts';
export type { Priced, PriceWish } from '#scenario/price/price-run.ts';

export interface NamedChoice {
  readonly name: string;
  readonly title: string;
  readonly values: readonly { readonly value: string; readonly title: string }[];
}

export interface ScenarioSummary {
  readonly id: string;
  readonly title: string;
  /** One sentence: what will be seen. */
  readonly summary: string;
  /** Where people look for it. Those of one group stand together in the list. */
  readonly group: ScenarioGroup;
  readonly sources: readonly SourceOfTruth[];
  /** Titles of the chapters, without the prologue. */
  readonly chapters: readonly string[];
  /** Named changes that it offers; the first value of each is how it stands. */
  readonly choices: readonly NamedChoice[];
  /** The named change that makes the plain run of it, with which its counts are compared. */
  readonly plainRun?: { readonly change: string; readonly value: string; readonly title: string };
  /** Where it is no scenario of the catalog: the file that a person has opened, and what stands in it. */
  readonly own?: OwnFile;
}

/** A person's own scenario file. */
export interface OwnFile {
  readonly name: string;
  /** The scenario, as JSON. */
  readonly text: string;
}

/** What the id of every own scenario begins with, and that of none of the catalog: a link to one leads to nothing else. */
export const OWN_PREFIX = 'own-';

/** The identity of a run: the same request gives the same trace. */
export interface RunRequest {
  readonly scenario: string;
  readonly seed: number;
  readonly changes: readonly Change[];
  /** The scenario itself, as JSON, where it is a person's own. */
  readonly own?: string;
}

export interface RunResult {
  readonly trace: Trace;
  /** SHA-256 of the canonical JSON of the records, in hexadecimal digits. */
  readonly hash: string;
}

export type EntityViews = Readonly<Record<EntityId, EntityView>>;

export type ExportFormat = 'run' | 'pcapng' | 'ladder' | 'mermaid' | 'plantuml' | 'json';

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Every promise is rejected with an `Error` whose message is a sentence for people; after `cancel`, with a `CancelledError`. */
export interface SessionPort {
  scenarios(): Promise<readonly ScenarioSummary[]>;
  /** Reads and checks a scenario file of somebody's own. What stands in it gives its id: the same scenario, the same id. */
  readScenario(file: OwnFile): Promise<ScenarioSummary>;
  run(request: RunRequest): Promise<RunResult>;
  /** The state of every entity at a moment of a run. */
  viewsAt(request: RunRequest, moment: Moment): Promise<EntityViews>;
  /** What the story of a run took, its prologue left out. */
  traffic(request: RunRequest): Promise<Traffic>;
  exportRun(request: RunRequest, format: ExportFormat): Promise<ExportedFile>;
  /** Which clauses the catalog shows and what asserts them. Runs everything, which takes a while: `onProgress` hears how many runs of how many are done, and now and then what they cover so far. Asked for again after it was given up, it goes on. */
  coverage(onProgress: (done: number, of: number, soFar?: Coverage) => void, signal: AbortSignal): Promise<Coverage>;
  /** Runs sessions of two domains that watch each other, one after the other, and tells each as it is counted. */
  price(wishes: readonly PriceWish[], onPriced: (priced: Priced) => void, signal: AbortSignal): Promise<void>;
  /** Ends whatever is under way, but coverage and price. The session stays usable. */
  cancel(): void;
}

export class CancelledError extends Error {
  constructor() {
    super('The computation was cancelled.');
    this.name = 'CancelledError';
  }
}
