/**
 * Tells one NOTIFY on to many: an experiment, standardised nowhere (presence/common). An application server in the watchers' network, behind the S-CSCF by filter criteria: it ends each watcher's SUBSCRIBE and
 * asks in the watcher's name itself, dialog for dialog, refresh for refresh (TS 24.229 §5.7). A change that the presence server tells once, for all, it tells every watcher.
 * Leaves out: filters, partial documents, fetches that say so (they are subscriptions that end).
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { earliest, seconds, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { answerAsServer } from '#ims/node/application-server.ts';
import { newIcid, setChargingVector } from '#ims/node/charging-vector.ts';
import { addHeader, decided, rejected, routed } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { equalBytes } from '#base/bytes.ts';
import { formatTellsOn, parseMark } from '#presence/common/common-notify.ts';
import { type Authorization, PRESENCE_FACTS, type StateQuestion } from '#presence/subscription/event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription, subscriptionKey } from '#presence/subscription/notifier.ts';
import type { WishRefinement } from '#presence/subscription/refinement.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription, type Wish } from '#presence/subscription/subscriber.ts';
import { NOTIFIER } from '#presence/subscription/tables.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { parseNumber } from '#protocol/sip/values.ts';

/** A watcher's subscription, and the one across the border that serves it. */
interface Relay {
  readonly wish: Wish;
  readonly request: SipRequest;
  readonly watcher: string;
  /** Until the watcher is answered. */
  server: ServerTransaction | undefined;
  upstream: SubscriberSubscription | undefined;
  downstream: NotifierSubscription | undefined;
  state: 'active' | 'pending';
  body: Uint8Array | undefined;
  /** The group of dialogs that are shown the same, as the presence server names it. */
  group: string | undefined;
}

type Purpose =
  { readonly kind: 'notify'; readonly subscription: NotifierSubscription } | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription };

/** 64·T1 between nodes of the core network. */
const TIMER_N = seconds(32);
const MIN_EXPIRES = 60;
const MAX_EXPIRES = 86_400;
const SERVED: UasCapabilities = {
  methods: ['SUBSCRIBE', 'NOTIFY'],
  schemes: ['sip', 'sips', 'pres'],
  extensions: [],
  contentTypes: ['*'],
  contentEncodings: [],
};

export class NotifyDistributor extends SipNode<Purpose> {
  readonly #notifier: Notifier;
  readonly #subscriber: Subscriber;
  readonly #relays = new Map<Wish, Relay>();
  /** The watcher that is being answered. */
  #admitting: Relay | undefined;

  constructor(config: NodeConfig, chance: Chance, maxExpires = MAX_EXPIRES) {
    super(config, chance);
    const contact = `<sip:${config.host}>`;
    this.#subscriber = new Subscriber({ packages: [PRESENCE_FACTS], contact, chance, timerN: TIMER_N });
    const authorize = (): Authorization => this.#verdict();
    const bodyOf = ({ subscription }: StateQuestion): Uint8Array | undefined => (this.#served(subscription) ?? this.#admitting)?.body;
    this.#notifier = new Notifier({ contact, chance, packages: [{ ...PRESENCE_FACTS, minExpires: MIN_EXPIRES, maxExpires, authorize, bodyOf }] });
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest): void {
    if (!this.mayServe(server, request, SERVED)) return;
    if (request.method === 'NOTIFY') {
      this.#subscriberSteps(this.#subscriber.receiveNotify(request, this.now), server, request);
      return;
    }
    const watcher = identityKey(uriOf(request.headers.first('P-Asserted-Identity') ?? '') ?? '');
    if (tagOf(request.headers.get('To') ?? '') !== undefined) this.#within(server, request, watcher);
    else if (watcher === '') this.refuse(server, 403, rejected('No network vouches for the identity of this watcher.', 'RFC 3325 §5', 'P-Asserted-Identity'));
    else this.#open(server, request, watcher);
  }

  protected override onResponse({ purpose }: Outgoing<Purpose>, response: SipResponse): void {
    if (purpose.kind === 'notify') this.#notifierSteps(this.#notifier.answered(purpose.subscription, response, this.now));
    else this.#subscriberSteps(this.#subscriber.answered(purpose.subscription, response, this.now));
  }

  protected override onNoAnswer({ purpose }: Outgoing<Purpose>, why: NoAnswer): void {
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    if (purpose.kind === 'notify') this.#notifierSteps(this.#notifier.unanswered(purpose.subscription, cause, this.now));
    else this.#subscriberSteps(this.#subscriber.unanswered(purpose.subscription, cause, this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(this.#notifier.deadline(), this.#subscriber.deadline());
  }

  protected override onOwnDeadline(): void {
    this.#notifierSteps(this.#notifier.fire(this.now));
    this.#subscriberSteps(this.#subscriber.fire(this.now));
  }

  /** The presentity's own server decides: the watcher is answered when that has. */
  #open(server: ServerTransaction, request: SipRequest, watcher: string): void {
    const expires = parseNumber(request.headers.get('Expires')) ?? PRESENCE_FACTS.defaultExpires;
    const wish: Wish = { package: 'presence', resource: request.uri, from: watcher, expires, refresh: false, refinement: tellsOn(this.config.host) };
    this.#relays.set(wish, { wish, request, watcher, server, upstream: undefined, downstream: undefined, state: 'active', body: undefined, group: undefined });
    this.note(decided('The server asks in the name of the watcher, and answers when the presentity’s own server has.', 'TS 24.229 §5.7'));
    this.#subscriberSteps(this.#subscriber.subscribe(wish, this.now));
  }

