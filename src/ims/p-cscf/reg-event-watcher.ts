/** The P-CSCF's own subscription to the registration state of its users (TS 24.229, P-CSCF procedures; RFC 3680): so it learns when the network ends one. */
import type { Chance } from '#base/chance.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { seconds, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { isReginfoError, parseReginfo } from '#presence/reginfo/document.ts';
import { REG_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { Registered } from './state.ts';

/** Seconds: longer than any registration lasts. */
const EXPIRES = 604_800;
/** 64·T1 between nodes of the core network. */
const TIMER_N = seconds(32);

export class RegEventWatcher {
  readonly #host: string;
  readonly #subscriber: Subscriber;
  readonly #watched = new Map<string, Registered>();

  constructor(host: string, chance: Chance) {
    this.#host = host;
    this.#subscriber = new Subscriber({ packages: [REG_FACTS], contact: `<sip:${host}>`, chance, timerN: TIMER_N });
  }

  /** A NOTIFY addressed to the P-CSCF itself. */
  isForUs(request: SipRequest): boolean {
    return request.method === 'NOTIFY' && hostOf(request.uri) === this.#host;
  }

  subscribe(registered: Registered, now: SimTime): readonly SubscriberStep[] {
    const resource = registered.identities[0] ?? '';
    this.#watched.set(resource, registered);
    return this.#subscriber.subscribe({ package: 'reg', resource, from: `sip:${this.#host}`, expires: EXPIRES }, now);
  }

  receive(request: SipRequest, now: SimTime): readonly SubscriberStep[] {
    return this.#subscriber.receiveNotify(request, now);
  }

  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): readonly SubscriberStep[] {
    return this.#subscriber.answered(subscription, response, now);
  }

  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): readonly SubscriberStep[] {
    return this.#subscriber.unanswered(subscription, why, now);
  }

  deadline(): SimTime | undefined {
    return this.#subscriber.deadline();
  }

  fire(now: SimTime): readonly SubscriberStep[] {
    return this.#subscriber.fire(now);
  }

  /** The user whose registration this NOTIFY declares over, if it does. */
  endedBy(step: Extract<SubscriberStep, { kind: 'notified' }>): Registered | undefined {
    const registered = this.#watched.get(step.subscription.wish.resource);
    if (registered === undefined) return undefined;
    const document = parseReginfo(decodeUtf8(step.body));
    const over =
      step.body.length > 0 &&
      !isReginfoError(document) &&
      document.registrations.every((one) => one.contacts.every((contact) => contact.state === 'terminated'));
    if (step.state === 'terminated') this.#watched.delete(step.subscription.wish.resource);
    return over ? registered : undefined;
  }

  table(now: SimTime): ViewTable {
    return { ...this.#subscriber.viewTable(now), title: 'Registration state watched', empty: 'No registration is watched.' };
  }

  timers(): readonly ViewTimer[] {
    return this.#subscriber.viewTimers();
  }

  states(): readonly LiveState[] {
    return this.#subscriber.viewStates();
  }
}
