/** From which message on two runs are told differently: where a change begins to show, which may be long after the moment at which somebody wanted it. */
import { equalBytes } from '#base/bytes.ts';
import type { MessageRecord } from '#trace/record.ts';
import type { Story, StoryStep } from './story.ts';

const isSame = (a: MessageRecord, b: MessageRecord): boolean =>
  a.sentAt === b.sentAt &&
  a.label === b.label &&
  a.from === b.from &&
  a.to === b.to &&
  a.arrivedAt === b.arrivedAt &&
  a.lostAt === b.lostAt &&
  equalBytes(a.bytes, b.bytes);

/** The first step of `after` that `before` does not have there. Undefined where there is none: both are told alike, or `after` only ends earlier. */
export function firstDifference(before: Story, after: Story): StoryStep | undefined {
  return after.steps.find(({ index, message }) => {
    const other = before.steps[index]?.message;
    return other === undefined || !isSame(other, message);
  });
}

/** Said of a change: `It shows from step 20 on.`; `told` is the changed run at the level that is shown. Empty where that level has no name for what differs. */
export function whereItShows(before: Story, after: Story, told: Story): string {
  const step = firstDifference(before, after);
  if (step === undefined) return after.steps.length < before.steps.length ? '' : 'No message of this run is another one than before.';
  const arrow = told.byFunctions === undefined ? step.message.id : told.byFunctions.stage2.arrowOf.get(step.message.id);
  const name = arrow === undefined ? undefined : told.index.step(arrow)?.name;
  return name === undefined ? '' : `It shows from step ${name} on.`;
}
