import { ChevronDown, ChevronRight } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Story } from '#store/story.ts';
import type { StepRow } from '#trace/ladder.ts';
import type { EntityId } from '#trace/record.ts';
import { shown } from '#ui/widgets/shown.ts';
import { describeStep, LAYER_NAMES, type LadderItem } from './items.ts';
import styles from './Ladder.module.css';

export type RowTime = 'past' | 'current' | 'future';

interface Props {
  readonly id: string;
  /** From 1, among all rows. */
  readonly position: number;
  /** Pixels. */
  readonly start: number;
  readonly height: number;
  readonly story: Story;
  readonly columns: ReadonlyMap<EntityId, number>;
  readonly item: LadderItem;
  readonly time: RowTime;
  readonly onStep: (index: number) => void;
  readonly onPrologue: () => void;
}

export function LadderRow({ id, position, start, height, story, columns, item, time, onStep, onPrologue }: Props) {
  const common = {
    id,
    role: 'row',
    'aria-rowindex': position,
    className: styles.row,
    'data-kind': item.kind,
    'data-time': time,
    style: { transform: `translateY(${start}px)`, height },
  };
  const index = 'index' in item ? item.index : undefined;
  const selectable = index === undefined ? {} : { onClick: () => onStep(index), ...(time === 'current' ? { 'aria-current': 'step' as const } : {}) };
  switch (item.kind) {
    case 'step':
      return (
        <div {...common} {...selectable} aria-label={describeStep(story, item.row)} data-protocol={item.row.protocol} data-layer={item.layer}>
          <Arrow story={story} row={item.row} columns={columns} />
        </div>
      );
    case 'decision':
      return (
        <div {...common} {...selectable}>
          <Cell>
            <Pill column={columns.get(item.decision.entity)} of={columns.size} title={shown(item.decision.reason)} rejected={item.decision.rejected}>
              <span className="visually-hidden">{story.entity(item.decision.entity)?.label}: </span>
              {shown(item.decision.text)}
            </Pill>
          </Cell>
        </div>
      );
    case 'hidden':
      return (
        <div {...common} {...selectable} data-protocol={item.protocol} data-layer={item.layer}>
          <Cell>
            <Pill column={columns.get(item.entity)} of={columns.size} title={`Switch on the layer ${LAYER_NAMES[item.layer]} to see them`}>
              {item.text}
            </Pill>
          </Cell>
        </div>
      );
    case 'prologue':
      return (
        <div {...common}>
          <Cell>
            <button type="button" className={styles.prologue} aria-expanded={item.open} onMouseDown={(event) => event.preventDefault()} onClick={onPrologue}>
              {item.open ? <ChevronDown /> : <ChevronRight />}
              {item.title}
              <span className={styles.count}> · {item.messages} messages</span>
            </button>
          </Cell>
        </div>
      );
    case 'chapter':
      return (
        <div {...common}>
          <Cell>
            <span className={styles.chapter}>{item.title}</span>
          </Cell>
        </div>
      );
    case 'gap':
      return (
        <div {...common}>
          <Cell>
            <span className={styles.gap}>
              <span className="visually-hidden">Nothing travels for </span>
              {item.text}
            </span>
          </Cell>
        </div>
      );
  }
}

/** A row that is not a message fills the whole width. */
function Cell({ children }: { readonly children: React.ReactNode }) {
  return (
    <div role="gridcell" aria-colspan={4} className={styles.cell}>
      {children}
    </div>
  );
}

/** A lost message ends so far on its way, as the style sheet draws it. */
const LOST_SHARE = 0.78;

const percent = (part: number): string => `${part * 100}%`;

function Arrow({ story, row, columns }: { readonly story: Story; readonly row: StepRow; readonly columns: ReadonlyMap<EntityId, number> }) {
  const of = columns.size;
  const from = ((columns.get(row.from) ?? 0) + 0.5) / of;
  const to = ((columns.get(row.to) ?? 0) + 0.5) / of;
  const left = Math.min(from, to);
  const label =
    row.protocol === 'SIP'
      ? row.label.replace(/ \([A-Z]+\)$/, '')
      : row.protocol === 'DNS'
        ? row.label.replace(/^DNS /, '')
        : row.protocol === 'ESP'
          ? row.label.replace(/ with .*$/, '')
          : row.label;
  return (
    <>
      <span role="gridcell" className={styles.number}>
        {row.name}
      </span>
      <span role="gridcell" className="visually-hidden">
        from {story.entity(row.from)?.label}
      </span>
      <span role="gridcell" className="visually-hidden">
        to {story.entity(row.to)?.label}
      </span>
      <div role="gridcell" className={styles.track}>
        <span
          className={styles.arrow}
          data-way={from < to ? 'right' : 'left'}
          data-answer={row.isResponse}
          data-lost={row.lost}
          style={{ left: percent(left), width: percent(Math.abs(to - from)) }}
        >
          <span className={styles.line} />
          <svg className={styles.head} viewBox="0 0 8 8" aria-hidden="true">
            <path d={row.lost ? 'M1 1L7 7M7 1L1 7' : 'M0 0L8 4L0 8Z'} />
          </svg>
        </span>
        <span className={styles.label} style={{ left: percent((from + to) / 2), '--reach': percent(Math.abs(to - from)) } as CSSProperties}>
          {row.retransmissionOf !== undefined && (
            <span className={styles.again} title={`Retransmission of step ${row.retransmissionOf}`}>
              ↻{' '}
            </span>
          )}
          <span title={row.label}>{label}</span>
        </span>
        {row.lost && (
          <span
            className={styles.lost}
            data-way={from < to ? 'right' : 'left'}
            style={{ left: `calc(${percent(from + (to - from) * LOST_SHARE)} ${from < to ? '+' : '-'} 0.6875rem)` }}
          >
            lost
          </span>
        )}
      </div>
    </>
  );
}

interface PillProps {
  readonly column: number | undefined;
  readonly of: number;
  readonly title: string;
  readonly rejected?: boolean;
  readonly children: React.ReactNode;
}

/** Centred on its entity's line as far as the width allows. */
function Pill({ column = 0, of, title, rejected = false, children }: PillProps) {
  const middle = (column + 0.5) / of;
  const side = middle < 0.2 ? 'start' : middle > 0.8 ? 'end' : 'middle';
  return (
    <span className={styles.track}>
      <span className={styles.pill} data-side={side} data-rejected={rejected} title={title} style={{ left: percent(middle) }}>
        {children}
      </span>
    </span>
  );
}
