import { useEffect, useMemo, useRef, type CSSProperties, type PointerEvent } from 'react';
import { goToChapter } from '#store/commands.ts';
import { endScrub, isOpening, scrubTo } from '#store/playback.ts';
import { whyEmpty } from '#store/empty-chapter.ts';
import type { Story } from '#store/story.ts';
import type { ViewTime } from '#store/view-time.ts';
import { useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { deriveAxis, deriveFoldMarks, type TimelineAxis } from './axis.ts';
import styles from './Timeline.module.css';

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

function positionText(story: Story, time: Pick<ViewTime, 's' | 'step'>): string {
  if (isOpening(story, time)) return 'At rest, before step 1';
  const step = story.steps[time.step];
  if (step === undefined) return 'Before everything';
  return `${story.chapters[step.chapterIndex]?.title ?? ''}, step ${step.name}: ${step.message.label}`;
}

/** The scrubber: follows the pointer, comes to rest on steps. What moves with time is set on the element itself, not rendered. */
export function Track({ story }: { readonly story: Story }) {
  const simulator = useSimulator();
  const execute = useExecute();
  const chapterNow = useViewTime((time) =>
    isOpening(story, time) ? story.chapters.findIndex((chapter) => !chapter.prologue) : (story.steps[time.step]?.chapterIndex ?? 0),
  );
  const step = useViewTime((time) => time.step);
  const axis = useMemo(() => deriveAxis(story), [story]);
  const folds = useMemo(() => deriveFoldMarks(story, axis), [story, axis]);
  const track = useRef<HTMLDivElement>(null);
  useThumb(track, axis, story);

  const scrub = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    scrubTo(simulator, axis.toS((event.clientX - box.left) / box.width));
  };
  const hold = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    scrub(event);
  };
  return (
    <div className={styles.track} style={{ '--lines': axis.lines } as CSSProperties} data-lines={axis.lines}>
      {axis.segments.map(({ chapter, x0, x1, folded }) => (
        <button
          key={chapter.id}
          type="button"
          className={styles.chapter}
          style={{ left: percent(x0), width: percent(x1 - x0) }}
          aria-current={chapter.index === chapterNow ? 'step' : undefined}
          data-empty={chapter.empty}
          data-folded={folded}
          title={
            folded
              ? `${chapter.title}: ${chapter.end - chapter.first} steps that come before. Click to open.`
              : chapter.empty
                ? whyEmpty(story, chapter)
                : chapter.title
          }
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => execute(goToChapter(chapter.index))}
        >
          <span>{chapter.title}</span>
        </button>
      ))}
      <div
        ref={track}
        className={styles.slider}
        role="slider"
        tabIndex={0}
        aria-label="Position in the story"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={story.steps.length}
        aria-valuenow={step + 1}
        onPointerDown={hold}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && scrub(event)}
        onPointerUp={() => endScrub(simulator)}
        onPointerCancel={() => endScrub(simulator)}
      >
        {axis.segments.map(({ chapter, x0, x1, folded }) => (
          <span
            key={chapter.id}
            className={folded ? styles.folded : styles.segment}
            data-empty={chapter.empty}
            style={{ left: percent(x0), width: percent(x1 - x0) }}
          >
            <span className={styles.fill} data-from={x0} data-to={x1} />
          </span>
        ))}
        {story.steps.map((each) => (
          <i
            key={each.message.id}
            className={styles.tick}
            style={{ left: percent(axis.toX(each.restS)) }}
            hidden={(!story.prologueOpen && each.index < story.first) || !story.isTold(each.index)}
          />
        ))}
        {folds.map((fold) => (
          <abbr
            key={fold.x}
            className={fold.named ? styles.fold : styles.foldMark}
            style={{ left: percent(fold.x) }}
            title={`${fold.label} without a message, folded`}
          >
            {fold.named ? fold.label : undefined}
          </abbr>
        ))}
        <span className={styles.thumb} data-thumb />
      </div>
    </div>
  );
}

/** Keeps the filled part, the thumb and the spoken position at view time. */
function useThumb(track: { readonly current: HTMLDivElement | null }, axis: TimelineAxis, story: Story): void {
  const { viewTime } = useSimulator();
  useEffect(() => {
    const element = track.current;
    if (element === null) return undefined;
    const thumb = element.querySelector<HTMLElement>('[data-thumb]');
    const fills = [...element.querySelectorAll<HTMLElement>('[data-from]')];
    const draw = (time: ViewTime): void => {
      const x = axis.toX(time.s);
      if (thumb !== null) thumb.style.left = percent(x);
      const position = positionText(story, time);
      if (element.getAttribute('aria-valuetext') !== position) element.setAttribute('aria-valuetext', position);
      for (const fill of fills) {
        const from = Number(fill.dataset['from']);
        const to = Number(fill.dataset['to']);
        fill.style.transform = `scaleX(${Math.min(1, Math.max(0, (x - from) / (to - from)))})`;
      }
    };
    draw(viewTime.getState());
    return viewTime.subscribe(draw);
  }, [track, axis, story, viewTime]);
}
