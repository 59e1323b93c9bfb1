/** The engine's side of the session: everything that computes, away from the page's thread. */
import { encodeUtf8 } from '#base/utf8.ts';
import principal from '#catalog/subscribe-across-networks/scenario.ts';
import { NO_PARTS } from '#scenario/parts.ts';
import type { CoverageRuns } from '#scenario/coverage-runs.ts';
import { createRunner, type Runner } from '#scenario/runner.ts';
import { isScenarioError, validateScenario, type ValidScenario } from '#scenario/scenario.ts';
import { hashOf } from '#trace/hash.ts';
import { traceToJson } from '#trace/json.ts';
import { formatRunFile } from '#trace/run-file.ts';
import type { Moment, Trace } from '#trace/record.ts';
import type { SequenceLanguage } from '#trace/sequence-text.ts';
import type { Traffic } from '#trace/traffic.ts';
import { expose } from 'comlink';
import { fileNameOf } from './file-name.ts';
import { CancelledError } from './port.ts';
import type { Coverage, EntityViews, ExportedFile, ExportFormat, OwnFile, Priced, PriceWish, RunRequest, RunResult, ScenarioSummary } from './port.ts';
import { createTelling } from './telling.ts';

/** What the page opens with is computed by what is loaded with this file; for everything else the rest of the engine is loaded first. */
const first = validateScenario(principal);
const core = createRunner(NO_PARTS);

interface Prepared {
  readonly scenario: ValidScenario;
  readonly runner: Runner;
}

async function prepare({ scenario: id, changes, own }: RunRequest): Promise<Prepared> {
  if (own !== undefined) {
    const [{ readOwn }, runner] = await Promise.all([import('./own-scenario.ts'), import('#scenario/run.ts')]);
    return { scenario: readOwn(own), runner };
  }
  if (!isScenarioError(first) && id === first.id && !changes.some((change) => change.kind === 'set')) return { scenario: first, runner: core };
  const [{ findScenario }, runner] = await Promise.all([import('#catalog/catalog.ts'), import('#scenario/run.ts')]);
  const scenario = findScenario(id);
  if (scenario === undefined) throw new Error(`There is no scenario “${id}”.`);
  return { scenario, runner };
}

async function traceOf(request: RunRequest): Promise<Trace> {
  const { scenario, runner } = await prepare(request);
  const trace = runner.runScenario(scenario, request);
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const sequence = async (trace: Trace, language: SequenceLanguage): Promise<Uint8Array> =>
  encodeUtf8((await import('#trace/sequence-text.ts')).formatSequence(trace, language));

const FILES: Readonly<
  Record<
    ExportFormat,
    { readonly ending: string; readonly type: string; readonly write: (trace: Trace, own: string | undefined) => Uint8Array | Promise<Uint8Array> }
  >
> = {
  run: { ending: 'run.json', type: 'application/json', write: (trace, own) => encodeUtf8(formatRunFile(trace, hashOf(trace), own)) },
  pcapng: { ending: 'pcapng', type: 'application/x-pcapng', write: async (trace) => (await import('#trace/pcapng.ts')).tracePcapng(trace) },
  ladder: { ending: 'txt', type: 'text/plain;charset=utf-8', write: async (trace) => encodeUtf8((await import('#trace/ladder-text.ts')).formatLadder(trace)) },
  mermaid: { ending: 'mmd', type: 'text/plain;charset=utf-8', write: (trace) => sequence(trace, 'mermaid') },
  plantuml: { ending: 'puml', type: 'text/plain;charset=utf-8', write: (trace) => sequence(trace, 'plantuml') },
  json: { ending: 'json', type: 'application/json', write: (trace) => encodeUtf8(traceToJson(trace)) },
};

/** What is covered so far is worked out and handed over no more often. */
const COVERAGE_EVERY_MS = 1500;

/** What is computed of coverage stays with this worker, so that whoever has given up goes on where it stopped. */
let covering: Promise<CoverageRuns> | undefined;
/** Who asked last, or gave up last. */
let coverageTurn = 0;

const engine = {
  scenarios: async (): Promise<readonly ScenarioSummary[]> => (await import('./scenario-list.ts')).scenarioList(),
  readScenario: async (file: OwnFile): Promise<ScenarioSummary> => (await import('./own-scenario.ts')).summaryOfOwn(file),
  run: async (request: RunRequest): Promise<RunResult> => {
    const trace = await traceOf(request);
    return { trace, hash: hashOf(trace) };
  },
  viewsAt: async (request: RunRequest, moment: Moment): Promise<EntityViews> => {
    const { scenario, runner } = await prepare(request);
    const views = runner.viewsAt(scenario, request, moment);
    if ('kind' in views) throw new Error(views.message);
    return Object.fromEntries(views);
  },
  traffic: async (request: RunRequest): Promise<Traffic> => {
    const [trace, { afterPrologue, countTraffic }] = await Promise.all([traceOf(request), import('#trace/traffic.ts')]);
    return countTraffic(trace, afterPrologue(trace));
  },
  exportRun: async (request: RunRequest, format: ExportFormat): Promise<ExportedFile> => {
    const { ending, type, write } = FILES[format];
    const trace = await traceOf(request);
    return { name: fileNameOf(trace, hashOf(trace), ending), type, bytes: new Uint8Array(await write(trace, request.own)) };
  },
  coverage: async (onProgress: (done: number, of: number, soFar?: Coverage) => void): Promise<Coverage> => {
    const turn = ++coverageTurn;
    covering ??= Promise.all([import('#catalog/catalog.ts'), import('#scenario/coverage-runs.ts')]).then(
      ([{ CATALOG }, { CoverageRuns }]) => new CoverageRuns(CATALOG),
    );
    const runs = await covering;
    const { tell, heard } = createTelling(onProgress);
    let told = -Infinity;
    while (turn === coverageTurn && runs.next()) {
      // The first at once: an empty table tells nobody that something comes.
      const isDue = performance.now() - told > COVERAGE_EVERY_MS;
      tell(runs.done, runs.of, isDue ? runs.result() : undefined);
      if (isDue) told = performance.now();
      // Whoever gives up is heard between two runs.
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (turn !== coverageTurn) throw new CancelledError();
    await heard();
    return runs.result();
  },
  /** Ends after the run that is under way; to ask for coverage again is to go on. */
  pauseCoverage: (): void => {
    coverageTurn++;
  },
  price: async (wishes: readonly PriceWish[], onPriced: (priced: Priced) => void): Promise<void> => {
    const { priceOf } = await import('#scenario/price/price-run.ts');
    const { tell, heard } = createTelling(onPriced);
    for (const { parameters, saving } of wishes) {
      const priced = priceOf(parameters, saving);
      if ('kind' in priced) throw new Error(priced.message);
      tell(priced);
    }
    await heard();
  },
};

export type Engine = typeof engine;

expose(engine);
