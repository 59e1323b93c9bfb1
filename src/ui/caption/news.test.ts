/** What captions say of a NOTIFY, held against what the watcher of the run has read out of it with the parsers of the network. */
import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { deriveStory } from '#store/story.ts';
import type { MessageRecord } from '#trace/record.ts';
import { newsOf } from './news.ts';

const KNOWS = /^The watcher now knows of (\S+): (.+)\.$/;
const RUNS = [
  'subscribe-across-networks',
  'authorize-xcap',
  'authorize-sphere',
  'composition',
  'network-agent',
  'external-agent',
  'throttle',
  'interwork-xmpp-presentity',
  'list-own',
];

/** A NOTIFY as it left its notifier. */
function firstHop(story: ReturnType<typeof deriveStory>, message: MessageRecord): MessageRecord {
  let first = message;
  for (let hop = story.index.previousHop(first); hop !== undefined; hop = story.index.previousHop(first)) first = hop;
  return first;
}

describe('the news of a NOTIFY', () => {
  it.each(RUNS)('is what its watcher reads: %s', (id) => {
    const story = deriveStory(computeNamed(id));
    const read = story.steps.flatMap(({ message }) => {
      if (message.label !== 'NOTIFY') return [];
      const note = story.notesAtArrival(message.id).find(({ reason }) => KNOWS.test(reason));
      const [, who = '', summary = ''] = KNOWS.exec(note?.reason ?? '') ?? [];
      return note === undefined ? [] : [{ news: newsOf(firstHop(story, message)) ?? '', who, summary }];
    });
    expect(read.length).toBeGreaterThan(id === 'list-own' ? -1 : 0);
    for (const { news, who, summary } of read) {
      expect(news).toContain(who.replace(/^sips?:/, ''));
      expect(news).toContain(summary);
    }
  });

  it('is of lists, watchers, registrations and ends as well, and of every first NOTIFY of these runs', () => {
    const all = ['list-own', 'watcher-information', 'fetch', 'content-indirection', 'partial-notify'].flatMap((id) => {
      const story = deriveStory(computeNamed(id));
      return story.steps.flatMap(({ message }) => (message.label === 'NOTIFY' && story.index.previousHop(message) === undefined ? [newsOf(message)] : []));
    });
    expect(all).toContain('that sip:user2_public1@home2.net is registered');
    expect(all).toContain('that the subscription waits for an answer');
    expect(all).toContain('that nobody watches');
    expect(all).toContain('what has changed among the watchers – sip:user1_public1@home1.net (pending)');
    expect(all).toContain('where the news can be fetched');
    expect(all).toContain('what has changed of sip:user2_public1@home2.net');
    expect(all.some((news) => /^the whole list sip:user1_list1@home1.net \(3 people\)/.test(news ?? ''))).toBe(true);
    expect(all.some((news) => / is open, "At my desk", and that the subscription is over \(timeout\)$/.test(news ?? ''))).toBe(true);
    expect(new Set(all).size).toBeGreaterThan(12);
  });
});
