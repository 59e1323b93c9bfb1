/** What a person can make the people of the story do, derived from the story itself: no names of users or hosts are known here. */
import { decodeUtf8 } from '#base/utf8.ts';
import type { Intent } from '#base/machine.ts';
import type { MessageEdit } from '#trace/message-edits.ts';
import type { Change, EntityId, MessageRecord, TraceEntity } from '#trace/record.ts';
import { isOpening } from './playback.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';

export type WhatIfId =
  | 'publish'
  | 'subscribe'
  | 'unsubscribe'
  | 'switch-off'
  | 'switch-on'
  | 'drop'
  | 'edit'
  | 'delay'
  | 'duplicate'
  | 'crash'
  | 'restart'
  | 'cut'
  | 'restore'
  | 'lose'
  | 'slow'
  | 'overload'
  | 'relieve'
  | 'fall-silent'
  | 'speak-again'
  | 'deregister-user'
  | 'answer'
  | 'document'
  | 'change-policy';

export interface WhatIf {
  readonly id: WhatIfId;
  readonly label: string;
  /** Names the run that comes of it, e.g. `UE#2 switches off at 12.3 s`. */
  readonly name: string;
  readonly change: Change;
  /** What people do not expect of it, in a sentence. */
  readonly told?: string;
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

/** Up to when things have happened for the reader: where the story opens, what happens at that very moment is still to come. */
const happenedBy = (story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>): number => Math.round(time.t) - (isOpening(story, time) ? 1 : 0);

/** Where a person stands: `before step 1`, `after step 7`. */
export function formatPlace(story: Story, time: Pick<ViewTime, 's' | 'step'>): string {
  return isOpening(story, time) ? 'before step 1' : `after step ${story.steps[time.step]?.name ?? '0'}`;
}

/** The identity that a UE registers, as its first REGISTER says it. */
function identityOf(story: Story, ue: EntityId): string | undefined {
  const register = story.index.find({ from: ue, label: 'REGISTER' });
  return register === undefined ? undefined : /^(?:To|t)[ \t]*:[^<\r\n]*<([^>\r\n]+)>/im.exec(decodeUtf8(register.bytes))?.[1];
}

const ASKS: ReadonlySet<string> = new Set(['subscribe', 'fetch', 'enquire-next-change']);

/** Whom the watcher asks for in this story, where the presentity has never registered. */
function askedFor(story: Story, watcher: EntityId): string | undefined {
  for (const record of story.trace.records) {
    if (record.kind !== 'intent' || record.entity !== watcher) continue;
    const { to, event = 'presence' } = record.intent;
    if (typeof to === 'string' && event === 'presence' && ASKS.has(record.intent.kind)) return to;
  }
  return undefined;
}

const uesOf = (story: Story, role: string): TraceEntity | undefined => story.trace.entities.find((entity) => entity.kind === 'ue' && entity.role === role);

export const watcherOf = (story: Story): TraceEntity | undefined => uesOf(story, 'watcher');
export const presentityOf = (story: Story): TraceEntity | undefined => uesOf(story, 'presentity');

/** Whether one of the entity's machines of that name is neither at its beginning nor at its end at `t`; undefined where the trace does not know such machines. */
function holds(story: Story, entity: EntityId, t: number, machine: string, isMeant: (key: string) => boolean): boolean | undefined {
  const table = story.trace.tables.find((each) => each.name === machine);
  if (table === undefined) return undefined;
  const states = new Map<string, string>();
  for (const record of story.trace.records) {
    if (record.kind !== 'state' || record.machine !== machine || record.entity !== entity || !isMeant(record.key)) continue;
    if (record.at <= t) states.set(record.key, record.to);
  }
  return [...states.values()].some((state) => state !== table.initial && !table.final.includes(state));
}

/** What the watcher and the presentity can be made to do where the reader stands; publishing is `publishAct`. */
export function possibleActs(story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>): readonly WhatIf[] {
  const at = Math.round(time.t);
  const past = happenedBy(story, time);
  const place = formatPlace(story, time);
  const acts: WhatIf[] = [];
  const add = (id: WhatIf['id'], who: TraceEntity, label: string, did: string, intent: Intent, told?: string): void => {
    acts.push({ id, label, name: `${who.label} ${did} ${place}`, change: { kind: 'do', at, who: who.id, intent }, ...(told === undefined ? {} : { told }) });
  };
  const watcher = watcherOf(story);
  const presentity = presentityOf(story);
  const registered = presentity === undefined ? undefined : identityOf(story, presentity.id);
  const watched = registered ?? (watcher === undefined ? undefined : askedFor(story, watcher.id));
  if (watcher !== undefined && watched !== undefined) {
    const subscribed = holds(story, watcher.id, past, 'subscription (subscriber)', (key) => key.startsWith('presence '));
    if (subscribed !== false) add('unsubscribe', watcher, 'Unsubscribe the watcher', 'unsubscribes', { kind: 'unsubscribe', to: watched });
    if (subscribed !== true)
      add('subscribe', watcher, 'Subscribe the watcher', 'subscribes', intentOf(story, 'subscribe', watcher.id, past) ?? { kind: 'subscribe', to: watched });
  }
  if (presentity !== undefined) {
    const on = holds(story, presentity.id, past, 'registration (UE)', () => true);
    if (on !== false)
      add('switch-off', presentity, 'Switch the presentity off (deregister)', 'switches off', { kind: 'deregister' }, livesOn(story, presentity.id, past));
    if (on !== true) add('switch-on', presentity, 'Switch the presentity on (register)', 'switches on', { kind: 'register' });
  }
  return acts;
}

/** Why somebody who is gone can still be seen: what was published is no part of the registration, and nobody else tells the presence server. */
function livesOn(story: Story, presentity: EntityId, t: number): string | undefined {
  const isTold = story.trace.entities.some(({ kind }) => kind === 'network-agent');
  const published = story.trace.records.some(
    (record) => record.kind === 'intent' && record.entity === presentity && record.intent.kind === 'publish' && record.at <= t,
  );
  if (!published || isTold) return undefined;
  const stays = 'What was published stays at the presence server until it runs out';
  return isWatched(story, t) ? `${stays}, so the watcher still sees it.` : `${stays}: whoever subscribes later, and may see it, is still told.`;
}

/** Whether somebody is told at `t`: of a subscription that waits for an answer, or is being ended, nothing is seen. */
function isWatched(story: Story, t: number): boolean {
  const told = new Map<EntityId, Set<string>>();
  for (const record of story.trace.records) {
    if (record.at > t) break;
    if (record.kind === 'intent' && record.intent.kind === 'unsubscribe' && record.entity !== undefined) told.delete(record.entity);
    if (record.kind !== 'state' || record.machine !== 'subscription (subscriber)' || !record.key.startsWith('presence ')) continue;
    const keys = told.get(record.entity) ?? new Set<string>();
    told.set(record.entity, keys);
    if (record.to === 'active') keys.add(record.key);
    else keys.delete(record.key);
  }
  return [...told.values()].some(({ size }) => size > 0);
}

/** The last of these acts on that entity up to `t` (with that other end, of a link). */
export function lastIntent(story: Story, kinds: readonly string[], who: EntityId, t: number, to?: EntityId): Intent | undefined {
  let found: Intent | undefined;
  for (const record of story.trace.records) {
    if (record.at > t) break;
    if (record.kind !== 'intent' || !kinds.includes(record.intent.kind)) continue;
    const ends = [record.entity, record.intent['to']];
    if (to === undefined ? record.entity === who : ends.includes(who) && ends.includes(to)) found = record.intent;
  }
  return found;
}

interface Turn {
  readonly id: WhatIfId;
  readonly label: (name: string) => string;
  readonly did: string;
}

/** What an operator can do to an entity of that kind, and take back (see the table in `scenario/feasibility.ts`). */
const TURNS: Readonly<Record<string, readonly [Turn, Turn]>> = {
  'i-cscf': [
    { id: 'overload', label: (name) => `Overload ${name} (it answers 503)`, did: 'is overloaded' },
    { id: 'relieve', label: (name) => `Relieve ${name}`, did: 'is relieved' },
  ],
  'charging-data-function': [
    { id: 'fall-silent', label: (name) => `Let ${name} fall silent`, did: 'falls silent' },
    { id: 'speak-again', label: (name) => `Let ${name} answer again`, did: 'answers again' },
  ],
};

/**
 * What can be done to an entity. Any can be stopped, and brought back without its memory; a terminal that stops has *vanished*: unlike one that is switched off
 * it tells nobody. Some kinds can be made to do more.
 */
export function entityActs(story: Story, time: Pick<ViewTime, 't' | 's' | 'step'>, id: EntityId | undefined): readonly WhatIf[] {
  const entity = id === undefined ? undefined : story.entity(id);
  if (entity === undefined) return [];
  const at = Math.round(time.t);
  const past = happenedBy(story, time);
  const place = formatPlace(story, time);
  const act = (kind: WhatIfId, label: string, did: string, more: Partial<Intent> = {}): WhatIf => ({
    id: kind,
    label,
    name: `${entity.label} ${did} ${place}`,
    change: { kind: 'do', at, who: entity.id, intent: { ...more, kind } },
  });
  const acts: WhatIf[] = [];
  const isDown = lastIntent(story, ['crash', 'restart'], entity.id, past)?.kind === 'crash';
  const turn = TURNS[entity.kind];
  if (turn !== undefined && !isDown) {
    const { id: kind, label, did } = turn[lastIntent(story, [turn[0].id, turn[1].id], entity.id, past)?.kind === turn[0].id ? 1 : 0];
    acts.push(act(kind, label(entity.label), did));
  }
  const presentity = presentityOf(story);
  if (entity.kind === 'hss' && presentity?.home === entity.network && !isDown) {
    const user = identityOf(story, presentity.id);
    if (user !== undefined && holds(story, presentity.id, past, 'registration (UE)', () => true) === true)
      acts.push(
        act('deregister-user', `End the registration of ${presentity.label}, as an operator`, `ends the registration of ${presentity.label}`, { user }),
      );
  }
  if (isDown) acts.push(act('restart', `Bring ${entity.label} back`, 'comes back'));
  else if (entity.kind === 'ue') acts.push(act('crash', `Let ${entity.label} vanish (battery out)`, 'vanishes'));
  else acts.push(act('crash', `Stop ${entity.label}`, 'stops'));
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

/** `SUBSCRIBE from UE#1 to P-CSCF#1` */
function nameOf(story: Story, message: MessageRecord): string {
  const labelOf = (id: EntityId): string => story.entity(id)?.label ?? id;
  return `${message.label} from ${labelOf(message.from)} to ${labelOf(message.to)}`;
}

/** The transmission of a step is discarded at its receiver's door. */
export function dropAct(story: Story, step: number): WhatIf | undefined {
  const message = story.steps[step]?.message;
  if (message === undefined) return undefined;
  return { id: 'drop', label: 'Drop this message', name: `${nameOf(story, message)} is dropped`, change: { kind: 'drop', record: message.id } };
}

/** What a network does to datagrams: how late the late one is, in microseconds. Streams keep their order, so nothing of them is late or doubled alone. */
const LATE_BY = 3_000_000;

/** The datagram of a step comes late, or twice. */
export function datagramActs(story: Story, step: number): readonly WhatIf[] {
  const message = story.steps[step]?.message;
  if (message?.transport !== 'udp' || message.arrivedAt === undefined) return [];
  const name = nameOf(story, message);
  return [
    {
      id: 'delay',
      label: `Delay this message by ${LATE_BY / 1_000_000} seconds`,
      name: `${name} is ${LATE_BY / 1_000_000} s late`,
      change: { kind: 'delay', record: message.id, by: LATE_BY },
    },
    { id: 'duplicate', label: 'Duplicate this message', name: `${name} arrives twice`, change: { kind: 'duplicate', record: message.id } },
  ];
}

/** The message arrives with other bytes. */
export const editAct = (story: Story, message: MessageRecord, edits: readonly MessageEdit[]): WhatIf => ({
  id: 'edit',
  label: 'Edit this message in flight',
  name: `${nameOf(story, message)} is edited: ${edits.map(formatEdit).join(', ')}`,
  change: { kind: 'edit', record: message.id, edits },
});

const LONGEST_VALUE = 40;

function formatEdit(edit: MessageEdit): string {
  switch (edit.op) {
    case 'remove':
      return `no ${edit.header}`;
    case 'set':
    case 'add':
      return `${edit.header}: ${edit.to.length > LONGEST_VALUE ? `${edit.to.slice(0, LONGEST_VALUE)}…` : edit.to}`;
    case 'start':
      return 'another start line';
    case 'body':
      return 'another body';
    case 'text':
      return 'another text';
    case 'hex':
      return 'other bytes';
  }
}
