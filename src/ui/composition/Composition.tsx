import type { ViewTable } from '#base/view.ts';
import type { Story } from '#store/story.ts';
import type { EntityId } from '#trace/record.ts';
import { Document } from '../inspector/Body.tsx';
import styles from './Composition.module.css';
import { PolicyEditor } from './PolicyEditor.tsx';

interface Props {
  /** The one that is shown, and the one of the transmissions. */
  readonly told: Story;
  readonly story: Story;
  readonly entity: EntityId;
  readonly tables: readonly ViewTable[];
}

/** What a presence server makes of several publications: what is told and whose it is, what lost and why, by which policy, and the policy to be changed. */
export function Composition({ told, story, entity, tables }: Props) {
  const rowsOf = (title: string): ViewTable['rows'] => tables.find((table) => table.title === title)?.rows ?? [];
  const decisions = rowsOf('Composition');
  const documents = rowsOf('Published documents');
  const presentities = [...new Set(decisions.map(([presentity = '']) => presentity))];
  return (
    <>
      <section className={styles.block} aria-label="Composition">
        <h3 className={styles.title}>Composition: what is told, and whose it is</h3>
        {presentities.length === 0 && <p className={styles.none}>Nobody has published: there is nothing to compose.</p>}
        {presentities.map((presentity) => (
          <div key={presentity}>
            {presentities.length > 1 && <p className={styles.presentity}>{presentity}</p>}
            <ul className={styles.decisions}>
              {decisions
                .filter((row) => row[0] === presentity)
                .map(([, element = '', by = '', outcome = '', why = ''], i) => (
                  <li key={i} data-outcome={outcome.replaceAll(' ', '-')}>
                    <span className={styles.element}>{element}</span>
                    <span className={styles.outcome}>{outcome}</span>
                    <span className={styles.by}>{by}</span>
                    <span className={styles.why}>{sentence(why)}</span>
                  </li>
                ))}
            </ul>
          </div>
        ))}
        {documents.map(([publication = '', text = '']) => (
          <details key={publication} className={styles.published}>
            <summary>As published: {publication}</summary>
            <Document text={text} />
          </details>
        ))}
      </section>
      <PolicyEditor told={told} story={story} entity={entity} rows={rowsOf('Composition policy')} />
    </>
  );
}

const sentence = (words: string): string => `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`;
