import { useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
import { isOpening } from '#store/playback.ts';
import { useStory, useViewTime } from '#ui/simulator-context.tsx';
import type { Story } from '#store/story.ts';
import { captionOf, formatCaption, nextOf, silenceAfter } from './caption.ts';
import { ClauseChip } from '#ui/widgets/ClauseChip.tsx';
import { shown } from '#ui/widgets/shown.ts';
import styles from './Caption.module.css';

export function Caption() {
  const story = useStory();
  const step = useViewTime((time) => time.step);
  const opening = useViewTime((time) => story !== undefined && isOpening(story, time));
  // What came of the prologue without a message was before the story.
  const since = useViewTime((time) => (story !== undefined && isOpening(story, time) ? Math.floor(time.t) : undefined));
  const hurried = useViewTime((time) => time.playing && time.speed > 1);
  const told = useMemo(() => {
    const current = story?.steps[step];
    if (story === undefined) return { text: '', clause: undefined, next: '' };
    const next = describeNext(story, step, since);
    if (opening || current === undefined) return { text: story.trace.summary, clause: undefined, next };
    const caption = captionOf(story, current);
    return { text: formatCaption(caption), clause: caption.clause, next };
  }, [story, step, opening, since]);
  const words = useRef<HTMLDivElement>(null);
  useFittingSize(words, told.text);
  if (story === undefined) return <section className={styles.caption} aria-label="Caption" />;

  const current = story.steps[step];
  const chapter = story.chapters[current?.chapterIndex ?? 0];
  const prologue = !opening && step < story.first;
  const of = prologue ? story.first : story.steps.length - story.first;
  return (
    <section className={styles.caption} aria-label="Caption">
      <div className={styles.where}>
        <span className={styles.step}>{of === 0 ? '' : opening ? `${of} steps` : `Step ${current?.name ?? ''} of ${of}`}</span>
        <span className={styles.chapter}>{opening || of === 0 ? 'At rest' : chapter?.title}</span>
      </div>
      <div ref={words} className={styles.words}>
        <p className={styles.text} aria-live={hurried ? 'off' : 'polite'}>
          <Words text={told.text} />
        </p>
        <div className={styles.below}>
          <p className={styles.next}>
            <Words text={told.next} />
          </p>
          {told.clause !== undefined && (
            <span className={styles.clause}>
              <ClauseChip clause={told.clause} />
            </span>
          )}
        </div>
      </div>
    </section>
  );
}

const HYPHENATED = /(\b[A-Z][\w#]*(?:-[\w#]+)+)/;

/** Names like I-CSCF#2 are not broken at their hyphens. */
function Words({ text }: { readonly text: string }) {
  return shown(text)
    .split(HYPHENATED)
    .map((part, i) =>
      i % 2 === 0 ? (
        part
      ) : (
        <span key={i} className={styles.name}>
          {part}
        </span>
      ),
    );
}

function describeNext(story: Story, step: number, since: number | undefined): string {
  if (story.byFunctions !== undefined && story.steps.length === 0) return 'Nothing of this run has a name at stage 2: stage 3 tells it.';
  const silence = silenceAfter(story, step, since);
  const next = nextOf(story, step);
  const last = next === undefined ? 'The story ends here.' : `Next: ${next}.`;
  return silence === undefined ? last : `Then ${silence}${next === undefined ? '' : ` ${last}`}`;
}

const SIZES = ['large', 'small', 'smallest'] as const;

/** The panel keeps its height: a sentence that does not fit at the usual size is set smaller, and scrolls if it must. */
function useFittingSize(words: RefObject<HTMLElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = words.current;
    const panel = element?.parentElement;
    if (element === null || panel === null || panel === undefined) return undefined;
    const fit = (): void => {
      const overflows = (): boolean => element.scrollHeight > element.clientHeight;
      for (const size of SIZES) {
        element.dataset['size'] = size;
        if (!overflows()) break;
      }
      // What must be scrolled can be reached by the keyboard.
      element.tabIndex = overflows() ? 0 : -1;
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(panel);
    return () => observer.disconnect();
  }, [words, text]);
}
