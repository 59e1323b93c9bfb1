import { useId } from 'react';
import { askedSecondsOf, CASES, changesOf, PRICE_CASES, refreshesOf, USUALLY_GRANTED, type PriceCase, type PriceParameters } from '#trace/price-formula.ts';
import { FIELDS, problemIn, problemTogether, textsOf, type Field, type Texts } from '#store/price-numbers.ts';
import styles from './Price.module.css';

interface Props {
  readonly texts: Texts;
  readonly parameters: PriceParameters | undefined;
  readonly shown: PriceCase | undefined;
  /** The case of the figures beside the form, which stay when a number cannot be read. */
  readonly last: PriceCase | undefined;
  readonly onTexts: (texts: Texts) => void;
}

/** The published cases, and every number of them to change. */
export function PriceForm({ texts, parameters, shown, last, onTexts }: Props) {
  const together = parameters === undefined ? undefined : problemTogether(parameters);
  return (
    <div className={styles.form}>
      <fieldset className={styles.cases}>
        <legend>Case</legend>
        {PRICE_CASES.map((each) => (
          <label key={each} className={styles.case}>
            <input
              type="radio"
              name="price-case"
              data-focus={each === 'basic' ? '' : undefined}
              checked={shown === each}
              onChange={() => onTexts(textsOf(CASES[each].parameters))}
            />
            <span>
              <b>{CASES[each].name}</b> {CASES[each].title}
            </span>
          </label>
        ))}
        <p className={styles.hint}>
          {parameters === undefined
            ? `A number cannot be read: the figures are still those of ${last === undefined ? 'the numbers before' : CASES[last].name}.`
            : shown === undefined
              ? 'These are numbers of your own.'
              : 'Change a number to make it your own case.'}
        </p>
      </fieldset>
      {FIELDS.map((field) => (
        <NumberField
          key={field.name}
          field={field}
          text={texts[field.name]}
          isRefused={together !== undefined && (field.name === 'changesPerHour' || field.name === 'contacts')}
          onText={(text) => onTexts({ ...texts, [field.name]: text })}
        />
      ))}
      {together !== undefined && (
        <p id="price-together" role="alert" className={styles.error}>
          {together}
        </p>
      )}
      {parameters !== undefined && (
        <p className={styles.derived}>
          <b>k = {changesOf(parameters)}</b> changes of each person, <b>r = {refreshesOf(parameters)}</b> refreshes of each subscription in a session.
          {askedSecondsOf(parameters) > USUALLY_GRANTED && ` ${GRANTED_LONGER}`}
        </p>
      )}
    </div>
  );
}

const GRANTED_LONGER =
  'A phone refreshes ten minutes before its subscription would end, so it asks for ten minutes more than lie between two refreshes. Servers usually grant a day at most; those of this run grant what is asked.';

interface NumberProps {
  readonly field: Field;
  readonly text: string;
  /** Together with another one. */
  readonly isRefused: boolean;
  readonly onText: (text: string) => void;
}

function NumberField({ field, text, isRefused, onText }: NumberProps) {
  const id = useId();
  const problem = problemIn(field, text);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {field.label} <span className={styles.hint}>{field.id}</span>
      </label>
      <span className={styles.entry}>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          aria-invalid={problem !== undefined || isRefused}
          aria-describedby={problem === undefined && isRefused ? 'price-together' : `${id}-says`}
          onChange={(event) => onText(event.target.value)}
        />
        <span className={styles.hint}>{field.unit}</span>
      </span>
      <p id={`${id}-says`} role={problem === undefined ? undefined : 'alert'} className={styles.error} hidden={problem === undefined}>
        {problem}
      </p>
    </div>
  );
}
