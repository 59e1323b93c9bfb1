/** Moving through the story. Everything is a change of view time; nothing here knows frames or the DOM. */
import { storyOf, type Simulator } from './simulator.ts';
import { patch, selectRun } from './store.ts';
import { deriveStory, type Story, type StoryStep } from './story.ts';
import { SPEEDS, type ViewTime } from './view-time.ts';

/** Seconds that a step stays when motion is reduced, at speed 1. */
const STILL_SECONDS = 2.4;
const GLIDE_SECONDS = 0.45;
/** From so near before a step the reader travels there; from elsewhere, from where its message is sent. */
const NEAR_SECONDS = 1.2;

/** Whether the reader stands where the story opens, before its first step. */
export const isOpening = (story: Story, time: Pick<ViewTime, 's' | 'step'>): boolean => time.step === story.first - 1 && time.s >= story.openingS - 1e-9;

/** The nearest step after (or before) this one that is told. */
export function nextTold(story: Story, step: number, direction: 1 | -1 = 1): number | undefined {
  for (let i = step + direction; i >= 0 && i < story.steps.length; i += direction) if (story.isTold(i)) return i;
  return undefined;
}

/** The last step that is told and was sent at or before teaching time `s`; -1 before the first. */
export function stepAt(story: Story, s: number): number {
  let low = -1;
  let high = story.steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((story.steps[middle]?.sentS ?? Infinity) <= s) low = middle;
    else high = middle - 1;
  }
  // Where the story opens is a place of its own, whatever the prologue ended with.
  const least = s >= story.openingS - 1e-9 ? story.first - 1 : -1;
  while (low > least && !story.isTold(low)) low--;
  return low;
}

function place(simulator: Simulator, story: Story, s: number, more: Partial<ViewTime>): void {
  const within = Math.min(Math.max(s, 0), story.teaching.total);
  simulator.viewTime.setState({ s: within, t: story.teaching.toSimulated(within), ...more });
}

/** Tells the prologue at the pace of the rest, or folds it; the reader stays at the same simulated time. */
export function setPrologueOpen(simulator: Simulator, open: boolean): void {
  const run = selectRun(simulator.store.getState());
  if (run === undefined || run.story.prologueOpen === open) return;
  const story = deriveStory(run.story.trace, open);
  const { runs } = simulator.store.getState().session;
  const { t, step } = simulator.viewTime.getState();
  patch(simulator.store, 'session', { runs: runs.map((each) => (each.id === run.id ? { ...each, story } : each)) });
  const told = storyOf(simulator) ?? story;
  if (step < told.first && !open) goToOpening(simulator);
  else place(simulator, told, told.teaching.toTeaching(t), { glide: undefined });
}

/** After a layer was shown or hidden: the reader stays at the same simulated time, and at the same step if it is still told. */
export function keepPlace(simulator: Simulator, before: Story | undefined): void {
  const story = storyOf(simulator);
  if (story === undefined || before === undefined || story === before) return;
  const { t, s, step } = simulator.viewTime.getState();
  if (isOpening(before, { s, step })) return place(simulator, story, story.openingS, { glide: undefined });
  const now = story.teaching.toTeaching(t);
  place(simulator, story, now, { step: story.isTold(step) ? step : stepAt(story, now), glide: undefined });
}

/** Stands where the story opens. */
export function goToOpening(simulator: Simulator): void {
  const story = storyOf(simulator);
  if (story === undefined) return;
  place(simulator, story, story.openingS, { step: story.first - 1, playing: false, glide: undefined });
}

/** Stands still at a step, its message half way; a step of the folded prologue unfolds it. */
export function standAtStep(simulator: Simulator, index: number): StoryStep | undefined {
  const before = storyOf(simulator);
  if (before === undefined) return undefined;
  const within = Math.min(Math.max(index, 0), before.steps.length - 1);
  if (within < before.first && before.first < before.steps.length) setPrologueOpen(simulator, true);
  const story = storyOf(simulator) ?? before;
  const step = story.steps[within];
  if (step !== undefined) place(simulator, story, step.restS, { step: step.index, playing: false, glide: undefined, stillFor: 0 });
  return step;
}

/** The same, but travels there for a moment unless motion is reduced. */
export function goToStep(simulator: Simulator, index: number): void {
  const { t } = simulator.viewTime.getState();
  const step = standAtStep(simulator, index);
  const story = storyOf(simulator);
  if (step === undefined || story === undefined || simulator.store.getState().settings.reducedMotion) return;
  const before = story.teaching.toTeaching(t);
  const fromS = before >= step.sentS - NEAR_SECONDS && before < step.restS ? before : step.sentS;
  place(simulator, story, fromS, { glide: { fromS, toS: step.restS, elapsed: 0, takes: GLIDE_SECONDS } });
}

export function stepForward(simulator: Simulator): void {
  const story = storyOf(simulator);
  const next = story === undefined ? undefined : nextTold(story, simulator.viewTime.getState().step);
  if (next !== undefined) goToStep(simulator, next);
}

