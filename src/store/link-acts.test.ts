import { describe, expect, it } from 'vitest';
import { computeRun } from '#testing/computed-run.ts';
import type { Trace } from '#trace/record.ts';
import { changesText } from './change-text.ts';
import { linkAct, linkActs } from './link-acts.ts';
import { deriveStory, type Story } from './story.ts';

const SECOND = 1_000_000;
const SUBSCRIBE = { kind: 'fetch', to: 'sip:user2_public1@home2.net' };

const trace: Trace = computeRun({
  format: 1,
  id: 'link-acts',
  title: 'Links',
  summary: 'What operators do to links.',
  until: 120,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'impair', to: 'pcscf1', lateMs: 1000 } },
    { at: 11, who: 'ue1', do: SUBSCRIBE },
    { at: 40, who: 'ue1', do: { kind: 'impair', to: 'pcscf1', lossPerMille: 330 } },
    { at: 41, who: 'ue1', do: SUBSCRIBE },
    { at: 42, who: 'ue1', do: { kind: 'cut', to: 'pcscf1' } },
    { at: 80, who: 'pcscf1', do: { kind: 'restore', to: 'ue1' } },
    { at: 81, who: 'ue1', do: SUBSCRIBE },
  ],
});
const story: Story = deriveStory(trace);
const first = story.steps.find(({ message }) => message.label === 'SUBSCRIBE' && message.sentAt >= 11 * SECOND)!.message;
const ends = [first.to, first.from] as const;
const standAt = (t: number) => ({
  t: t * SECOND,
  s: story.teaching.toTeaching(t * SECOND),
  step: story.steps.findLastIndex(({ message }) => message.sentAt <= t * SECOND),
});
const idsAt = (t: number): readonly string[] => linkActs(story, standAt(t), ends).map(({ id }) => id);

describe('what a person can do to a link', () => {
  it('is to cut it or make it bad while it is sound, and to mend what is broken, whichever end is named first', () => {
    expect(idsAt(9)).toEqual(['cut', 'lose', 'slow']);
    expect(idsAt(20)).toEqual(['restore', 'cut', 'lose']);
    expect(idsAt(41.5)).toEqual(['restore', 'cut', 'slow']);
    expect(idsAt(50)).toEqual(['restore']);
    expect(idsAt(90)).toEqual(['cut', 'lose', 'slow']);
  });

  it('is the link of the shown message in the menu of the header', () => {
    const step = story.index.step(first.id)!.index;
    expect(linkAct(story, { ...standAt(20), step })).toMatchObject({
      id: 'restore',
      change: { kind: 'do', who: first.from, intent: { kind: 'restore', to: first.to } },
    });
  });

  it('comes true: what is late comes late, and what is cut carries nothing', () => {
    expect(first.arrivedAt! - first.sentAt).toBeGreaterThan(SECOND);
    const sent = story.steps.filter(({ message }) => message.from === first.from && message.to === first.to && message.sentAt > 42 * SECOND);
    expect(sent.filter(({ message }) => message.sentAt < 80 * SECOND && message.arrivedAt !== undefined)).toEqual([]);
    expect(sent.find(({ message }) => message.sentAt > 81 * SECOND)?.message.arrivedAt).toBeLessThan(82 * SECOND);
  });

  it('is said of a run in words', () => {
    const act = linkActs(story, standAt(9), ends).find(({ id }) => id === 'lose')!;
    expect(act.name).toMatch(/^The link between P-CSCF#1 and UE#1 loses a third of its packets after step \d+$/);
    expect(changesText(story, [act.change], [])?.short).toBe('P-CSCF#1 – UE#1 loses 33 %');
  });
});
