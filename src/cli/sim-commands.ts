/** What the `sim` calls do, apart from the process around them. */
import { closeSync, openSync, readSync } from 'node:fs';
import { quoted, shortened } from '#base/quoted.ts';
import { CATALOG, findScenario } from '#catalog/catalog.ts';
import { checkTrace } from '#check/check.ts';
import { computeCoverage } from '#scenario/coverage-runs.ts';
import { PRICE_JOBS, priceCase } from '#scenario/price/price-run.ts';
import { runAndJudge, runScenario } from '#scenario/run.ts';
import { parseScenario } from '#scenario/parse-scenario.ts';
import { isScenarioError, type ValidScenario } from '#scenario/scenario.ts';
import { hashOf } from '#trace/hash.ts';
import { traceToJson } from '#trace/json.ts';
import { formatLadder } from '#trace/ladder-text.ts';
import { CaptureError, tracePcapng } from '#trace/pcapng.ts';
import type { Change, Trace } from '#trace/record.ts';
import { notHeld, parseRunFile, type RunFile, unlikeSaved } from '#trace/run-file.ts';
import { formatSequence } from '#trace/sequence-text.ts';
import { formatStage2Ladder } from '#trace/stage2-text.ts';
import { afterPrologue, countTraffic } from '#trace/traffic.ts';
import { type Counted, formatCounts } from './counts-text.ts';
import { formatPrice, isExact } from './price-text.ts';
import { formatCoverage } from './coverage-text.ts';
import type { LadderLevel, RunFormat } from './sim-arguments.ts';

export interface RunWords {
  readonly scenario: string;
  readonly seed: number | undefined;
  readonly changes: readonly Change[];
}

export type RunResult =
  | { readonly kind: 'wrong'; readonly message: string }
  /** `problems`: broken expectations of the scenario and broken rules of `check`, a sentence each, and before them `unlike`: it is not the run that was saved. */
  | { readonly kind: 'done'; readonly trace: Trace; readonly problems: readonly string[]; readonly unlike: string | undefined };

/** What is to be run, and the file of the page where it comes from one. */
interface Wanted {
  readonly scenario: ValidScenario;
  readonly seed: number;
  readonly changes: readonly Change[];
  readonly saved?: RunFile;
}

export function listCatalog(asJson: boolean): string {
  if (asJson) {
    const rows = CATALOG.map((scenario) => ({
      id: scenario.id,
      title: scenario.title,
      chapters: (scenario.chapters ?? []).map(({ id, title }) => ({ id, title })),
      sources: scenario.sources ?? [],
      changes: (scenario.changes ?? []).map(({ name, title, values }) => ({
        name,
        title,
        values: values.map(({ value, title: what }) => ({ value, title: what })),
      })),
    }));
    return `${JSON.stringify(rows, undefined, 2)}\n`;
  }
  const width = Math.max(...CATALOG.map((scenario) => scenario.id.length));
  return CATALOG.map((scenario) => {
    const changes = (scenario.changes ?? []).map(({ name, values }) => `${' '.repeat(width + 2)}--set ${name}=${values.map(({ value }) => value).join('|')}\n`);
    return `${scenario.id.padEnd(width)}  ${scenario.title}\n${changes.join('')}`;
  }).join('');
}

/** Which clauses happened in the catalog and are asserted; `hasGap` when something of clause 5.3 or Annex A is neither covered nor explained. `onProgress` hears how many runs of how many are done. */
export function reportCoverage(asJson: boolean, onProgress?: (done: number, of: number) => void): { readonly text: string; readonly hasGap: boolean } {
  const coverage = computeCoverage(CATALOG, onProgress);
  const text = asJson ? `${JSON.stringify(coverage, undefined, 2)}\n` : formatCoverage(coverage);
  return { text, hasGap: coverage.items.some((item) => item.status === 'gap') };
}

/** The hash of every scenario as it stands, a line each, as `sha256sum` writes them. */
export function listHashes(seed: number): string {
  return CATALOG.map((scenario) => {
    const trace = runScenario(scenario, { seed, changes: [] });
    if ('kind' in trace) throw new Error(trace.message);
    return `${hashOf(trace)}  ${scenario.id}\n`;
  }).join('');
}

/** Every case and saving, run scaled down; each is told to `onPriced` as it is counted. `isExact` when all counts equal the formula. */
export function reportPrice(asJson: boolean, onPriced: (words: string) => void): { readonly text: string; readonly isExact: boolean } {
  const priced = PRICE_JOBS.map((job, i) => {
    onPriced(`${i + 1} of ${PRICE_JOBS.length}: ${job.case}, ${job.saving}`);
    return priceCase(job);
  });
  const text = asJson ? `${JSON.stringify(priced, undefined, 2)}\n` : formatPrice(priced);
  return { text, isExact: priced.every(isExact) };
}

/** A run that is told of when it is checked, for that takes a while: messages. */
const MANY = 5000;