export function goToLastStep(simulator: Simulator): void {
  const story = storyOf(simulator);
  if (story !== undefined) goToStep(simulator, nextTold(story, story.steps.length, -1) ?? story.steps.length - 1);
}

export function stepBack(simulator: Simulator): void {
  const story = storyOf(simulator);
  if (story === undefined) return;
  const time = simulator.viewTime.getState();
  const before = nextTold(story, isOpening(story, time) ? story.first : time.step, -1);
  if (time.step >= story.first && (before ?? -1) < story.first) return goToOpening(simulator);
  if (before !== undefined) goToStep(simulator, before);
}

export function goToChapter(simulator: Simulator, index: number): void {
  const story = storyOf(simulator);
  const chapter = story?.chapters[index];
  if (story === undefined || chapter === undefined) return;
  if (chapter === story.chapters.find((each) => !each.prologue)) return goToOpening(simulator);
  if (!chapter.empty) return goToStep(simulator, nextTold(story, chapter.first - 1) ?? chapter.first);
  // Nothing of it can be stood at: what is told of it is told after the step before.
  const before = nextTold(story, chapter.first, -1);
  if (before === undefined || before < story.first) goToOpening(simulator);
  else goToStep(simulator, before);
}

export function play(simulator: Simulator): void {
  const story = storyOf(simulator);
  if (story === undefined) return;
  const { s } = simulator.viewTime.getState();
  if (s >= story.teaching.total - 1e-9) goToOpening(simulator);
  simulator.viewTime.setState({ playing: true, glide: undefined });
}

export function pause(simulator: Simulator): void {
  simulator.viewTime.setState({ playing: false, glide: undefined });
}

export function setSpeed(simulator: Simulator, speed: number): void {
  simulator.viewTime.setState({ speed: Math.min(Math.max(speed, SPEEDS[0]), SPEEDS[SPEEDS.length - 1] ?? 4) });
}

export function changeSpeed(simulator: Simulator, direction: 1 | -1): void {
  const { speed } = simulator.viewTime.getState();
  const next = direction === 1 ? SPEEDS.find((value) => value > speed) : SPEEDS.findLast((value) => value < speed);
  if (next !== undefined) setSpeed(simulator, next);
}

/** The scrubber is held at teaching time `s`. */
export function scrubTo(simulator: Simulator, s: number): void {
  const story = storyOf(simulator);
  if (story === undefined) return;
  place(simulator, story, s, { step: stepAt(story, s), playing: false, glide: undefined, scrubbing: true });
}

/** The scrubber is let go: the nearest step, or the opening, is where it comes to rest. */
export function endScrub(simulator: Simulator): void {
  const story = storyOf(simulator);
  const { s, scrubbing } = simulator.viewTime.getState();
  simulator.viewTime.setState({ scrubbing: false });
  if (story === undefined || !scrubbing) return;
  const before = story.steps[stepAt(story, s)];
  const after = story.steps[nextTold(story, before?.index ?? -1) ?? -1];
  const distance = (step: typeof before): number => (step === undefined ? Infinity : Math.abs(step.restS - s));
  const nearest = distance(after) < distance(before) ? after : before;
  if (Math.abs(story.openingS - s) < distance(nearest)) return goToOpening(simulator);
  if (nearest !== undefined) place(simulator, story, nearest.restS, { step: nearest.index, glide: undefined });
}

/** Time passes: called by the frame loop with the seconds since the last frame. Returns whether anything still moves. */
export function advance(simulator: Simulator, seconds: number): boolean {
  const story = storyOf(simulator);
  const time = simulator.viewTime.getState();
  if (story === undefined) return false;
  if (time.glide !== undefined) {
    const elapsed = time.glide.elapsed + seconds;
    const part = Math.min(1, elapsed / time.glide.takes);
    const eased = 1 - (1 - part) ** 3;
    place(simulator, story, time.glide.fromS + (time.glide.toS - time.glide.fromS) * eased, { glide: part < 1 ? { ...time.glide, elapsed } : undefined });
    return part < 1;
  }
  if (!time.playing) return false;
  return simulator.store.getState().settings.reducedMotion ? playStill(simulator, story, seconds) : playMoving(simulator, story, seconds);
}

function playMoving(simulator: Simulator, story: Story, seconds: number): boolean {
  const time = simulator.viewTime.getState();
  const s = time.s + seconds * time.speed;
  const ended = s >= story.teaching.total;
  place(simulator, story, s, { step: stepAt(story, s), playing: !ended });
  return !ended;
}

/** Without travel: each step is shown at rest for a while, then the next. */
function playStill(simulator: Simulator, story: Story, seconds: number): boolean {
  const time = simulator.viewTime.getState();
  const next = story.steps[nextTold(story, time.step) ?? -1];
  const stillFor = time.stillFor + seconds * time.speed;
  if (next === undefined) simulator.viewTime.setState({ playing: false, stillFor: 0 });
  else if (stillFor < STILL_SECONDS && !isOpening(story, time)) simulator.viewTime.setState({ stillFor });
  else place(simulator, story, next.restS, { step: next.index, stillFor: 0 });
  return next !== undefined;
}
