/** What is broken of a link, drawn on it: said by shape and word, the colour only repeats it. */
import { crossOf } from '#diagram/broken.ts';
import type { InnerFault } from '#diagram/function-faults.ts';
import { textWidth, type Point } from '#diagram/geometry.ts';
import { BADGE_HEIGHT, BADGE_PAD, BADGE_SIZE } from '#diagram/metrics.ts';
import styles from './Stage.module.css';

const CROSS = crossOf(5.5);

export const CutCross = ({ x, y }: Point) => <path className={styles.cutCross} transform={`translate(${x} ${y})`} d={CROSS} />;

/** `loses 33 %` */
export function Impairment({ words, x, y }: Point & { readonly words: string }) {
  const width = textWidth(words, BADGE_SIZE) + 2 * BADGE_PAD;
  return (
    <g className={styles.badge} data-down="true" transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-BADGE_HEIGHT / 2} width={width} height={BADGE_HEIGHT} rx={BADGE_HEIGHT / 2} />
      <text y={BADGE_SIZE * 0.36} fontSize={BADGE_SIZE}>
        {words}
      </text>
    </g>
  );
}

/** Between two members of one function. */
export function InnerFaultMark({ fault: { from, to, cut, words } }: { readonly fault: InnerFault }) {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  return cut ? <CutCross {...middle} /> : <Impairment words={words} {...middle} />;
}
