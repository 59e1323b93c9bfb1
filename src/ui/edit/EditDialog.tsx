import { useMemo, useState, type SubmitEvent } from 'react';
import { fromHex, toHex } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { messageDraft } from '#store/drafts.ts';
import { fork } from '#store/runs.ts';
import { shownStep } from '#store/selection.ts';
import type { Story } from '#store/story.ts';
import { editAct } from '#store/what-if.ts';
import { differencesOf, editsBetween, type Difference, type MessageEdit } from '#trace/message-edits.ts';
import type { MessageRecord } from '#trace/record.ts';
import { useSimulator, useStory } from '#ui/simulator-context.tsx';
import { Begun } from '#ui/widgets/Begun.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { useDraft } from '#ui/widgets/use-draft.ts';
import { bytesOf, draftOf, withLength } from './draft.ts';
import styles from './Edit.module.css';
import { FieldsForm } from './FieldsForm.tsx';
import { odditiesOf, tooLong } from './oddities.ts';
import { suggestionsFor } from './suggestions.ts';

/** A message is rewritten on its way: what arrives is what stands here, and the network answers by itself. */
export function EditDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const story = useStory();
  // The message of the moment at which it was opened, whatever moves behind it.
  const [message] = useState(() => (story === undefined ? undefined : shownStep(story, simulator.viewTime.getState())?.message));
  if (story === undefined || message === undefined) return null;
  return <Editor story={story.byFunctions?.transmissions ?? story} message={message} onClose={onClose} />;
}

interface Wanted {
  readonly edits: readonly MessageEdit[];
  readonly differences: readonly Difference[];
  readonly odd: readonly string[];
  /** Why it cannot travel. */
  readonly error?: string | undefined;
}

const inPairs = (bytes: Uint8Array): string => (toHex(bytes).match(/.{1,32}/g) ?? []).map((line) => (line.match(/../g) ?? []).join(' ')).join('\n');

function wantedOf(message: MessageRecord, draft: string, keepLength: boolean): Wanted {
  const sent = message.bytes;
  if (hasHeader(message)) {
    const bytes = bytesOf(sent, keepLength ? withLength(sent, draft) : draft);
    const odd = message.protocol === 'SIP' ? odditiesOf(bytes) : [];
    return { edits: editsBetween(sent, bytes), differences: differencesOf(sent, bytes), odd, error: tooLong(message, bytes.length) };
  }
  if (isText(message)) {
    const bytes = draft === draftOf(sent) ? sent : encodeUtf8(draft);
    return { edits: bytes === sent ? [] : [{ op: 'text', to: draft }], differences: [], odd: [], error: tooLong(message, bytes.length) };
  }
  const bytes = fromHex(draft);
  if (bytes === undefined) return { edits: [], differences: [], odd: [], error: 'These are not pairs of hexadecimal digits.' };
  const same = toHex(bytes) === toHex(sent);
  return { edits: same ? [] : [{ op: 'hex', to: toHex(bytes) }], differences: [], odd: [], error: tooLong(message, bytes.length) };
}

/** Lines that end in CR LF, an empty one, and a body: what a text field does to line ends has to be undone. */
const hasHeader = (message: MessageRecord): boolean => message.protocol === 'SIP' || message.protocol === 'HTTP';

const isText = (message: MessageRecord): boolean => hasHeader(message) || message.protocol === 'XMPP' || message.protocol === 'Report';

