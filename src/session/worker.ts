/** The engine's side of the session: everything that computes, away from the page's thread. */
import { encodeUtf8 } from '#base/utf8.ts';
import { CATALOG, findScenario } from '#catalog/catalog.ts';
import { groupOf, inGroups } from '#catalog/groups.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import type { ValidScenario } from '#scenario/scenario.ts';
import { hashOf } from '#trace/hash.ts';
import { traceToJson } from '#trace/json.ts';
import type { Moment, Trace } from '#trace/record.ts';
import { expose } from 'comlink';
import type { EntityViews, ExportedFile, ExportFormat, RunRequest, RunResult, ScenarioSummary } from './port.ts';

function scenarioOf(request: RunRequest): ValidScenario {
  const scenario = findScenario(request.scenario);
  if (scenario === undefined) throw new Error(`There is no scenario “${request.scenario}”.`);
  return scenario;
}

function traceOf(request: RunRequest): Trace {
  const trace = runScenario(scenarioOf(request), request);
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

const FILES: Readonly<
  Record<ExportFormat, { readonly ending: string; readonly type: string; readonly write: (trace: Trace) => Uint8Array | Promise<Uint8Array> }>
> = {
  pcapng: { ending: 'pcapng', type: 'application/x-pcapng', write: async (trace) => (await import('#trace/pcapng.ts')).tracePcapng(trace) },
  ladder: { ending: 'txt', type: 'text/plain;charset=utf-8', write: async (trace) => encodeUtf8((await import('#trace/ladder-text.ts')).formatLadder(trace)) },
  json: { ending: 'json', type: 'application/json', write: (trace) => encodeUtf8(traceToJson(trace)) },
};

const engine = {
  scenarios: (): readonly ScenarioSummary[] =>
    inGroups(CATALOG).map(({ id, title, summary, sources, chapters, changes }) => ({
      id,
      title,
      summary,
      group: groupOf(id),
      sources: (sources ?? []).map(({ document, clause, checked }) => ({ document, checked, ...(clause === undefined ? {} : { clause }) })),
      chapters: (chapters ?? []).filter((chapter) => chapter.prologue !== true).map((chapter) => chapter.title),
      choices: (changes ?? []).map(({ name, title: question, values }) => ({
        name,
        title: question,
        values: values.map(({ value, title: text }) => ({ value, title: text })),
      })),
    })),
  run: (request: RunRequest): RunResult => {
    const trace = traceOf(request);
    return { trace, hash: hashOf(trace) };
  },
  viewsAt: (request: RunRequest, moment: Moment): EntityViews => {
    const views = viewsAt(scenarioOf(request), request, moment);
    if ('kind' in views) throw new Error(views.message);
    return Object.fromEntries(views);
  },
  exportRun: async (request: RunRequest, format: ExportFormat): Promise<ExportedFile> => {
    const { ending, type, write } = FILES[format];
    return { name: `${request.scenario}-seed-${request.seed}.${ending}`, type, bytes: new Uint8Array(await write(traceOf(request))) };
  },
};

export type Engine = typeof engine;

expose(engine);
