/** Who does what to whom, told by functions. */
import type { Story, StoryStep } from '#store/story.ts';
import type { Stage2Function } from '#trace/stage2-functions.ts';

/** `SubscribePres` and `for 7 200 s`; `MsgAck` and `404 Not Found`. */
const NAME = /^([A-Za-z]+)(?: \((.*)\)|: (.*))?$/;

/** With a capital at its beginning: `The Watcher Presence Proxy forwards the SubscribePres to the Presentity Presence Proxy`. */
export function stage2Act(story: Story, step: StoryStep): string {
  const { message } = step;
  const from = functionName(story, message.from);
  const to = functionName(story, message.to);
  const [, name = message.label, remark, reason] = NAME.exec(message.label) ?? [];
  const passedOn = story.index.previousHop(message) !== undefined;
  return capital(actOf(name, from, to, passedOn, remark, reason));
}

/** The news first, then the message that brings it: `... tells that ... is open: a NotifyPresUp (active) to the Watcher Presence Proxy`. */
export function stage2News(story: Story, { message }: StoryStep, news: string): string {
  return capital(`${functionName(story, message.from)} tells ${news}: a ${message.label} to ${functionName(story, message.to)}`);
}

function actOf(name: string, from: string, to: string, passedOn: boolean, remark: string | undefined, reason: string | undefined): string {
  switch (name) {
    case 'Query':
      return `${from} asks ${to} with a Query`;
    case 'Resp':
      return reason === undefined ? `${from} answers ${to} with a Resp` : `${from} answers ${to} that there is nothing: ${reason}`;
    case 'MsgAck':
      if (reason !== undefined) return passedOn ? `${from} passes the refusal (${reason}) back to ${to}` : `${from} refuses with a MsgAck that says ${reason}`;
      return passedOn ? `${from} passes the MsgAck back to ${to}` : `${from} acknowledges to ${to} with a MsgAck`;
    default:
      return passedOn ? `${from} forwards the ${name} to ${to}` : `${from} sends a ${name}${remark === undefined ? '' : ` (${remark})`} to ${to}`;
  }
}

/** Of whom a message of stage 2 is, or whom it reaches. */
export const functionOf = (story: Story, id: string): Stage2Function | undefined => story.byFunctions?.stage2.functions.find((each) => each.id === id);

/** `the Watcher Presence Proxy`; where there are several of a kind, whose it is as well. */
function functionName(story: Story, id: string): string {
  const functions = story.byFunctions?.stage2.functions ?? [];
  const found = functionOf(story, id);
  if (found === undefined) return id;
  const alone = functions.filter((each) => each.function === found.function).length === 1;
  return `the ${found.title}${alone ? '' : ` of ${story.byFunctions?.transmissions.entity(found.members.at(-1) ?? '')?.label ?? found.network}`}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
