/** From one level to another at the same moment: whoever plays goes on playing, whoever stands keeps standing there. */
import { loadFunctions, type Level } from './levels.ts';
import { isOpening, stepAt } from './playback.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { patch } from './store.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';

type Standing = Pick<ViewTime, 't' | 's' | 'step'>;

export async function setLevel(simulator: Simulator, level: Level): Promise<void> {
  patch(simulator.store, 'layout', { wantedLevel: level });
  if (level !== 'stage3') await functionsFor(simulator);
  // What was asked for last counts, in whatever order it comes.
  const { level: shown, wantedLevel } = simulator.store.getState().layout;
  if (shown === level || wantedLevel !== level) return;
  const from = storyOf(simulator);
  const time = simulator.viewTime.getState();
  // Steps are counted anew: what is known of the entities was asked for another one.
  patch(simulator.store, 'session', { views: undefined });
  patch(simulator.store, 'layout', { level });
  const to = storyOf(simulator);
  if (from === undefined || to === undefined || from === to) return;
  simulator.viewTime.setState({ ...standingIn(from, to, time), glide: undefined, stillFor: 0 });
}

async function functionsFor(simulator: Simulator): Promise<void> {
  try {
    await loadFunctions();
  } catch (error) {
    patch(simulator.store, 'layout', { wantedLevel: simulator.store.getState().layout.level });
    throw error;
  }
}

/** Where a reader of one story stands in another one of the same run. */
export function standingIn(from: Story, to: Story, time: Standing): Standing {
  if (from === to) return time;
  if (isOpening(from, time)) return { t: time.t, s: to.openingS, step: to.first - 1 };
  const s = to.teaching.toTeaching(time.t);
  return { t: time.t, s, step: stepOfArrow(from, to, time) ?? stepAt(to, s) };
}

/** The step that is about the same message: its arrow, or the transmission of the arrow that has been sent last. */
function stepOfArrow(from: Story, to: Story, { t, step }: Standing): number | undefined {
  const message = from.steps[step]?.message;
  if (message === undefined) return undefined;
  if (to.byFunctions !== undefined) return to.index.step(to.byFunctions.stage2.arrowOf.get(message.id) ?? 0)?.index;
  const records = from.byFunctions?.stage2.standsFor.get(message.id) ?? [];
  const steps = records.flatMap((record) => to.index.step(record) ?? []);
  return (steps.findLast((each) => each.message.sentAt <= t) ?? steps[0])?.index;
}

/** The transmissions of the run, and where the reader stands among them, whatever the level. */
export function transmissionsAt(story: Story, time: Standing): { readonly story: Story; readonly time: Standing } {
  const transmissions = story.byFunctions?.transmissions ?? story;
  return { story: transmissions, time: standingIn(story, transmissions, time) };
}
