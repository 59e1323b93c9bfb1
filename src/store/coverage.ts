/** Which clauses the catalog shows and what asserts them: computed when somebody asks, kept while the page is open. */
import { CancelledError } from '#session/port.ts';
import { problemOf } from './runs.ts';
import type { Simulator } from './simulator.ts';

const under: WeakMap<Simulator, AbortController> = new WeakMap();

/** Goes on where it was stopped. Nothing is done while it is computed or known. */
export async function gatherCoverage(simulator: Simulator): Promise<void> {
  const known = simulator.store.getState().coverage;
  if (known.kind === 'computing' || known.kind === 'ready') return;
  const abort = new AbortController();
  under.set(simulator, abort);
  const { done, of, soFar } = known.kind === 'stopped' ? known : { done: 0, of: 0, soFar: undefined };
  simulator.store.setState({ coverage: { kind: 'computing', done, of, soFar } });
  try {
    const coverage = await simulator.session.coverage((nowDone, nowOf, latest) => {
      if (abort.signal.aborted) return;
      const before = simulator.store.getState().coverage;
      simulator.store.setState({
        coverage: { kind: 'computing', done: nowDone, of: nowOf, soFar: latest ?? (before.kind === 'computing' ? before.soFar : undefined) },
      });
    }, abort.signal);
    simulator.store.setState({ coverage: { kind: 'ready', coverage } });
  } catch (error) {
    const so = simulator.store.getState().coverage;
    if (error instanceof CancelledError)
      // What is shown is a little behind what is computed: it is said after how many runs it was taken.
      simulator.store.setState({
        coverage:
          so.kind === 'computing' && so.of > 0
            ? { ...so, kind: 'stopped', done: so.soFar?.runs ?? so.done, ...(abort.signal.reason === BY_HAND ? { byHand: true } : {}) }
            : { kind: 'none' },
      });
    else simulator.store.setState({ coverage: { kind: 'failed', problem: problemOf(error, 'Try again.') } });
  }
}

/** By the button: then it stays so until somebody asks. */
const BY_HAND = 'by hand';

export function cancelCoverage(simulator: Simulator, byHand = false): void {
  under.get(simulator)?.abort(byHand ? BY_HAND : undefined);
}
