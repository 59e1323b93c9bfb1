import { useEffect } from 'react';
import type { Occurrence } from '#check/coverage.ts';
import { cancelCoverage, gatherCoverage } from '#store/coverage.ts';
import { chooseScenario } from '#store/commands.ts';
import { useAppState, useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './Coverage.module.css';
import { CoverageTables } from './CoverageTables.tsx';

/** What the standards ask for, where it happened in the catalog, and what asserts it. Closing it stops the computation; what was computed is kept, and opening it goes on, unless it was stopped by the button. */
export function CoverageDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const execute = useExecute();
  const state = useAppState((each) => each.coverage);
  useEffect(() => {
    const { coverage } = simulator.store.getState();
    if (coverage.kind !== 'stopped' || coverage.byHand !== true) void gatherCoverage(simulator);
    return () => cancelCoverage(simulator);
  }, [simulator]);
  const shown = state.kind === 'ready' ? state.coverage : state.kind === 'computing' || state.kind === 'stopped' ? state.soFar : undefined;
  const open = ({ scenario, set }: Occurrence): void => {
    onClose();
    execute(chooseScenario(scenario, 1, set));
  };
  return (
    <Modal title="What of the standards is shown" wide fill onClose={onClose}>
      {state.kind === 'computing' && (
        <div className={state.soFar === undefined ? styles.wait : styles.under}>
          <p role="status">Every scenario is run as it stands and with each of its changes.</p>
          <progress className={styles.progress} aria-label="Runs computed" max={Math.max(1, state.of)} value={state.done} />
          <p className={styles.hint}>{state.of === 0 ? 'Beginning …' : `${state.done} of ${state.of} runs`}</p>
          <Button data-focus="" onPress={() => cancelCoverage(simulator, true)}>
            Stop
          </Button>
        </div>
      )}
      {(state.kind === 'none' || state.kind === 'failed') && (
        <div className={styles.wait}>
          <p role="status">{state.kind === 'failed' ? `${state.problem.what} ${state.problem.remedy}` : 'Nothing is computed yet.'}</p>
          <Button primary onPress={() => void gatherCoverage(simulator)}>
            Compute it
          </Button>
        </div>
      )}
      {state.kind === 'stopped' && (
        <div className={state.soFar === undefined ? styles.wait : styles.under}>
          <p role="status">
            Stopped after {state.done} of {state.of} runs.
          </p>
          <Button primary onPress={() => void gatherCoverage(simulator)}>
            Go on
          </Button>
        </div>
      )}
      {shown !== undefined && <CoverageTables coverage={shown} isWhole={state.kind === 'ready'} onOpen={open} />}
    </Modal>
  );
}
