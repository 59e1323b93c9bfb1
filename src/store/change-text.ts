/** What was changed in a run, in words: told from the changes themselves, so that a run which came by a link says it as well. */
import type { ScenarioSummary } from '#session/port.ts';
import { impairmentText } from '#trace/impairment.ts';
import type { Change, EntityId } from '#trace/record.ts';
import { formatMoment } from '#trace/time-text.ts';
import type { Story } from './story.ts';

export interface ChangesText {
  /** `UE#2 switched off`, `2 messages dropped`, `3 changes`. */
  readonly short: string;
  /** Each change with where or when. */
  readonly all: readonly string[];
}

const DONE = { drop: 'dropped', edit: 'edited', delay: 'delayed', duplicate: 'duplicated' } as const;

/** What was done to an entity, or what it did, by the kind of the wish; kinds that are not here are said as they are written. */
const DID: Readonly<Record<string, string>> = {
  deregister: 'switched off',
  register: 'switched on',
  publish: 'publishes again',
  subscribe: 'subscribes',
  unsubscribe: 'unsubscribes',
  crash: 'stopped',
  restart: 'brought back',
  overload: 'overloaded',
  relieve: 'relieved',
  'fall-silent': 'silent',
  'speak-again': 'answers again',
  'deregister-user': 'ends a registration',
  'answer-watcher': 'answers a watcher',
  'write-rules': 'puts its rules',
  'write-rule': 'puts a rule',
  'delete-rules': 'takes its rules away',
  'write-lists': 'puts its lists',
  'delete-lists': 'takes its lists away',
  'change-policy': 'composes by another policy',
};

/** Undefined for a run that is as the scenario has it. */
export function changesText(story: Story, changes: readonly Change[], choices: ScenarioSummary['choices']): ChangesText | undefined {
  const [first] = changes;
  if (first === undefined) return undefined;
  const same = changes.every((change) => change.kind === first.kind);
  const short =
    'record' in first && same ? counted(changes.length, first.kind) : changes.length === 1 ? shortly(story, first, choices) : `${changes.length} changes`;
  return { short, all: changes.map((change) => fully(story, change, choices)) };
}

const counted = (count: number, kind: keyof typeof DONE): string => `${count === 1 ? '1 message' : `${count} messages`} ${DONE[kind]}`;
const labelOf = (story: Story, id: EntityId): string => story.entity(id)?.label ?? id;

function shortly(story: Story, change: Change, choices: ScenarioSummary['choices']): string {
  if ('record' in change) return counted(1, change.kind);
  if (change.kind === 'set') {
    const choice = choices.find((each) => each.name === change.name);
    return `${choice?.title ?? change.name}: ${choice?.values.find((each) => each.value === change.value)?.title ?? change.value}`;
  }
  const { who, intent } = change;
  if (intent.kind === 'cut' || intent.kind === 'impair' || intent.kind === 'restore') {
    const ends = `${labelOf(story, who)} – ${labelOf(story, typeof intent['to'] === 'string' ? intent['to'] : '')}`;
    return `${ends} ${intent.kind === 'cut' ? 'cut' : intent.kind === 'restore' ? 'repaired' : impairmentText(intent)}`;
  }
  const vanished = intent.kind === 'crash' && story.entity(who)?.kind === 'ue';
  return `${labelOf(story, who)} ${vanished ? 'vanished' : (DID[intent.kind] ?? intent.kind.replaceAll('-', ' '))}`;
}

function fully(story: Story, change: Change, choices: ScenarioSummary['choices']): string {
  if (change.kind === 'do') {
    const { kind, note, handling, watcher } = change.intent;
    const answer = kind === 'answer-watcher' && typeof handling === 'string' && typeof watcher === 'string' ? `: ${handling}, ${watcher}` : '';
    const words = kind === 'publish' && typeof note === 'string' ? ` “${note}”` : answer;
    return `${shortly(story, change, choices)}${words}, at ${formatMoment(change.at)} s`;
  }
  if (change.kind === 'set') return shortly(story, change, choices);
  const step = story.index.step(change.record);
  if (step === undefined) return `A message ${DONE[change.kind]}`;
  const { label, from, to } = step.message;
  return `Step ${step.name}, ${label} from ${labelOf(story, from)} to ${labelOf(story, to)}: ${DONE[change.kind]}`;
}
