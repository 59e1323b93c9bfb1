import { useState } from 'react';
import { chooseScenario } from '#store/commands.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './dialogs.module.css';

const LARGEST_SEED = 4_294_967_295;

export function ScenariosDialog({ onClose }: { readonly onClose: () => void }) {
  const execute = useExecute();
  const scenarios = useAppState((state) => state.session.scenarios);
  const run = useAppState(selectRun);
  const [seed, setSeed] = useState(String(run?.request.seed ?? 1));
  const valid = /^\d{1,10}$/.test(seed) && Number(seed) <= LARGEST_SEED;
  const choose = (id: string): void => {
    if (!valid) return;
    onClose();
    execute(chooseScenario(id, Number(seed)));
  };
  return (
    <Modal title="Choose a scenario" onClose={onClose}>
      <ul className={styles.scenarios}>
        {scenarios.map((scenario) => (
          <li key={scenario.id}>
            <button
              type="button"
              data-focus={scenario.id === run?.request.scenario ? '' : undefined}
              className={styles.scenario}
              disabled={!valid}
              aria-current={scenario.id === run?.request.scenario ? 'true' : undefined}
              onClick={() => choose(scenario.id)}
            >
              <span className={styles.scenarioTitle}>{scenario.title}</span>
              <span className={styles.scenarioSummary}>{scenario.summary}</span>
              <span className={styles.scenarioSource}>
                {[
                  ...new Set(
                    scenario.sources.map((source) => (source.checked && source.clause !== undefined ? `${source.document} ${source.clause}` : source.document)),
                  ),
                ].join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <form
        className={styles.seed}
        onSubmit={(event) => {
          event.preventDefault();
          if (run !== undefined) choose(run.request.scenario);
        }}
      >
        <label htmlFor="seed">Seed</label>
        <input
          id="seed"
          inputMode="numeric"
          value={seed}
          aria-invalid={!valid}
          aria-describedby="seed-hint"
          onChange={(event) => setSeed(event.target.value)}
        />
        <Button type="submit" disabled={!valid}>
          Run this scenario with it
        </Button>
        <p id="seed-hint" className={valid ? styles.hint : styles.error}>
          {valid
            ? 'Chance follows from it: branches, tags, delays and losses. The same seed gives the same run.'
            : `A seed is a whole number from 0 to ${LARGEST_SEED}.`}
        </p>
      </form>
    </Modal>
  );
}
