/**
 * The notifier (RFC 6665 §4.2): accepts, prolongs and ends subscriptions, and tells watchers the state of a resource. It is given SUBSCRIBE requests and the
 * answers to its NOTIFYs and returns what to send; its owner has the transactions and the transport.
 * Table NOTIFIER. It knows no event package: policy, formats and rates come with each NotifierPackage.
 * What makes NOTIFYs fewer and smaller comes with the package too (refinement.ts). Omitted: several subscriptions in one dialog (RFC 6665 §4.5.2). Merged requests (482) are the transaction layer's business; every new initial SUBSCRIBE makes a dialog of its own.
 */
import type { Chance } from '#base/chance.ts';
import type { EmitEffect, NoteEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { transition } from '#base/state-table.ts';
import { type SimTime, after, earliest, inSeconds, seconds } from '#base/time.ts';
import { Timers } from '#base/timers.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { checkRemoteCSeq, createUasDialog, refreshTarget } from '#protocol/sip/dialog.ts';
import { type SipRequest, type SipResponse, createResponse } from '#protocol/sip/message.ts';
import { tagOf } from '#protocol/sip/name-addr.ts';
import { addressOfRecord } from '#protocol/sip/uri.ts';
import type { Authorization, NotifierPackage } from './event-package.ts';
import { type LiveSubscription, type NotifierSubscription, NotifierTable, subscriptionKey } from './notifier-table.ts';
import type { NotifierOptions } from './notifier-options.ts';
import { type SubscriptionEnd, acceptance, nextNotify } from './notify-request.ts';
import { latestNotify, leastInterval, occasionOf, sparedBy } from './refined.ts';
import { FETCHED, RUN_OUT, UNSUBSCRIBED } from './subscription-ends.ts';
import { endsSubscription, formatEvent, parseEvent } from './subscription-state.ts';
import { statesOfSubscriptions, tableOfSubscriptions, timersOfSubscriptions } from './subscription-view.ts';
import { type Terms, termsOf } from './terms.ts';
import { NOTIFIER, type NotifierEvent, type NotifierGuard, notifierTable } from './tables.ts';

export type { NotifierSubscription, SubscriptionMove } from './notifier-table.ts';
export { subscriptionKey } from './notifier-table.ts';

/** What the owner has to do, in this order. Its own header fields (charging, identity) it adds to the message. */
export type NotifierStep =
  | { readonly kind: 'respond'; readonly response: SipResponse; readonly notes: readonly Note[] }
  | { readonly kind: 'notify'; readonly request: SipRequest; readonly subscription: NotifierSubscription; readonly notes: readonly Note[] }
  | EmitEffect
  | NoteEffect;

/** What the actions of one transition need to know. */
interface Occasion {
  readonly now: SimTime;
  readonly steps: NotifierStep[];
  readonly request?: SipRequest;
  readonly requested?: number | undefined;
  readonly granted?: number;
  readonly end?: SubscriptionEnd;
  /** Set when no NOTIFY is needed: why. */
  spared?: Note | undefined;
}

export class Notifier {
  readonly #packages: ReadonlyMap<string, NotifierPackage>;
  readonly #contact: string;
  readonly #chance: Chance;
  readonly #table = new NotifierTable();
  readonly #expiries = new Timers<LiveSubscription>();
  readonly #intervals = new Timers<LiveSubscription>();
  readonly #accepts202: boolean;
  readonly #observe: NotifierOptions['observe'];

  constructor(options: NotifierOptions) {
    this.#accepts202 = options.accepts202 === true;
    this.#observe = options.observe;
    this.#packages = new Map(options.packages.map((pack) => [pack.name, pack]));
    this.#contact = options.contact;
    this.#chance = options.chance;
  }

  /** How many subscriptions live. */
  get size(): number {
    return this.#table.size;
  }

  /** Takes a SUBSCRIBE. `watcher` is who it is asserted to come from, as a canonical identity. Never throws on what it holds. */
  receive(request: SipRequest, watcher: string, now: SimTime): NotifierStep[] {
    const { headers } = request;
    const event = parseEvent(headers.get('Event'));
    const pack = event === undefined ? undefined : this.#packages.get(event.name);
    if (event === undefined || pack === undefined) {
      // RFC 6665 §4.2.3: without Event (PINT is not served) and RFC 6665 §4.2.1.1: with an unknown package the answer is 489.
      const reason = event === undefined ? 'The SUBSCRIBE names no event package.' : `The event package ${event.name} is not served here.`;
      return this.#refuse(request, 489, { header: 'Event', reason, clause: event === undefined ? 'RFC 6665 §4.2.3' : 'RFC 6665 §4.2.1.1' }, [
        ['Allow-Events', [...this.#packages.keys()].join(', ')],
      ]);
    }
    const localTag = tagOf(headers.get('To') ?? '');
    const eventValue = event.id === undefined ? pack.name : ownText(formatEvent(event));
    if (localTag !== undefined) return this.#receiveWithin(request, localTag, eventValue, now);
    const terms = termsOf(request.headers, pack);
    return 'status' in terms
      ? this.#refuse(request, terms.status, terms.note, terms.headers)
      : this.#receiveInitial(request, pack, eventValue, watcher, terms, now);
  }

  /** The state of a resource changed (as `watcher` alone sees it, when given): who may see it hears of it, at the rate of the package. */
  changed(packageName: string, resource: string, now: SimTime, watcher?: string): NotifierStep[] {
    const steps: NotifierStep[] = [];
    for (const subscription of this.subscriptionsTo(packageName, resource))
      if (watcher === undefined || subscription.watcher === watcher) this.#run(subscription, 'state-changed', { now, steps });
    return steps;
  }

  /** The same for one subscription alone, where each has a state of its own. */
  changedFor(subscription: NotifierSubscription, now: SimTime): NotifierStep[] {
    const steps: NotifierStep[] = [];
    const live = this.#table.live(subscription);
    if (live !== undefined) this.#run(live, 'state-changed', { now, steps });
    return steps;
  }

  /** The owner of a resource, or policy, decided about a watcher. One that was let in may have to wait again (RFC 5025 §3.2.1). */
  decide(packageName: string, resource: string, watcher: string, authorization: Authorization, now: SimTime): NotifierStep[] {
    const { decision, reason } = authorization;
    if (decision === 'rejected') return this.end(packageName, resource, { reason: 'rejected', because: reason, clause: 'RFC 6665 §4.2.1.3' }, now, watcher);
    const steps: NotifierStep[] = [];
    const access = decision === 'pending' ? 'none' : decision === 'polite' ? 'polite' : 'full';
    for (const subscription of this.subscriptionsTo(packageName, resource)) {
      if (subscription.watcher !== watcher || subscription.access === access) continue;
      subscription.access = access;
      this.#run(subscription, decision === 'pending' ? 'policy-withdrawn' : 'policy-grants', { now, steps });
    }
    return steps;
  }

  /** Ends the subscriptions to a resource (of one watcher, when given), each with a last NOTIFY. */
  end(packageName: string, resource: string, end: SubscriptionEnd, now: SimTime, watcher?: string): NotifierStep[] {
    const steps: NotifierStep[] = [];
    for (const subscription of this.subscriptionsTo(packageName, resource)) {
      if (watcher === undefined || subscription.watcher === watcher) this.#run(subscription, 'policy-ends', { now, steps, end });
    }
    return steps;
  }

  /** The final response to a NOTIFY. */
  answered(subscription: NotifierSubscription, response: SipResponse, now: SimTime): NotifierStep[] {
    const live = this.#table.live(subscription);
    if (live === undefined || response.status < 200) return [];
    if (response.status < 300) {
      // RFC 3261 §12.2.1.2: a 2xx to a target refresh request may bring a new Contact.
      live.dialog = refreshTarget(live.dialog, response);
      const note = live.package.refinement?.heard?.(live, response);
      if (note === undefined) return [];
      this.#awaitRate(live, now);
      return [{ kind: 'note', note }];
    }
    // RFC 6665 §4.2.2: these codes remove the subscription; RFC 3261 §12.2.1.2: 408 ends the dialog as a timeout would.
    if (endsSubscription(response.status) || response.status === 408) {
      const clause = response.status === 408 ? 'RFC 3261 §12.2.1.2' : 'RFC 6665 §4.2.2';
      return this.#drop(live, `The NOTIFY was answered ${response.status}: the subscription is removed without another word.`, clause, now);
    }
    live.missed = true;
    return [
      {
        kind: 'note',
        note: {
          op: 'decided',
          reason: `The NOTIFY was answered ${response.status}: only that NOTIFY failed, the subscription stays.`,
          clause: 'RFC 6665 §4.2.2',
        },
      },
    ];
  }

  /** A NOTIFY got no answer (Timer F), or could not be sent. */
  unanswered(subscription: NotifierSubscription, why: 'timeout' | 'transport-error', now: SimTime): NotifierStep[] {
    const live = this.#table.live(subscription);
    if (live === undefined) return [];
    // RFC 6665 §4.2.2: a subscriber that does not answer is taken for gone.
    if (why === 'timeout') return this.#drop(live, 'Nobody answered the NOTIFY until Timer F fired: the watcher is taken for gone.', 'RFC 6665 §4.2.2', now);
    live.missed = true;
    // RFC 3261 §8.1.3.1: a transport error counts as 503, which is not among the codes that end a subscription.
    return [
      {
        kind: 'note',
        note: { op: 'decided', reason: 'The NOTIFY could not be sent, which counts as 503: the subscription stays.', clause: 'RFC 3261 §8.1.3.1' },
      },
    ];
  }

  deadline(): SimTime | undefined {
    return earliest(this.#expiries.next(), this.#intervals.next());
  }

  /** All that is due at `now`: expiries, and changes of state whose turn has come. */
  fire(now: SimTime): NotifierStep[] {
    const steps: NotifierStep[] = [];
    for (;;) {
      const expiry = this.#expiries.next();
      const interval = this.#intervals.next();
      if (expiry !== undefined && expiry <= now && (interval === undefined || expiry <= interval)) {
        const subscription = this.#expiries.due(now);
        if (subscription !== undefined) this.#run(subscription, 'expires', { now, steps, end: RUN_OUT });
      } else if (interval !== undefined && interval <= now) {
        const subscription = this.#intervals.due(now);
        if (subscription !== undefined) this.#run(subscription, 'interval-over', { now, steps });
      } else return steps;
    }
  }

  /** Oldest first. */
  subscriptionsTo(packageName: string, resource: string): LiveSubscription[] {
    const pack = this.#packages.get(packageName);
    return pack === undefined ? [] : this.#table.of(pack, resource);
  }

  /** To what somebody is subscribed. */
  resources(packageName: string): string[] {
    const pack = this.#packages.get(packageName);
    return pack === undefined ? [] : this.#table.resources(pack);
  }

  viewTable(now: SimTime): ViewTable {
    return tableOfSubscriptions(this.#table.all(), now);
  }

  viewTimers(): ViewTimer[] {
    return timersOfSubscriptions(this.#table.all());
  }

  viewStates(): LiveState[] {
    return statesOfSubscriptions(this.#table.all());
  }

  #receiveInitial(request: SipRequest, pack: NotifierPackage, event: string, watcher: string, terms: Terms, now: SimTime): NotifierStep[] {
    const resource = addressOfRecord(request.uri)?.replace(/^pres:/, 'sip:');
    if (resource === undefined)
      return this.#refuse(request, 416, { reason: `The Request-URI ${request.uri} is no address of a resource here.`, clause: 'RFC 3261 §8.2.2.1' });
    const authorization = pack.authorize({ resource, watcher, request }, now);
    const clause = authorization.clause ?? 'RFC 6665 §4.2.1.3';
    if (authorization.decision === 'rejected') return this.#refuse(request, authorization.status ?? 403, { reason: authorization.reason, clause });
    let localTag = this.#chance.token('to-tag', 10);
    while (this.#table.has(localTag)) localTag = this.#chance.token('to-tag', 10);
    const dialog = createUasDialog(request, localTag);
    // RFC 3261 §12.1.1: a request that makes a dialog brings exactly one Contact.
    if (dialog === undefined)
      return this.#refuse(request, 400, {
        header: 'Contact',
        reason: 'A SUBSCRIBE needs exactly one usable Contact: the NOTIFYs go there.',
        clause: 'RFC 3261 §12.1.1',
      });
    const { decision, reason } = authorization;
    const subscription: LiveSubscription = {
      dialog,
      package: pack,
      // Usually the URIs of the dialog: the same text is kept once.
      resource: resource === dialog.localUri ? dialog.localUri : ownText(resource),
      watcher: watcher === dialog.remoteUri ? dialog.remoteUri : ownText(watcher),
      event,
      contentType: terms.contentType,
      state: NOTIFIER.initial,
      access: decision === 'pending' ? 'none' : decision === 'polite' ? 'polite' : 'full',
      expiresAt: after(now, seconds(terms.granted)),
      notified: 0,
      lastNotifyAt: now,
      missed: false,
      expiry: undefined,
      interval: undefined,
      next: undefined,
      previous: undefined,
    };
    const refusal = pack.refinement?.take(subscription, request);
    if (refusal !== undefined) return this.#refuse(request, refusal.status, refusal.note, refusal.headers);
    const steps: NotifierStep[] = [{ kind: 'note', note: { op: 'decided', reason, clause } }];
    const occasion: Occasion = { now, steps, request, requested: terms.requested, granted: terms.granted, end: FETCHED };
    this.#run(subscription, 'subscribe', occasion);
    this.#run(subscription, decision === 'pending' ? 'policy-needed' : 'policy-grants', occasion);
    return steps;
  }

  #receiveWithin(request: SipRequest, localTag: string, event: string, now: SimTime): NotifierStep[] {
    const { headers } = request;
    const subscription = this.#table.find(headers.get('Call-ID') ?? '', localTag, tagOf(headers.get('From') ?? '') ?? '');
    if (subscription === undefined || subscription.event !== event) {
      const reason =
        subscription === undefined
          ? 'No subscription has this dialog: it ended, or never was.'
          : `The subscription of this dialog is for ${subscription.event}, not for ${event}.`;
      return this.#refuse(request, 481, { reason, clause: 'RFC 3261 §12.2.2' });
    }
    const verdict = checkRemoteCSeq(subscription.dialog, request);
    if (verdict.kind === 'out-of-order') return [{ kind: 'respond', response: createResponse(request, verdict.status), notes: [verdict.note] }];
    subscription.dialog = verdict.dialog;
    const terms = termsOf(headers, subscription.package);
    if ('status' in terms) return this.#refuse(request, terms.status, terms.note, terms.headers);
    const refusal = subscription.package.refinement?.take(subscription, request);
    if (refusal !== undefined) return this.#refuse(request, refusal.status, refusal.note, refusal.headers);
    subscription.dialog = refreshTarget(verdict.dialog, request);
    subscription.contentType = terms.contentType;
    const steps: NotifierStep[] = [];
    this.#run(subscription, terms.granted === 0 ? 'unsubscribe' : 'refresh', {
      now,
      steps,
      request,
      requested: terms.requested,
      granted: terms.granted,
      end: UNSUBSCRIBED,
    });
    return steps;
  }

  #drop(subscription: LiveSubscription, reason: string, clause: string, now: SimTime): NotifierStep[] {
    const steps: NotifierStep[] = [{ kind: 'note', note: { op: 'removed', reason, clause } }];
    this.#run(subscription, 'notify-failed', { now, steps });
    return steps;
  }

  #run(subscription: LiveSubscription, on: NotifierEvent, occasion: Occasion): void {
    const { now, steps } = occasion;
    const step = transition(notifierTable, subscription.state, on, (guard) => this.#holds(subscription, guard, occasion));
    if (step === undefined) return;
    subscription.state = step.to;
    const { from, to } = step;
    if (from !== to) {
      steps.push({ kind: 'emit', event: { kind: 'state', machine: NOTIFIER.name, key: subscriptionKey(subscription), from, on, to } });
      this.#observe?.({ subscription, from, on, to, reason: occasion.end?.reason }, now);
    }
    for (const action of step.actions) {
      switch (action) {
        case 'respond':
        case 'respond-alone':
          if (occasion.request !== undefined) {
            const { requested, granted = 0, spared } = occasion;
            steps.push({
              kind: 'respond',
              ...acceptance(occasion.request, subscription.dialog.localTag, this.#contact, requested, granted, this.#accepts202, spared),
            });
          }
          break;
        case 'spare':
          this.#endInterval(subscription);
          this.#awaitRate(subscription, now);
          if (occasion.spared !== undefined) steps.push({ kind: 'note', note: occasion.spared });
          break;
        case 'store':
          this.#table.add(subscription);
          break;
        case 'set-expiry':
          this.#expiries.cancel(subscription.expiry);
          subscription.expiresAt = after(now, seconds(occasion.granted ?? 0));
          subscription.expiry = this.#expiries.set(subscription.expiresAt, subscription);
          break;
        case 'notify':
        case 'notify-end':
          // A NOTIFY tells the latest state: nothing waits behind it.
          this.#endInterval(subscription);
          steps.push({
            kind: 'notify',
            subscription,
            ...nextNotify(subscription, this.#contact, action === 'notify' ? undefined : occasion.end, now, occasionOf(on, occasion.request !== undefined)),
          });
          if (action === 'notify') this.#awaitRate(subscription, now);
          break;
        case 'wait-for-interval':
          if (!this.#setInterval(subscription, after(subscription.lastNotifyAt, leastInterval(subscription)))) break;
          steps.push({
            kind: 'note',
            note: {
              op: 'decided',
              reason: `The last NOTIFY to ${subscription.watcher} was less than ${inSeconds(leastInterval(subscription))} s ago: this change waits, and only the latest state goes out.`,
              clause: 'RFC 3856 §6.10',
            },
          });
          break;
        case 'forget':
          this.#table.remove(subscription);
          this.#expiries.cancel(subscription.expiry);
          this.#intervals.cancel(subscription.interval);
          break;
      }
    }
  }

  #holds(subscription: LiveSubscription, guard: NotifierGuard, occasion: Occasion): boolean {
    if (guard === 'fetch') return occasion.granted === 0;
    if (guard === 'spared') {
      occasion.spared = sparedBy(subscription, occasion.request !== undefined, occasion.now);
      return occasion.spared !== undefined;
    }
    if (subscription.access !== 'full') return false;
    return guard === 'may-see' || occasion.now >= after(subscription.lastNotifyAt, leastInterval(subscription));
  }

  /** Where a least rate is agreed the next NOTIFY is due some time, whatever happens. */
  #awaitRate(subscription: LiveSubscription, now: SimTime): void {
    const due = latestNotify(subscription, now);
    if (due !== undefined) this.#setInterval(subscription, due);
  }

  #endInterval(subscription: LiveSubscription): void {
    this.#intervals.cancel(subscription.interval);
    subscription.interval = undefined;
  }

  /** Whether it waits until then from now on; something earlier stays. */
  #setInterval(subscription: LiveSubscription, at: SimTime): boolean {
    const { interval } = subscription;
    if (interval !== undefined && interval.firesAt <= at) return false;
    this.#intervals.cancel(interval);
    subscription.interval = this.#intervals.set(at, subscription);
    return true;
  }

  #refuse(request: SipRequest, status: number, note: Omit<Note, 'op'>, headers: readonly (readonly [string, string])[] = []): NotifierStep[] {
    // RFC 3261 §8.2.6.2: every final response carries a tag in To.
    const response = createResponse(request, status, undefined, this.#chance.token('to-tag', 10));
    for (const [name, value] of headers) response.headers.append(name, value);
    return [{ kind: 'respond', response, notes: [{ op: 'rejected', ...note }] }];
  }
}
