/** A story told by functions: its steps are the arrows of stage 2, at a pace of their own. */
import { readStage2 } from '#trace/stage2.ts';
import { deriveStory, type Story } from './story.ts';

const told = new WeakMap<Story, Story>();

/** The same story for the same story. */
export function tellByFunctions(story: Story): Story {
  let functions = told.get(story);
  if (functions === undefined) {
    const stage2 = readStage2(story.trace, story.index);
    functions = { ...deriveStory(stage2.trace, story.prologueOpen), byFunctions: { stage2, transmissions: story } };
    told.set(story, functions);
  }
  return functions;
}
