/** Behind the functions: networks, links and their reference points. For the eye only. */
import { memo } from 'react';
import { TERRITORY } from '#diagram/metrics.ts';
import { BY_SIZE, type FunctionLayout, type PlacedFunctionLink } from '#diagram/layout-functions.ts';
import { OVER, POINT_SIZE } from '#diagram/route-functions.ts';
import { cutMark } from '#diagram/broken.ts';
import type { LineFault } from '#diagram/function-faults.ts';
import { CutCross, Impairment } from './Faults.tsx';
import styles from './Stage.module.css';

const RAISE = 0.35;

interface Props {
  readonly layout: FunctionLayout;
  /** Every link also says by what it is realised: the reference architecture. */
  readonly realised: boolean;
  /** What is broken, by the id of the line; and inside the areas. */
  readonly faults: ReadonlyMap<string, LineFault>;
}

export const FunctionGround = memo(function FunctionGround({ layout, realised, faults }: Props) {
  return (
    <>
      {layout.territories.map(({ domain, title, box, tint, stacked }) => (
        <g key={domain} data-tint={tint} className={styles.territory}>
          <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={16} />
          <text x={box.x + TERRITORY.before} y={box.y + 22} fontSize={TERRITORY.size} className={styles.title}>
            {domain}
            {title !== '' && (
              <tspan
                {...(stacked ? { x: box.x + TERRITORY.before, dy: TERRITORY.line } : { dx: TERRITORY.between })}
                fontSize={TERRITORY.subtitle}
                className={styles.subtitle}
              >
                {title}
              </tspan>
            )}
          </text>
        </g>
      ))}
      {layout.links.map((link) => {
        const fault = faults.get(link.id);
        return (
          <path
            key={link.id}
            className={styles.link}
            data-absent={link.absent}
            data-impaired={fault?.cut === false}
            strokeDasharray={fault?.cut === true ? cutMark(link).dashes : undefined}
            d={link.path.d}
          />
        );
      })}
      {layout.links.map((link) => {
        const fault = faults.get(link.id);
        if (fault === undefined) return false;
        return fault.cut ? <CutCross key={link.id} {...cutMark(link).at} /> : <Impairment key={link.id} words={fault.words} {...cutMark(link).at} />;
      })}
      {layout.links.map((link) => (
        <Label key={link.id} link={link} by={realised ? link.by : []} />
      ))}
    </>
  );
});

/** `Pw` over the line and `Gm Mw` under it; beside a line that goes up and down both stand in one row. */
function Label({ link, by }: { readonly link: PlacedFunctionLink; readonly by: readonly string[] }) {
  const { label, absent, level } = link;
  if (label === undefined) return null;
  return (
    <text x={label.x} y={label.y + POINT_SIZE * RAISE} fontSize={POINT_SIZE} className={styles.point} data-absent={absent} data-level={level}>
      {label.text}
      {by.length > 0 && (
        <tspan {...(level ? { x: label.x, dy: 2 * OVER + 2 } : { dx: 6 })} fontSize={BY_SIZE} className={styles.by}>
          {by.join(' ')}
        </tspan>
      )}
    </text>
  );
}
