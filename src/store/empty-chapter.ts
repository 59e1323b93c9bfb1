/** A chapter in which nothing is sent: why, in a sentence, told from what happened in it without a message. */
import { silentActs } from '#trace/silent-acts.ts';
import type { Story, StoryChapter } from './story.ts';

export function whyEmpty(story: Story, { index, title }: StoryChapter): string {
  const beneath = story.byFunctions?.transmissions;
  if (beneath !== undefined && beneath.chapters[index]?.empty === false) return `Nothing in “${title}” has a name at stage 2: stage 3 tells it.`;
  const { trace } = beneath ?? story;
  const chapters = trace.chapters.toSorted((a, b) => a.at - b.at);
  const [from, to] = [chapters[index]?.at ?? 0, chapters[index + 1]?.at ?? Infinity];
  const steps = (beneath ?? story).index.steps;
  if (steps.some(({ message }) => message.sentAt >= from && message.sentAt < to)) return `All that is sent in “${title}” belongs to a layer that is hidden.`;
  const acts = silentActs(trace).filter(({ at }) => at >= from && at < to);
  const act = acts.find(({ rejected }) => rejected) ?? acts[0];
  const label = trace.entities.find(({ id }) => id === act?.entity)?.label ?? '';
  const why = act === undefined ? '' : act.text === act.reason ? ` ${label}: ${act.reason}` : ` ${act.reason}`;
  return `Nothing is sent in “${title}”.${why}`;
}
