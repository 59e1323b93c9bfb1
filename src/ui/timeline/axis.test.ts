import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveStory } from '#store/story.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { deriveAxis, deriveFoldMarks } from './axis.ts';

const trace = createFixtureTrace();
const story = deriveStory(trace);

describe('the axis of the time line', () => {
  it.each([true, false])('maps there and back, in order (prologue open: %s)', (open) => {
    const story = deriveStory(trace, open);
    const axis = deriveAxis(story);
    const seconds = fc.double({ min: 0, max: story.teaching.total, noNaN: true });
    fc.assert(
      fc.property(seconds, (s) => {
        expect(axis.toS(axis.toX(s))).toBeCloseTo(s, 6);
      }),
    );
    fc.assert(
      fc.property(seconds, seconds, (a, b) => {
        expect(Math.sign(axis.toX(a) - axis.toX(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('fills the whole width and leaves room for every name', () => {
    const { segments } = deriveAxis(story);
    expect(segments[0]?.x0).toBe(0);
    expect(segments.at(-1)?.x1).toBeCloseTo(1, 9);
    for (const segment of segments) expect(segment.x1 - segment.x0).toBeGreaterThanOrEqual(0.08);
  });

  it('marks folded time, and names only what has room, the longest first', () => {
    const axis = deriveAxis(story);
    expect(deriveFoldMarks(story, axis).map(({ label, named }) => [label, named])).toEqual([
      ['50 s', true],
      ['1 740 s', true],
      ['9.8 s', true],
    ]);
    const crowded = { ...axis, toX: () => 0.5 };
    expect(deriveFoldMarks(story, crowded).filter(({ named }) => named).length).toBeGreaterThan(0);
    const opened = deriveStory(trace, true);
    expect(deriveFoldMarks(opened, deriveAxis(opened)).length).toBeGreaterThan(3);
  });

  it('keeps the prologue narrow until it is opened', () => {
    const width = (open: boolean): number => deriveAxis(deriveStory(trace, open)).segments[0]!.x1;
    expect(width(false)).toBeLessThan(0.14);
    expect(width(true)).toBeGreaterThan(0.2);
  });
});
