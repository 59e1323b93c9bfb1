import { ArrowLeft, ArrowRight, Copy, CornerDownLeft, ListFilter, SquarePen } from 'lucide-react';
import { useMemo, useState } from 'react';
import { inThousands } from '#base/thousands.ts';
import { inspectMessage, openEdit } from '#store/commands.ts';
import { isOpening } from '#store/playback.ts';
import { notify } from '#store/runs.ts';
import type { Story, StoryStep } from '#store/story.ts';
import { shownStep } from '#store/selection.ts';
import { isUnsent, textOf } from '#trace/message-facts.ts';
import type { MessageRecord, RecordId } from '#trace/record.ts';
import { formatMoment } from '#trace/time-text.ts';
import { useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Acts } from './Acts.tsx';
import { BinaryText } from './BinaryText.tsx';
import { formatHex } from './decoded.ts';
import styles from './Inspector.module.css';
import { neighboursOf } from './neighbours.ts';
import { PinButton, PinnedBar } from './Pin.tsx';
import { SipMessageText } from './SipMessageText.tsx';
import { StandsFor } from './StandsFor.tsx';
import { wiresharkFilter } from './wireshark-filter.ts';

interface Chosen {
  readonly arrow: RecordId;
  readonly message: RecordId;
}

/** `story` is of the transmissions, `told` the one that is shown: the same, unless it is told by functions. */
export function MessageTab({ told, story }: { readonly told: Story; readonly story: Story }) {
  const execute = useExecute();
  const number = useViewTime((time) => time.step);
  const opening = useViewTime((time) => isOpening(told, time));
  const crossing = useViewTime((time) => shownStep(told, time));
  const [explainAll, setExplainAll] = useState(false);
  const [chosen, setChosen] = useState<Chosen>();
  const arrow = told.byFunctions === undefined ? undefined : told.steps[opening ? told.first : number]?.message.id;
  const another = chosen !== undefined && chosen.arrow === arrow ? story.index.step(chosen.message) : undefined;
  const step = another === undefined ? crossing : story.steps[another.index];
  const go = (message: RecordId): void => {
    const other = told.byFunctions?.stage2.arrowOf.get(message);
    if (other !== undefined) setChosen({ arrow: other, message });
    if (other === undefined || other !== arrow) execute(inspectMessage(message));
  };
  if (step === undefined) return <p className={styles.nothing}>No message has travelled yet. Press Play, or choose an arrow in the ladder.</p>;
  const { message } = step;
  return (
    <>
      {arrow !== undefined && <StandsFor told={told} arrow={arrow} shown={message.id} onShow={go} />}
      <Hop story={story} step={step} opening={opening} editable={another === undefined} onGo={go} />
      <PinnedBar shown={message} />
      <Acts key={`acts ${message.id}`} story={story} message={message} />
      {message.protocol === 'SIP' ? (
        <SipMessageText key={message.id} story={story} message={message} explainAll={explainAll} onExplainAll={setExplainAll} />
      ) : (
        <BinaryText key={message.id} message={message} />
      )}
    </>
  );
}

interface HopProps {
  readonly story: Story;
  readonly step: StoryStep;
  readonly opening: boolean;
  /** Whether it is the message of the moment, and not another one of its arrow. */
  readonly editable: boolean;
  readonly onGo: (message: RecordId) => void;
}

