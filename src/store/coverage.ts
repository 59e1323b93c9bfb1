/** Which clauses the catalog shows and what asserts them: computed when somebody asks, kept while the page is open. */
import { CancelledError } from '#session/port.ts';
import { problemOf } from './runs.ts';
import type { Simulator } from './simulator.ts';

const under: WeakMap<Simulator, AbortController> = new WeakMap();

/** Nothing is done while it is computed or known. */
export async function gatherCoverage(simulator: Simulator): Promise<void> {
  const { kind } = simulator.store.getState().coverage;
  if (kind === 'computing' || kind === 'ready') return;
  const abort = new AbortController();
  under.set(simulator, abort);
  simulator.store.setState({ coverage: { kind: 'computing', done: 0, of: 0, soFar: undefined } });
  try {
    const coverage = await simulator.session.coverage((done, of, latest) => {
      if (abort.signal.aborted) return;
      const before = simulator.store.getState().coverage;
      simulator.store.setState({ coverage: { kind: 'computing', done, of, soFar: latest ?? (before.kind === 'computing' ? before.soFar : undefined) } });
    }, abort.signal);
    simulator.store.setState({ coverage: { kind: 'ready', coverage } });
  } catch (error) {
    if (error instanceof CancelledError) simulator.store.setState({ coverage: { kind: 'none' } });
    else simulator.store.setState({ coverage: { kind: 'failed', problem: problemOf(error, 'Try again.') } });
  }
}

export function cancelCoverage(simulator: Simulator): void {
  under.get(simulator)?.abort();
}
