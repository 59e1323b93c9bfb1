/** The page's side of the session: a worker, made when it is first needed, and made anew after a cancel. */
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import { CancelledError, type SessionPort } from './port.ts';
import type { Engine } from './worker.ts';

interface Running {
  readonly engine: Remote<Engine>;
  /** Rejected when the worker dies or is cancelled: its answers would never come. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
}

function start(onFailure: () => void): Running {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const engine = wrap<Engine>(worker);
  let reject: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Whoever asks for something hears of it through the race; nobody may be asking just now.
  ended.catch(() => undefined);
  let isOver = false;
  const end = (reason: Error): void => {
    if (isOver) return;
    isOver = true;
    engine[releaseProxy]();
    worker.terminate();
    reject(reason);
  };
  worker.addEventListener('error', (event) => {
    onFailure();
    // A script that cannot be fetched gives a plain event without a message.
    const said = event instanceof ErrorEvent ? event.message : '';
    end(new Error(said === '' ? 'The engine of this page could not be loaded.' : `The computation stopped: ${said}.`));
  });
  return { engine, ended, end };
}

/** In a worker of its own: the run that is shown can be asked about meanwhile, and stays when this is given up. */
async function apart<T>(signal: AbortSignal, question: (engine: Remote<Engine>) => Promise<T>): Promise<T> {
  if (signal.aborted) throw new CancelledError();
  const { engine, ended, end } = start(() => undefined);
  const stop = (): void => end(new CancelledError());
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([question(engine), ended]);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** In one worker until all of it is computed: giving up lets it rest there, and asking again goes on. */
function createCoverage(): SessionPort['coverage'] {
  let covering: Running | undefined;
  return async (onProgress, signal) => {
    if (signal.aborted) throw new CancelledError();
    covering ??= start(() => {
      covering = undefined;
    });
    const { engine, ended, end } = covering;
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        void engine.pauseCoverage();
        reject(new CancelledError());
      };
    });
    signal.addEventListener('abort', stop);
    try {
      const coverage = await Promise.race([engine.coverage(proxy(onProgress)), ended, stopped]);
      end(new CancelledError());
      covering = undefined;
      return coverage;
    } catch (error) {
      // What broke is not gone on with.
      if (!(error instanceof CancelledError)) {
        end(new CancelledError());
        covering = undefined;
      }
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}

export function createWorkerSession(): SessionPort {
  let running: Running | undefined;
  const ask = async <T>(question: (engine: Remote<Engine>) => Promise<T>): Promise<T> => {
    running ??= start(() => {
      running = undefined;
    });
    const { engine, ended } = running;
    return Promise.race([question(engine), ended]);
  };
  return {
    scenarios: () => ask((engine) => engine.scenarios()),
    readScenario: (file) => ask((engine) => engine.readScenario(file)),
    run: (request) => ask((engine) => engine.run(request)),
    viewsAt: (request, moment) => ask((engine) => engine.viewsAt(request, moment)),
    traffic: (request) => ask((engine) => engine.traffic(request)),
    exportRun: (request, format) => ask((engine) => engine.exportRun(request, format)),
    coverage: createCoverage(),
    price: (wishes, onPriced, signal) => apart(signal, (engine) => engine.price(wishes, proxy(onPriced))),
    cancel: () => {
      running?.end(new CancelledError());
      running = undefined;
    },
  };
}
