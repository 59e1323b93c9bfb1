/** Subscriptions as bars at the left margin: from the SUBSCRIBE over notifications and refreshes to the end. */
import type { Story } from '#store/story.ts';
import { subscriptionsOf } from '#trace/subscriptions.ts';
import type { LadderContent } from './items.ts';

export interface Bracket {
  readonly callId: string;
  /** Items and steps from its SUBSCRIBE to its last message, or to the end of the ladder while it lives. */
  readonly firstItem: number;
  readonly lastItem: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly ended: boolean;
  /** Bars at the same height stand side by side. */
  readonly lane: number;
  /** `presence: UE#1 is subscribed at PS until step 40`. */
  readonly text: string;
}

const MOST_LANES = 3;

/** Those whose SUBSCRIBE stands in the ladder as it is shown; a run of thousands shows the first few side by side. */
export function deriveBrackets(story: Story, content: LadderContent): readonly Bracket[] {
  const { items, itemOfStep } = content;
  const brackets: Bracket[] = [];
  const free: number[] = [];
  for (const group of subscriptionsOf(story.steps)) {
    const first = group.steps[0];
    const last = group.steps.at(-1);
    if (first === undefined || last === undefined || group.notifier === undefined) continue;
    const firstItem = itemOfStep[first.index] ?? -1;
    const item = items[firstItem];
    if (item === undefined || !('index' in item) || item.index !== first.index) continue;
    const ended = group.endedAt !== undefined;
    const lastItem = ended ? (itemOfStep[last.index] ?? firstItem) : items.length - 1;
    const found = free.findIndex((until) => until < firstItem);
    const lane = found < 0 ? free.length : found;
    if (lane >= MOST_LANES) continue;
    free[lane] = lastItem;
    const who = story.entity(group.subscriber)?.label ?? group.subscriber;
    const where = story.entity(group.notifier)?.label ?? group.notifier;
    const text = `Subscription of ${who} at ${where} (${group.event ?? 'unknown event'}), ${ended ? `step ${first.name} to ${last.name}` : `from step ${first.name} on`}`;
    brackets.push({ callId: group.callId, firstItem, lastItem, firstStep: first.index, lastStep: ended ? last.index : Infinity, ended, lane, text });
  }
  return brackets;
}
