/** Where a change begins to show, on runs of the entities. */
import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { firstDifference, whereItShows } from './first-difference.ts';
import { tellByFunctions } from './function-story.ts';
import { deriveStory } from './story.ts';

const plain = deriveStory(computeNamed('subscribe-across-networks'));
const other = deriveStory(computeNamed('subscribe-across-networks', { watcher: 'at-home' }));

describe('where a change shows', () => {
  it('is the first message that is another one', () => {
    const step = firstDifference(plain, other)!;
    expect(step.message).not.toEqual(plain.steps[step.index]?.message);
    for (const { index, message } of other.steps.slice(0, step.index)) expect(message.bytes).toEqual(plain.steps[index]?.message.bytes);
    expect(whereItShows(plain, other, other)).toBe(`It shows from step ${step.name} on.`);
  });

  it('is nowhere where both are told alike, which is said', () => {
    expect(firstDifference(plain, plain)).toBeUndefined();
    expect(whereItShows(plain, plain, plain)).toBe('No message of this run is another one than before.');
  });

  it('is an arrow where functions are told, and not said where no arrow stands for it', () => {
    const published = deriveStory(computeNamed('subscribe-across-networks', { watcher: 'at-home' }));
    const told = tellByFunctions(published);
    const step = firstDifference(plain, published)!;
    const arrow = told.byFunctions!.stage2.arrowOf.get(step.message.id);
    expect(whereItShows(plain, published, told)).toBe(arrow === undefined ? '' : `It shows from step ${told.index.step(arrow)?.name} on.`);
  });
});
