import styles from './Inspector.module.css';
import type { Stack } from './stacks.ts';

/** Plates upon each other: who is on top has the next turn. */
export function Stacks({ stacks, isRequest }: { readonly stacks: readonly Stack[]; readonly isRequest: boolean }) {
  const shown = stacks.filter(({ name }) => isRequest || name !== 'Record-Route');
  if (shown.length === 0) return null;
  return (
    <section className={styles.stacks} aria-label="Stacks of the message">
      {shown.map(({ name, purpose, plates }) => (
        <div key={name} className={styles.stack}>
          <h3 className={styles.title}>
            {name} <span className={styles.purpose}>{purpose}</span>
          </h3>
          <ol className={styles.plates}>
            {plates.map(({ host, entity }, i) => (
              <li key={i} className={styles.plate} title={host}>
                {entity?.label ?? host}
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
