/** The pinned message and the one of the moment, side by side. */
import { Fragment, useMemo, useState } from 'react';
import { pinnedStep, shownStep } from '#store/selection.ts';
import { selectRun } from '#store/store.ts';
import type { Story, StoryStep } from '#store/story.ts';
import { useSimulator, useStory } from '#ui/simulator-context.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { shown } from '#ui/widgets/shown.ts';
import styles from './Compare.module.css';
import { isComparable, pairMessages, summaryOf, type PairedLine } from './pair-messages.ts';

export function CompareDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const story = useStory();
  // Those of the moment at which it was opened, whatever moves behind it.
  const [pair] = useState(() => {
    const state = simulator.store.getState();
    const left = pinnedStep(state);
    const right = story === undefined ? undefined : shownStep(story, simulator.viewTime.getState());
    const leftRun = state.session.runs.find((run) => run.id === state.selection.pinned?.run);
    const rightRun = selectRun(state);
    if (left === undefined || right === undefined || leftRun === undefined || rightRun === undefined) return undefined;
    const nameOf = (run: typeof leftRun): string => (leftRun === rightRun ? '' : run.name);
    return { left: { step: left, story: leftRun.story, run: nameOf(leftRun) }, right: { step: right, story: rightRun.story, run: nameOf(rightRun) } };
  });
  const lines = useMemo(() => (pair === undefined ? [] : pairMessages(pair.left.step.message, pair.right.step.message)), [pair]);
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  if (pair === undefined) return null;
  const [left, right] = [pair.left.step.message, pair.right.step.message];
  const comparable = isComparable(left, right);
  const visible = onlyDifferences ? lines.filter(({ change }) => change !== 'same') : lines;
  return (
    <Modal title="Two messages side by side" wide fill onClose={onClose}>
      <div className={styles.head}>
        <p role="status">
          {comparable
            ? summaryOf(lines)
            : `One is ${left.protocol}, the other is ${right.protocol}: they have no lines in common. Each is shown as it is read.`}
        </p>
        {comparable && (
          <label className={styles.switch}>
            <input type="checkbox" role="switch" data-focus checked={onlyDifferences} onChange={(event) => setOnlyDifferences(event.target.checked)} />
            Only what differs
          </label>
        )}
      </div>
      <div className={styles.scroller} tabIndex={0} role="region" aria-label="Lines of both messages">
        <table className={styles.lines}>
          <thead>
            <tr>
              <Side {...pair.left} what="Pinned" />
              <Side {...pair.right} what="Shown" />
            </tr>
          </thead>
          <tbody>
            {visible.map((line, i) => (
              <Line key={i} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

function Side({ step, story, run, what }: { readonly step: StoryStep; readonly story: Story; readonly run: string; readonly what: string }) {
  const nameOf = (id: string): string => story.entity(id)?.label ?? id;
  const { label, from, to } = step.message;
  return (
    <th scope="col">
      {label}, {nameOf(from)} → {nameOf(to)}
      <span className={styles.where}>
        {what}: step {step.name}
        {run === '' ? '' : ` of “${run}”`}
      </span>
    </th>
  );
}

const SAID = { same: '', changed: 'Differs: ', added: 'Only here: ', removed: 'Only here: ' } as const;

function Line({ line: { change, left, right } }: { readonly line: PairedLine }) {
  return (
    <tr data-change={change}>
      {[left, right].map((text, i) => (
        <td key={i} data-empty={text === undefined}>
          {text !== undefined && (
            <>
              {change !== 'same' && <span className="visually-hidden">{SAID[change]}</span>}
              <Breakable text={text} />
            </>
          )}
        </td>
      ))}
    </tr>
  );
}

/** A long value is broken after its parameters rather than within them. */
function Breakable({ text }: { readonly text: string }) {
  return shown(text)
    .split(/(?<=[;,])/)
    .map((part, i) => (
      <Fragment key={i}>
        {i > 0 && <wbr />}
        {part}
      </Fragment>
    ));
}
