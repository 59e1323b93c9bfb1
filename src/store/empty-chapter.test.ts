import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { whyEmpty } from './empty-chapter.ts';
import { deriveStory, type Story } from './story.ts';

const emptyOf = (story: Story): readonly string[] => story.chapters.filter(({ empty }) => empty).map((chapter) => whyEmpty(story, chapter));

describe('a chapter in which nothing is sent', () => {
  it('says what happened in it instead: an operator’s act, a wish that was refused, or nothing at all', () => {
    expect(emptyOf(deriveStory(computeNamed('fail-ps-restart')))).toEqual([
      'Nothing is sent in “It stops, and comes back”. PS stops: what is sent to it reaches nobody until it comes back.',
    ]);
    expect(emptyOf(deriveStory(computeNamed('auth-no-answer')))).toEqual([
      'Nothing is sent in “Silence”.',
      'Nothing is sent in “Afterwards”. UE#1: The UE is not registered: without a registration no S-CSCF would take anything from it.',
    ]);
  });

  it('may be empty only because a layer is hidden', () => {
    const trace = computeNamed('authorize-xcap');
    expect(deriveStory(trace).chapters.filter(({ empty }) => empty)).toEqual([]);
    expect(emptyOf(deriveStory(trace, false, ({ protocol }) => protocol !== 'HTTP'))).toEqual([
      'All that is sent in “What is no set of rules is refused” belongs to a layer that is hidden.',
    ]);
  });
});
