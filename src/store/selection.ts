/** What the inspector shows. */
import type { EntityId, RecordId } from '#trace/record.ts';
import { goToStep, isOpening, nextTold } from './playback.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { patch, type AppState, type InspectorTab } from './store.ts';
import type { Story, StoryStep } from './story.ts';
import type { ViewTime } from './view-time.ts';

/** Goes to the step of a message and shows its text. */
export function selectMessage(simulator: Simulator, message: RecordId): void {
  const story = storyOf(simulator);
  const step = story?.index.step(story.byFunctions?.stage2.arrowOf.get(message) ?? message);
  if (step === undefined) return;
  goToStep(simulator, step.index);
  patch(simulator.store, 'layout', { inspectorTab: 'message', inspectorOpen: true });
}

export function selectEntity(simulator: Simulator, entity: EntityId | undefined): void {
  patch(simulator.store, 'selection', { entity });
  if (entity !== undefined) patch(simulator.store, 'layout', { inspectorTab: 'entity', inspectorOpen: true });
}

export function showTab(simulator: Simulator, inspectorTab: InspectorTab): void {
  patch(simulator.store, 'layout', { inspectorTab, inspectorOpen: true });
}

/** Pins a message of the run that is shown, or takes the pin off it. */
export function pinMessage(simulator: Simulator, message: RecordId): void {
  const { session, selection } = simulator.store.getState();
  if (session.current === undefined) return;
  const isPinned = selection.pinned?.run === session.current && selection.pinned.message === message;
  patch(simulator.store, 'selection', { pinned: isPinned ? undefined : { run: session.current, message } });
}

/** The pinned message as a step of its run, of which the reader may have left. */
export function pinnedStep({ session, selection: { pinned } }: Pick<AppState, 'session' | 'selection'>): StoryStep | undefined {
  const story = session.runs.find((run) => run.id === pinned?.run)?.story;
  const step = pinned === undefined ? undefined : story?.index.step(pinned.message);
  return step === undefined ? undefined : story?.steps[step.index];
}

/**
 * The step whose message the inspector shows: the current one; where the story opens, the one to come. Told by functions, it is the transmission that
 * passed from one function to the other.
 */
export function shownStep(story: Story, time: Pick<ViewTime, 's' | 'step'>): StoryStep | undefined {
  const step = story.steps[isOpening(story, time) ? (nextTold(story, story.first - 1) ?? story.first) : time.step];
  if (story.byFunctions === undefined || step === undefined) return step;
  const { stage2, transmissions } = story.byFunctions;
  const crossing = transmissions.index.step(stage2.crossing.get(step.message.id) ?? step.message.id);
  return crossing === undefined ? undefined : transmissions.steps[crossing.index];
}
