/** What shapes and colours of packets mean: only those that occur in this run. Every layer but SIP is shown or hidden from here. */
import { memo, type ReactNode } from 'react';
import type { Protocol } from '#base/machine.ts';
import { textWidth, type Box } from '#diagram/geometry.ts';
import { PROTOCOLS } from '#diagram/message-index.ts';
import { LEGEND } from '#diagram/metrics.ts';
import { pillShape } from '#diagram/pill-shape.ts';
import { createLayerOf, LAYERS, type Layer, type LayerSet } from '#trace/layers.ts';
import type { Trace } from '#trace/record.ts';
import styles from './Stage.module.css';
import { pressedBy } from './use-stage.ts';

export interface LegendLayer {
  readonly layer: Layer;
  readonly text: string;
  /** Whose shapes and colours its packets have. */
  readonly protocols: readonly Protocol[];
}

export interface LegendContent {
  readonly layers: readonly LegendLayer[];
  readonly phases: readonly ('request' | 'response' | 'lost')[];
  /** Columns of three; what holds for every protocol stands in the last one, below the last layer where there is room. */
  readonly columns: number;
  /** Place of the first phase, counted downwards. */
  readonly firstPhase: number;
}

export function legendOf(trace: Trace): LegendContent {
  const layerOf = createLayerOf(trace);
  const found = new Map<Layer, Set<Protocol>>();
  let losses = false;
  for (const record of trace.records) {
    if (record.kind !== 'message') continue;
    const layer = layerOf(record);
    found.set(layer, (found.get(layer) ?? new Set()).add(record.protocol));
    losses ||= record.lostAt !== undefined;
  }
  const layers = LAYERS.flatMap((layer): LegendLayer[] => {
    const protocols = PROTOCOLS.filter((protocol) => found.get(layer)?.has(protocol));
    return protocols.length === 0 ? [] : [{ layer, text: layer === 'Security' ? protocols.join(', ') : layer, protocols }];
  });
  const phases = losses ? (['request', 'response', 'lost'] as const) : (['request', 'response'] as const);
  const free = (LEGEND.rows - (layers.length % LEGEND.rows)) % LEGEND.rows;
  const firstPhase = layers.length + (free >= phases.length ? free - phases.length : free);
  return { layers, phases, firstPhase, columns: Math.ceil((firstPhase + phases.length) / LEGEND.rows) };
}

/** What a layer is, for who points at it. */
const MEANING: Readonly<Record<Layer, string>> = {
  SIP: 'SIP: the signalling itself',
  Diameter: 'Diameter: questions to the HSS (Cx) and to the locator (Dx)',
  Charging: 'Charging: Diameter on Rf, to the charging functions',
  DNS: 'DNS: questions to name servers',
  HTTP: 'HTTP',
  XMPP: 'XMPP: the other presence protocol',
  Security: 'IKE and ESP: keys and encrypted packets between the security gateways',
  Report: 'Reports of stage 2, in place of protocols that are not computed here (CAMEL, RADIUS, MLP)',
};

const SWATCH = 20;
const NARROW = 14;

interface Props {
  readonly content: LegendContent;
  readonly box: Box;
  readonly hidden: LayerSet;
  readonly onToggle: (layer: Layer) => void;
}

export const Legend = memo(function Legend({ content, box, hidden, onToggle }: Props) {
  const { layers, phases, columns } = content;
  const oneLine = box.height <= LEGEND.row;
  const offsets = oneLine ? offsetsOf([...layers.map(widthOfLayer), ...phases.map((phase) => SWATCH + 6 + textWidth(phase, LEGEND.size))]) : [];
  const inLine = (n: number): string => `translate(${box.x + (offsets[n] ?? 0)} ${box.y + LEGEND.row / 2})`;
  const place = (column: number, row: number): string => `translate(${box.x + column * LEGEND.column} ${box.y + (row + 0.5) * LEGEND.row})`;
  // Beside a title what holds for every protocol has a column; elsewhere everything follows one another.
  const beside = box.height === LEGEND.rows * LEGEND.row && box.width >= columns * LEGEND.column - 10;
  const rows = Math.round(box.height / LEGEND.row);
  const firstPhase = beside ? content.firstPhase : layers.length;
  const placeOf = (n: number): string => place(Math.floor(n / rows), n % rows);
  return (
    <g className={styles.legend} role="group" aria-label="Layers of the map">
      {layers.map((entry, i) => (
        <g key={entry.layer} transform={oneLine ? inLine(i) : placeOf(i)}>
          {entry.layer === 'SIP' ? (
            <Sample entry={entry} />
          ) : (
            <Toggle entry={entry} shown={!hidden.has(entry.layer)} onToggle={onToggle}>
              <Sample entry={entry} />
            </Toggle>
          )}
        </g>
      ))}
      {phases.map((phase, i) => (
        <g key={phase} transform={oneLine ? inLine(layers.length + i) : placeOf(firstPhase + i)} aria-hidden="true">
          <g data-part={phase === 'lost' ? 'cross' : 'packet'} data-answer={phase === 'response'} transform={`translate(${SWATCH / 2} 0)`}>
            {phase === 'lost' ? <path d="M-4 -4L4 4M4 -4L-4 4" /> : <path data-part="shape" d={pillShape('SIP', SWATCH, 9)} />}
          </g>
          <text x={SWATCH + 6} y={LEGEND.size * 0.36} fontSize={LEGEND.size}>
            {phase}
          </text>
        </g>
      ))}
    </g>
  );
});

const textAt = ({ protocols }: LegendLayer): number => protocols.length * ((protocols.length > 1 ? NARROW : SWATCH) + 2) + 4;
const widthOfLayer = (entry: LegendLayer): number => textAt(entry) + textWidth(entry.text, LEGEND.size);

/** Where each begins when they stand in one line, as far apart from one another. */
function offsetsOf(widths: readonly number[]): readonly number[] {
  let next = 0;
  return widths.map((width) => {
    const offset = next;
    next += width + BETWEEN;
    return offset;
  });
}
const BETWEEN = 22;

function Sample({ entry }: { readonly entry: LegendLayer }) {
  const { protocols, text } = entry;
  const width = protocols.length > 1 ? NARROW : SWATCH;
  return (
    <>
      {protocols.map((protocol, i) => (
        <g key={protocol} data-part="packet" data-protocol={protocol} data-layer={entry.layer} transform={`translate(${width / 2 + i * (width + 2)} 0)`}>
          <path data-part="shape" d={pillShape(protocol, width, 9)} />
        </g>
      ))}
      <text x={textAt(entry)} y={LEGEND.size * 0.36} fontSize={LEGEND.size}>
        {text}
      </text>
    </>
  );
}

interface ToggleProps {
  readonly entry: LegendLayer;
  readonly shown: boolean;
  readonly onToggle: (layer: Layer) => void;
  readonly children: ReactNode;
}

function Toggle({ entry, shown, onToggle, children }: ToggleProps) {
  const { layer, text } = entry;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`Layer ${text}`}
      aria-pressed={shown}
      data-still=""
      className={styles.toggle}
      onClick={() => onToggle(layer)}
      onKeyDown={pressedBy(() => onToggle(layer))}
    >
      <title>{`${MEANING[layer]}. ${shown ? 'Hide' : 'Show'} it on the map.`}</title>
      <rect x={-4} y={-LEGEND.row / 2} width={widthOfLayer(entry) + 10} height={LEGEND.row} rx={5} />
      {children}
    </g>
  );
}
