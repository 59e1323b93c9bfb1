import { useState, type SubmitEvent } from 'react';
import { change } from '#store/commands.ts';
import { selectStory } from '#store/store.ts';
import { transmissionsAt } from '#store/switch-level.ts';
import { presentityOf, publishAct, type PublishedState } from '#store/what-if.ts';
import { useAppState, useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './dialogs.module.css';

const SUGGESTIONS: readonly PublishedState[] = [
  { basic: 'open', note: 'Available' },
  { basic: 'open', note: 'In a meeting' },
  { basic: 'open', note: 'On the phone' },
  { basic: 'closed', note: 'Away' },
];
const LONGEST_NOTE = 120;

export function PublishDialog({ onClose }: { readonly onClose: () => void }) {
  const execute = useExecute();
  const simulator = useSimulator();
  const told = useAppState(selectStory);
  const story = told?.byFunctions?.transmissions ?? told;
  const [basic, setBasic] = useState<PublishedState['basic']>('open');
  const [note, setNote] = useState('On the phone');
  const presentity = story === undefined ? undefined : presentityOf(story);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const here = told === undefined ? undefined : transmissionsAt(told, simulator.viewTime.getState());
    const act = here === undefined ? undefined : publishAct(here.story, here.time, { basic, note: note.trim() });
    if (act === undefined || note.trim() === '') return;
    onClose();
    execute(change(act));
  };
  return (
    <Modal title="Publish another state" onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <p className={styles.lead}>
          {presentity?.label ?? 'The presentity'} tells its presence server how it is. Who is told of it is the business of the network.
        </p>
        <fieldset className={styles.choices}>
          <legend>Can it be reached?</legend>
          {(['open', 'closed'] as const).map((value) => (
            <label key={value} className={styles.choice}>
              <input type="radio" name="basic" value={value} checked={basic === value} onChange={() => setBasic(value)} />
              {value === 'open' ? 'Open: yes' : 'Closed: no'}
            </label>
          ))}
        </fieldset>
        <label className={styles.field}>
          In its own words
          <input data-focus value={note} maxLength={LONGEST_NOTE} required onChange={(event) => setNote(event.target.value)} />
        </label>
        <div className={styles.suggestions}>
          {SUGGESTIONS.map((each) => (
            <button
              key={each.note}
              type="button"
              className={styles.suggestion}
              onClick={() => {
                setBasic(each.basic);
                setNote(each.note);
              }}
            >
              {each.note}
            </button>
          ))}
        </div>
        <div className={styles.actions}>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" primary disabled={note.trim() === ''}>
            Publish
          </Button>
        </div>
      </form>
    </Modal>
  );
}
