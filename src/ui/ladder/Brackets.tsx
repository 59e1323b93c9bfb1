import type { Bracket } from './brackets.ts';
import styles from './Ladder.module.css';

interface Props {
  readonly brackets: readonly Bracket[];
  /** Top of each item, in rem. */
  readonly tops: Float64Array;
  readonly current: number;
  /** The items that are drawn. */
  readonly from: number;
  readonly to: number;
}

export function Brackets({ brackets, tops, current, from, to }: Props) {
  return brackets.map(({ callId, firstItem, lastItem, firstStep, lastStep, ended, lane, text }) => {
    if (lastItem < from || firstItem > to) return null;
    const top = (tops[firstItem] ?? 0) + 0.375;
    const bottom = (tops[lastItem + 1] ?? top) - 0.25;
    return (
      <span
        key={callId}
        className={styles.bracket}
        title={text}
        data-live={current >= firstStep && current < lastStep}
        data-ended={ended}
        style={{ left: `${0.625 + lane * 0.5}rem`, top: `${top}rem`, height: `${bottom - top}rem` }}
      />
    );
  });
}
