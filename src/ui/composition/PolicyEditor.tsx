import { useEffect, useId, useRef, type SubmitEvent } from 'react';
import type { ViewTable } from '#base/view.ts';
import { closePolicy, editPolicy } from '#store/commands.ts';
import { policyDraft } from '#store/drafts.ts';
import { policyAct, policyAt, type PolicyText } from '#store/policy-act.ts';
import { fork } from '#store/runs.ts';
import type { Story } from '#store/story.ts';
import { transmissionsAt } from '#store/switch-level.ts';
import type { EntityId } from '#trace/record.ts';
import { useAppState, useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { Begun } from '#ui/widgets/Begun.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { useDraft } from '#ui/widgets/use-draft.ts';
import styles from './Composition.module.css';
import { ACTIVITIES, CONFLICTS, faultOf, fieldsOf, isSame, ORDERS, PERSONS, type PolicyFields, SERVICES, withFields } from './policy-form.ts';

interface Props {
  readonly told: Story;
  readonly story: Story;
  readonly entity: EntityId;
  /** The policy in words: question and answer. */
  readonly rows: ViewTable['rows'];
}

/** The policy as it stands at this moment, and a form that makes the operator want another from here on. */
export function PolicyEditor({ told, story, entity, rows }: Props) {
  const t = useViewTime((time) => Math.round(time.t));
  const execute = useExecute();
  const wanted = useAppState((state) => state.layout.policyOf === entity);
  const { draft: begun, keep, isFromBefore } = useDraft(policyDraft<PolicyFields>(story.trace.scenario, entity));
  const standing = policyAt(story, entity, t);
  const draft = wanted ? (begun ?? fieldsOf(standing)) : undefined;
  const block = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wanted) {
      block.current?.scrollIntoView({ block: 'start' });
      block.current?.querySelector('select')?.focus({ preventScroll: true });
    } else if (wasOpen.current) opener.current?.focus({ preventScroll: true });
    wasOpen.current = wanted;
  }, [wanted]);
  return (
    <section ref={block} className={styles.block} aria-label="Composition policy">
      <div className={styles.head}>
        <h3 className={styles.title}>The policy of {story.entity(entity)?.label ?? entity}</h3>
        {draft === undefined && (
          <Button ref={opener} onPress={() => execute(editPolicy(entity))}>
            Change the policy
          </Button>
        )}
      </div>
      {draft === undefined ? (
        <dl className={styles.policy}>
          {rows.map(([question = '', answer = '']) => (
            <div key={question}>
              <dt>{question}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <PolicyForm told={told} entity={entity} draft={draft} standing={standing} isFromBefore={isFromBefore} onChange={keep} />
      )}
    </section>
  );
}

interface FormProps {
  readonly told: Story;
  readonly entity: EntityId;
  readonly draft: PolicyFields;
  readonly standing: PolicyText;
  readonly isFromBefore: boolean;
  /** Undefined: as it stands. */
  readonly onChange: (draft: PolicyFields | undefined) => void;
}

function PolicyForm({ told, entity, draft, standing, isFromBefore, onChange }: FormProps) {
  const execute = useExecute();
  const simulator = useSimulator();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  const id = useId();
  const fault = faultOf(draft);
  const same = isSame(draft, fieldsOf(standing));
  const set = (more: Partial<PolicyFields>): void => onChange({ ...draft, ...more });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (fault !== undefined || !ready) return;
    const here = transmissionsAt(told, simulator.viewTime.getState());
    const act = policyAct(here.story, here.time, entity, withFields(standing, draft));
    void fork(simulator, act.change, act.name).then((done) => {
      if (!done) return;
      onChange(undefined);
      execute(closePolicy);
    });
  };
  const choice = (name: keyof PolicyFields, label: string, options: readonly (readonly [string, string])[]) => (
    <label className={styles.field}>
      {label}
      <select value={String(draft[name])} onChange={(event) => set({ [name]: event.target.value })}>
        {!options.some(([value]) => value === draft[name]) && <option value={String(draft[name])}>{String(draft[name])}</option>}
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form className={styles.form} aria-label="Change the policy" onSubmit={submit}>
      {isFromBefore && <Begun />}
      {choice('precedence', 'Who counts most', ORDERS)}
      {choice('services', 'Two services are the same when', SERVICES)}
      {choice('persons', 'Two persons are the same when', PERSONS)}
      {choice('conflict', 'Of those that are the same', CONFLICTS)}
      {choice('activities', 'What the person does', ACTIVITIES)}
      <label className={styles.check}>
        <input type="checkbox" checked={draft.networkCloses} onChange={(event) => set({ networkCloses: event.target.checked })} />
        What the network knows to be closed is closed, whatever others say
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={draft.passesUnknown} onChange={(event) => set({ passesUnknown: event.target.checked })} />
        What the server does not understand is passed on
      </label>
      <label className={styles.field}>
        What agents outside say is taken for so many seconds
        <input
          inputMode="numeric"
          placeholder="as long as it has not expired"
          value={draft.staleAfter}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : `${id}-fault`}
          onChange={(event) => set({ staleAfter: event.target.value })}
        />
        {fault !== undefined && (
          <span id={`${id}-fault`} className={styles.fault} role="alert">
            {fault}
          </span>
        )}
      </label>
      <div className={styles.actions}>
        <Button disabled={same} onPress={() => onChange(undefined)}>
          As it stands
        </Button>
        <Button onPress={() => execute(closePolicy)}>Close</Button>
        <Button type="submit" primary disabled={!ready || fault !== undefined || same}>
          Compose by this policy
        </Button>
      </div>
    </form>
  );
}
