import { useMemo, useState } from 'react';
import type { Story } from '#store/story.ts';
import type { MessageRecord } from '#trace/record.ts';
import { Body } from './Body.tsx';
import { HeaderRow } from './HeaderRow.tsx';
import styles from './Inspector.module.css';
import { linesOf, notesForStartLine, notesOfHop, tellingLines, whyOf, type Why } from './provenance.ts';
import { splitSipText } from './sip-text.ts';
import { Stacks } from './Stacks.tsx';
import { stacksOf } from './stacks.ts';

interface Props {
  readonly story: Story;
  readonly message: MessageRecord;
  readonly explainAll: boolean;
  readonly onExplainAll: (on: boolean) => void;
}

const START_LINE = -1;

/** The text that travelled, with what this hop did to it and why. */
export function SipMessageText({ story, message, explainAll, onExplainAll }: Props) {
  const { text, start, lines, whys, telling, bodyChanged, stacks } = useMemo(() => read(story, message), [story, message]);
  const [turned, setTurned] = useState<ReadonlyMap<number, boolean>>(new Map());
  const isOpen = (i: number): boolean => turned.get(i) ?? (explainAll || telling.has(i));
  const turn = (i: number): void => setTurned(new Map(turned).set(i, !isOpen(i)));
  const nameOf = (id: string): string => story.entity(id)?.label ?? id;
  const first = story.index.previousHop(message) === undefined;
  return (
    <>
      <div className={styles.textHead}>
        <h3 className={styles.title}>{first ? `Written by ${nameOf(message.from)}` : 'Against the hop before'}</h3>
        <label className={styles.switch}>
          <input
            type="checkbox"
            role="switch"
            checked={explainAll}
            onChange={(event) => {
              setTurned(new Map());
              onExplainAll(event.target.checked);
            }}
          />
          Explain all
        </label>
      </div>
      <ol className={styles.text} aria-label="Text of the message">
        <HeaderRow story={story} message={message} line={start.line} isStartLine why={start.why} open={isOpen(START_LINE)} onTurn={() => turn(START_LINE)} />
        {lines.map((line, i) => (
          <HeaderRow key={i} story={story} message={message} line={line} why={whys[i]} open={isOpen(i)} onTurn={() => turn(i)} />
        ))}
      </ol>
      {text.body !== '' && <Body text={text.body} changed={bodyChanged} />}
      <Stacks stacks={stacks} isRequest={!text.startLine.startsWith('SIP/')} />
    </>
  );
}

function read(story: Story, message: MessageRecord) {
  const text = splitSipText(message.bytes);
  const previous = story.index.previousHop(message);
  const before = previous === undefined ? undefined : splitSipText(previous.bytes);
  const lines = linesOf(story, message);
  const startNotes = notesForStartLine(notesOfHop(story, message));
  const changed = before !== undefined && before.startLine !== text.startLine;
  const why: Why | undefined = startNotes.length === 0 ? undefined : { message, notes: startNotes };
  return {
    text,
    start: {
      line: {
        written: '',
        name: 'Start line',
        value: text.startLine,
        ...(changed ? { change: 'changed' as const, was: before.startLine } : { change: 'same' as const }),
      },
      why,
    },
    lines,
    whys: lines.map((line) => whyOf(story, message, line)),
    telling: changed && why !== undefined ? new Set([START_LINE, ...tellingLines(story, message, lines)]) : tellingLines(story, message, lines),
    bodyChanged: before !== undefined && before.body !== text.body,
    stacks: stacksOf(story, text.headers),
  };
}