function Editor({ story, message, onClose }: { readonly story: Story; readonly message: MessageRecord; readonly onClose: () => void }) {
  const simulator = useSimulator();
  const isSip = message.protocol === 'SIP';
  const original = useMemo(() => (isText(message) ? draftOf(message.bytes) : inPairs(message.bytes)), [message]);
  const { draft: begun, keep, isFromBefore } = useDraft(messageDraft(story.trace.scenario, message, original));
  const { text: draft, keepLength } = begun ?? { text: original, keepLength: true };
  const [view, setView] = useState<'fields' | 'text'>(isSip ? 'fields' : 'text');
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const { edits, differences, odd, error } = useMemo(() => wantedOf(message, draft, keepLength), [message, draft, keepLength]);
  const labelOf = (id: string): string => story.entity(id)?.label ?? id;
  const write = (text: string, follows = keepLength): void => keep(text === original && follows ? undefined : { text, keepLength: follows });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (edits.length === 0 || error !== undefined || busy) return;
    setBusy(true);
    setFailure(undefined);
    const act = editAct(story, message, edits);
    void fork(simulator, act.change, act.name).then((done) => {
      setBusy(false);
      if (done) {
        keep(undefined);
        onClose();
      } else setFailure(simulator.store.getState().layout.notice?.text ?? 'This could not be computed.');
    });
  };
  return (
    <Modal title={`Edit in flight: ${message.label}, ${labelOf(message.from)} → ${labelOf(message.to)}`} wide onClose={onClose}>
      <form className={styles.editor} onSubmit={submit}>
        <div className={styles.main}>
          {isFromBefore && <Begun />}
          {isSip && (
            <>
              <div className={styles.views} role="group" aria-label="Edit as">
                {(['fields', 'text'] as const).map((each) => (
                  <button key={each} type="button" className={styles.viewChoice} aria-pressed={view === each} onClick={() => setView(each)}>
                    {each === 'fields' ? 'Header fields' : 'Whole text'}
                  </button>
                ))}
              </div>
              <div className={styles.suggestions} role="group" aria-label="Common changes">
                {suggestionsFor(draft).map((each) => (
                  <button key={each.label} type="button" className={styles.suggestion} onClick={() => write(each.draft)}>
                    {each.label}
                  </button>
                ))}
              </div>
            </>
          )}
          {view === 'fields' ? (
            <FieldsForm sent={message.bytes} draft={keepLength ? withLength(message.bytes, draft) : draft} onChange={write} />
          ) : (
            <textarea
              className={styles.whole}
              aria-label={isText(message) ? 'Text of the message' : 'Bytes of the message in hexadecimal digits'}
              aria-invalid={error !== undefined}
              value={draft}
              rows={18}
              spellCheck={false}
              onChange={(event) => write(event.target.value)}
            />
          )}
        </div>
        <div className={styles.side}>
          <section aria-label="What changes" aria-live="polite">
            <h3 className={styles.title}>What changes on the way</h3>
            {edits.length === 0 && error === undefined && <p className={styles.quiet}>Nothing yet: it arrives as it was sent.</p>}
            {error !== undefined && (
              <p className={styles.error} role="alert">
                {error}
              </p>
            )}
            <ul className={styles.differences}>
              {differences.map((each, i) => (
                <li key={i} data-change={each.op}>
                  <b>{each.header}</b>
                  {each.header === 'Body' ? (
                    <span>
                      {encodeUtf8(each.from ?? '').length} bytes become {encodeUtf8(each.to ?? '').length}
                    </span>
                  ) : (
                    <>
                      {each.from !== undefined && <del>{each.from === '' ? '(empty)' : each.from}</del>}
                      {each.to !== undefined && <ins>{each.to === '' ? '(empty)' : each.to}</ins>}
                    </>
                  )}
                </li>
              ))}
              {edits.length > 0 && differences.length === 0 && <li data-change="changed">{isText(message) ? 'Another text' : 'Other bytes'}</li>}
            </ul>
          </section>
          {odd.length > 0 && (
            <section aria-label="What is odd">
              <h3 className={styles.title}>What is odd about it</h3>
              <ul className={styles.odd}>
                {odd.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </section>
          )}
          {hasHeader(message) && (
            <label className={styles.length}>
              <input type="checkbox" checked={keepLength} onChange={(event) => write(draft, event.target.checked)} />
              Content-Length follows the body
            </label>
          )}
          <p className={styles.quiet}>
            The sender does not learn of it. The earlier run stays in the list of runs, and the link of this moment carries the change.
          </p>
        </div>
        <div className={styles.actions}>
          {failure !== undefined && (
            <p className={styles.error} role="alert">
              {failure}
            </p>
          )}
          <Button disabled={begun === undefined} onPress={() => keep(undefined)}>
            As it was sent
          </Button>
          <Button onPress={onClose}>Close</Button>
          <Button type="submit" primary disabled={edits.length === 0 || error !== undefined || busy}>
            Let it travel like this
          </Button>
        </div>
      </form>
    </Modal>
  );
}
