import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { Change } from '#trace/record.ts';
import { changesText } from './change-text.ts';
import { deriveStory } from './story.ts';

const story = deriveStory(createFixtureTrace());
const message = story.steps[3]?.message.id ?? 0;
const CHOICES = [
  {
    name: 'rule',
    title: 'Watcher rule',
    values: [
      { value: 'allow', title: 'allows her' },
      { value: 'block', title: 'refuses her' },
    ],
  },
];
const told = (...changes: readonly Change[]) => changesText(story, changes, CHOICES);
const off: Change = { kind: 'do', at: 12_300_000, who: 'ue1', intent: { kind: 'deregister' } };
const drop: Change = { kind: 'drop', record: message };

describe('changesText', () => {
  it('says nothing of a run that is as the scenario has it', () => {
    expect(told()).toBeUndefined();
  });

  it('says one change in short words, and when it was', () => {
    expect(told(off)).toEqual({ short: 'UE#1 switched off', all: ['UE#1 switched off, at 12.300 s'] });
    expect(told({ kind: 'do', at: 0, who: 'ue2', intent: { kind: 'publish', note: 'Gone' } })?.all).toEqual(['UE#2 publishes again “Gone”, at 0.000 s']);
    expect(told({ kind: 'do', at: 0, who: 'ue1', intent: { kind: 'crash' } })?.short).toBe('UE#1 vanished');
    expect(told({ kind: 'do', at: 0, who: 'ps.home2.net', intent: { kind: 'crash' } })?.short).toBe('PS stopped');
    expect(told({ kind: 'set', name: 'rule', value: 'block' })?.short).toBe('Watcher rule: refuses her');
    expect(told({ kind: 'do', at: 0, who: 'ue1', intent: { kind: 'cut', to: 'ps.home2.net' } })?.short).toBe('UE#1 – PS cut');
  });

  it('counts messages, and changes of several kinds', () => {
    expect(told(drop)?.short).toBe('1 message dropped');
    expect(told(drop)?.all[0]).toMatch(/^Step .+ from .+ to .+: dropped$/);
    const two = told(drop, { kind: 'drop', record: 9_999_999 });
    expect(two?.short).toBe('2 messages dropped');
    expect(two?.all[1]).toBe('A message dropped');
    expect(told(off, drop)?.short).toBe('2 changes');
  });
});
