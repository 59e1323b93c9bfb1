/** What the `sim` calls do, apart from the process around them. */
import { readFileSync } from 'node:fs';
import { CATALOG, findScenario } from '#catalog/catalog.ts';
import { checkTrace } from '#check/check.ts';
import { computeCoverage } from '#scenario/coverage-runs.ts';
import { PRICE_JOBS, priceCase } from '#scenario/price/price-run.ts';
import { runAndJudge, runScenario } from '#scenario/run.ts';
import { isScenarioError, parseScenario, type ScenarioError, type ValidScenario } from '#scenario/scenario.ts';
import { hashOf } from '#trace/hash.ts';
import { traceToJson } from '#trace/json.ts';
import { formatLadder } from '#trace/ladder-text.ts';
import { CaptureError, tracePcapng } from '#trace/pcapng.ts';
import type { Change, Trace } from '#trace/record.ts';
import { formatSequence } from '#trace/sequence-text.ts';
import { formatStage2Ladder } from '#trace/stage2-text.ts';
import { afterPrologue, countTraffic } from '#trace/traffic.ts';
import { type Counted, formatCounts } from './counts-text.ts';
import { formatPrice, isExact } from './price-text.ts';
import { formatCoverage } from './coverage-text.ts';
import type { LadderLevel, RunFormat } from './sim-arguments.ts';

export interface RunWords {
  readonly scenario: string;
  readonly seed: number;
  readonly changes: readonly Change[];
}

export type RunResult =
  | { readonly kind: 'wrong'; readonly message: string }
  /** `problems`: broken expectations of the scenario and broken rules of `check`, a sentence each. */
  | { readonly kind: 'done'; readonly trace: Trace; readonly problems: readonly string[] };

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

export function runCall(call: RunWords): RunResult {
  const scenario = loadScenario(call.scenario);
  if ('message' in scenario) return { kind: 'wrong', message: scenario.message };
  const result = runAndJudge(scenario, call);
  if ('kind' in result) return { kind: 'wrong', message: result.message };
  const lost = call.changes.find((change) => 'record' in change && !hasMessage(result.trace, change.record));
  if (lost !== undefined && 'record' in lost) {
    return { kind: 'wrong', message: `No message of this run has the number ${lost.record}: there is nothing to ${lost.kind}.` };
  }
  const problems = [...result.broken, ...checkTrace(result.trace).map((finding) => `${finding.rule}: ${finding.message}`)];
  return { kind: 'done', trace: result.trace, problems };
}

const hasMessage = (trace: Trace, id: number): boolean => trace.records.some((record) => record.kind === 'message' && record.id === id);

/** Text for a terminal: what a stranger's file holds must not command it. Control characters but tab and line feed go. */
export const plainText = (text: string): string => text.replace(/(?![\t\n])\p{Cc}/gu, '\ufffd');

function loadScenario(name: string): ValidScenario | ScenarioError {
  const known = findScenario(name);
  if (known !== undefined) return known;
  if (!/[./\\]/.test(name)) {
    return {
      kind: 'scenario-error',
      message: `There is no scenario "${name}" in the catalog; "sim list" shows them. A scenario file has a name like mine.json.`,
    };
  }
  let text: string;
  try {
    text = readFileSync(name, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    return { kind: 'scenario-error', message: `Cannot read ${name}: ${error instanceof Error ? error.message : 'unknown reason'}.` };
  }
  const scenario = parseScenario(text);
  return isScenarioError(scenario) ? { kind: 'scenario-error', message: `${name}: ${scenario.message}` } : scenario;
}

/** What runs took after their prologues, one beside the other. */
export function renderCounts(runs: readonly [RunWords, RunWords?], asJson: boolean): string | { readonly message: string } {
  const counted: Counted[] = [];
  for (const words of runs) {
    if (words === undefined) continue;
    const result = runCall(words);
    if (result.kind === 'wrong') return { message: result.message };
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
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
    ...changes.map((change) => (change.kind === 'set' ? `--set ${change.name}=${change.value}` : `(${change.kind})`)),
  ].join(' ');

/** The run as text or capture, or why it cannot be captured. */
export function renderRun(trace: Trace, format: RunFormat, level: LadderLevel = 'stage3'): string | Uint8Array | CaptureError {
  switch (format) {
    case 'ladder':
      return plainText(level === 'stage2' ? formatStage2Ladder(trace) : formatLadder(trace));
    case 'json':
      return `${traceToJson(trace)}\n`;
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
