/** What shapes and colours of packets mean: only those that occur in this run. */
import { memo } from 'react';
import type { Protocol } from '#base/machine.ts';
import type { Box } from '#diagram/geometry.ts';
import { PROTOCOLS } from '#diagram/message-index.ts';
import { LEGEND } from '#diagram/metrics.ts';
import { pillShape } from '#diagram/pill-shape.ts';
import type { Trace } from '#trace/record.ts';
import styles from './Stage.module.css';

export interface LegendEntry {
  readonly text: string;
  /** Whose shape and colour; undefined where it holds for every protocol. */
  readonly protocol: Protocol | undefined;
  readonly what: 'request' | 'response' | 'lost';
}

export function legendOf(trace: Trace): LegendEntry[] {
  const protocols = new Set<Protocol>();
  let losses = false;
  for (const record of trace.records) {
    if (record.kind !== 'message') continue;
    protocols.add(record.protocol);
    losses ||= record.lostAt !== undefined;
  }
  const phases = losses ? (['request', 'response', 'lost'] as const) : (['request', 'response'] as const);
  return [
    ...PROTOCOLS.filter((each) => protocols.has(each)).map((protocol): LegendEntry => ({ text: protocol, protocol, what: 'request' })),
    ...phases.map((what): LegendEntry => ({ text: what, protocol: undefined, what })),
  ];
}

const SWATCH = 20;

export const Legend = memo(function Legend({ entries, box }: { readonly entries: readonly LegendEntry[]; readonly box: Box }) {
  const oneLine = box.height <= LEGEND.row;
  const protocols = entries.filter((entry) => entry.protocol !== undefined).length;
  return (
    <g className={styles.legend}>
      {entries.map((entry, i) => {
        const column = oneLine ? i : entry.protocol === undefined ? 1 : 0;
        const row = oneLine ? 0 : entry.protocol === undefined ? i - protocols : i;
        return (
          <g key={entry.text} transform={`translate(${box.x + column * LEGEND.column} ${box.y + (row + 0.5) * LEGEND.row})`}>
            <g
              data-part={entry.what === 'lost' ? 'cross' : 'packet'}
              data-protocol={entry.protocol}
              data-answer={entry.what === 'response'}
              transform={`translate(${SWATCH / 2} 0)`}
            >
              {entry.what === 'lost' ? <path d="M-4 -4L4 4M4 -4L-4 4" /> : <path data-part="shape" d={pillShape(entry.protocol ?? 'SIP', SWATCH, 9)} />}
            </g>
            <text x={SWATCH + 6} y={LEGEND.size * 0.36} fontSize={LEGEND.size}>
              {entry.text}
            </text>
          </g>
        );
      })}
    </g>
  );
});
