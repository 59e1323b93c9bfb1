/** Who carried a SUBSCRIBE and is not on the way of its NOTIFYs, because he did not record himself: said with the first NOTIFY, where a class wonders. */
import type { Story, StoryStep } from '#store/story.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';
import { routeSetAt } from '#trace/route-set.ts';

/** How far the SUBSCRIBE is looked for: a run of 100 000 messages must not be read through for a sentence. */
const REACH = 400;
const PROXIES: ReadonlySet<string> = new Set(['p-cscf', 'i-cscf', 's-cscf', 'ibcf']);

/** Their labels, the nearest to the notifier first; none for any other message. */
export function passedBy(story: Story, step: StoryStep): readonly string[] {
  const { message } = step;
  const { sip } = factsOf(message);
  if (sip?.method !== 'NOTIFY' || sip.status !== undefined) return [];
  const way = routeSetAt(story.trace, message)?.path;
  if (way === undefined || way[0] !== message.from) return [];
  const labels: string[] = [];
  for (let hop = subscribeBefore(story, step, sip.callId); hop !== undefined; hop = story.index.previousHop(hop)) {
    const sender = story.entity(hop.from);
    if (sender !== undefined && PROXIES.has(sender.kind) && !way.includes(sender.id)) labels.push(sender.label);
  }
  return labels;
}

/** The SUBSCRIBE that made the dialog, as it reached the notifier; undefined when a NOTIFY has gone before. */
function subscribeBefore(story: Story, { index, message }: StoryStep, callId: string): MessageRecord | undefined {
  for (let i = index - 1; i >= Math.max(0, index - REACH); i--) {
    const other = story.steps[i]?.message;
    const sip = other?.protocol === 'SIP' ? factsOf(other).sip : undefined;
    if (other === undefined || sip?.callId !== callId || sip.status !== undefined) continue;
    if (sip.method === 'NOTIFY' && other.from === message.from) return undefined;
    if (sip.method === 'SUBSCRIBE' && sip.toTag === undefined && other.to === message.from) return other;
  }
  return undefined;
}
