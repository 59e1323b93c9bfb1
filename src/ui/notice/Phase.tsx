import { cancelWork, chooseScenario } from '#store/commands.ts';
import { DEFAULT_SCENARIO, isCancellable } from '#store/runs.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Phase.module.css';

/** Over the page while something is computed (seen only when it takes long), and when there is nothing to show. */
export function Phase() {
  const execute = useExecute();
  const phase = useAppState((state) => state.session.phase);
  const cancellable = useAppState(isCancellable);
  if (phase.kind === 'ready') return null;
  if (phase.kind === 'computing') {
    return (
      <div className={styles.veil} role="status">
        <div className={styles.card}>
          <p className={styles.title}>Computing: {phase.what}</p>
          <div className={styles.bar} />
          {cancellable && <Button onPress={() => execute(cancelWork)}>Cancel</Button>}
        </div>
      </div>
    );
  }
  return (
    <div className={styles.failed} role="alert">
      <div className={styles.card}>
        <p className={styles.title}>{phase.problem.what}</p>
        <p>{phase.problem.remedy}</p>
        <Button primary onPress={() => execute(chooseScenario(DEFAULT_SCENARIO))}>
          Open the first scenario
        </Button>
      </div>
    </div>
  );
}
