/** A run by functions as lines to hold against what stage 2 lists: `Watcher > WPP: SubscribePres`. */
import { readStage2 } from '#trace/stage2.ts';
import { stepsOf } from '#trace/steps.ts';
import type { Trace } from '#trace/record.ts';

/** In the order in which they were sent, of one chapter or of all. */
export function stage2Lines(trace: Trace, chapter?: string): readonly string[] {
  const stage2 = readStage2(trace);
  const labels = new Map(stage2.functions.map(({ id, label }) => [id, label]));
  return stepsOf(stage2.trace)
    .filter((step) => chapter === undefined || step.chapter?.id === chapter)
    .map(({ message }) => `${labels.get(message.from) ?? message.from} > ${labels.get(message.to) ?? message.to}: ${message.label}`);
}
