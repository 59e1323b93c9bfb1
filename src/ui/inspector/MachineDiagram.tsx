import { useId, useMemo } from 'react';
import type { StateTable } from '#base/state-table.ts';
import { Clause } from './Clause.tsx';
import styles from './Inspector.module.css';
import { BOX_HEIGHT, layoutMachine, rowsFrom } from './machine-layout.ts';

interface Props {
  readonly table: StateTable;
  /** The state of each live instance. */
  readonly live: readonly string[];
}

/** The machine as its table has it, the live states lit; and in words where they can go from here. */
export function MachineDiagram({ table, live }: Props) {
  const id = useId();
  const { width, height, boxes, edges } = useMemo(() => layoutMachine(table), [table]);
  const lit = new Set(live);
  const marker = (name: string): string => `url(#${id}${name})`;
  return (
    <>
      <svg
        className={styles.machine}
        viewBox={`0 0 ${width} ${height}`}
        style={{ width: `${width / 16}rem` }}
        role="img"
        aria-label={`${table.name}: ${[...lit].join(', ')} of ${table.states.join(', ')}`}
      >
        <defs>
          {['rest', 'lit'].map((name) => (
            <marker
              key={name}
              id={`${id}${name}`}
              className={styles.tip}
              data-lit={name === 'lit'}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 0.5L8 4L0 7.5Z" />
            </marker>
          ))}
        </defs>
        {edges
          .toSorted((a, b) => Number(lit.has(a.from)) - Number(lit.has(b.from)))
          .map(({ from, to, d }) => (
            <path key={`${from} ${to}`} className={styles.edge} data-lit={lit.has(from)} d={d} markerEnd={marker(lit.has(from) ? 'lit' : 'rest')} />
          ))}
        {boxes.map(({ state, x, y, width: boxWidth }) => {
          const count = live.filter((each) => each === state).length;
          return (
            <g key={state} className={styles.state} data-lit={count > 0} data-final={table.final.includes(state)}>
              <rect x={x} y={y} width={boxWidth} height={BOX_HEIGHT} rx={8} />
              <text x={x + boxWidth / 2} y={y + BOX_HEIGHT / 2 + 4.2}>
                {state}
                {count > 1 ? ` ×${count}` : ''}
              </text>
            </g>
          );
        })}
      </svg>
      {[...lit].map((state) => (
        <details key={state} className={styles.fold} open={lit.size === 1}>
          <summary>From {state}</summary>
          <ul className={styles.transitions}>
            {rowsFrom(table, state).map((row, i) => (
              <li key={i}>
                <b>{row.on}</b>
                {row.guard === undefined ? '' : ` (${row.guard})`} → {row.to === 'same' ? 'stays' : row.to}
                {row.actions === undefined || row.actions.length === 0 ? '' : `: ${row.actions.join(', ')}`} <Clause clause={row.clause} />
              </li>
            ))}
            {rowsFrom(table, state).length === 0 && <li>Nothing: it ends here.</li>}
          </ul>
        </details>
      ))}
    </>
  );
}
