/** What a person can make the people of the story do, derived from the story itself: no names of users or hosts are known here. */
import { decodeUtf8 } from '#base/utf8.ts';
import type { Intent } from '#base/machine.ts';
import type { Change, EntityId, TraceEntity } from '#trace/record.ts';
import { isOpening } from './playback.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';

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

/** Where a person stands: `before step 1`, `after step 7`. */
export function formatPlace(story: Story, time: Pick<ViewTime, 's' | 'step'>): string {
  return isOpening(story, time) ? 'before step 1' : `after step ${story.steps[time.step]?.name ?? '0'}`;
}

/** The identity that a UE registers, as its first REGISTER says it. */
function identityOf(story: Story, ue: EntityId): string | undefined {
  const register = story.index.find({ from: ue, label: 'REGISTER' });
  return register === undefined ? undefined : /^(?:To|t)[ \t]*:[^<\r\n]*<([^>\r\n]+)>/im.exec(decodeUtf8(register.bytes))?.[1];
}

const uesOf = (story: Story, role: string): TraceEntity | undefined => story.trace.entities.find((entity) => entity.kind === 'ue' && entity.role === role);

export const watcherOf = (story: Story): TraceEntity | undefined => uesOf(story, 'watcher');
export const presentityOf = (story: Story): TraceEntity | undefined => uesOf(story, 'presentity');

/** What the watcher and the presentity can be made to do where the reader stands; publishing is `publishAct`. */
export function possibleActs(story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>): readonly WhatIf[] {
  const at = Math.round(time.t);
  const place = formatPlace(story, time);
  const acts: WhatIf[] = [];
  const add = (id: WhatIf['id'], who: TraceEntity, label: string, did: string, intent: Intent): void => {
    acts.push({ id, label, name: `${who.label} ${did} ${place}`, change: { kind: 'do', at, who: who.id, intent } });
  };
  const watcher = watcherOf(story);
  const presentity = presentityOf(story);
  const watched = presentity === undefined ? undefined : identityOf(story, presentity.id);
  if (watcher !== undefined && watched !== undefined) {
    add('unsubscribe', watcher, 'Unsubscribe the watcher', 'unsubscribes', { kind: 'unsubscribe', to: watched });
    add('subscribe', watcher, 'Subscribe the watcher', 'subscribes', intentOf(story, 'subscribe', watcher.id, at) ?? { kind: 'subscribe', to: watched });
  }
  if (presentity !== undefined) {
    add('switch-off', presentity, 'Switch the presentity off (deregister)', 'switches off', { kind: 'deregister' });
    add('switch-on', presentity, 'Switch the presentity on (register)', 'switches on', { kind: 'register' });
  }
  return acts;
}

export interface PublishedState {
  readonly basic: 'open' | 'closed';
  readonly note: string;
}

/** The presentity publishes another state: like its latest publication, with these words. */
export function publishAct(story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>, state: PublishedState): WhatIf | undefined {
  const presentity = presentityOf(story);
  if (presentity === undefined) return undefined;
  const intent: Intent = { kind: 'publish', basic: state.basic, note: state.note };
  return {
    id: 'publish',
    label: 'Publish another state',
    name: `${presentity.label} publishes “${state.note}” ${formatPlace(story, time)}`,
    change: { kind: 'do', at: Math.round(time.t), who: presentity.id, intent },
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
