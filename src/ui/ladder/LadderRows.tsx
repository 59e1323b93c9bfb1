import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { goToStep, inspectMessage, showMessage, togglePrologue } from '#store/commands.ts';
import { isOpening } from '#store/playback.ts';
import type { Story } from '#store/story.ts';
import { useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { deriveBrackets } from './brackets.ts';
import { Brackets } from './Brackets.tsx';
import type { LadderContent } from './items.ts';
import styles from './Ladder.module.css';
import { LadderRow, type RowTime } from './LadderRow.tsx';
import { Participants } from './Participants.tsx';
import { useRem } from './use-rem.ts';

interface Props {
  readonly story: Story;
  readonly content: LadderContent;
  readonly filtered: boolean;
}

/** Heights in rem. */
export const ROW_HEIGHTS = { step: 1.4375, decision: 1.375, hidden: 1.375, chapter: 1.625, prologue: 1.75, gap: 1.375 } as const;
const HEADER_HEIGHT = 2.5;
/** A new current row is brought to this part of the height when it would leave the view. */
const RESTING_PLACE = 0.4;
/** So much stands beside the arrow that is shown, in rem: half a name. */
const BESIDE = 2;
/** So much of what comes stays in view below it, in rem. */
const LOOK_AHEAD = 4.5;

export function LadderRows({ story, content, filtered }: Props) {
  const { items, columns, itemOfStep } = content;
  const simulator = useSimulator();
  const execute = useExecute();
  const rem = useRem();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  /** Who opens a fold looks there. */
  const unfolding = useRef(false);
  const step = useViewTime((time) => time.step);
  const opening = useViewTime((time) => isOpening(story, time));
  const current = opening ? -1 : (itemOfStep[step] ?? -1);
  /** Where the eye should be: at rest before the story, its first step. */
  const place = opening ? Math.max(0, (itemOfStep[story.first] ?? 0) - 2) : current;

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => ROW_HEIGHTS[items[i]?.kind ?? 'step'] * rem,
    getItemKey: (i) => items[i]?.key ?? i,
    paddingEnd: 0.5 * rem,
    overscan: 12,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rem, items]);

  const tops = useMemo(() => {
    const sums = new Float64Array(items.length + 1);
    items.forEach((item, i) => (sums[i + 1] = (sums[i] ?? 0) + ROW_HEIGHTS[item.kind]));
    return sums;
  }, [items]);
  const brackets = useMemo(() => (filtered ? [] : deriveBrackets(story, content)), [story, content, filtered]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || place < 0 || unfolding.current) {
      unfolding.current = false;
      return;
    }
    const top = (tops[place] ?? 0) * rem;
    const height = element.clientHeight - HEADER_HEIGHT * rem;
    if (top >= element.scrollTop && top + LOOK_AHEAD * rem <= element.scrollTop + height) return;
    const { playing } = simulator.viewTime.getState();
    const smooth = playing && !simulator.store.getState().settings.reducedMotion;
    // No row is cut by the names above it.
    const wanted = (top - height * RESTING_PLACE) / rem;
    const first = tops.findLastIndex((each) => each <= wanted);
    element.scrollTo({ top: (tops[first] ?? 0) * rem, behavior: smooth ? 'smooth' : 'instant' });
  }, [place, tops, rem, simulator]);

  // On a telephone the participants are wider than the window.
  useEffect(() => {
    const [element, way] = [scroller.current, track.current];
    const item = items[current];
    if (element === null || way === null || item?.kind !== 'step' || element.scrollWidth <= element.clientWidth) return;
    const { from, to } = story.steps[item.index]?.message ?? {};
    const ends = [columns.get(from ?? ''), columns.get(to ?? '')].map((column = 0) => ((column + 0.5) / columns.size) * way.offsetWidth);
    const [first, last] = [Math.min(...ends) - BESIDE * rem, Math.max(...ends) + BESIDE * rem];
    if (first >= element.scrollLeft && way.offsetLeft + last <= element.scrollLeft + element.clientWidth) return;
    element.scrollTo({ left: Math.min(first, way.offsetLeft + last - element.clientWidth), behavior: 'instant' });
  }, [current, items, columns, rem, story]);

  const chooseStep = (index: number): void => {
    execute(goToStep(index));
    if (simulator.store.getState().layout.inspectorOpen) execute(showMessage);
  };
  const turnPrologue = (): void => {
    unfolding.current = true;
    execute(togglePrologue);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      const message = story.steps[opening ? story.first : step]?.message;
      if (message !== undefined) execute(inspectMessage(message.id));
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = neighbour(content, opening ? story.first - 1 : step, event.key === 'ArrowDown' ? 1 : -1);
      if (next !== undefined) chooseStep(next);
    } else return;
    event.preventDefault();
  };

  const rendered = virtualizer.getVirtualItems();
  const currentIsRendered = rendered.some((row) => row.index === current);
  const rowId = (i: number): string => `${id}${i}`;
  const size = { '--columns': columns.size, '--lanes': brackets.reduce((most, { lane }) => Math.max(most, lane + 1), 0) } as CSSProperties;
  return (
    <div ref={scroller} className={styles.scroller} style={size}>
      <div className={styles.sheet}>
        <Participants content={content} />
        <div className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          <div ref={track} className={styles.track} aria-hidden="true">
            {Array.from(columns, ([entity, column]) => (
              <span key={entity} className={styles.lifeline} style={{ left: `${((column + 0.5) / columns.size) * 100}%` }} />
            ))}
          </div>
          <Brackets brackets={brackets} tops={tops} current={opening ? -1 : step} from={rendered[0]?.index ?? 0} to={rendered.at(-1)?.index ?? 0} />
          <div
            role="grid"
            className={styles.grid}
            tabIndex={0}
            aria-label="Messages of the run"
            aria-rowcount={items.length}
            aria-colcount={4}
            aria-activedescendant={currentIsRendered ? rowId(current) : undefined}
            onKeyDown={onKeyDown}
          >
            {rendered.map(({ index: i, key, start, size: height }) => {
              const item = items[i];
              if (item === undefined) return null;
              const time: RowTime = i === current ? 'current' : isPast(item, opening ? story.first - 1 : step) ? 'past' : 'future';
              return (
                <LadderRow
                  key={key}
                  id={rowId(i)}
                  position={i + 1}
                  start={start}
                  height={height}
                  story={story}
                  columns={columns}
                  item={item}
                  time={time}
                  onStep={chooseStep}
                  onPrologue={turnPrologue}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

const isPast = (item: LadderContent['items'][number], step: number): boolean => !('index' in item) || item.index <= step;

/** The nearest step with an arrow, downwards or upwards of `step`. */
function neighbour({ items, itemOfStep }: LadderContent, step: number, direction: 1 | -1): number | undefined {
  const at = itemOfStep[step] ?? -1;
  for (let i = at + direction; i >= 0 && i < items.length; i += direction) {
    const item = items[i];
    if (item?.kind === 'step' && (direction === 1 ? item.index > step : item.index < step)) return item.index;
  }
  return undefined;
}
