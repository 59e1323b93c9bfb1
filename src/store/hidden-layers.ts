/** A story without the layers that the reader has hidden: their steps take no time and are passed over. Stage 2 knows no layers. */
import { createLayerOf, type LayerSet } from '#trace/layers.ts';
import { deriveStory, type Story } from './story.ts';

const known = new WeakMap<Story, { readonly hidden: LayerSet; readonly story: Story }>();

/** The same story for the same story and set; the story itself where it has nothing of these layers. */
export function withoutHidden(story: Story, hidden: LayerSet): Story {
  if (hidden.size === 0 || story.byFunctions !== undefined) return story;
  let found = known.get(story);
  if (found?.hidden !== hidden) {
    const layerOf = createLayerOf(story.trace);
    const any = story.steps.some(({ message }) => hidden.has(layerOf(message)));
    found = { hidden, story: any ? deriveStory(story.trace, story.prologueOpen, (message) => !hidden.has(layerOf(message))) : story };
    known.set(story, found);
  }
  return found.story;
}
