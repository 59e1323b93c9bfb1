/** From a message to those that belong to it. */
import type { Story, StoryStep } from '#store/story.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';

export interface Neighbours {
  /** The same request or response one hop earlier, and one hop later. */
  readonly previousHop: StoryStep | undefined;
  readonly nextHop: StoryStep | undefined;
  /** Of a request its last answer on this hop, of an answer its request. */
  readonly counterpart: StoryStep | undefined;
}

/** How far the next hop and the answer are looked for: a run of 100 000 messages must not be read through for a button. */
const REACH = 3000;

export function neighboursOf(story: Story, step: StoryStep): Neighbours {
  const { message } = step;
  const previous = story.index.previousHop(message);
  return {
    previousHop: previous === undefined ? undefined : stepOf(story, previous),
    nextHop: findNear(story, step, 1, (other) => story.index.previousHop(other.message)?.id === message.id),
    counterpart: counterpartOf(story, step),
  };
}

const stepOf = (story: Story, message: MessageRecord): StoryStep | undefined => story.steps[story.index.step(message.id)?.index ?? -1];

function counterpartOf(story: Story, step: StoryStep): StoryStep | undefined {
  const { transaction } = factsOf(step.message);
  const { protocol, src, dst } = step.message;
  // HTTP numbers nothing: an answer follows its request on the same connection.
  const isSame = (other: MessageRecord): boolean => (protocol === 'HTTP' ? other.src === dst && other.dst === src : factsOf(other).transaction === transaction);
  if (transaction === undefined && protocol !== 'HTTP') return undefined;
  return findNear(story, step, step.isRequest ? 1 : -1, (other) => other.isRequest !== step.isRequest && isSame(other.message));
}

function findNear(story: Story, step: StoryStep, direction: 1 | -1, fits: (other: StoryStep) => boolean): StoryStep | undefined {
  for (let i = step.index + direction, left = REACH; left > 0; i += direction, left--) {
    const other = story.steps[i];
    if (other === undefined) return undefined;
    if (other.message.protocol === step.message.protocol && fits(other)) return other;
  }
  return undefined;
}
