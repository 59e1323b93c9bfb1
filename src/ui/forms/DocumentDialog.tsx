/** Rules or lists changed by a form, the document beside it as text: both say the same, either can be written, and what is written stays until it is sent or given up. */
import { useState } from 'react';
import { NOUNS, sendDocument, type Sent } from '#store/documents.ts';
import { documentDraft, type DraftName } from '#store/drafts.ts';
import type { OwnDocument } from '#store/own-documents.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useSimulator, useStory } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Begun } from '#ui/widgets/Begun.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { useDraft } from '#ui/widgets/use-draft.ts';
import { DocumentText } from './DocumentText.tsx';
import styles from './Forms.module.css';
import { ListsForm } from './ListsForm.tsx';
import { faultOfLists, oddityOfLists } from './lists-form.ts';
import { onlyRuleChanged } from './one-rule.ts';
import { faultyRules } from './rule-faults.ts';
import { RulesForm } from './RulesForm.tsx';
import { faultOfRules, oddityOfRules } from './rules-form.ts';

export function DocumentDialog({ onClose }: { readonly onClose: () => void }) {
  const document = useAppState((state) => state.documents.open);
  const scenario = useAppState((state) => selectRun(state)?.request.scenario);
  if (document === undefined || scenario === undefined) return null;
  return <Editor document={document} name={documentDraft(scenario, document)} onClose={onClose} />;
}

const FAULTS = { 'pres-rules': faultOfRules, 'rls-services': faultOfLists } as const;
function oddityOfRulesAndFields(text: string): string | undefined {
  const faulty = faultyRules(text);
  if (faulty === 0) return oddityOfRules(text);
  return `The server takes this, but what stands in ${faulty === 1 ? 'a field of one rule' : `fields of ${faulty} rules`} names nobody, as the form says.`;
}

const ODDITIES = { 'pres-rules': oddityOfRulesAndFields, 'rls-services': oddityOfLists } as const;

interface Props {
  readonly document: OwnDocument;
  /** Of the draft. */
  readonly name: DraftName<string>;
  readonly onClose: () => void;
}

function Editor({ document, name, onClose }: Props) {
  const { usage, kept, ue, server, owner } = document;
  const simulator = useSimulator();
  const story = useStory();
  const { draft: begun, keep, isFromBefore } = useDraft(name);
  const original = kept?.text ?? '';
  const text = begun ?? original;
  const [asWhole, setAsWhole] = useState(false);
  const [wrongTag, setWrongTag] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const labelOf = (id: string): string => story?.entity(id)?.label ?? id;
  const noun = NOUNS[usage];
  const fault = text.trim() === '' ? undefined : FAULTS[usage](text);
  const oddity = fault === undefined ? ODDITIES[usage](text) : undefined;
  const single = usage === 'pres-rules' && fault === undefined && kept !== undefined ? onlyRuleChanged(kept.text, text) : undefined;
  const changed = text !== original;
  const write = (to: string): void => {
    setFailure(undefined);
    keep(to === original ? undefined : to);
  };
  const sent: Sent | undefined =
    text.trim() === ''
      ? kept === undefined
        ? undefined
        : { kind: 'none' }
      : single !== undefined && !asWhole
        ? { kind: 'rule', ...single }
        : { kind: 'whole', text };
  const send = (): void => {
    if (sent === undefined || busy) return;
    setBusy(true);
    setFailure(undefined);
    void sendDocument(simulator, document, sent, { wrongTag }).then((done) => {
      setBusy(false);
      if (!done) return setFailure(simulator.store.getState().layout.notice?.text ?? 'This could not be computed. What you wrote stays here.');
      keep(fault === undefined ? undefined : text);
      onClose();
    });
  };
  return (
    <Modal title={`The ${noun} of ${labelOf(ue)}`} wide fill onClose={onClose}>
      <div className={styles.lead}>
        <p>
          {labelOf(server)} keeps them for {owner}
          {kept === undefined ? ': there are none yet.' : `, now under the entity-tag ${kept.tag}.`} {labelOf(ue)} puts them over Ut (XCAP).
        </p>
      </div>
      {isFromBefore && <Begun />}
      <div className={styles.columns}>
        {usage === 'pres-rules' ? <RulesForm name={name} text={text} onChange={write} /> : <ListsForm name={name} text={text} onChange={write} owner={owner} />}
        <DocumentText text={text} fault={fault} oddity={oddity} onChange={write} isNew={kept === undefined} />
      </div>
      <div className={styles.foot}>
        <div className={styles.how}>
          {single !== undefined && changed && (
            <label className={styles.check}>
              <input type="checkbox" checked={asWhole} onChange={(event) => setAsWhole(event.target.checked)} />
              Put the whole document, not only the rule “{single.id}”
            </label>
          )}
          {kept !== undefined && (
            <label className={styles.check}>
              <input type="checkbox" checked={wrongTag} onChange={(event) => setWrongTag(event.target.checked)} />
              Under an old entity-tag, to see what happens
            </label>
          )}
          {failure !== undefined && (
            <p className={styles.error} role="alert">
              {failure}
            </p>
          )}
        </div>
        <Button disabled={!changed || busy} onPress={() => write(original)}>
          {kept === undefined ? 'Discard what I typed' : 'As it is kept'}
        </Button>
        <Button onPress={onClose}>Close</Button>
        <Button primary={fault?.isUnfinished !== true} disabled={sent === undefined || busy || (!changed && !wrongTag)} onPress={send}>
          {fault !== undefined ? 'Send it all the same' : sent?.kind === 'none' ? `Take the ${noun} away` : 'Send'}
        </Button>
      </div>
    </Modal>
  );
}
