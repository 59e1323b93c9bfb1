import { expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { documentDraft, keepDraft, messageDraft, networkDraft, policyDraft, publishDraft, selectDraft } from './drafts.ts';
import { openScenario } from './runs.ts';
import { createSimulator } from './simulator.ts';

it('what was begun stays, whatever is looked at meanwhile, and goes when it is given up', async () => {
  const simulator = createSimulator(createFixtureSession());
  await openScenario(simulator, 'publish');
  const name = documentDraft('publish', { usage: 'pres-rules', owner: 'sip:a@x.org' });
  const text = '<'.repeat(1_000_000);
  keepDraft(simulator, name, text);
  await openScenario(simulator, 'publish', 2);
  expect(selectDraft(simulator.store.getState(), name)).toBe(text);
  keepDraft(simulator, name, undefined);
  expect(selectDraft(simulator.store.getState(), name)).toBeUndefined();
});

it('a draft is never that of something else', () => {
  const names = [
    documentDraft('a', { usage: 'pres-rules', owner: 'sip:a@x.org' }),
    documentDraft('b', { usage: 'pres-rules', owner: 'sip:a@x.org' }),
    // The same number may be another message in another run.
    messageDraft('a', { id: 7 }, 'SUBSCRIBE sip:b@home2.net SIP/2.0'),
    messageDraft('a', { id: 7 }, 'PUBLISH sip:b@home2.net SIP/2.0'),
    messageDraft('a', { id: 8 }, 'PUBLISH sip:b@home2.net SIP/2.0'),
    policyDraft('a', 'ps1'),
    policyDraft('a', 'ps2'),
    publishDraft('a'),
    publishDraft('b'),
    networkDraft(1),
    networkDraft(2),
  ];
  expect(new Set<string>(names).size).toBe(names.length);
});
