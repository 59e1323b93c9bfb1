import { Trash2 } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { AttributeName, Handling, UserInputDegree } from '#presence/authorization/ruleset.ts';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Forms.module.css';
import { faultsOfRow } from './rule-faults.ts';
import { COMMON_ATTRIBUTES, OTHER_ATTRIBUTES, type RuleRow, type Who } from './rules-form.ts';

const WHO: Readonly<Record<Who, string>> = {
  people: 'These people',
  domain: 'Everybody of a domain',
  identified: 'Everybody with an identity',
  everybody: 'Everybody',
  anonymous: 'Watchers without an identity',
  others: 'Whom no other rule names',
};
const HANDLINGS: readonly { readonly value: Handling | ''; readonly text: string; readonly hint: string }[] = [
  { value: 'allow', text: 'Allow', hint: 'The watcher is let in' },
  { value: 'polite-block', text: 'Politely block', hint: 'The watcher believes that all is well, and sees nothing' },
  { value: 'confirm', text: 'Ask me', hint: 'The subscription waits until the presentity answers (confirm)' },
  { value: 'block', text: 'Block', hint: 'The watcher is refused' },
  { value: '', text: 'Say nothing', hint: 'The rule says nothing about subscriptions' },
];
const SHOWS: Readonly<Record<RuleRow['shows'], string>> = { everything: 'Everything', some: 'Some of it', nothing: 'Nothing' };
const ELEMENTS = ['services', 'persons', 'devices'] as const;
const DEGREES: Readonly<Record<UserInputDegree, string>> = {
  false: 'not shown',
  bare: 'only whether',
  thresholds: 'and since when idle counts',
  full: 'and when last',
};

interface Props {
  readonly row: RuleRow;
  /** Why it has no effect. */
  readonly hint: string | undefined;
  readonly onChange: (row: RuleRow) => void;
  readonly onRemove: () => void;
}

export function RuleCard({ row, hint, onChange, onRemove }: Props) {
  const id = useId();
  const set = (fields: Partial<RuleRow>): void => onChange({ ...row, ...fields });
  const faults = faultsOfRow(row);
  const conditions = [row.sphere, row.from, row.until].filter((each) => each !== '').length;
  return (
    <div className={styles.card} role="group" aria-label={`The rule ${row.id}`}>
      <div className={styles.cardHead}>
        <Field label="Name of the rule">
          <input value={row.id} spellCheck={false} aria-invalid={row.id.trim() === ''} onChange={(event) => set({ id: event.target.value })} />
        </Field>
        <Button label={`Remove the rule ${row.id}`} icon={<Trash2 />} className={styles.remove ?? ''} onPress={onRemove} />
      </div>
      <div className={styles.pair}>
        <Field label="For whom">
          <select value={row.who} onChange={(event) => set({ who: event.target.value as Who })}>
            {Object.entries(WHO).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </Field>
        {row.who === 'people' && (
          <Field label="Their addresses" fault={faults.people}>
            <input
              value={row.people}
              spellCheck={false}
              aria-invalid={faults.people !== undefined}
              placeholder="sip:user1_public1@home1.net"
              onChange={(event) => set({ people: event.target.value })}
            />
          </Field>
        )}
        {row.who === 'domain' && (
          <Field label="Domain" fault={faults.domain}>
            <input
              value={row.domain}
              spellCheck={false}
              aria-invalid={faults.domain !== undefined}
              placeholder="home1.net"
              onChange={(event) => set({ domain: event.target.value })}
            />
          </Field>
        )}
        {(row.who === 'domain' || row.who === 'identified') && (
          <Field label="But not (addresses, domains)" fault={faults.except}>
            <input value={row.except} spellCheck={false} aria-invalid={faults.except !== undefined} onChange={(event) => set({ except: event.target.value })} />
          </Field>
        )}
      </div>
      <fieldset className={styles.choices}>
        <legend>A subscription</legend>
        <div className={styles.segments}>
          {HANDLINGS.map(({ value, text, hint }) => (
            <label key={value} title={hint}>
              <input type="radio" name={`${id}handling`} checked={row.handling === value} onChange={() => set({ handling: value })} />
              {text}
            </label>
          ))}
        </div>
        {hint !== undefined && <p className={styles.noEffect}>{hint}</p>}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>Shows</legend>
        <div className={styles.segments}>
          {(['everything', 'some', 'nothing'] as const).map((value) => (
            <label key={value}>
              <input type="radio" name={`${id}shows`} checked={row.shows === value} onChange={() => set({ shows: value })} />
              {SHOWS[value]}
            </label>
          ))}
        </div>
      </fieldset>
      {row.shows === 'some' && <Shown row={row} set={set} />}
      <details className={styles.more} open={conditions > 0 ? true : undefined}>
        <summary>Only at times{conditions === 0 ? '' : ` (${conditions})`}</summary>
        <div className={styles.pair}>
          <Field label="While the sphere is">
            <input value={row.sphere} placeholder="work" onChange={(event) => set({ sphere: event.target.value })} />
          </Field>
          <Field label="From" fault={faults.from}>
            <input
              value={row.from}
              spellCheck={false}
              aria-invalid={faults.from !== undefined}
              placeholder="2026-01-05T09:00:00Z"
              onChange={(event) => set({ from: event.target.value })}
            />
          </Field>
          <Field label="Until" fault={faults.until}>
            <input
              value={row.until}
              spellCheck={false}
              aria-invalid={faults.until !== undefined}
              placeholder="2026-01-05T17:00:00Z"
              onChange={(event) => set({ until: event.target.value })}
            />
          </Field>
        </div>
      </details>
    </div>
  );
}

function Shown({ row, set }: { readonly row: RuleRow; readonly set: (fields: Partial<RuleRow>) => void }) {
  const { attributes } = row;
  const toggle = (name: AttributeName, on: boolean): void => {
    const known = attributes === 'all' ? [] : attributes;
    set({ attributes: on ? [...known, name] : known.filter((each) => each !== name) });
  };
  const box = (name: AttributeName): ReactNode => (
    <label key={name} className={styles.check}>
      <input
        type="checkbox"
        disabled={attributes === 'all'}
        checked={attributes === 'all' || attributes.includes(name)}
        onChange={(event) => toggle(name, event.target.checked)}
      />
      {name}
    </label>
  );
  return (
    <div className={styles.shown}>
      <div className={styles.checks} role="group" aria-label="Elements">
        {ELEMENTS.map((name) => (
          <label key={name} className={styles.check}>
            <input type="checkbox" checked={row[name]} onChange={(event) => set({ [name]: event.target.checked })} />
            {name}
          </label>
        ))}
      </div>
      <div className={styles.checks} role="group" aria-label="Attributes">
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={attributes === 'all'}
            onChange={(event) => set({ attributes: event.target.checked ? 'all' : ['activities', 'note'] })}
          />
          all attributes
        </label>
        {COMMON_ATTRIBUTES.map(box)}
        {attributes !== 'all' && OTHER_ATTRIBUTES.map(box)}
      </div>
      {attributes !== 'all' && (
        <Field label="Whether the keys are touched (user-input)">
          <select value={row.userInput} onChange={(event) => set({ userInput: event.target.value as UserInputDegree })}>
            {Object.entries(DEGREES).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </Field>
      )}
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  /** What is wrong with what stands in it. */
  readonly fault?: string | undefined;
  readonly children: ReactNode;
}

export function Field({ label, fault, children }: FieldProps) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      {children}
      {fault !== undefined && (
        <span role="alert" className={styles.fieldFault}>
          {fault}
        </span>
      )}
    </label>
  );
}
