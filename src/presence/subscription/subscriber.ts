/**
 * The subscriber (RFC 6665 §4.1): opens, refreshes and ends subscriptions and takes their NOTIFYs. It is told wishes, responses and NOTIFYs and returns
 * what to send; its owner has the transactions and the route.
 * Table SUBSCRIBER. The NOTIFY makes the dialog and gives it its route set, and may overtake the 200.
 * Omitted: several dialogs out of one SUBSCRIBE: presence allows one (RFC 3856 §6.9), so NOTIFYs of further forks are answered 481 (RFC 6665 §5.4.9);
 * authentication by 401. What a wish wants beyond the framework (RFC 5839, ...) comes with it (refinement.ts).
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { transition } from '#base/state-table.ts';
import { type Duration, type SimTime, after, between, inSeconds, seconds } from '#base/time.ts';
import { Timers } from '#base/timers.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { checkRemoteCSeq, createUasDialog, refreshTarget } from '#protocol/sip/dialog.ts';
import { type SipRequest, type SipResponse, createResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { mediaTypeOf, parseCSeq, parseDeltaSeconds } from '#protocol/sip/values.ts';
import { refreshAt } from '../refresh-time.ts';
import type { SubscriberPackage } from './event-package.ts';
import { type Refusal, judgeNotify } from './notify-judgement.ts';
import { type EndCause, againAfter, noteOfEnd, noteOfState } from './resubscription.ts';
import {
  type LiveWatch,
  type SubscribePurpose,
  type SubscriberStep,
  type SubscriberSubscription,
  type WatchTimer,
  type WatchTimerDue,
  type Wish,
  dialogSubscribe,
  openingRequest,
  watchKey,
} from './subscriber-subscription.ts';
import { type SubscriptionState, endsSubscription, formatEvent } from './subscription-state.ts';
import { statesOfWatches, tableOfWatches, timersOfWatches } from './subscription-view.ts';
import { SUBSCRIBER, type SubscriberEvent, subscriberTable } from './tables.ts';

export type { SubscriberStep, SubscriberSubscription, SubscribePurpose, Wish } from './subscriber-subscription.ts';
export { watchKey } from './subscriber-subscription.ts';

/** What the actions of one transition need to know. */
interface Occasion {
  readonly now: SimTime;
  readonly steps: SubscriberStep[];
  readonly response?: SipResponse;
  readonly notified?: SubscriptionState;
  readonly cause?: EndCause;
}

export interface SubscriberOptions {
  readonly packages: readonly SubscriberPackage[];
  /** The Contact value of this node. */
  readonly contact: string;
  readonly chance: Chance;
  /** 64*T1: 128 s at a UE, 32 s between nodes of the core network. */
  readonly timerN: Duration;
}

/** Seconds are told as whole numbers, and a NOTIFY takes its time. */
const COUNTED_DOWN = seconds(2);
const LATER: Note = { op: 'decided', reason: 'No NOTIFY has made the dialog yet: the end is asked for as soon as one does.', clause: 'RFC 6665 §4.4.1' };
const SURVIVED: Note = {
  op: 'decided',
  reason: 'The refresh failed, but not in a way that ends the subscription: it lives until its time is over.',
  clause: 'RFC 6665 §4.1.2.2',
};

export class Subscriber {
  readonly #packages: ReadonlyMap<string, SubscriberPackage>;
  readonly #chance: Chance;
  readonly #timerN: Duration;
  readonly #byTag = new Map<string, LiveWatch>();
  readonly #timers = new Timers<WatchTimerDue>();
  #contact: string;

  constructor(options: SubscriberOptions) {
    this.#packages = new Map(options.packages.map((pack) => [pack.name, pack]));
    this.#contact = options.contact;
    this.#chance = options.chance;
    this.#timerN = options.timerN;
  }

  /** A new Contact value (a UE learns its protected port when registering), for the requests from now on. */
  setContact(contact: string): void {
    this.#contact = contact;
  }

  /** Opens a subscription, or fetches when `expires` is 0. Throws when the package is not one of ours. */
  subscribe(wish: Wish, now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    this.#open(wish, now, steps);
    return steps;
  }

