/** A message is pinned to be compared with another one: of this run or of another. */
import { Columns2, Pin, PinOff } from 'lucide-react';
import { openCompare, pin, pinShown } from '#store/commands.ts';
import { pinnedStep } from '#store/selection.ts';
import type { MessageRecord, RecordId } from '#trace/record.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Inspector.module.css';

export function PinButton({ message }: { readonly message: RecordId }) {
  const execute = useExecute();
  const pinned = useAppState(({ selection, session }) => selection.pinned?.message === message && selection.pinned.run === session.current);
  return (
    <Button
      className={styles.icon ?? ''}
      label={pinned ? 'Take the pin off' : 'Pin, to compare with another message'}
      shortcut={pinShown.keys[0]?.toUpperCase() ?? ''}
      icon={pinned ? <PinOff /> : <Pin />}
      aria-pressed={pinned}
      onPress={() => execute(pin(message))}
    />
  );
}

/** Names the pinned message while another one is shown. */
export function PinnedBar({ shown }: { readonly shown: MessageRecord }) {
  const execute = useExecute();
  const step = useAppState(pinnedStep);
  const elsewhere = useAppState(({ session, selection }) => selection.pinned?.run !== session.current);
  const story = useAppState(({ session, selection }) => session.runs.find((run) => run.id === selection.pinned?.run)?.story);
  if (step === undefined || step.message === shown) return null;
  const { label, from, to } = step.message;
  const nameOf = (id: string): string => story?.entity(id)?.label ?? id;
  return (
    <div className={styles.pinned} role="group" aria-label="Pinned message">
      <p>
        Pinned: step {step.name}
        {elsewhere && ' of another run'}, {label}, {nameOf(from)} → {nameOf(to)}
      </p>
      <Button className={styles.way ?? ''} icon={<Columns2 />} shortcut={openCompare.keys[0]?.toUpperCase() ?? ''} onPress={() => execute(openCompare)}>
        Compare
      </Button>
    </div>
  );
}
