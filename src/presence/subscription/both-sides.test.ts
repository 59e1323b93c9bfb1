/** Notifier and subscriber against each other over a wire that delays, reorders and loses: what must hold whatever happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, after, seconds } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { type SipRequest, type SipResponse, createResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { type NotifierPackage, PRESENCE_FACTS } from './event-package.ts';
import { Notifier, type NotifierStep } from './notifier.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from './subscriber.ts';
import { parseSubscriptionState } from './subscription-state.ts';

const ALICE = 'sip:user1_public1@home1.net';
const BOB = 'sip:user2_public1@home2.net';
const TIMER_F = seconds(32);

type Deed = 'subscribe' | 'fetch' | 'refresh' | 'unsubscribe' | 'change' | 'grant' | 'reject' | 'wait';
interface Act {
  readonly deed: Deed;
  /** Seconds until the next act. */
  readonly pause: number;
}
/** What befalls one request: its delay in ms, loss of it or of its answer, an answer that the receiver did not give. */
interface Fate {
  readonly delay: number;
  readonly lost: 'request' | 'answer' | undefined;
  readonly forged: number | undefined;
}

const act = fc.record<Act>({
  deed: fc.constantFrom('subscribe', 'fetch', 'refresh', 'unsubscribe', 'change', 'change', 'grant', 'reject', 'wait'),
  pause: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 900 })),
});
const fate = fc.record<Fate>({
  delay: fc.integer({ min: 0, max: 3000 }),
  lost: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('request' as const, 'answer' as const) }),
  forged: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(481, 500, 503) }),
});