  /** Ends a subscription: at once, or as soon as the first NOTIFY has made its dialog. Also calls off a retry. */
  unsubscribe(subscription: SubscriberSubscription, now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    const watch = this.#byTag.get(subscription.localTag);
    if (watch === undefined) return steps;
    if (watch.state === 'terminated') this.#forget(watch);
    else this.#run(watch, 'unsubscribe', { now, steps });
    return steps;
  }

  /** Gives up the subscriptions to a package, retries included, without a word: the way to their notifiers is gone. Their wishes, oldest first. */
  abandon(packageName: string, now: SimTime, steps: SubscriberStep[]): Wish[] {
    const wishes: Wish[] = [];
    for (const watch of [...this.#byTag.values()]) {
      if (watch.package.name !== packageName) continue;
      if (!watch.ending) wishes.push(watch.wish);
      if (watch.state === 'terminated') this.#forget(watch);
      else this.#run(watch, 'abandon', { now, steps, cause: { kind: 'abandoned' } });
    }
    return wishes;
  }

  /** Refreshes now instead of at its time. */
  refresh(subscription: SubscriberSubscription, now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    const watch = this.#byTag.get(subscription.localTag);
    if (watch !== undefined && !watch.ending) this.#run(watch, 'refresh-due', { now, steps });
    return steps;
  }

  knows(packageName: string): boolean {
    return this.#packages.has(packageName);
  }

  /** The latest subscription to that resource that is not over. */
  find(packageName: string, resource: string): SubscriberSubscription | undefined {
    let found: SubscriberSubscription | undefined;
    for (const watch of this.#byTag.values())
      if (watch.state !== 'terminated' && watch.package.name === packageName && watch.wish.resource === resource) found = watch;
    return found;
  }

  /** All that are not over, oldest first. */
  subscriptions(): SubscriberSubscription[] {
    return [...this.#byTag.values()].filter((watch) => watch.state !== 'terminated');
  }

  /** A final response to a SUBSCRIBE of this subscription. */
  answered(subscription: SubscriberSubscription, response: SipResponse, now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    const watch = this.#byTag.get(subscription.localTag);
    const { status, headers } = response;
    // An answer to an earlier SUBSCRIBE than the last says nothing that still counts.
    if (watch === undefined || status < 200 || parseCSeq(headers.get('CSeq') ?? '')?.number !== watch.cseq) return steps;
    const occasion: Occasion = { now, steps, response, cause: { kind: 'refused', status } };
    const minimum = parseDeltaSeconds(headers.get('Min-Expires'));
    // RFC 5839 §5.6, §5.7: 204 says that no NOTIFY follows; of an unsubscribe it is the end.
    if (status === 204 && watch.asked === 0) this.#run(watch, 'accepted-as-last', { ...occasion, cause: { kind: 'notified', reason: 'timeout' } });
    else if (status < 300) this.#run(watch, 'accepted', occasion);
    // RFC 3261 §8.1.3.5: after 423 the request may be tried again with a longer interval; a minimum that was met already ends the attempts.
    else if (status === 423 && minimum !== undefined && watch.asked > 0 && minimum > watch.asked) this.#run(watch, 'too-brief', occasion);
    else if (watch.state === 'notify_wait' || endsSubscription(status)) this.#run(watch, 'refused', occasion);
    else this.#run(watch, 'refresh-failed', occasion);
    return steps;
  }

  /** A SUBSCRIBE got no answer (Timer F), or could not be sent. */
  unanswered(subscription: SubscriberSubscription, why: 'timeout' | 'transport-error', now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    const watch = this.#byTag.get(subscription.localTag);
    if (watch === undefined) return steps;
    if (watch.state === 'notify_wait') this.#run(watch, 'refused', { now, steps, cause: { kind: 'unanswered' } });
    // A refresh that times out: Timer N, as long as Timer F, decides by whether a NOTIFY came (RFC 6665 §4.1.2.2).
    else if (why === 'transport-error') this.#run(watch, 'refresh-failed', { now, steps });
    return steps;
  }

  /** Takes a NOTIFY: the first step is always the response. Never throws on what it holds. */
  receiveNotify(request: SipRequest, now: SimTime): SubscriberStep[] {
    const judged = judgeNotify(request, this.#packages, this.#byTag);
    if (judged.kind === 'refused') return [this.#refuse(request, judged)];
    const { watch, told, state, contentType } = judged;
    const notes: Note[] = [];
    const fault = this.#enterDialog(watch, request, notes);
    if (fault !== undefined) return [fault];
    watch.wish.refinement?.heard(request);
    // The NOTIFY that an unsubscribe or a fetch waits for is the last one: until then Timer N goes on.
    if (watch.asked > 0 || state === 'terminated') this.#stop(watch, 'Timer N');
    if (state !== 'terminated') notes.push(noteOfState(state, told.expires));
    const steps: SubscriberStep[] = [
      { kind: 'respond', response: createResponse(request, 200), notes },
      { kind: 'notified', subscription: watch, state, contentType, contentTypeField: request.headers.get('Content-Type'), body: request.body },
    ];
    const { reason, retryAfter } = told;
    const cause = { kind: 'notified', ...(reason === undefined ? {} : { reason }), ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
    this.#run(watch, judged.on, { now, steps, notified: told, cause });
    // An end that had to wait for the dialog; it means nothing when this NOTIFY was the last.
    if (watch.ending && watch.asked > 0) this.#run(watch, 'unsubscribe', { now, steps });
    return steps;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  /** All timers that are due at `now`. */
  fire(now: SimTime): SubscriberStep[] {
    const steps: SubscriberStep[] = [];
    for (let due = this.#timers.due(now); due !== undefined; due = this.#timers.due(now)) {
      const { name, watch } = due;
      watch.timers[name] = undefined;
      if (name === 'Timer N') this.#run(watch, 'timer-n', { now, steps, cause: { kind: 'timer-n' } });
      else if (name === 'Refresh') this.#run(watch, 'refresh-due', { now, steps });
      else if (name === 'Wait for last NOTIFY') this.#run(watch, 'expires', { now, steps, cause: { kind: 'expired' } });
      else {
        this.#forget(watch);
        this.#open(watch.wish, now, steps);
      }
    }
    return steps;
  }

  viewTable(now: SimTime): ViewTable {
    return tableOfWatches(this.#byTag.values(), now);
  }

  viewTimers(): ViewTimer[] {
    return timersOfWatches(this.#byTag.values());
  }

  viewStates(): LiveState[] {
    return statesOfWatches(this.#byTag.values());
  }

  #open(wish: Wish, now: SimTime, steps: SubscriberStep[]): void {
    const pack = this.#packages.get(wish.package);
    if (pack === undefined) throw new Error(`Subscriber: no package ${wish.package}`);
    const watch: LiveWatch = {
      wish,
      package: wish.accepts === undefined ? pack : { ...pack, contentTypes: wish.accepts.map((range) => mediaTypeOf(range) ?? range) },
      callId: this.#chance.token('call-id', 16),
      localTag: this.#chance.token('from-tag', 10),
      event: formatEvent(wish.id === undefined ? { name: pack.name } : { name: pack.name, id: wish.id }),
      state: SUBSCRIBER.initial,
      dialog: undefined,
      expiresAt: undefined,
      cseq: 0,
      asked: wish.expires ?? pack.defaultExpires,
      ending: wish.expires === 0,
      fallback: undefined,
      openingCSeq: 0,
      timers: { 'Timer N': undefined, Refresh: undefined, 'Wait for last NOTIFY': undefined, Retry: undefined },
    };
    this.#byTag.set(watch.localTag, watch);
    this.#run(watch, 'subscribe', { now, steps });
  }

  /** Makes the dialog out of the first NOTIFY, or checks that a later one is in order. The refusal, when there is one. */
  #enterDialog(watch: LiveWatch, request: SipRequest, notes: Note[]): SubscriberStep | undefined {
    if (watch.dialog !== undefined) {
      const verdict = checkRemoteCSeq(watch.dialog, request);
      if (verdict.kind === 'out-of-order') return { kind: 'respond', response: createResponse(request, verdict.status), notes: [verdict.note] };
      watch.dialog = refreshTarget(verdict.dialog, request);
      return undefined;
    }
    const made = createUasDialog(request, watch.localTag, watch.cseq);
    if (made === undefined) {
      const note = { header: 'Contact', reason: 'A NOTIFY that makes a dialog needs exactly one usable Contact.', clause: 'RFC 3261 §12.1.1' };
      return this.#refuse(request, { kind: 'refused', status: 400, note, headers: [] });
    }
    // The URIs of the dialog are those of our SUBSCRIBE, whatever a notifier wrote into its From and To.
    watch.dialog = { ...made, localUri: watch.wish.from, remoteUri: watch.wish.resource };
    // RFC 6665 §4.4.1: the route set is that of the NOTIFY, not that of the 200.
    const early = watch.fallback === undefined;
    notes.push({
      op: 'decided',
      header: 'Record-Route',
      to: made.routeSet.join(', '),
      reason: early
        ? 'This NOTIFY overtook the 200 and makes the dialog; its Record-Route is the route set.'
        : 'The first NOTIFY makes the dialog; its Record-Route is the route set.',
      clause: 'RFC 6665 §4.4.1',
    });
    this.#fallBack(watch);
    return undefined;
  }

  /** Deviation: a first NOTIFY without any Record-Route leaves the route set to the 200 of the same notifier (RFC 6665 §4.4.1 would take the empty one). */
  #fallBack(watch: LiveWatch): void {
    const { dialog, fallback } = watch;
    if (dialog === undefined || fallback === undefined) return;
    if (dialog.routeSet.length === 0 && fallback.remoteTag === dialog.remoteTag) watch.dialog = { ...dialog, routeSet: fallback.routes };
    watch.fallback = undefined;
  }

  #run(watch: LiveWatch, on: SubscriberEvent, occasion: Occasion): void {
    const { now, steps } = occasion;
    const step = transition(subscriberTable, watch.state, on, () => true);
    if (step === undefined) return;
    watch.state = step.to;
    if (step.from !== step.to)
      steps.push({ kind: 'emit', event: { kind: 'state', machine: SUBSCRIBER.name, key: watchKey(watch), from: step.from, on, to: step.to } });
    for (const action of step.actions) {
      switch (action) {
        case 'send-subscribe':
          this.#send(watch, watch.asked === 0 ? 'fetch' : 'initial', occasion);
          break;
        case 'send-refresh':
          this.#send(watch, 'refresh', occasion);
          break;
        case 'send-unsubscribe':
          watch.ending = true;
          watch.asked = 0;
          this.#stop(watch, 'Refresh');
          this.#send(watch, 'unsubscribe', occasion);
          break;
        case 'send-again-longer':
          watch.asked = parseDeltaSeconds(occasion.response?.headers.get('Min-Expires')) ?? watch.asked;
          this.#send(watch, watch.dialog === undefined ? 'initial' : 'refresh', occasion);
          break;
        case 'unsubscribe-later':
          watch.ending = true;
          steps.push({ kind: 'note', note: LATER });
          break;
        case 'note-expiry':
          this.#noteExpiry(watch, occasion);
          break;
        case 'try-later': {
          // RFC 6665 §4.1.2.2: the subscription stays valid until its time is over. The next try comes at half of what is left.
          this.#stop(watch, 'Timer N');
          const left = watch.expiresAt === undefined ? 0 : between(now, watch.expiresAt);
          if (!watch.ending && watch.wish.refresh !== false && left > seconds(2))
            this.#set(watch, 'Refresh', after(now, seconds(Math.floor(inSeconds(left as Duration) / 2))));
          steps.push({ kind: 'note', note: SURVIVED });
          break;
        }
        case 'end':
          this.#end(watch, occasion.cause ?? { kind: 'expired' }, step.from !== 'notify_wait', occasion);
          break;
      }
    }
  }

  /** The time that is left, from the NOTIFY where it tells, else from the 200 while no NOTIFY has come. */
  #noteExpiry(watch: LiveWatch, { now, response, notified }: Occasion): void {
    if (response !== undefined) {
      const opening = watch.cseq === watch.openingCSeq;
      // RFC 3261 §12.2.1.2: the 2xx to a refresh may bring a new Contact. That of the opening is older than the dialog, which the NOTIFY made.
      if (watch.dialog !== undefined && !opening) watch.dialog = refreshTarget(watch.dialog, response);
      if (opening && (watch.dialog === undefined || watch.dialog.routeSet.length === 0)) {
        watch.fallback = {
          remoteTag: ownText(tagOf(response.headers.get('To') ?? '') ?? ''),
          routes: response.headers.values('Record-Route').map(ownText).reverse(),
        };
        this.#fallBack(watch);
      }
      // RFC 6665 §4.1.3: what a NOTIFY said counts more; after the SUBSCRIBE's NOTIFY has come the 200 has nothing to add.
      if (watch.timers['Timer N'] === undefined) return;
      if (response.status === 204) this.#stop(watch, 'Timer N');
    }
    if (watch.ending) return;
    const told = notified === undefined ? Math.min(parseDeltaSeconds(response?.headers.get('Expires')) ?? watch.asked, watch.asked) : notified.expires;
    // A NOTIFY without expires leaves the time as it is; only when none is known yet does what was asked for count.
    if (told === undefined && watch.expiresAt !== undefined) return;
    const granted = told ?? watch.asked;
    const known = watch.expiresAt;
    watch.expiresAt = after(now, seconds(granted));
    // What only counts down the time that is known already moves no refresh: a lively presentity would put it off again and again.
    const isAsKnown = known !== undefined && Math.abs(known - watch.expiresAt) < COUNTED_DOWN && watch.timers.Refresh !== undefined;
    // RFC 6665 §4.2.1.4: a notifier sends a last NOTIFY when it removes the subscription. It comes a little after the time is over: a 481 would be wrong then.
    this.#set(watch, 'Wait for last NOTIFY', after(watch.expiresAt, this.#timerN));
    if (watch.wish.refresh !== false && !isAsKnown) this.#set(watch, 'Refresh', refreshAt(now, granted));
  }

  #send(watch: LiveWatch, purpose: SubscribePurpose, { now, steps }: Occasion): void {
    watch.cseq++;
    // RFC 6665 §4.1.2.4 and §4.1.2.2: each SUBSCRIBE starts Timer N anew.
    this.#set(watch, 'Timer N', after(now, this.#timerN));
    const opening = watch.dialog === undefined;
    if (opening) watch.openingCSeq = watch.cseq;
    const made = opening ? openingRequest(watch, this.#contact) : dialogSubscribe(watch, this.#contact, purpose);
    steps.push({ kind: 'subscribe', subscription: watch, purpose, ...made });
  }

  #end(watch: LiveWatch, cause: EndCause, established: boolean, { now, steps }: Occasion): void {
    for (const name of Object.keys(watch.timers) as WatchTimer[]) this.#stop(watch, name);
    const again = watch.ending ? ({ kind: 'allowed' } as const) : againAfter(cause, established);
    steps.push({ kind: 'note', note: noteOfEnd(cause, watch.ending) }, { kind: 'ended', subscription: watch, cause, again });
    if (again.kind === 'later') this.#set(watch, 'Retry', after(now, seconds(again.seconds)));
    else {
      this.#forget(watch);
      // RFC 6665 §4.4.2: after deactivated a new subscription is opened at once, on a new dialog.
      if (again.kind === 'at-once') this.#open(watch.wish, now, steps);
    }
  }

  #forget(watch: LiveWatch): void {
    for (const name of Object.keys(watch.timers) as WatchTimer[]) this.#stop(watch, name);
    this.#byTag.delete(watch.localTag);
  }

  #refuse(request: SipRequest, { status, note, headers }: Refusal): SubscriberStep {
    // RFC 3261 §8.2.6.2: a final response has a tag in To, also where the NOTIFY had none.
    const response = createResponse(request, status, undefined, this.#chance.token('to-tag', 10));
    for (const [name, value] of headers) response.headers.append(name, value);
    return { kind: 'respond', response, notes: [{ op: 'rejected', ...note }] };
  }

  #set(watch: LiveWatch, name: WatchTimer, at: SimTime): void {
    this.#timers.cancel(watch.timers[name]);
    watch.timers[name] = this.#timers.set(at, { name, watch });
  }

  #stop(watch: LiveWatch, name: WatchTimer): void {
    this.#timers.cancel(watch.timers[name]);
    watch.timers[name] = undefined;
  }
}
