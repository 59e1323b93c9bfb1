import { useMemo } from 'react';
import type { Story } from '#store/story.ts';
import { PERSON, type MessageRecord, type NoteRecord } from '#trace/record.ts';
import { Clause } from './Clause.tsx';
import styles from './Inspector.module.css';
import { notesOfHop } from './provenance.ts';

/** How a name became an address, and which transport was taken: true of every hop, so told last. */
const ADDRESSING = /^RFC (?:3263|1035|3261 §18)/;

/** So many changes by a person are told at once: the text that travelled, which is below them, has them all marked. */
const MOST_EDITS = 3;

const isAct = (note: NoteRecord): boolean => note.entity !== PERSON && (note.header === undefined || note.op === 'decided' || note.op === 'rejected');

/** What the sender decided before it sent this, and what the receiver decided about it. */
export function Acts({ story, message }: { readonly story: Story; readonly message: MessageRecord }) {
  const { telling, addressing, arrival } = useMemo(() => {
    const own = notesOfHop(story, message).filter(isAct);
    const usual = (note: NoteRecord): boolean => message.protocol === 'SIP' && note.op !== 'rejected' && ADDRESSING.test(note.clause ?? '');
    return { telling: own.filter((note) => !usual(note)), addressing: own.filter(usual), arrival: story.notesAtArrival(message.id).filter(isAct) };
  }, [story, message]);
  const name = (id: string): string => story.entity(id)?.label ?? id;
  const edits = story.editsOf(message.id);
  if (telling.length + addressing.length + arrival.length + edits.length === 0) return null;
  return (
    <section className={styles.acts} aria-label="What the entities did">
      {telling.length > 0 && (
        <>
          <h3 className={styles.title}>What {name(message.from)} did</h3>
          <Notes notes={telling} />
        </>
      )}
      {addressing.length > 0 && (
        <details className={styles.fold}>
          <summary>How {name(message.from)} found the address</summary>
          <Notes notes={addressing} />
        </details>
      )}
      {edits.length > 0 && (
        <>
          <h3 className={styles.title}>What a person changed on the way</h3>
          <Notes notes={edits.slice(0, MOST_EDITS)} />
          {edits.length > MOST_EDITS && (
            <details className={styles.fold}>
              <summary>and {edits.length - MOST_EDITS} more</summary>
              <Notes notes={edits.slice(MOST_EDITS)} />
            </details>
          )}
        </>
      )}
      {arrival.length > 0 && (
        <details className={styles.fold}>
          <summary>What {name(message.to)} then decided</summary>
          <Notes notes={arrival} />
        </details>
      )}
    </section>
  );
}

function Notes({ notes }: { readonly notes: readonly NoteRecord[] }) {
  return (
    <ul className={styles.notes}>
      {notes.map((note) => (
        <li key={note.id} data-op={note.op}>
          {note.reason} <Clause clause={note.clause} />
        </li>
      ))}
    </ul>
  );
}
