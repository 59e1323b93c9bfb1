/** From where a presence server gets the presentities' rules while it runs. Handed in where they are kept by somebody else; types only. */
import type { BytesInput, Effect, Endpoint, Input } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { SubscriberStep, SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';

export interface RulesSource {
  /** A NOTIFY that is for it. */
  receiveNotify(request: SipRequest, now: SimTime): SubscriberStep[];
  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): SubscriberStep[];
  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): SubscriberStep[];
  /** What a NOTIFY told: it fetches what has changed. */
  learn(body: Uint8Array, now: SimTime, out: Effect[]): void;
  /** Whether these bytes are an answer over HTTP that it waits for. */
  isAbout(input: Input): boolean;
  receive(input: BytesInput, now: SimTime, out: Effect[]): void;
  transportFailed(remote: Endpoint, now: SimTime, out: Effect[]): void;
  /** The presentities whose rules have changed since it was asked last. */
  takeChanged(): readonly string[];
  deadline(): SimTime | undefined;
  fire(now: SimTime, out: Effect[]): SubscriberStep[];
  viewTable(now: SimTime): ViewTable;
  viewTimers(): readonly ViewTimer[];
  viewStates(): readonly LiveState[];
}