/** What it is, between whom, and the ways to the messages that belong to it. */
function Hop({ story, step, opening, editable, onGo }: HopProps) {
  const { message } = step;
  const link = story.trace.links.find(({ a, b }) => (a === message.from && b === message.to) || (a === message.to && b === message.from));
  const facts = [
    link?.referencePoint,
    message.transport === 'none' ? 'report of stage 2' : message.transport.toUpperCase(),
    `${inThousands(String(message.bytes.length), '\u202f')} bytes`,
  ].filter((fact) => fact !== undefined);
  const done = new Set(story.trace.changes.flatMap((change) => ('record' in change && change.record === message.id ? [change.kind] : [])));
  return (
    <header className={styles.hop}>
      <p className={styles.where}>
        {opening ? `Step ${step.name} comes next` : `Step ${step.name}`} · at {formatMoment(message.sentAt)} s
      </p>
      <h2 className={styles.label}>{message.label}</h2>
      <p className={styles.ends} title={`${message.src} → ${message.dst}`}>
        {story.entity(message.from)?.label ?? message.from} → {story.entity(message.to)?.label ?? message.to} · {facts.join(' · ')}
      </p>
      {step.retransmissionOf !== undefined && <p className={styles.remark}>The same bytes again: a retransmission of step {step.retransmissionOf.name}.</p>}
      {message.lostAt !== undefined && <p className={styles.loss}>{lossText(message, done.has('drop'))}</p>}
      {done.has('edit') && <p className={styles.remark}>Edited in flight, as you wished: this is the text that arrives.</p>}
      {done.has('delay') && <p className={styles.remark}>Held up on the way, as you wished.</p>}
      {message.duplicateArrivedAt !== undefined && <p className={styles.remark}>It arrives twice.</p>}
      <Ways story={story} step={step} editable={editable} onGo={onGo} />
    </header>
  );
}

const lossText = (message: MessageRecord, isDropped: boolean): string =>
  isUnsent(message) ? 'It cannot be sent: it never arrives.' : isDropped ? 'Dropped at your wish: it never arrives.' : 'Lost on the way: it never arrives.';

type WaysProps = Pick<HopProps, 'story' | 'step' | 'editable' | 'onGo'>;

function Ways({ story, step, editable, onGo }: WaysProps) {
  const execute = useExecute();
  const simulator = useSimulator();
  const { message } = step;
  const { previousHop, nextHop, counterpart } = useMemo(() => neighboursOf(story, step), [story, step]);
  const filter = useMemo(() => wiresharkFilter(message), [message]);
  const go = (to: StoryStep | undefined) => () => {
    if (to !== undefined) onGo(to.message.id);
  };
  const copy = async (text: string, what: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      notify(simulator, `${what} is copied.`);
    } catch {
      notify(simulator, 'The browser does not allow copying here. Select the text and copy it with the keyboard.', 'problem');
    }
  };
  const isSip = message.protocol === 'SIP';
  return (
    <div className={styles.ways}>
      {isSip && (
        <>
          <Button className={styles.way ?? ''} icon={<ArrowLeft />} disabled={previousHop === undefined} onPress={go(previousHop)}>
            Previous hop
          </Button>
          <Button className={styles.way ?? ''} icon={<ArrowRight />} disabled={nextHop === undefined} onPress={go(nextHop)}>
            Next hop
          </Button>
        </>
      )}
      <Button className={styles.way ?? ''} icon={<CornerDownLeft />} disabled={counterpart === undefined} onPress={go(counterpart)}>
        {step.isRequest ? 'Answer' : 'Request'}
      </Button>
      <div className={styles.tools}>
        <Button className={styles.icon ?? ''} label={openEdit.label} shortcut="E" icon={<SquarePen />} disabled={!editable} onPress={() => execute(openEdit)} />
        <PinButton message={message.id} />
        <Button
          className={styles.icon ?? ''}
          label={isSip ? 'Copy the message' : 'Copy the bytes as hexadecimal'}
          icon={<Copy />}
          onPress={() => void copy(textOf(message) ?? formatHex(message.bytes), isSip ? 'The message' : 'The hexadecimal dump')}
        />
        <Button
          className={styles.icon ?? ''}
          label="Copy a Wireshark filter"
          icon={<ListFilter />}
          disabled={filter === undefined}
          onPress={() => void copy(filter ?? '', `The Wireshark filter ${filter ?? ''}`)}
        />
      </div>
    </div>
  );
}
