import { useMemo } from 'react';
import { inspectMessage } from '#store/commands.ts';
import { shownStep } from '#store/selection.ts';
import type { Story } from '#store/story.ts';
import { useExecute, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import own from './ChargingTab.module.css';
import { chargingView, type ChargedPart } from './charging-view.ts';
import { Clause } from './Clause.tsx';
import styles from './Inspector.module.css';

/**
 * The accounting requests and charging records of the transaction to which the current message belongs, network by network, and what ties them together.
 * `story` is of the transmissions, `told` the one that is shown: the same, unless it is told by functions.
 */
export function ChargingTab({ told, story }: { readonly told: Story; readonly story: Story }) {
  const step = useViewTime((time) => shownStep(told, time));
  const view = useMemo(() => (step === undefined ? undefined : chargingView(story, step.message, step.message.sentAt)), [story, step]);
  if (step === undefined) return <p className={styles.nothing}>No message has travelled yet. Press Play, or choose an arrow in the ladder.</p>;
  if (view === undefined) {
    return (
      <div className={styles.nothing}>
        <p>No charging record belongs to this {step.message.label}.</p>
        <p>Charged are SIP transactions when they have been answered. A challenge does not end one, and questions to the HSS and the DNS are none.</p>
      </div>
    );
  }
  return (
    <>
      <header className={styles.hop}>
        <p className={styles.where}>Charging of the transaction of step {step.name}</p>
        <h2 className={styles.label}>{view.method}</h2>
        <p className={own.icid}>
          ICID <span>{view.icid}</span>
        </p>
      </header>
      <section className={styles.acts} aria-label="Why these records belong together">
        <h3 className={styles.title}>Why these belong together</h3>
        <ul className={styles.notes}>
          <li>{view.because}</li>
          <li>
            {view.together} <Clause clause="TS 32.260 §5.1.2.2" />
          </li>
          {view.types.length > 0 && <li>{view.types}</li>}
        </ul>
      </section>
      {view.networks.map(({ domain, parts }) => (
        <section key={domain} className={styles.block} aria-label={`Charged in ${domain}`}>
          <h3 className={styles.title}>{domain}</h3>
          <ul className={own.parts}>
            {parts.map((part) => (
              <Part key={part.id} part={part} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Part({ part }: { readonly part: ChargedPart }) {
  const execute = useExecute();
  return (
    <li className={own.part} data-to-come={part.isToCome}>
      <div className={own.head}>
        <b>
          {part.node} → {part.cdf}
        </b>
        <Button className={own.way ?? ''} label={`Show the ACR of ${part.node}`} onPress={() => execute(inspectMessage(part.id))}>
          ACR
        </Button>
      </div>
      <p className={own.told}>
        {part.role} · {part.told}
        {part.isToCome ? ' Still to come.' : ''}
      </p>
      <dl className={own.facts}>
        <div>
          <dt>Cause code</dt>
          <dd data-failure={part.isFailure}>{part.cause}</dd>
        </div>
        {part.legs.map(({ type, asked, answered }, i) => (
          <div key={i}>
            <dt>{type}</dt>
            <dd>
              {asked} → {answered}
            </dd>
          </div>
        ))}
      </dl>
      {part.record !== undefined && (
        <details className={styles.fold}>
          <summary>
            {part.record.title}
            <span className={own.aside}> of {part.node}</span>
          </summary>
          <dl className={own.record}>
            {part.record.fields.map(({ name, value }, i) => (
              <div key={i}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
