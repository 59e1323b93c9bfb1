import { describe, expect, it } from 'vitest';
import charging from '#catalog/charging/scenario.ts';
import failover from '#catalog/resolve-failover/scenario.ts';
import principal from '#catalog/subscribe-across-networks/scenario.ts';
import publish from '#catalog/publish/scenario.ts';
import unregistered from '#catalog/unregistered-presentity/scenario.ts';
import { computeRun } from '#testing/computed-run.ts';
import { deriveStory, type Story } from './story.ts';
import { entityActs, possibleActs, type WhatIf } from './what-if.ts';

const ids = (acts: readonly WhatIf[]): readonly string[] => acts.map(({ id }) => id);

/** Where the last message of the run has arrived. */
function atEnd(story: Story): { readonly t: number; readonly s: number; readonly step: number } {
  return { t: story.trace.until, s: story.teaching.total, step: story.steps.length - 1 };
}
const opening = (story: Story): { readonly t: number; readonly s: number; readonly step: number } => ({
  t: story.teaching.toSimulated(story.openingS),
  s: story.openingS,
  step: story.first - 1,
});
const idOf = (story: Story, kind: string, last = false): string => story.trace.entities.filter((each) => each.kind === kind).at(last ? -1 : 0)!.id;

describe('what a person can do', () => {
  it('is to subscribe where nobody is subscribed, also in a run that knows no subscription, and to unsubscribe where somebody is', () => {
    const story = deriveStory(computeRun(principal));
    expect(ids(possibleActs(story, opening(story)))).toEqual(['subscribe', 'switch-off']);
    const notified = story.steps.findIndex(({ message }, i) => i > story.first && message.label === '200 OK (NOTIFY)');
    expect(ids(possibleActs(story, { ...atEnd(story), t: story.steps[notified]!.message.sentAt, step: notified }))).toEqual(['unsubscribe', 'switch-off']);
    expect(ids(possibleActs(story, atEnd(story)))).toEqual(['subscribe', 'switch-off']);
    const other = deriveStory(computeRun(publish));
    expect(ids(possibleActs(other, atEnd(other)))).toEqual(['subscribe', 'switch-off']);
  });

  it('is to switch on a presentity that never registered, and to ask for it all the same', () => {
    const story = deriveStory(computeRun(unregistered));
    const acts = possibleActs(story, opening(story));
    expect(ids(acts)).toEqual(['subscribe', 'switch-on']);
    expect(acts[0]?.change).toMatchObject({ intent: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } });
  });

  it('is to switch off, and what is said of it hangs on whether somebody watches', () => {
    const story = deriveStory(computeRun(principal));
    const told = (time: Parameters<typeof possibleActs>[1]) => possibleActs(story, time).find(({ id }) => id === 'switch-off')?.told;
    const at = (label: string, nth: number) => {
      const step = story.steps.filter(({ message, index }) => index >= story.first && message.label === label).at(nth)!;
      return { t: step.message.sentAt, s: step.restS, step: step.index };
    };
    const later = /: whoever subscribes later, and may see it, is still told\.$/;
    expect(told(opening(story))).toMatch(later);
    expect(told(at('200 OK (NOTIFY)', 0))).toMatch(/so the watcher still sees it\.$/);
    // The watcher has begun to unsubscribe, and then has.
    const end = story.trace.records.findLast((record) => record.kind === 'intent' && record.intent.kind === 'unsubscribe')!;
    const step = story.steps.findLast(({ message }) => message.sentAt <= end.at)!;
    expect(told({ t: end.at, s: story.teaching.toTeaching(end.at), step: step.index })).toMatch(later);
    expect(told(atEnd(story))).toMatch(later);
  });

  it('to an entity is to stop it, and what its kind allows: turned one way, it can be turned back', () => {
    const story = deriveStory(computeRun(failover));
    const entry = idOf(story, 'i-cscf', true);
    expect(ids(entityActs(story, atEnd(story), entry))).toEqual(['overload', 'crash']);
    const turned = story.trace.records.find((record) => record.kind === 'intent' && record.intent.kind === 'overload')!;
    const overloaded = turned.kind === 'intent' ? turned.entity : '';
    expect(entityActs(story, atEnd(story), overloaded)[0]).toMatchObject({ id: 'relieve', change: { who: overloaded, intent: { kind: 'relieve' } } });
    const charged = deriveStory(computeRun(charging));
    expect(ids(entityActs(charged, atEnd(charged), idOf(charged, 'charging-data-function')))).toEqual(['fall-silent', 'crash']);
    expect(ids(entityActs(charged, atEnd(charged), idOf(charged, 'ue')))).toEqual(['crash']);
  });

  it('to the HSS of the presentity is to end its registration, while there is one', () => {
    const story = deriveStory(computeRun(principal));
    const presentity = story.trace.entities.find(({ kind, role }) => kind === 'ue' && role?.includes('presentity') === true)!;
    const [own, other] = [true, false].map(
      (isOwn) => story.trace.entities.find(({ kind, network }) => kind === 'hss' && (network === presentity.home) === isOwn)!.id,
    );
    expect(entityActs(story, atEnd(story), own)[0]).toMatchObject({ id: 'deregister-user', change: { intent: { user: 'sip:user2_public1@home2.net' } } });
    expect(ids(entityActs(story, atEnd(story), other))).toEqual(['crash']);
  });
});
