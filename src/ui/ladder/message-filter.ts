/** Typing into the ladder's field keeps the messages that hold every word: in their number, label, entities or Call-ID. */
import type { Story, StoryStep } from '#store/story.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';

const known = new WeakMap<MessageRecord, string>();

/** What a word is looked for in, in lower case. */
function textOfStep(story: Story, step: StoryStep): string {
  const { message } = step;
  let text = known.get(message);
  if (text === undefined) {
    const from = story.entity(message.from);
    const to = story.entity(message.to);
    text = [step.name, message.label, message.protocol, from?.label ?? '', message.from, to?.label ?? '', message.to, factsOf(message).sip?.callId ?? '']
      .join(' ')
      .toLowerCase();
    known.set(message, text);
  }
  return text;
}

/** A test for steps, or undefined when nothing was typed. */
export function createMessageFilter(story: Story, typed: string): ((step: StoryStep) => boolean) | undefined {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return (step) => {
    const text = textOfStep(story, step);
    return words.every((word) => text.includes(word));
  };
}
