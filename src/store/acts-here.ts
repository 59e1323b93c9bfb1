/** Everything that What if offers where the reader stands: the menu of the header lists it, and the palette finds it by its words. */
import type { EntityId } from '#trace/record.ts';
import { answerActs, questionsAt } from './answers.ts';
import { linkAct } from './link-acts.ts';
import { ownDocuments, type OwnDocument } from './own-documents.ts';
import { isOpening } from './playback.ts';
import { policiesIn } from './policy-act.ts';
import { shownStep } from './selection.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { selectRun } from './store.ts';
import type { Story, StoryStep } from './story.ts';
import { transmissionsAt } from './switch-level.ts';
import type { ViewTime } from './view-time.ts';
import { datagramActs, dropAct, entityActs, possibleActs, type WhatIf } from './what-if.ts';

export interface ActsHere {
  /** Always of the transmissions: what is done is done to them, at whatever level the story is told. */
  readonly story: Story;
  readonly time: Pick<ViewTime, 't' | 's' | 'step'>;
  /** What people can be made to do, and what a watcher who waits can be answered. */
  readonly ofPeople: readonly WhatIf[];
  /** What they may change. */
  readonly documents: readonly OwnDocument[];
  /** The servers whose policy can be changed. */
  readonly policies: readonly EntityId[];
  /** To the entity that is selected. */
  readonly ofEntity: readonly WhatIf[];
  /** To the link that the message takes. */
  readonly ofLink: WhatIf | undefined;
  /** The message that can be edited, and what else can be done to it: nothing where the story opens, for it has not been sent yet. */
  readonly step: StoryStep | undefined;
  readonly ofMessage: readonly WhatIf[];
}

/** Undefined while there is no story. */
export function actsHere(simulator: Simulator): ActsHere | undefined {
  const told = storyOf(simulator);
  if (told === undefined) return undefined;
  const state = simulator.store.getState();
  const { story, time } = transmissionsAt(told, simulator.viewTime.getState());
  const opening = isOpening(story, time);
  const { views } = state.session;
  // Known for where the reader stands, as soon as it is known at all.
  const known = views?.run === selectRun(state)?.id && views?.step === simulator.viewTime.getState().step ? views.entities : undefined;
  const drop = opening ? undefined : dropAct(story, time.step);
  return {
    story,
    time,
    ofPeople: [...possibleActs(story, time), ...questionsAt(story, known, time.t).flatMap((question) => answerActs(story, time, question))],
    documents: ownDocuments(known),
    policies: policiesIn(known),
    ofEntity: entityActs(story, time, state.selection.entity),
    ofLink: opening ? undefined : linkAct(story, time),
    step: shownStep(story, time),
    ofMessage: drop === undefined ? [] : [drop, ...datagramActs(story, time.step)],
  };
}

/** `SUBSCRIBE, UE#1 → P-CSCF#1` */
export function formatMessage(story: Story, { message }: StoryStep): string {
  const nameOf = (id: EntityId): string => story.entity(id)?.label ?? id;
  return `${message.label}, ${nameOf(message.from)} → ${nameOf(message.to)}`;
}
