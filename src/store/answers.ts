/** Watchers who wait for an answer of the presentity: known from what its terminal was told, and answered by a rule that it puts. */
import type { EntityViews } from '#session/port.ts';
import type { EntityId } from '#trace/record.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';
import { formatPlace, type WhatIf } from './what-if.ts';

export interface Question {
  /** Whose terminal was told. */
  readonly ue: EntityId;
  readonly watcher: string;
}

/** Those who wait, as far as a terminal knows that can answer, and about whom nothing is under way yet. */
export function questionsAt(story: Story, views: EntityViews | undefined, t: number): readonly Question[] {
  return Object.entries(views ?? {}).flatMap(([ue, { waiting = [], changes = [] }]) =>
    changes.some(({ usage }) => usage === 'pres-rules')
      ? waiting.flatMap((watcher): Question[] => (isAnswered(story, ue, watcher, t) ? [] : [{ ue, watcher }]))
      : [],
  );
}

/** Within which an answer is on its way and the news of it on the way back: microseconds. */
const UNDER_WAY = 5_000_000;

const ANSWERING: ReadonlySet<string> = new Set(['answer-watcher', 'write-rule', 'write-rules']);

function isAnswered(story: Story, ue: EntityId, watcher: string, t: number): boolean {
  return story.trace.records.some(
    (record) =>
      record.kind === 'intent' &&
      record.entity === ue &&
      ANSWERING.has(record.intent.kind) &&
      (record.intent['watcher'] ?? watcher) === watcher &&
      record.at <= Math.round(t) &&
      record.at > t - UNDER_WAY,
  );
}

const ANSWERS = [
  { handling: 'allow', label: 'Allow', did: 'allows' },
  { handling: 'block', label: 'Block', did: 'blocks' },
  { handling: 'polite-block', label: 'Politely block', did: 'politely blocks' },
] as const;

/** What can be answered, in the order of the buttons. */
export function answerActs(
  story: Story,
  time: Pick<ViewTime, 't' | 's' | 'step'>,
  { ue, watcher }: Question,
): readonly (WhatIf & { readonly short: string })[] {
  const name = story.entity(ue)?.label ?? ue;
  return ANSWERS.map(({ handling, label, did }) => ({
    id: 'answer',
    short: label,
    label: `${label} ${watcher}`,
    name: `${name} ${did} ${watcher} ${formatPlace(story, time)}`,
    change: { kind: 'do', at: Math.round(time.t), who: ue, intent: { kind: 'answer-watcher', handling, watcher } },
  }));
}
