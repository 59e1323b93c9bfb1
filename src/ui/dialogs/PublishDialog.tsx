import type { SubmitEvent } from 'react';
import { publishDraft } from '#store/drafts.ts';
import { fork } from '#store/runs.ts';
import { selectStory } from '#store/store.ts';
import { transmissionsAt } from '#store/switch-level.ts';
import { presentityOf, publishAct, type PublishedState } from '#store/what-if.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';
import { Begun } from '#ui/widgets/Begun.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { useDraft } from '#ui/widgets/use-draft.ts';
import styles from './dialogs.module.css';

const SUGGESTIONS: readonly PublishedState[] = [
  { basic: 'open', note: 'Available' },
  { basic: 'open', note: 'In a meeting' },
  { basic: 'open', note: 'On the phone' },
  { basic: 'closed', note: 'Away' },
];
const OFFERED: PublishedState = { basic: 'open', note: 'On the phone' };
const LONGEST_NOTE = 120;

export function PublishDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const told = useAppState(selectStory);
  const story = told?.byFunctions?.transmissions ?? told;
  const { draft, keep, isFromBefore } = useDraft(publishDraft(story?.trace.scenario ?? ''));
  const { basic, note } = draft ?? OFFERED;
  const isEmpty = note.trim() === '';
  const presentity = story === undefined ? undefined : presentityOf(story);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const here = told === undefined ? undefined : transmissionsAt(told, simulator.viewTime.getState());
    const act = here === undefined ? undefined : publishAct(here.story, here.time, { basic, note: note.trim() });
    if (act === undefined || isEmpty) return;
    onClose();
    void fork(simulator, act.change, act.name).then((done) => done && keep(undefined));
  };
  return (
    <Modal title="Publish another state" onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        {isFromBefore && <Begun />}
        <p className={styles.lead}>
          {presentity?.label ?? 'The presentity'} tells its presence server how it is. Who is told of it is the business of the network.
        </p>
        <fieldset className={styles.choices}>
          <legend>Can it be reached?</legend>
          {(['open', 'closed'] as const).map((value) => (
            <label key={value} className={styles.choice}>
              <input type="radio" name="basic" value={value} checked={basic === value} onChange={() => keep({ basic: value, note })} />
              {value === 'open' ? 'Open: yes' : 'Closed: no'}
            </label>
          ))}
        </fieldset>
        <label className={styles.field}>
          In its own words
          <input
            data-focus
            value={note}
            maxLength={LONGEST_NOTE}
            aria-invalid={isEmpty}
            aria-describedby={isEmpty ? 'publish-fault' : undefined}
            onChange={(event) => keep({ basic, note: event.target.value })}
          />
          {isEmpty && (
            <span id="publish-fault" role="alert" className={styles.fault}>
              A word is needed here: it is what watchers read.
            </span>
          )}
        </label>
        <div className={styles.suggestions}>
          {SUGGESTIONS.map((each) => (
            <button key={each.note} type="button" className={styles.suggestion} onClick={() => keep(each)}>
              {each.note}
            </button>
          ))}
        </div>
        <div className={styles.actions}>
          <Button disabled={draft === undefined} onPress={() => keep(undefined)}>
            Discard what I typed
          </Button>
          <Button onPress={onClose}>Close</Button>
          <Button type="submit" primary disabled={isEmpty}>
            Publish
          </Button>
        </div>
      </form>
    </Modal>
  );
}
