/**
 * User equipment as watcher and presence user agent (TS 24.229 §5.1; TS 24.141, UE procedures): registers with its USIM, subscribes, publishes, and takes
 * NOTIFYs, all over the security associations with its P-CSCF. It does what a person wants of it (intents). Omitted: P-CSCF discovery (the address is configured).
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, seconds, type SimTime } from '#base/time.ts';
import type { EntityView, LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { asksForRegistration } from '#ims/node/restoration.ts';
import { NOT_OPENED, type SaPairs } from '#ims/node/security-associations.ts';
import { SIP_PORT, SipNode } from '#ims/node/sip-node.ts';
import type { PublisherStep } from '#presence/publication/publisher.ts';
import { DIALOG_FACTS, PRESENCE_FACTS, REG_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription, type Wish } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import { type Flow, type ServerTransaction, type TimerValues, UE_TIMERS } from '#protocol/sip/transactions.ts';
import type { ContentFetching, HttpUse, LeanWatching, LearntOfList, ListWatching, WatcherWatching, XcapUse } from './abilities.ts';
import type { UeConfig } from './config.ts';
import { addInitialHeaders, addProtectedHeaders } from './edit.ts';
import { isOutside, textOr } from './intent-values.ts';
import { NextChange } from './next-change.ts';
import { noteOfRegistrationEnd, type Notified, presenceIn, registrationEnd } from './notified.ts';
import { OUTLIVES, OwnPresence, type Standing } from './own-presence.ts';
import type { Purpose } from './purpose.ts';
import { ueTables } from './tables.ts';
import { Registering, wishOf } from './registering.ts';
import { contactOf, UE_REGISTRATION, UeRegistration } from './registration.ts';
import { isWish, watchWish } from './watch-wish.ts';
import { wayToProxy } from './ways.ts';

/** 64·T1 with the UE's T1 of 2 s. */
const TIMER_N = seconds(128);

/** What a UE takes; the subscriber judges the body by what was asked for. */
const NOTIFICATIONS: UasCapabilities = { methods: ['NOTIFY'], schemes: ['sip', 'sips'], extensions: [], contentTypes: ['*'], contentEncodings: [] };

export class Ue extends SipNode<Purpose> {
  readonly #ue: UeConfig;
  readonly #registration: UeRegistration;
  readonly #registering: Registering;
  readonly #subscriber: Subscriber;
  readonly #own: OwnPresence;
  readonly #watchers: WatcherWatching | undefined;
  readonly #lists: ListWatching | undefined;
  readonly #xcap: XcapUse | undefined;
  readonly #lean: LeanWatching | undefined;
  readonly #content: ContentFetching | undefined;
  readonly #overHttp: readonly HttpUse[];
  /** What a person wanted while the registration was under way. */
  #waiting: Intent[] = [];
  readonly #nextChange = new NextChange();
  /** What is known of those who are watched. */
  readonly #seen = new Map<string, string>();
  /** What is sent right now goes past the security associations, because a person wants it so. */
  #outside = false;
  /** What to take up again after the network has ended a registration. */
  #interrupted: { readonly wishes: readonly Wish[]; readonly published: readonly Standing[] } | undefined;

