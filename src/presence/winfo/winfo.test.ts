import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { after, type SimTime, seconds, START } from '#base/time.ts';
import { hasJudge } from '#testing/judges.ts';
import { complaintsAbout } from '#testing/judges/xmllint.ts';
import type { NotifierSubscription, SubscriptionMove } from '../subscription/notifier.ts';
import { formatWatcherinfo, isWatcherinfoError, parseWatcherinfo, type WatcherDocument } from './document.ts';
import { KnownWatchers } from './known-watchers.ts';
import { WATCHER } from './tables.ts';
import { WatcherList } from './watcher-list.ts';

const JANE = 'sip:jane@home2.net';
const JOHN = 'sip:john@home1.net';
const at = (s: number): SimTime => after(START, seconds(s));

const read = (text: string): WatcherDocument => {
  const document = parseWatcherinfo(text);
  if (isWatcherinfoError(document)) throw new Error(document.reason);
  return document;
};

describe('a document', () => {
  const id = fc.constantFrom('a1', 'b2');
  const optional = fc.record(
    { expiration: fc.nat(9999), durationSubscribed: fc.nat(9999), displayName: fc.constantFrom('John', 'J "<&>') },
    { requiredKeys: [] },
  );
  const watcher = fc
    .tuple(
      fc.record({
        id,
        uri: fc.constantFrom(JOHN, 'tel:+12'),
        status: fc.constantFrom('pending', 'active', 'waiting', 'terminated'),
        event: fc.constantFrom('subscribe', 'approved', 'giveup'),
      }),
      optional,
    )
    .map(([one, more]) => ({ ...one, ...more }));
  const document: fc.Arbitrary<WatcherDocument> = fc.record({
    version: fc.nat(99),
    state: fc.constantFrom('full', 'partial'),
    lists: fc.array(fc.record({ resource: fc.constant(JANE), package: fc.constant('presence'), watchers: fc.array(watcher, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  });
  it('written and read again is the same', () => {
    fc.assert(
      fc.property(document, (one) => {
        expect(read(formatWatcherinfo(one))).toEqual(one);
      }),
    );
  });
  it.each([
    ['no XML', '<watcherinfo'],
    ['another root', '<presence xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"/>'],
    ['no version', '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" state="full"/>'],
    ['an unknown state', '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="half"/>'],
    ['a list of nothing', '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"><watcher-list/></watcherinfo>'],
    [
      'a watcher in no state',
      '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"><watcher-list resource="a" package="b"><watcher id="1"/></watcher-list></watcherinfo>',
    ],
  ])('%s is none', (_what, text) => {
    expect(parseWatcherinfo(text)).toMatchObject({ kind: 'watcherinfo-error' });
  });
  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('keeps the schema', () => {
    for (const one of fc.sample(document, 5)) {
      // An xs:anyURI and an id of its own are all that the schema asks for; display names are free.
      expect(complaintsAbout('watcherinfo.xsd', formatWatcherinfo(one))).toEqual([]);
    }
  });
});

/** A subscription to presence, moved by hand. */
class Watching {
  readonly list = new WatcherList(createKeyedChance(1, 'ps'), 100);
  readonly owner = {};
  #version = 0;
  subscription(watcher = JOHN): NotifierSubscription {
    return { resource: JANE, watcher, expiresAt: at(3600) } as NotifierSubscription;
  }
  move(
    subscription: NotifierSubscription,
    from: SubscriptionMove['from'],
    on: SubscriptionMove['on'],
    to: SubscriptionMove['to'],
    reason?: SubscriptionMove['reason'],
    s = 0,
  ) {
    return this.list.observe({ subscription, from, on, to, reason }, at(s));
  }
  /** What the presentity is told now: `state: uri status event`. */
  told(isWhole = false, s = 0): string {
    const question = { resource: JANE, watcher: JANE, access: 'full', contentType: '', version: this.#version++, subscription: this.owner, isWhole } as const;
    const { state, lists } = this.list.documentFor(question, at(s));
    return `${state}: ${lists.flatMap(({ watchers }) => watchers.map(({ uri, status, event }) => `${uri} ${status} ${event}`)).join(', ')}`;
  }
}

describe('a watcher', () => {
  it('who is accepted, and leaves', () => {
    const one = new Watching();
    const subscription = one.subscription();
    expect(one.told(true)).toBe('full: ');
    one.move(subscription, 'resp_wait', 'policy-grants', 'active');
    expect(one.told()).toBe(`partial: ${JOHN} active subscribe`);
    one.move(subscription, 'active', 'unsubscribe', 'terminated');
    expect(one.told()).toBe(`partial: ${JOHN} terminated timeout`);
    expect(one.told(true)).toBe('full: ');
  });
  it('who waits, and is let in', () => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-needed', 'pending');
    expect(one.told(true)).toBe(`full: ${JOHN} pending subscribe`);
    one.move(subscription, 'pending', 'policy-grants', 'active');
    expect(one.told()).toBe(`partial: ${JOHN} active approved`);
    expect(one.told()).toBe('partial: ');
    expect(one.list.deadline()).toBeUndefined();
  });
  it('who is subscribed and waits is let in by the subscription, not by what is decided about those who only wait', () => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-needed', 'pending');
    expect(one.list.decide(JANE, JOHN, 'approved', at(1)).states).toEqual([]);
    expect(one.told(true)).toBe(`full: ${JOHN} pending subscribe`);
  });
  it('who was let in, has to wait again (RFC 5025 §3.2.1), and is given up if nobody decides', () => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-grants', 'active');
    one.told(true);
    one.move(subscription, 'active', 'policy-withdrawn', 'pending', undefined, 10);
    expect(one.told()).toBe(`partial: ${JOHN} pending subscribe`);
    one.move(subscription, 'pending', 'policy-grants', 'active', undefined, 20);
    expect(one.told()).toBe(`partial: ${JOHN} active approved`);
    one.move(subscription, 'active', 'policy-withdrawn', 'pending', undefined, 30);
    expect(one.list.fire(at(130)).expelled).toEqual([subscription]);
  });
  it.each([
    ['rejected', 'rejected'],
    ['deactivated', 'deactivated'],
    ['giveup', 'giveup'],
    ['noresource', 'noresource'],
  ] as const)('whose subscription policy ended: %s', (reason, event) => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-needed', 'pending');
    one.told(true);
    one.move(subscription, 'pending', 'policy-ends', 'terminated', reason);
    expect(one.told()).toBe(`partial: ${JOHN} terminated ${event}`);
  });
  it('whose time runs out while it waits, waits on; who lets it in ends that', () => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-needed', 'pending');
    one.told(true);
    one.move(subscription, 'pending', 'expires', 'terminated', 'timeout');
    expect(one.told()).toBe(`partial: ${JOHN} waiting timeout`);
    expect(one.list.waiting(JANE)).toEqual([JOHN]);
    one.list.decide(JANE, JOHN, 'approved', at(1));
    expect(one.told()).toBe(`partial: ${JOHN} terminated approved`);
    expect(one.list.waiting(JANE)).toEqual([]);
  });
  it('who comes again gives its older self up', () => {
    const one = new Watching();
    const subscription = one.subscription();
    one.move(subscription, 'resp_wait', 'policy-needed', 'pending');
    one.move(subscription, 'pending', 'expires', 'terminated', 'timeout');
    one.told(true);
    one.move(one.subscription(), 'resp_wait', 'policy-needed', 'pending');
    expect(one.told()).toBe(`partial: ${JOHN} terminated giveup, ${JOHN} pending subscribe`);
  });
  it('who only fetches waits when nobody has decided about it, and is not told of when it is allowed', () => {
    const one = new Watching();
    one.told(true);
    one.move(one.subscription(), 'resp_wait', 'policy-grants', 'terminated');
    expect(one.told()).toBe('partial: ');
    one.move(one.subscription(), 'resp_wait', 'policy-needed', 'terminated');
    expect(one.told()).toBe(`partial: ${JOHN} waiting timeout`);
  });
  it('about whom nobody decides is given up, wherever it is', () => {
    const one = new Watching();
    const [subscribed, gone] = [one.subscription(), one.subscription('sip:other@home1.net')];
    one.move(subscribed, 'resp_wait', 'policy-needed', 'pending');
    one.move(gone, 'resp_wait', 'policy-needed', 'pending');
    one.move(gone, 'pending', 'expires', 'terminated', 'timeout');
    one.told(true);
    expect(one.list.deadline()).toBe(at(100));
    expect(one.list.fire(at(100)).expelled).toEqual([subscribed]);
    expect(one.told()).toBe('partial: sip:other@home1.net terminated giveup');
  });
  it('who fetches without end does not fill the server', () => {
    const one = new Watching();
    for (let i = 0; i < 100; i++) one.move(one.subscription(), 'resp_wait', 'policy-needed', 'terminated');
    expect(one.list.waiting(JANE).length).toBeLessThan(12);
  });
  it('peers C10: has versions and changes for each subscriber alone', () => {
    const one = new Watching();
    const other = new Watching();
    one.told(true);
    const question = { resource: JANE, watcher: JANE, access: 'full', contentType: '', version: 0, subscription: other, isWhole: true } as const;
    one.list.documentFor(question, START);
    one.move(one.subscription(), 'resp_wait', 'policy-grants', 'active');
    expect(one.told()).toBe(`partial: ${JOHN} active subscribe`);
    expect(one.list.documentFor({ ...question, version: 1, isWhole: false }, START)).toMatchObject({
      version: 1,
      lists: [{ watchers: [{ status: 'active' }] }],
    });
  });
  it('goes every way that the table has, and no other', () => {
    expect(WATCHER.rows.filter(({ from }) => from === 'active').map(({ on }) => on)).toEqual([
      'subscribe',
      'rejected',
      'noresource',
      'deactivated',
      'probation',
      'timeout',
    ]);
    expect(WATCHER.rows.filter(({ from }) => from === 'waiting').map(({ on, to }) => `${on} ${to}`)).toEqual([
      'approved terminated',
      'rejected terminated',
      'noresource terminated',
      'giveup terminated',
    ]);
  });
});