/** `onProgress` hears what is being done, where it takes long. */
export function runCall(call: RunWords, onProgress?: (words: string) => void): RunResult {
  const wanted = load(call);
  if ('message' in wanted) return { kind: 'wrong', message: wanted.message };
  const { scenario, saved } = wanted;
  onProgress?.(`${plainText(scenario.id)}: running`);
  const result = runAndJudge(scenario, wanted);
  if ('kind' in result) return { kind: 'wrong', message: findScenario(call.scenario) === undefined ? ofFile(call.scenario, result.message) : result.message };
  // What the page has saved is held to its hash instead: there a change may have lost its message to a later one.
  const lost = call.changes.find((change) => 'record' in change && !hasMessage(result.trace, change.record));
  if (lost !== undefined && 'record' in lost) {
    return { kind: 'wrong', message: `No message of this run has the number ${lost.record}: there is nothing to ${lost.kind}.` };
  }
  const unlike = saved === undefined || saved.hash === hashOf(result.trace) ? undefined : unlikeSaved(saved, result.trace);
  const messages = onProgress === undefined ? 0 : result.trace.records.filter(({ kind }) => kind === 'message').length;
  if (messages >= MANY) onProgress?.(`${plainText(scenario.id)}: checking ${messages} messages`);
  const broken = [...result.broken, ...checkTrace(result.trace).map((finding) => `${finding.rule}: ${finding.message}`)];
  return { kind: 'done', trace: result.trace, problems: unlike === undefined ? broken : [unlike, ...broken], unlike };
}

const hasMessage = (trace: Trace, id: number): boolean => trace.records.some((record) => record.kind === 'message' && record.id === id);

/** A sentence for a terminal: on one line, whatever was quoted in it. */
export const plainSentence = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd');

/** Characters of the path of a file in a sentence. */
const PATH = 300;
const ofFile = (name: string, sentence: string): string => `${shortened(name, PATH)}: ${sentence}`;

/** Text for a terminal: what a stranger's file holds must not command it. Control characters but tab and line feed go. */
export const plainText = (text: string): string => text.replace(/(?![\t\n])\p{Cc}/gu, '\ufffd');

/** Bytes: a trace, which is told from a scenario by its text, may be as long. */
const LARGEST_FILE = 100_000_000;

/** The text of a file, a pipe or a device; undefined when it does not end in time. Throws what the system says. */
function readText(name: string): string | undefined {
  const file = openSync(name, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.alloc(1_000_000);
      const read = readSync(file, piece);
      if (read === 0)
        return Buffer.concat(pieces)
          .toString('utf8')
          .replace(/^\ufeff/, '');
      pieces.push(piece.subarray(0, read));
      size += read;
      if (size > LARGEST_FILE) return undefined;
    }
  } finally {
    closeSync(file);
  }
}

function load({ scenario: name, seed, changes }: RunWords): Wanted | { readonly message: string } {
  const asCalled = { seed: seed ?? 1, changes };
  const known = findScenario(name);
  if (known !== undefined) return { scenario: known, ...asCalled };
  if (!/[./\\]/.test(name)) {
    return {
      message: `There is no scenario ${quoted(name)} in the catalog; "sim list" shows them. A scenario file has a name like mine.json.`,
    };
  }
  let text: string | undefined;
  try {
    text = readText(name);
  } catch (error) {
    return { message: `Cannot read ${shortened(name, PATH)}: ${error instanceof Error ? shortened(error.message, PATH) : 'unknown reason'}.` };
  }
  if (text === undefined) return { message: ofFile(name, `That is no scenario: it is longer than ${LARGEST_FILE / 1_000_000} MB.`) };
  const saved = parseRunFile(text);
  if (!('problem' in saved)) {
    if (seed !== undefined || changes.length > 0)
      return { message: ofFile(name, 'A saved run has its seed and its changes; it takes no --seed, --set or --changes.') };
    const scenario = saved.own === undefined ? findScenario(saved.scenario) : parseScenario(saved.own);
    if (scenario !== undefined && isScenarioError(scenario)) return { message: ofFile(name, scenario.message) };
    if (scenario === undefined) return { message: ofFile(name, notHeld(saved)) };
    return { scenario, seed: saved.seed, changes: saved.changes, saved };
  }
  if (saved.meant) return { message: ofFile(name, saved.problem) };
  const scenario = parseScenario(text);
  return isScenarioError(scenario) ? { message: ofFile(name, scenario.message) } : { scenario, ...asCalled };
}

/** What runs took after their prologues, one beside the other. */
export function renderCounts(runs: readonly [RunWords, RunWords?], asJson: boolean): string | { readonly message: string } {
  const counted: Counted[] = [];
  for (const words of runs) {
    if (words === undefined) continue;
    const result = runCall(words);
    if (result.kind === 'wrong') return { message: result.message };
    if (result.unlike !== undefined) return { message: result.unlike };
    counted.push({ name: nameOf(words), traffic: countTraffic(result.trace, afterPrologue(result.trace)) });
  }
  const [one, other] = counted;
  if (one === undefined) throw new Error('nothing was counted');
  if (asJson) return `${JSON.stringify(counted, undefined, 2)}\n`;
  return formatCounts(one, other);
}

const nameOf = ({ scenario, seed, changes }: RunWords): string =>
  [
    scenario,
    ...(seed === undefined || seed === 1 ? [] : [`--seed ${seed}`]),
    ...changes.map((change) => (change.kind === 'set' ? `--set ${change.name}=${change.value}` : `(${change.kind})`)),
  ].join(' ');

/** The run as text or capture, or why it cannot be captured. */
export function renderRun(trace: Trace, format: RunFormat, level: LadderLevel = 'stage3'): string | Uint8Array | CaptureError {
  switch (format) {
    case 'ladder':
      return plainText(level === 'stage2' ? formatStage2Ladder(trace) : formatLadder(trace));
    case 'json':
      return traceToJson(trace);
    case 'mermaid':
    case 'plantuml':
      return plainText(formatSequence(trace, format));
    case 'pcapng':
      try {
        return tracePcapng(trace);
      } catch (error) {
        if (error instanceof CaptureError) return error;
        throw error;
      }
  }
}
