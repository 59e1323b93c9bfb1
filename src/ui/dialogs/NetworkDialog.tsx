import type { SubmitEvent } from 'react';
import { networkDraft } from '#store/drafts.ts';
import { setChoices } from '#store/runs.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';
import { Begun } from '#ui/widgets/Begun.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { useDraft } from '#ui/widgets/use-draft.ts';
import styles from './dialogs.module.css';

/** The named changes that the scenario offers: what an operator or a user can turn over before the story begins. */
export function NetworkDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const run = useAppState(selectRun);
  const scenario = useAppState((state) => state.session.scenarios.find((each) => each.id === run?.request.scenario));
  const { draft, keep, isFromBefore } = useDraft(networkDraft(run?.id ?? 0));
  const values =
    draft ?? Object.fromEntries(run?.request.changes.flatMap((change) => (change.kind === 'set' ? [[change.name, change.value] as const] : [])) ?? []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onClose();
    void setChoices(simulator, values).then((done) => done && keep(undefined));
  };
  return (
    <Modal title="Change the network" onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        {isFromBefore && <Begun />}
        <p className={styles.lead}>
          The same people do the same things, in another network. The story is computed again from its beginning; the run at hand stays in the list.
        </p>
        {scenario?.choices.map(({ name, title, values: options }) => (
          <fieldset key={name} className={styles.options}>
            <legend>{title}</legend>
            {options.map((option, i) => (
              <label key={option.value} className={styles.choice}>
                <input
                  type="radio"
                  name={name}
                  value={option.value}
                  checked={(values[name] ?? options[0]?.value) === option.value}
                  onChange={() => keep({ ...values, [name]: option.value })}
                />
                {option.title}
                {i === 0 && <span className={styles.usual}>as the scenario has it</span>}
              </label>
            ))}
          </fieldset>
        ))}
        <div className={styles.actions}>
          <Button disabled={draft === undefined} onPress={() => keep(undefined)}>
            As it is
          </Button>
          <Button onPress={onClose}>Close</Button>
          <Button type="submit" primary>
            Compute
          </Button>
        </div>
      </form>
    </Modal>
  );
}