  /** A refresh is one across the border, too; an end is seen to when the subscription is over. */
  #within(server: ServerTransaction, request: SipRequest, watcher: string): void {
    const callId = request.headers.get('Call-ID');
    const relay = [...this.#relays.values()].find((one) => one.downstream !== undefined && one.request.headers.get('Call-ID') === callId);
    const steps = this.#notifier.receive(request, watcher, this.now);
    const isTaken = steps.some((step) => step.kind === 'respond' && step.response.status < 300);
    this.#notifierSteps(steps, server);
    if (!isTaken || relay?.upstream === undefined || !this.#relays.has(relay.wish) || request.headers.get('Expires') === '0') return;
    this.#subscriberSteps(this.#subscriber.refresh(relay.upstream, this.now));
  }

  #verdict(): Authorization {
    const reason = 'The presentity’s own server has decided about this watcher.';
    return { decision: this.#admitting?.state ?? 'active', reason };
  }

  #served(subscription: object): Relay | undefined {
    return [...this.#relays.values()].find(({ downstream }) => downstream === subscription);
  }

  #subscriberSteps(steps: readonly SubscriberStep[], server?: ServerTransaction, request?: SipRequest): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.respond(server, step.response, answerAsServer(server, step.response, step.notes, this.config.domain));
          break;
        case 'subscribe':
          this.#subscribe(step);
          break;
        case 'notified': {
          const relay = this.#relays.get(step.subscription.wish);
          if (relay !== undefined && step.state !== 'terminated') this.#told(relay, step, request);
          break;
        }
        case 'ended': {
          const relay = this.#relays.get(step.subscription.wish);
          if (relay !== undefined) this.#ended(relay, step.cause.kind === 'refused' ? step.cause.status : 480);
          break;
        }
        default:
          this.out.push(step);
      }
    }
  }

  #subscribe({ request, notes: sofar, subscription, purpose }: Extract<SubscriberStep, { kind: 'subscribe' }>): void {
    const relay = this.#relays.get(subscription.wish);
    if (relay !== undefined) relay.upstream = subscription;
    const notes = [...sofar];
    if (purpose === 'initial' || purpose === 'fetch') {
      const why = 'The presentity is asked in the name of the watcher, whose identity a network has vouched for.';
      addHeader(request, notes, 'P-Asserted-Identity', `<${subscription.wish.from}>`, why, 'RFC 3325 §5');
      notes.push(routed('The server looks for the network of the presentity by itself.', 'TS 24.229 §5.7', request.uri));
    }
    this.#sendOwn(request, notes, { kind: 'subscribe', subscription });
  }

  #told(relay: Relay, { state, body }: Extract<SubscriberStep, { kind: 'notified' }>, request: SipRequest | undefined): void {
    const mark = parseMark(request?.headers.get('Subscription-State'));
    const { wish } = relay;
    relay.group = mark?.group;
    relay.state = state === 'pending' ? 'pending' : 'active';
    const others =
      mark?.isForAll !== true
        ? []
        : [...this.#relays.values()].filter((one) => one !== relay && one.group === mark.group && one.wish.resource === wish.resource);
    if (others.length > 0) this.note(decided(`One NOTIFY for all: ${others.length + 1} watchers of ${wish.resource} are told. An experiment, no standard.`));
    for (const one of [relay, ...others]) this.#learn(one, body);
  }

  #learn(relay: Relay, body: Uint8Array): void {
    const isNews = relay.body === undefined || !equalBytes(relay.body, body);
    relay.body = body.length === 0 ? relay.body : body;
    if (relay.server !== undefined) {
      const { server, request, watcher } = relay;
      relay.server = undefined;
      this.#admitting = relay;
      this.#notifierSteps(this.#notifier.receive(request, watcher, this.now), server);
      this.#admitting = undefined;
      if (relay.downstream === undefined) this.#leave(relay);
    } else if (relay.downstream !== undefined) {
      const { downstream, wish, watcher } = relay;
      if (downstream.state === 'pending' && relay.state === 'active')
        this.#notifierSteps(
          this.#notifier.decide(
            'presence',
            downstream.resource,
            watcher,
            { decision: 'active', reason: `The server of ${wish.resource} lets it in.` },
            this.now,
          ),
        );
      else if (isNews) this.#notifierSteps(this.#notifier.changedFor(downstream, this.now));
    }
  }

  #ended(relay: Relay, status: number): void {
    this.#relays.delete(relay.wish);
    if (relay.server !== undefined)
      this.refuse(relay.server, status, rejected('The presentity’s own server does not take the subscription.', 'TS 24.229 §5.7'));
    const { downstream, watcher } = relay;
    if (downstream === undefined || downstream.state === 'terminated') return;
    const because = 'The subscription behind this one is over.';
    this.#notifierSteps(this.#notifier.end('presence', downstream.resource, { reason: 'deactivated', because, clause: 'RFC 6665 §4.2.2' }, this.now, watcher));
  }

  /** The watcher is gone: so is who asks in its name. */
  #leave(relay: Relay): void {
    if (relay.upstream !== undefined && this.#relays.has(relay.wish)) this.#subscriberSteps(this.#subscriber.unsubscribe(relay.upstream, this.now));
  }

  #notifierSteps(steps: readonly NotifierStep[], server?: ServerTransaction): void {
    const over = new Set<string>();
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (server !== undefined) this.respond(server, step.response, answerAsServer(server, step.response, step.notes, this.config.domain));
      } else if (step.kind === 'notify') {
        if (this.#admitting !== undefined) this.#admitting.downstream = step.subscription;
        this.#sendOwn(
          step.request,
          [...step.notes, routed('It goes the way that the SUBSCRIBE recorded.', 'RFC 3261 §12.2.1.1', step.request.headers.first('Route'))],
          {
            kind: 'notify',
            subscription: step.subscription,
          },
        );
      } else {
        if (step.kind === 'emit' && step.event.machine === NOTIFIER.name && step.event.to === 'terminated') over.add(step.event.key);
        this.out.push(step);
      }
    }
    if (over.size === 0) return;
    for (const relay of [...this.#relays.values()]) if (relay.downstream !== undefined && over.has(subscriptionKey(relay.downstream))) this.#leave(relay);
  }

  #sendOwn(request: SipRequest, notes: Note[], purpose: Purpose): void {
    const { host, domain } = this.config;
    const vector = { icid: newIcid(this.chance, host), generatedAt: host, originating: domain };
    setChargingVector(request, notes, vector, 'The server is the first IMS node of this transaction, so it gives it its number.', 'TS 32.260 §5.1.2.2');
    this.send({ request, notes, server: undefined, purpose, targets: [], tried: 0 });
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [
      { ...this.#notifier.viewTable(now), title: 'Watchers' },
      { ...this.#subscriber.viewTable(now), title: 'Asked in their names', empty: 'Nobody is asked for.' },
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [...this.#notifier.viewTimers(), ...this.#subscriber.viewTimers()];
  }

  protected override ownStates(): readonly LiveState[] {
    return [...this.#notifier.viewStates(), ...this.#subscriber.viewStates()];
  }
}

/** Says with the first SUBSCRIBE who will tell NOTIFYs on. */
function tellsOn(host: string): WishRefinement {
  const eventParams = formatTellsOn(host);
  const reason = 'What is told once for all of this network is told on here: an experiment, no standard.';
  const note: Note = { op: 'added', header: 'Event', to: eventParams.slice(1), reason };
  return {
    ask: (isOpening) => (isOpening ? { eventParams, headers: [], notes: [note] } : { eventParams: '', headers: [], notes: [] }),
    heard: () => undefined,
  };
}
