import type { Story } from '#store/story.ts';
import type { RecordId } from '#trace/record.ts';
import styles from './Inspector.module.css';

interface Props {
  /** Told by functions. */
  readonly told: Story;
  readonly arrow: RecordId;
  readonly shown: RecordId;
  readonly onShow: (message: RecordId) => void;
}

/** The transmissions that an arrow of stage 2 stands for; the text below is that of the chosen one. */
export function StandsFor({ told, arrow, shown, onShow }: Props) {
  const by = told.byFunctions;
  const message = told.index.message(arrow);
  if (by === undefined || message === undefined) return null;
  const { stage2, transmissions } = by;
  const steps = (stage2.standsFor.get(arrow) ?? []).flatMap((record) => transmissions.index.step(record) ?? []);
  const name = (id: string): string => transmissions.entity(id)?.label ?? id;
  return (
    <section className={styles.standsFor} aria-label="What it stands for">
      <p className={styles.where}>
        Stage 2: {told.entity(message.from)?.label} → {told.entity(message.to)?.label}
      </p>
      <h2 className={styles.label}>{message.label}</h2>
      <p className={styles.ends}>{steps.length === 1 ? 'It stands for one transmission:' : `It stands for ${steps.length} transmissions:`}</p>
      <ul className={styles.transmissions}>
        {steps.map(({ name: number, message: each, retransmissionOf }) => (
          <li key={each.id}>
            <button type="button" aria-pressed={each.id === shown} onMouseDown={(event) => event.preventDefault()} onClick={() => onShow(each.id)}>
              <span className={styles.number}>{number}</span> {each.label}{' '}
              <span className={styles.hopEnds}>
                {name(each.from)} → {name(each.to)}
                {retransmissionOf === undefined ? '' : ', again'}
                {each.lostAt === undefined ? '' : ', lost'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
