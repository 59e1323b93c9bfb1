/** A session that always tells the hand-made run: for tests of the store and for work on the views without the engine. */
import type { EntityView } from '#base/view.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { ExportedFile, ExportFormat, RunRequest, RunResult, ScenarioSummary, SessionPort } from '#session/port.ts';
import type { EntityId, Moment, TraceEntity } from '#trace/record.ts';
import { countTraffic } from '#trace/traffic.ts';
import { createFixtureTrace } from './fixture-trace.ts';

function viewOf(entity: TraceEntity, moment: Moment): EntityView {
  const registered = moment.t > 2_500_000 ? [['sip:user1_public1@home1.net', 'sip:[2001:db8:1::a]:1357', '599 990 s']] : [];
  return {
    tables: [
      {
        title: 'Registrations',
        columns: ['Identity', 'Contact', 'Expires in'],
        rows: entity.kind === 's-cscf' ? registered : [],
        empty: 'Nobody is registered here.',
      },
    ],
    timers: entity.kind === 'ue' ? [{ name: 'Timer F', subject: 'SUBSCRIBE to sip:user2_public1@home2.net', firesAt: (moment.t + 12_400_000) as SimTime }] : [],
    states:
      entity.kind === 'presence-server' && moment.t > 10_070_000 ? [{ machine: 'subscription (notifier)', key: 'ue1-0003@home1.net', state: 'active' }] : [],
    ...(entity.kind === 'ue' && registered.length > 0
      ? { mark: 'registered' }
      : entity.kind === 'presence-server' && moment.t > 5_100_000
        ? { mark: 'open' }
        : {}),
  };
}

export function createFixtureSession(): SessionPort {
  const trace = createFixtureTrace();
  const summary: ScenarioSummary = {
    id: trace.scenario,
    title: trace.title,
    summary: trace.summary,
    group: { id: 'service', title: 'The principal flow and the service' },
    sources: trace.sources,
    chapters: trace.chapters.filter((chapter) => chapter.prologue !== true).map((chapter) => chapter.title),
    choices: [
      {
        name: 'watcher',
        title: 'Where the watcher is',
        values: [
          { value: 'roaming', title: 'roams in visited1.net' },
          { value: 'at-home', title: 'is in his home network' },
        ],
      },
    ],
  };
  const others = ['registration', 'publish', 'fetch'].map((id): ScenarioSummary => ({
    ...summary,
    id,
    title: `The ${id} scenario`,
    summary: 'Another one, with a sentence that says what will be seen.',
  }));
  return {
    scenarios: () => Promise.resolve([summary, ...others]),
    readScenario: (file) => Promise.reject(new Error(`“${file.name}” is no scenario.`)),
    run: (request: RunRequest): Promise<RunResult> => {
      const known = [summary, ...others].find((each) => each.id === request.scenario);
      if (known === undefined) return Promise.reject(new Error(`There is no scenario “${request.scenario}”.`));
      return Promise.resolve({ trace: { ...trace, ...request, title: known.title, summary: known.summary }, hash: hashOf(request) });
    },
    viewsAt: (_request: RunRequest, moment: Moment) =>
      Promise.resolve(Object.fromEntries(trace.entities.map((entity): [EntityId, EntityView] => [entity.id, viewOf(entity, moment)]))),
    exportRun: (request: RunRequest, format: ExportFormat): Promise<ExportedFile> =>
      Promise.resolve({
        name: `${request.scenario}.${format === 'ladder' ? 'txt' : format}`,
        type: 'text/plain',
        bytes: new Uint8Array(encodeUtf8(JSON.stringify(request))),
      }),
    traffic: () => Promise.resolve(countTraffic(trace)),
    coverage: (onProgress) => {
      onProgress(1, 2);
      onProgress(2, 2);
      return Promise.resolve({ runs: 2, items: [], clauses: [] });
    },
    price: () => Promise.resolve(),
    cancel: () => undefined,
  };
}

/** Not SHA-256: only different for different requests. */
function hashOf(request: RunRequest): string {
  let hash = 7;
  for (const char of JSON.stringify(request)) hash = (hash * 31 + char.charCodeAt(0)) % 0xffffffff;
  return hash.toString(16).padStart(64, '0');
}