describe('what a presentity knows', () => {
  const document = (version: number, state: 'full' | 'partial', ...watchers: WatcherDocument['lists'][number]['watchers']): WatcherDocument => ({
    version,
    state,
    lists: [{ resource: JANE, package: 'presence', watchers }],
  });
  const john = { id: '1', uri: JOHN, status: 'pending', event: 'subscribe' } as const;
  it('grows by changes, and loses those who are gone', () => {
    const known = new KnownWatchers();
    expect(known.learn(document(0, 'full', john))).toBe('fine');
    expect(known.learn(document(1, 'partial', { ...john, id: '2' }))).toBe('fine');
    expect(known.learn(document(2, 'partial', { ...john, status: 'terminated' }))).toBe('fine');
    expect(known.all().map(({ id }) => id)).toEqual(['2']);
  });
  it('shows a gap: then only the whole helps', () => {
    const known = new KnownWatchers();
    expect(known.learn(document(1, 'partial', john))).toBe('gap');
    known.learn(document(0, 'full'));
    expect(known.learn(document(2, 'partial', john))).toBe('gap');
    expect(known.all()).toEqual([]);
    expect(known.learn(document(3, 'full', john))).toBe('fine');
    expect(known.learn(document(3, 'partial', { ...john, status: 'active' }))).toBe('old');
    expect(known.all()).toEqual([john]);
  });
});
