import { expect, it } from 'vitest';
import { deriveStory } from '#store/story.ts';
import { computeRun } from '#testing/computed-run.ts';
import { neighboursOf } from './neighbours.ts';

it('leads from an answer over HTTP to its request, and back', () => {
  const story = deriveStory(
    computeRun({
      format: 1,
      id: 'http',
      title: 'HTTP',
      summary: 'Rules are fetched and put.',
      until: 20,
      network: { with: ['xdms'] },
      timeline: [
        { at: 0.5, who: 'ue2', do: { kind: 'register' } },
        { at: 5, who: 'ue2', do: { kind: 'write-rules', document: '<rules/>' } },
      ],
    }),
  );
  const answers = story.steps.filter(({ message, isRequest }) => message.protocol === 'HTTP' && !isRequest);
  expect(answers.length).toBeGreaterThan(1);
  for (const answer of answers) {
    const request = neighboursOf(story, answer).counterpart;
    if (request === undefined) throw new Error(`The answer of step ${answer.name} has no request.`);
    expect(answer.message.label).toContain(`(${request.message.label})`);
    expect(neighboursOf(story, request).counterpart).toBe(answer);
  }
});
