import { useState, type SubmitEvent } from 'react';
import { changeNetwork } from '#store/commands.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './dialogs.module.css';

/** The named changes that the scenario offers: what an operator or a user can turn over before the story begins. */
export function NetworkDialog({ onClose }: { readonly onClose: () => void }) {
  const execute = useExecute();
  const run = useAppState(selectRun);
  const scenario = useAppState((state) => state.session.scenarios.find((each) => each.id === run?.request.scenario));
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(run?.request.changes.flatMap((change) => (change.kind === 'set' ? [[change.name, change.value] as const] : [])) ?? []),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onClose();
    execute(changeNetwork(values));
  };
  return (
    <Modal title="Change the network" onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
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
                  onChange={() => setValues({ ...values, [name]: option.value })}
                />
                {option.title}
                {i === 0 && <span className={styles.usual}>as the scenario has it</span>}
              </label>
            ))}
          </fieldset>
        ))}
        <div className={styles.actions}>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" primary>
            Compute
          </Button>
        </div>
      </form>
    </Modal>
  );
}
