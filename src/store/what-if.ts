/** What a person can make the people of the story do, derived from the story itself: no names of users or hosts are known here. */
import type { Intent } from '#base/machine.ts';
import type { Change, EntityId, TraceEntity } from '#trace/record.ts';
import type { Story } from './story.ts';

export interface WhatIf {
  readonly id: 'publish' | 'subscribe' | 'unsubscribe' | 'switch-off' | 'switch-on' | 'drop';
  readonly label: string;
  /** Names the run that comes of it, e.g. `UE#2 switches off at 12.3 s`. */
  readonly name: string;
  readonly change: Change;
}

/** The latest intent of that kind of that entity up to `t`, or else the first one after: its own words are used again. */
function intentOf(story: Story, kind: string, who: EntityId, t: number): Intent | undefined {
  let found: Intent | undefined;
  for (const record of story.trace.records) {
    if (record.kind !== 'intent' || record.intent.kind !== kind || record.entity !== who) continue;
    if (found !== undefined && record.at > t) break;
    found = record.intent;
  }
  return found;
}

export function formatSeconds(t: number): string {
  const seconds = t / 1_000_000;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}

const uesOf = (story: Story, role: string): TraceEntity | undefined => story.trace.entities.find((entity) => entity.kind === 'ue' && entity.role === role);

export const watcherOf = (story: Story): TraceEntity | undefined => uesOf(story, 'watcher');
export const presentityOf = (story: Story): TraceEntity | undefined => uesOf(story, 'presentity');

/** What the watcher and the presentity can be made to do at simulated time `t`; publishing is `publishAs`. */
export function possibleActs(story: Story, t: number): readonly WhatIf[] {
  const at = Math.round(t);
  const when = formatSeconds(at);
  const acts: WhatIf[] = [];
  const add = (id: WhatIf['id'], who: TraceEntity, label: string, did: string, intent: Intent | undefined): void => {
    if (intent !== undefined) acts.push({ id, label, name: `${who.label} ${did} at ${when}`, change: { kind: 'do', at, who: who.id, intent } });
  };
  const watcher = watcherOf(story);
  const presentity = presentityOf(story);
  if (watcher !== undefined) {
    const subscription = intentOf(story, 'subscribe', watcher.id, at);
    add(
      'unsubscribe',
      watcher,
      'Unsubscribe the watcher',
      'unsubscribes',
      subscription === undefined ? undefined : (intentOf(story, 'unsubscribe', watcher.id, at) ?? { kind: 'unsubscribe' }),
    );
    add('subscribe', watcher, 'Subscribe the watcher again', 'subscribes again', subscription);
  }
  if (presentity !== undefined) {
    add('switch-off', presentity, 'Switch the presentity off (deregister)', 'switches off', { kind: 'deregister' });
    add('switch-on', presentity, 'Switch the presentity on (register)', 'switches on', intentOf(story, 'register', presentity.id, at) ?? { kind: 'register' });
  }
  return acts;
}

export interface PublishedState {
  readonly basic: 'open' | 'closed';
  readonly note: string;
}

/** The presentity publishes another state: like its latest publication, with these words. */
export function publishAct(story: Story, t: number, state: PublishedState): WhatIf | undefined {
  const presentity = presentityOf(story);
  if (presentity === undefined) return undefined;
  const at = Math.round(t);
  const intent: Intent = { ...intentOf(story, 'publish', presentity.id, at), kind: 'publish', basic: state.basic, note: state.note };
  return {
    id: 'publish',
    label: 'Publish another state',
    name: `${presentity.label} publishes “${state.note}” at ${formatSeconds(at)}`,
    change: { kind: 'do', at, who: presentity.id, intent },
  };
}

/** The transmission of a step is discarded at its receiver's door. */
export function dropAct(story: Story, step: number): WhatIf | undefined {
  const message = story.steps[step]?.message;
  if (message === undefined) return undefined;
  const from = story.entity(message.from)?.label ?? message.from;
  const to = story.entity(message.to)?.label ?? message.to;
  return { id: 'drop', label: 'Drop this message', name: `${message.label} from ${from} to ${to} is dropped`, change: { kind: 'drop', record: message.id } };
}