class World {
  now = 0 as SimTime;
  readonly seen = { notifies: 0, early: 0, refused: 0, timeouts: 0, coalesced: 0 };
  policy: 'active' | 'pending' = 'active';
  readonly #queue: { readonly at: SimTime; readonly sequence: number; readonly run: () => void }[] = [];
  readonly #fates: readonly Fate[];
  #fate = 0;
  #sequence = 0;
  /** Per dialog of the notifier: when it ends at the latest, the last CSeq and moment of a NOTIFY, whether it is over. */
  readonly #dialogs = new Map<string, { until: number; cseq: number; lastNotify: number; over: boolean }>();
  readonly #answered = new Set<string>();
  readonly #endedCallIds = new Set<string>();
  readonly subscriber = new Subscriber({ packages: [PRESENCE_FACTS], contact: '<sip:192.0.2.1:5060>', chance: createKeyedChance(1, 'ue'), timerN: TIMER_F });
  readonly notifier: Notifier;

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
    const pack: NotifierPackage = {
      ...PRESENCE_FACTS,
      maxExpires: 1800,
      authorize: () => ({ decision: this.policy, reason: 'As the test says.' }),
      bodyOf: ({ access }) => encodeUtf8(access),
    };
    this.notifier = new Notifier({ packages: [pack], contact: '<sip:ps.home2.net>', chance: createKeyedChance(1, 'ps') });
  }

  schedule(delay: number, run: () => void): void {
    this.#queue.push({ at: after(this.now, seconds(delay / 1000)), sequence: this.#sequence++, run });
    this.#queue.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
  }

  /** Runs the world until the moment, or until nothing is left to happen. */
  runUntil(end: SimTime): void {
    for (;;) {
      const next = Math.min(this.#queue[0]?.at ?? Infinity, this.subscriber.deadline() ?? Infinity, this.notifier.deadline() ?? Infinity);
      if (next > end) break;
      this.now = next as SimTime;
      const event = this.#queue[0];
      if (event !== undefined && event.at <= next) {
        this.#queue.shift();
        event.run();
      }
      this.bySubscriber(this.subscriber.fire(this.now));
      this.byNotifier(this.notifier.fire(this.now), 'timer');
    }
    if (end < Infinity) this.now = end;
  }

  bySubscriber(steps: readonly SubscriberStep[], answer?: (response: SipResponse) => void): void {
    for (const step of steps) {
      if (step.kind === 'subscribe') {
        expect(this.#endedCallIds.has(step.request.headers.get('Call-ID') ?? '')).toBe(false);
        this.#travel(
          step.request,
          (request, reply) => this.byNotifier(this.notifier.receive(request, ALICE, this.now), 'subscribe', reply),
          (response) => this.bySubscriber(this.subscriber.answered(step.subscription, response, this.now)),
          () => this.bySubscriber(this.subscriber.unanswered(step.subscription, 'timeout', this.now)),
        );
      } else if (step.kind === 'respond') {
        if (answer === undefined) throw new Error('an answer to nothing');
        answer(step.response);
      } else if (step.kind === 'ended') this.#endedCallIds.add(step.subscription.callId);
    }
  }

  byNotifier(steps: readonly NotifierStep[], cause: 'subscribe' | 'change' | 'timer' | 'policy', answer?: (response: SipResponse) => void): void {
    let accepted: SipResponse | undefined;
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (step.response.status === 200) accepted = this.#accept(step.response);
        else this.seen.refused++;
        answer?.(step.response);
      } else if (step.kind === 'notify') {
        const { headers } = step.request;
        const dialog = this.#dialogs.get(headers.get('From') ?? '');
        const state = parseSubscriptionState(headers.get('Subscription-State') ?? '');
        if (dialog === undefined || state === undefined) throw new Error('a NOTIFY outside any dialog, or without state');
        expect(dialog.over).toBe(false);
        const cseq = Number(headers.get('CSeq')?.split(' ')[0]);
        expect(cseq).toBe(dialog.cseq + 1);
        if (state.state !== 'terminated') {
          // Never lengthened, always told.
          expect(state.expires).toBeTypeOf('number');
          expect(this.now + (state.expires ?? 0) * 1e6).toBeLessThanOrEqual(dialog.until);
          // At most one in five seconds unless a SUBSCRIBE or a decision demands it.
          if (cause === 'change' || cause === 'timer') expect(this.now - dialog.lastNotify).toBeGreaterThanOrEqual(5e6);
        } else {
          expect(state.expires).toBeUndefined();
          dialog.over = true;
        }
        dialog.cseq = cseq;
        dialog.lastNotify = this.now;
        this.seen.notifies++;
        // The NOTIFY of a 2xx stands in the dialog which that 2xx made.
        if (accepted !== undefined) expect(headers.get('From')).toBe(accepted.headers.get('To'));
        accepted = undefined;
        this.#travel(
          step.request,
          (request, reply) => this.#notified(request, reply),
          (response) => this.byNotifier(this.notifier.answered(step.subscription, response, this.now), 'policy'),
          () => this.byNotifier(this.notifier.unanswered(step.subscription, 'timeout', this.now), 'policy'),
        );
      }
    }
    // A NOTIFY follows every 2xx in the same breath.
    expect(accepted).toBeUndefined();
  }

  #accept(response: SipResponse): SipResponse {
    const key = response.headers.get('To') ?? '';
    const until = this.now + Number(response.headers.get('Expires')) * 1e6;
    const known = this.#dialogs.get(key);
    if (known === undefined) this.#dialogs.set(key, { until, cseq: 0, lastNotify: -Infinity, over: false });
    else {
      expect(known.over).toBe(false);
      known.until = until;
    }
    return response;
  }

  #notified(request: SipRequest, reply: (response: SipResponse) => void): void {
    const callId = request.headers.get('Call-ID') ?? '';
    if (!this.#answered.has(callId)) this.seen.early++;
    let answers = 0;
    this.bySubscriber(this.subscriber.receiveNotify(request, this.now), (response) => {
      answers++;
      // After its end a subscription knows no NOTIFY any more.
      if (this.#endedCallIds.has(callId) && response.status !== 200) expect(response.status).toBe(481);
      reply(response);
    });
    expect(answers).toBe(1);
  }

  /** One transaction: the request arrives or not, its answer comes back or not, or somebody else answers; without an answer Timer F fires. */
  #travel(
    request: SipRequest,
    arrive: (request: SipRequest, reply: (response: SipResponse) => void) => void,
    answered: (response: SipResponse) => void,
    timeout: () => void,
  ): void {
    const { delay, lost, forged } = this.#fates[this.#fate++ % this.#fates.length] ?? { delay: 1, lost: undefined, forged: undefined };
    const finish = (response: SipResponse): void => {
      if (request.method === 'SUBSCRIBE') this.#answered.add(request.headers.get('Call-ID') ?? '');
      answered(response);
    };
    if (lost !== undefined)
      this.schedule(32_000, () => {
        this.seen.timeouts++;
        timeout();
      });
    if (forged !== undefined && lost === undefined) this.schedule(delay, () => finish(createResponse(request, forged, undefined, 'proxy')));
    else if (lost !== 'request') this.schedule(delay, () => arrive(request, (response) => lost === undefined && this.schedule(delay, () => finish(response))));
  }
}

