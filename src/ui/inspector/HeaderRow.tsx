import { Info } from 'lucide-react';
import { useId } from 'react';
import { inspectMessage } from '#store/commands.ts';
import type { Story } from '#store/story.ts';
import { PERSON, type MessageRecord } from '#trace/record.ts';
import { useExecute } from '#ui/simulator-context.tsx';
import { shown } from '#ui/widgets/shown.ts';
import { Clause } from './Clause.tsx';
import type { DiffLine } from './header-diff.ts';
import styles from './Inspector.module.css';
import type { Why } from './provenance.ts';

interface Props {
  readonly story: Story;
  readonly message: MessageRecord;
  readonly line: DiffLine;
  readonly isStartLine?: boolean;
  readonly why: Why | undefined;
  readonly open: boolean;
  readonly onTurn: () => void;
}

/** Longer values from before stand on a line of their own. */
const SHORT = 14;
const SAID = { added: 'Added: ', changed: 'Changed: ', removed: 'Removed: ', same: '' } as const;

export function HeaderRow({ story, message, line, isStartLine = false, why, open, onTurn }: Props) {
  const id = useId();
  const { name, change } = line;
  const [written, value, was] = [shown(line.written), shown(line.value), line.was === undefined ? undefined : shown(line.was)];
  // What was only appended to is marked there, and needs no second copy.
  const grown = was !== undefined && was !== '' && value.startsWith(was);
  const shownWhy = open ? why : undefined;
  const onClick = (): void => {
    // Marking text is not asking.
    if (why !== undefined && window.getSelection()?.isCollapsed !== false) onTurn();
  };
  return (
    <li className={styles.line} data-change={change} data-explained={why !== undefined}>
      <div className={styles.code} onClick={onClick}>
        <span className={styles.words}>
          <span className="visually-hidden">{SAID[change]}</span>
          {isStartLine ? (
            <span className={styles.start}>{value}</span>
          ) : change === 'removed' ? (
            <s>
              {written}: <Value value={value} />
            </s>
          ) : (
            <>
              <span className={styles.field}>{written}:</span> <Value value={grown ? was : value} />
              {grown && (
                <mark>
                  <Value value={value.slice(was.length)} />
                </mark>
              )}
            </>
          )}
        </span>
        {was !== undefined && !grown && was.length <= SHORT && <span className={styles.was}>was {was}</span>}
        {why !== undefined && (
          <button
            type="button"
            className={styles.ask}
            aria-label={`Why this ${name}?`}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => {
              event.stopPropagation();
              onTurn();
            }}
          >
            <Info />
          </button>
        )}
      </div>
      {was !== undefined && !grown && was.length > SHORT && <div className={styles.wasLong}>was {was}</div>}
      {shownWhy !== undefined && <Reasons id={id} story={story} message={message} line={line} why={shownWhy} />}
    </li>
  );
}

/** Parameters and list members stay whole where a line has room for them. */
function Value({ value }: { readonly value: string }) {
  return (value.match(/\s+|[^\s;,]*[;,]|[^\s;,]+/g) ?? []).map((part, i) =>
    part.trim() === '' ? (
      part
    ) : (
      <span key={i} className={styles.part}>
        {part}
      </span>
    ),
  );
}

const DID = { added: 'Added', changed: 'Changed', removed: 'Removed', kept: 'Kept', decided: 'Read', routed: 'Routed', rejected: 'Rejected' } as const;

function Reasons({ id, story, message, line, why }: { id: string; story: Story; message: MessageRecord; line: DiffLine; why: Why }) {
  const execute = useExecute();
  const step = story.index.step(why.message.id);
  const earlier = why.message.id !== message.id && step !== undefined && line.change === 'same';
  const nameOf = (who: string): string => story.entity(who)?.label ?? who;
  const did = line.change === 'same' ? DID[why.notes[0]?.op ?? 'added'] : DID[line.change];
  return (
    <div id={id} className={styles.why}>
      <p>
        <b>
          {did} by {nameOf(why.notes.at(-1)?.entity === PERSON ? PERSON : why.message.from)}
        </b>
        {earlier && (
          <>
            {' at '}
            <button type="button" className={styles.link} onClick={() => execute(inspectMessage(why.message.id))}>
              step {step.name}
            </button>
          </>
        )}
        <b>.</b>{' '}
        {why.notes.map((note) => (
          <span key={note.id}>
            {shown(note.reason)} <Clause clause={note.clause} />{' '}
          </span>
        ))}
      </p>
    </div>
  );
}