  constructor(config: UeConfig, chance: Chance) {
    super({ host: config.id, domain: config.homeDomain, address: config.address, dns: config.proxy.address }, chance);
    this.#ue = config;
    this.#lists = config.abilities?.createListWatching?.();
    this.#lean = config.abilities?.createLeanWatching?.();
    this.#registration = new UeRegistration(config, chance, (machine, key, from, on, to) => this.stateChange(machine, key, from, on, to));
    this.#registering = new Registering(this.#registration, config, {
      now: () => this.now,
      note: (note) => this.note(note),
      stateChange: (machine, key, from, on, to) => this.stateChange(machine, key, from, on, to),
      send: ({ request, notes, over }) => this.#transmit(request, notes, { kind: 'register', onTrial: over?.phase === 'temporary' }, over),
      registered: () => this.#registered(),
      stillRegistered: () => this.#carryOutWaiting(),
      over: () => this.#leave(this.#registration.isLeaving ? 'drop' : 'keep'),
    });
    this.#own = new OwnPresence(config.startsAt, chance, this.#lean?.shorten);
    this.#watchers = config.abilities?.createWatcherWatching?.();
    this.#xcap = config.xcap === undefined ? undefined : config.abilities?.createXcapUse?.(config.xcap, config.address, chance);
    this.#content = config.abilities?.createContentFetching?.(config.address, config.startsAt);
    this.#overHttp = [this.#content, this.#xcap].filter((use) => use !== undefined);
    const more = this.#watchers === undefined ? [] : [this.#watchers.pack];
    this.#subscriber = new Subscriber({
      packages: [PRESENCE_FACTS, REG_FACTS, DIALOG_FACTS, ...more],
      contact: `<${contactOf(config)}>`,
      chance,
      timerN: TIMER_N,
    });
  }

  /** IPsec stands below SIP: what it cannot open never arrives. What comes over HTTP is none of SIP's business. */
  override step(input: Input, now: SimTime): readonly Effect[] {
    const use = this.#overHttp.find((each) => each.isAbout(input));
    if (use !== undefined) {
      this.now = now;
      this.out = [];
      use.step(input, now, this.out);
      this.#learnArrived();
      return this.out;
    }
    if (input.kind === 'bytes' && !this.#registration.associations.opens(input.seal, input.remote.port)) return [{ kind: 'note', note: NOT_OPENED }];
    return super.step(input, now);
  }

  protected override timersFor(): TimerValues {
    return UE_TIMERS;
  }

  protected override onIntent(intent: Intent): void {
    const { state } = this.#registration;
    if (this.#xcap?.wishes.has(intent.kind) === true) {
      this.#xcap.carryOut(intent, this.#watchers?.undecided()[0], this.now, this.out);
      return;
    }
    if (intent.kind === 'register') {
      if (state === 'not registered' || state === 'registered') {
        this.#registering.register(wishOf(intent));
      } else this.note(decided('A registration is under way already.'));
      return;
    }
    if (state === 'registering' || state === 'challenged') {
      this.#waiting.push(intent);
      this.note(decided('The UE is not registered yet: this waits until it is.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    if (state !== 'registered' && !isOutside(intent)) {
      this.note(rejected('The UE is not registered: without a registration no S-CSCF would take anything from it.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    this.#carryOutIntent(intent);
  }

  #carryOutIntent(intent: Intent): void {
    switch (intent.kind) {
      case 'deregister':
        if (this.#own.published.length > 0) this.note(OUTLIVES);
        this.#registering.deregister();
        return;
      case 'subscribe':
      case 'fetch':
      case 'enquire-next-change': {
        const taking = { lists: this.#lists, content: this.#content, lean: this.#lean };
        const wish = watchWish(intent, this.#registration.defaultIdentity, (event) => this.#subscriber.knows(event), taking);
        if (!isWish(wish)) {
          this.note(wish);
          return;
        }
        if (intent.kind === 'enquire-next-change') this.#nextChange.await(wish);
        this.#outside = isOutside(intent);
        if (this.#outside) this.note(decided('A person wanted this outside the security associations, to see what the network says.'));
        this.#subscriberSteps(this.#subscriber.subscribe(wish, this.now));
        this.#outside = false;
        return;
      }
      case 'refresh':
      case 'unsubscribe': {
        const event = textOr(intent['event'], 'presence');
        const latest = this.#subscriber.subscriptions().find((one) => one.package.name === event);
        const subscription = this.#subscriber.find(event, textOr(intent['to'], latest?.wish.resource ?? ''));
        if (subscription === undefined) this.note(rejected('There is no such subscription.'));
        else {
          this.#lean?.adjust(subscription, intent);
          this.#subscriberSteps(this.#subscriber[intent.kind](subscription, this.now));
        }
        return;
      }
      default: {
        const steps = this.#own.carryOut(intent, this.#registration.defaultIdentity, this.now);
        if (steps !== undefined) this.#publisherSteps(steps);
        else this.note(rejected(`A UE does not know what "${intent.kind}" is.`));
      }
    }
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    const pairs = this.#arrivedOver(flow);
    // TS 33.203 §7.1: over UDP everything leaves from the protected client port.
    if (flow.transport === 'udp' && pairs !== undefined) server.responseFlow = { ...server.responseFlow, local: { ...flow.local, port: pairs.ue.clientPort } };
    if (pairs === undefined && !this.#mayComePlain(flow)) {
      this.refuse(server, 403, rejected('Nothing is taken but over the security association with the P-CSCF.', 'TS 33.203 §7.1'));
      return;
    }
    if (!this.mayServe(server, request, this.#lists === undefined ? NOTIFICATIONS : { ...NOTIFICATIONS, extensions: [this.#lists.supports] })) return;
    this.#subscriberSteps(this.#subscriber.receiveNotify(request, this.now), server);
  }

  /** An answer tells over which access it comes, a refusal too (within a dialog: TS 24.229 §5.1.2A.1.1); whoever comes past the P-CSCF does not hear it. */
  protected override respond(server: ServerTransaction, response: SipResponse, notes: readonly Note[]): void {
    if (this.#arrivedOver(server.flow) !== undefined || this.#mayComePlain(server.flow))
      response.headers.append('P-Access-Network-Info', this.#ue.accessNetwork);
    super.respond(server, response, notes);
  }

  /** The security associations that lead from the P-CSCF's protected client port to the own server port. */
  #arrivedOver({ local, remote }: Flow): SaPairs | undefined {
    if (remote.address !== this.#ue.proxy.address || local.port !== this.#ue.serverPort) return undefined;
    return this.#registration.associations.receivedFrom(remote.port);
  }

  /** Without security associations anything from the P-CSCF; where there are to be none at all, also once registered. */
  #mayComePlain({ local, remote }: Flow): boolean {
    if (remote.address !== this.#ue.proxy.address || this.#registration.security !== undefined) return false;
    return this.#registration.state !== 'registered' || (this.#ue.algorithms.length === 0 && local.port === SIP_PORT);
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    if (purpose.kind !== 'register' && this.#registration.state === 'registered' && asksForRegistration(response)) {
      this.note(decided('The S-CSCF is lost, and the network asks for a new registration: whatever hung on the old one begins anew.', 'TS 24.229 §7.6'));
      this.#leave('resume');
      this.#registering.register();
      return;
    }
    switch (purpose.kind) {
      case 'register':
        this.#registering.answered(response);
        return;
      case 'subscribe':
        this.#subscriberSteps(this.#subscriber.answered(purpose.subscription, response, this.now));
        return;
      case 'publish':
        this.#publisherSteps(this.#own.answered(purpose.name, response, this.now));
        return;
      case 'stray-publish':
    }
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { purpose } = outgoing;
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    this.note(decided(`Nobody answered the ${outgoing.request.method}: the UE gives up.`, 'RFC 3261 §17.1.2.2'));
    if (purpose.kind === 'subscribe') this.#subscriberSteps(this.#subscriber.unanswered(purpose.subscription, cause, this.now));
    else if (purpose.kind === 'publish') this.#publisherSteps(this.#own.unanswered(purpose.name, this.now));
    else if (purpose.kind === 'register') this.#registering.unanswered(purpose.onTrial);
  }

  protected override ownDeadline(): SimTime | undefined {
    const own = earliest(this.#subscriber.deadline(), earliest(this.#own.deadline(), this.#registering.deadline()));
    return this.#overHttp.reduce((first, use) => earliest(first, use.deadline()), own);
  }

  protected override onOwnDeadline(): void {
    this.#subscriberSteps(this.#subscriber.fire(this.now));
    this.#publisherSteps(this.#own.fire(this.now));
    this.#registering.fire();
    for (const use of this.#overHttp) use.fire(this.now, this.out);
  }

  /** The user is registered: the UE watches its own registration, and does what was to wait for it. */
  #registered(): void {
    const identity = this.#registration.defaultIdentity;
    if (this.#subscriber.find('reg', identity) === undefined) {
      this.#subscriberSteps(this.#subscriber.subscribe({ package: 'reg', resource: identity, from: identity, expires: 600_000 }, this.now));
    }
    this.#resume();
    this.#carryOutWaiting();
  }

  #carryOutWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const intent of waiting) this.#carryOutIntent(intent);
  }

  #publisherSteps(steps: readonly PublisherStep[]): void {
    for (const step of steps) {
      if (step.kind === 'publish') this.#sendInitial(step.request, step.notes, { kind: 'publish', name: step.name });
      else if (step.kind === 'failed') this.note(rejected(`The publication failed${step.status === undefined ? '' : `: ${step.status}`}.`, 'RFC 3903 §5'));
      else this.out.push(step);
    }
  }

  #subscriberSteps(steps: readonly SubscriberStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.respond(server, step.response, step.notes);
          break;
        case 'subscribe':
          if (this.#registration.state === 'not registered' && !this.#outside)
            this.note(decided('Without a registration there is no way to ask: it is not tried.', 'TS 24.229 (clause unchecked)'));
          else if (step.purpose === 'initial' || step.purpose === 'fetch')
            this.#sendInitial(step.request, step.notes, { kind: 'subscribe', subscription: step.subscription });
          else this.#sendProtected(step.request, [...step.notes], { kind: 'subscribe', subscription: step.subscription });
          break;
        case 'notified':
          this.#learn(step);
          break;
        case 'ended':
          this.#watchers?.forget(step.subscription);
          this.#lists?.forget(step.subscription);
          this.#lean?.forget(step.subscription);
          break;
        default:
          this.out.push(step);
      }
    }
  }

  #learn(step: Notified): void {
    if (step.subscription.package.name === 'reg') {
      const event = registrationEnd(step);
      if (event === undefined || this.#registration.state !== 'registered') return;
      this.#registering.move('network-ends');
      this.note(noteOfRegistrationEnd(event));
      this.#leave(event === 'deactivated' ? 'resume' : 'drop');
      if (event === 'deactivated') this.#registering.register();
      return;
    }
    if (step.subscription.package.name === this.#watchers?.pack.name) {
      const { notes, wantsFullState } = this.#watchers.learn(step);
      for (const note of notes) this.note(note);
      if (wantsFullState) this.#subscriberSteps(this.#subscriber.refresh(step.subscription, this.now));
      return;
    }
    const { wish } = step.subscription;
    if (this.#content?.isReference(step) === true) {
      this.#content.follow(step, this.now, this.out);
      this.#learnArrived();
      return;
    }
    if (this.#lists?.isList(step) === true) {
      this.#learnOfList(this.#lists.learn(step), step);
      return;
    }
    const { step: whole, notes = [], wantsFullState } = this.#lean?.learn(step) ?? { step };
    const { summary, note } = presenceIn(whole);
    for (const each of notes) this.note(each);
    if (wantsFullState === true) this.#refreshWhole(step.subscription);
    if (summary !== undefined) this.#seen.set(wish.resource, summary);
    if (note !== undefined) this.note(note);
    if (step.body.length > 0 && summary !== undefined && this.#nextChange.heard(wish, summary) && step.state !== 'terminated') {
      this.note(decided('That is the change that was asked for: the UE ends the subscription by itself.', 'TS 23.141 §A.1'));
      this.#subscriberSteps(this.#subscriber.unsubscribe(step.subscription, this.now));
    }
  }

  /** What a NOTIFY only referred to is here. */
  #learnArrived(): void {
    for (const known of this.#content?.arrived() ?? []) this.#learn(known);
  }

  #learnOfList({ notes, seen, wantsFullState }: LearntOfList, { subscription }: Notified): void {
    for (const note of notes) this.note(note);
    for (const [resource, summary] of seen) this.#seen.set(resource, summary);
    if (wantsFullState) this.#refreshWhole(subscription);
  }

  #refreshWhole(subscription: SubscriberSubscription): void {
    this.#lean?.distrust(subscription);
    this.#subscriberSteps(this.#subscriber.refresh(subscription, this.now));
  }

  /**
   * The registration is over, and with it the way for everything else: given up for good (`drop`), or taken up again once there is a new registration
   * (`resume`; `keep`: what was to be taken up before still is).
   */
  #leave(what: 'drop' | 'resume' | 'keep' = 'drop'): void {
    this.#registration.forget();
    const steps: SubscriberStep[] = [];
    const wishes = this.#subscriber.abandon(PRESENCE_FACTS.name, this.now, steps);
    if (this.#watchers !== undefined) wishes.push(...this.#subscriber.abandon(this.#watchers.pack.name, this.now, steps));
    if (what === 'resume') this.#subscriber.abandon(REG_FACTS.name, this.now, steps);
    this.#subscriberSteps(steps);
    if (what !== 'keep') this.#interrupted = what === 'resume' ? { wishes, published: this.#own.published } : undefined;
    this.#own.forget();
  }

  /** What the network had interrupted begins anew. */
  #resume(): void {
    const interrupted = this.#interrupted;
    this.#interrupted = undefined;
    if (interrupted === undefined) return;
    for (const wish of interrupted.wishes) {
      this.note(decided('What was watched before the registration was lost is watched anew.', 'TS 24.229 (clause unchecked)'));
      this.#subscriberSteps(this.#subscriber.subscribe(wish, this.now));
    }
    for (const standing of interrupted.published) {
      this.note(decided('What was published before the registration was lost is published anew.', 'RFC 3903 §4.2'));
      this.#publisherSteps(this.#own.publishBody(standing, this.#registration.defaultIdentity, this.now));
    }
  }

  /** A request outside a dialog: the way is the P-CSCF and then the Service-Route. */
  #sendInitial(request: SipRequest, sofar: readonly Note[], purpose: Purpose): void {
    const notes = [...sofar];
    addInitialHeaders(request, notes, this.#ue, this.#registration, this.#protection());
    this.#sendProtected(request, notes, purpose);
  }

  #sendProtected(request: SipRequest, notes: Note[], purpose: Purpose): void {
    addProtectedHeaders(request, notes, this.#ue, this.#protection());
    this.#transmit(request, notes, purpose, this.#protection());
  }

  /** The security associations that protect what is sent now. */
  #protection(): SaPairs | undefined {
    return this.#outside ? undefined : this.#registration.security;
  }

  /** Everything goes to the P-CSCF. */
  #transmit(request: SipRequest, notes: Note[], purpose: Purpose, over: SaPairs | undefined): void {
    this.send({ request, notes, server: undefined, purpose, timers: UE_TIMERS, via: wayToProxy(this.#ue, over), targets: [], tried: 0 });
  }

  override view(now: SimTime): EntityView {
    return { ...super.view(now), waiting: this.#watchers?.undecided() ?? [], changes: this.#xcap?.changes() ?? [] };
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    const tables = ueTables(this.#registration, this.#subscriber.viewTable(now), this.#seen, this.#own.summary, now);
    const more = [this.#watchers?.table(), this.#lists?.table(), ...this.#overHttp.map((use) => use.table())];
    return [...tables, ...more.filter((table) => table !== undefined)];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [...this.#subscriber.viewTimers(), ...this.#own.timers(), ...this.#overHttp.flatMap((use) => use.timers())];
  }

  protected override ownStates(): readonly LiveState[] {
    return [
      { machine: UE_REGISTRATION.name, key: this.#ue.publicIdentity, state: this.#registration.state },
      ...this.#subscriber.viewStates(),
      ...this.#own.states(),
    ];
  }

  protected override mark(): string | undefined {
    return this.#registration.state === 'registered' ? 'registered' : undefined;
  }
}