function run(acts: readonly Act[], fates: readonly Fate[]): World {
  const world = new World(fates);
  let latest: SubscriberSubscription | undefined;
  for (const { deed, pause } of acts) {
    const current = world.subscriber.find('presence', BOB) ?? latest;
    if (deed === 'subscribe' || deed === 'fetch') {
      const steps = world.subscriber.subscribe({ package: 'presence', resource: BOB, from: ALICE, expires: deed === 'fetch' ? 0 : 2000 }, world.now);
      for (const step of steps) if (step.kind === 'subscribe') latest = step.subscription;
      world.bySubscriber(steps);
    } else if (deed === 'refresh' && current !== undefined) world.bySubscriber(world.subscriber.refresh(current, world.now));
    else if (deed === 'unsubscribe' && current !== undefined) world.bySubscriber(world.subscriber.unsubscribe(current, world.now));
    else if (deed === 'change') {
      const before = world.seen.notifies;
      world.byNotifier(world.notifier.changed('presence', BOB, world.now), 'change');
      if (world.notifier.size > 0 && world.seen.notifies === before) world.seen.coalesced++;
    } else if (deed === 'grant') {
      world.policy = 'active';
      world.byNotifier(world.notifier.decide('presence', BOB, ALICE, { decision: 'active', reason: 'Granted.' }, world.now), 'policy');
    } else if (deed === 'reject') {
      world.policy = 'pending';
      world.byNotifier(world.notifier.decide('presence', BOB, ALICE, { decision: 'rejected', reason: 'Withdrawn.' }, world.now), 'policy');
    }
    world.runUntil(after(world.now, seconds(pause)));
  }
  return world;
}

describe('any history of a subscription', () => {
  it('keeps the rules of RFC 6665 on both sides, and comes to an end', () => {
    const total = { notifies: 0, early: 0, refused: 0, timeouts: 0, coalesced: 0 };
    const property = fc.property(fc.array(act, { minLength: 1, maxLength: 25 }), fc.array(fate, { minLength: 5, maxLength: 40 }), (acts, fates) => {
      const world = run(acts, fates);
      // The watcher loses interest, the network is repaired: nothing may be left on either side.
      for (const subscription of world.subscriber.subscriptions()) world.bySubscriber(world.subscriber.unsubscribe(subscription, world.now));
      world.runUntil(after(world.now, seconds(4000)));
      for (const subscription of world.subscriber.subscriptions()) world.bySubscriber(world.subscriber.unsubscribe(subscription, world.now));
      world.runUntil(after(world.now, seconds(4000)));
      expect(world.notifier.size).toBe(0);
      expect(world.subscriber.subscriptions()).toEqual([]);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += world.seen[key];
    });
    fc.assert(property, { numRuns: 300, seed: 20261123 });
    // The property would be empty if the wire had been kind.
    for (const count of Object.values(total)) expect(count).toBeGreaterThan(20);
  });

  it('gives the tag of the 200 to every NOTIFY, whichever comes first', () => {
    const world = run([{ deed: 'subscribe', pause: 60 }], [{ delay: 10, lost: undefined, forged: undefined }]);
    const [subscription] = world.subscriber.subscriptions();
    expect(subscription?.dialog?.remoteTag).toBe(world.notifier.subscriptionsTo('presence', BOB)[0]?.dialog.localTag);
    expect(tagOf(`<${BOB}>;tag=${subscription?.dialog?.remoteTag ?? ''}`)).toBeDefined();
  });
});
