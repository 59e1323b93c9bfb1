/** Where teaching time lies on the time line: chapters side by side, the folded prologue narrow, short chapters wide enough for their names. */
import type { Story, StoryChapter } from '#store/story.ts';

export interface AxisSegment {
  readonly chapter: StoryChapter;
  readonly folded: boolean;
  /** Parts of the whole width, 0 to 1. */
  readonly x0: number;
  readonly x1: number;
}

export interface TimelineAxis {
  readonly segments: readonly AxisSegment[];
  /** In how many lines the names of chapters are set, so that each is whole on a small projector. */
  readonly lines: 1 | 2 | 3;
  /** Teaching seconds to a part of the width, and back. */
  toX(s: number): number;
  toS(x: number): number;
}

/** Of the prologue: what its name takes, within these. */
const FOLDED_SHARE = { least: 0.11, most: 0.17 } as const;
/** No chapter is narrower than this, however short. */
const LEAST_SHARE = 0.08;
/** Part of the width that a letter of a name takes, on a small projector; names are set in two lines. */
const LETTER_SHARE = 0.0105 / 2;
/** The same without the room for luck: by it lines are counted. */
const LEAST_LETTER_SHARE = 0.0093;
/** So much of the width is shared out by the length of the names, the rest by time. */
const MOST_FOR_NAMES = 0.9;

/** Half of a name and its longest word, whichever is longer, are what two lines need. */
function nameShare(title: string): number {
  const longest = Math.max(...title.split(/[\s-]+/).map((word) => word.length));
  return Math.max(title.length + 4, 2 * longest + 2) * LETTER_SHARE;
}

export function deriveAxis(story: Story): TimelineAxis {
  const chapters = story.chapters.filter((chapter) => chapter.toS > chapter.fromS);
  const isFolded = (chapter: StoryChapter): boolean => chapter.prologue && !story.prologueOpen && chapters.length > 1;
  const shares = chapters.map((chapter): number =>
    isFolded(chapter) ? Math.min(FOLDED_SHARE.most, Math.max(FOLDED_SHARE.least, nameShare(chapter.title))) : 0,
  );
  const left = 1 - shares.reduce((sum, share) => sum + share, 0);
  const open = chapters.filter((chapter) => !isFolded(chapter));
  const total = open.reduce((sum, chapter) => sum + chapter.toS - chapter.fromS, 0);
  const wanted = open.map(({ title }) => Math.max(LEAST_SHARE, nameShare(title)));
  const sum = wanted.reduce((all, each) => all + each, 0);
  const scale = Math.min(1, (MOST_FOR_NAMES * left) / Math.max(sum, 1e-9));
  const leastOf = new Map(open.map((chapter, i) => [chapter, (wanted[i] ?? 0) * scale]));
  const flexible = left - sum * scale;
  let x = 0;
  const segments = chapters.map((chapter, i): AxisSegment => {
    const folded = isFolded(chapter);
    const width = folded ? (shares[i] ?? 0) : (leastOf.get(chapter) ?? 0) + (flexible * (chapter.toS - chapter.fromS)) / total;
    const x0 = x;
    x += width;
    return { chapter, folded, x0, x1: x };
  });
  return {
    segments,
    lines: Math.max(1, ...segments.map(({ chapter, x0, x1 }) => linesOf(chapter.title, (x1 - x0) / LEAST_LETTER_SHARE))) as TimelineAxis['lines'],
    toX: (s) => {
      const segment = segments.findLast((each) => each.chapter.fromS <= s) ?? segments[0];
      if (segment === undefined) return 0;
      const { fromS, toS } = segment.chapter;
      return segment.x0 + (segment.x1 - segment.x0) * Math.min(1, Math.max(0, (s - fromS) / (toS - fromS)));
    },
    toS: (part) => {
      const segment = segments.findLast((each) => each.x0 <= part) ?? segments[0];
      if (segment === undefined) return 0;
      const { fromS, toS } = segment.chapter;
      return fromS + (toS - fromS) * Math.min(1, Math.max(0, (part - segment.x0) / (segment.x1 - segment.x0)));
    },
  };
}

/** How many lines of so many letters a name takes, three at most. */
function linesOf(title: string, letters: number): number {
  let lines = 1;
  let used = 0;
  for (const word of title.split(' ')) {
    if (used > 0 && used + 1 + word.length > letters) {
      lines++;
      used = word.length;
    } else used += (used > 0 ? 1 : 0) + word.length;
  }
  return Math.min(3, lines);
}

export interface FoldMark {
  /** How long it is: `15 s`. */
  readonly label: string;
  readonly x: number;
  /** Whether there is room to say how long it is; the longest gaps are named first. */
  readonly named: boolean;
}

/** Part of the width that a name like `1 740 s` takes. */
const NAME_SHARE = 0.08;

/** Where idle time is folded, in order. */
export function deriveFoldMarks(story: Story, axis: TimelineAxis): readonly FoldMark[] {
  const { teaching, prologueOpen, openingS } = story;
  const told = teaching.folds.filter((fold) => prologueOpen || teaching.toTeaching(fold.from) >= openingS - 1e-9);
  const placed = told.map((fold) => {
    const middle = (axis.toX(teaching.toTeaching(fold.from)) + axis.toX(teaching.toTeaching(fold.to))) / 2;
    return { label: fold.label, length: fold.to - fold.from, x: Math.min(1 - NAME_SHARE / 3, middle) };
  });
  const named: number[] = [];
  for (const { x } of placed.toSorted((a, b) => b.length - a.length || a.x - b.x)) if (named.every((other) => Math.abs(other - x) >= NAME_SHARE)) named.push(x);
  return placed.map(({ label, x }) => ({ label, x, named: named.includes(x) }));
}
