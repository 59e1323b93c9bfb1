/**
 * User equipment as watcher and presence user agent (TS 24.229 §5.1; TS 24.141, UE procedures): registers with its USIM, subscribes, publishes, and takes
 * NOTIFYs, all over the security associations with its P-CSCF. It does what a person wants of it (intents).
 * Omitted: P-CSCF discovery (the address is configured), lists, filters, partial documents (later issues).
 */
import type { Chance } from '#base/chance.ts';
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, seconds, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { decided, rejected, routed } from '#ims/node/edit.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { SIP_PORT, SipNode } from '#ims/node/sip-node.ts';
import { ACTIVITIES } from '#presence/pidf/document.ts';
import { isoAt } from '#presence/pidf/iso-time.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { publicationDocument, summaryOf } from '#presence/pidf/states.ts';
import { formatPidf, isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { EventPublisher, type PublisherStep } from '#presence/publication/publisher.ts';
import { PRESENCE_FACTS, REG_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription, type Wish } from '#presence/subscription/subscriber.ts';
import { isReginfoError, parseReginfo } from '#presence/reginfo/document.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { ServerTransaction, TimerValues } from '#protocol/sip/transactions.ts';
import { type Flow, UE_TIMERS } from '#protocol/sip/transactions.ts';
import { formatHost } from '#protocol/sip/uri.ts';
import { addInitialHeaders, addProtectedHeaders } from './edit.ts';
import { addressOf, secondsOr, textOr, textsOf, tokenOr } from './intent-values.ts';
import { NextChange } from './next-change.ts';
import { ueTables } from './tables.ts';
import { UE_REGISTRATION, type UeConfig, UeRegistration } from './registration.ts';

export type { UeConfig } from './registration.ts';

type Purpose =
  | { readonly kind: 'register'; readonly expires: number }
  | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription }
  | { readonly kind: 'publish' }
  | { readonly kind: 'stray-publish' };

/** 64·T1 with the UE's T1 of 2 s. */
const TIMER_N = seconds(128);
/** Seconds. */
const SUBSCRIPTION_EXPIRES = 7200;
const PUBLICATION_EXPIRES = 7200;

export class Ue extends SipNode<Purpose> {
  readonly #ue: UeConfig;
  readonly #registration: UeRegistration;
  readonly #subscriber: Subscriber;
  #publisher: EventPublisher | undefined;
  /** What a person wanted while the registration was under way. */
  #waiting: Intent[] = [];
  readonly #nextChange = new NextChange();
  /** What is known of those who are watched. */
  readonly #seen = new Map<string, string>();
  #mine: string | undefined;

  constructor(config: UeConfig, chance: Chance) {
    super({ host: config.id, domain: config.homeDomain, address: config.address, dns: config.proxy.address }, chance);
    this.#ue = config;
    this.#registration = new UeRegistration(config, chance);
    this.#subscriber = new Subscriber({ packages: [PRESENCE_FACTS, REG_FACTS], contact: `<${this.#contactUri()}>`, chance, timerN: TIMER_N });
  }

  protected override timersFor(): TimerValues {
    return UE_TIMERS;
  }

  protected override onIntent(intent: Intent): void {
    const { state } = this.#registration;
    if (intent.kind === 'register') {
      if (state === 'not registered' || state === 'registered') this.#register();
      else this.note(decided('A registration is under way already.'));
      return;
    }
    if (state === 'registering' || state === 'challenged') {
      this.#waiting.push(intent);
      this.note(decided('The UE is not registered yet: this waits until it is.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    if (state !== 'registered') {
      this.note(rejected('The UE is not registered: without a registration no S-CSCF would take anything from it.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    this.#carryOutIntent(intent);
  }

  #carryOutIntent(intent: Intent): void {
    switch (intent.kind) {
      case 'deregister':
        this.#deregister();
        return;
      case 'subscribe':
      case 'fetch':
      case 'enquire-next-change': {
        const expires = intent.kind === 'fetch' ? 0 : secondsOr(intent['expires'], SUBSCRIPTION_EXPIRES);
        const event = textOr(intent['event'], 'presence');
        if (event !== 'presence' && event !== 'reg') {
          this.note(rejected(`This UE watches presence and reg, not ${event}.`));
          return;
        }
        const resource = addressOf(intent['to']);
        if (resource === undefined) {
          this.note(rejected('That is no address that could be watched: a SIP, tel or pres URI is needed.', 'RFC 3261 §25.1'));
          return;
        }
        const watched = { package: event, resource, from: this.#registration.defaultIdentity, expires };
        const wish: Wish = intent['refresh'] === false ? { ...watched, refresh: false } : watched;
        if (intent.kind === 'enquire-next-change') this.#nextChange.await(wish);
        this.#subscriberSteps(this.#subscriber.subscribe(wish, this.now));
        return;
      }
      case 'refresh':
      case 'unsubscribe': {
        const subscription = this.#subscriber.find(
          'presence',
          textOr(intent['to'], this.#subscriber.subscriptions().find((one) => one.package.name === 'presence')?.wish.resource ?? ''),
        );
        if (subscription === undefined) this.note(rejected('There is no such subscription.'));
        else
          this.#subscriberSteps(
            intent.kind === 'refresh' ? this.#subscriber.refresh(subscription, this.now) : this.#subscriber.unsubscribe(subscription, this.now),
          );
        return;
      }
      case 'publish':
        this.#publish(intent);
        return;
      case 'unpublish':
        if (this.#publisher === undefined) this.note(rejected('Nothing is published.'));
        else this.#publisherSteps(this.#publisher.remove(this.now));
        return;
      case 'refresh-publication':
        this.#publishAgain(undefined);
        return;
      case 'publish-with-wrong-tag':
        this.#publishAgain(tokenOr(intent['tag'], 'no-such-tag'));
        return;
      default:
        this.note(rejected(`A UE does not know what "${intent.kind}" is.`));
    }
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    // TS 33.203 §7.1: over UDP everything leaves from the protected client port.
    if (flow.transport === 'udp' && flow.local.port === this.#ue.serverPort)
      server.responseFlow = { ...server.responseFlow, local: { ...flow.local, port: this.#ue.clientPort } };
    if (!this.#isProtected(flow)) {
      this.refuse(server, 403, rejected('Nothing is taken but over the security association with the P-CSCF.', 'TS 33.203 §7.1'));
      return;
    }
    if (request.method !== 'NOTIFY') {
      this.refuse(server, 405, rejected(`This UE takes NOTIFY only, not ${request.method}.`, 'RFC 3261 §8.2.1'), [['Allow', 'NOTIFY']]);
      return;
    }
    this.#subscriberSteps(this.#subscriber.receiveNotify(request, this.now), server);
  }

  /** From the P-CSCF's protected client port to the own server port; without security associations anything from the P-CSCF. */
  #isProtected({ local, remote }: Flow): boolean {
    const { security } = this.#registration;
    if (remote.address !== this.#ue.proxy.address) return false;
    return security === undefined ? this.#registration.state !== 'registered' : local.port === this.#ue.serverPort && remote.port === security.proxyClientPort;
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    switch (purpose.kind) {
      case 'register':
        this.#registerAnswered(response, purpose.expires);
        return;
      case 'subscribe':
        this.#subscriberSteps(this.#subscriber.answered(purpose.subscription, response, this.now));
        return;
      case 'publish':
        if (this.#publisher !== undefined) this.#publisherSteps(this.#publisher.answered(response, this.now));
        return;
      case 'stray-publish':
    }
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { purpose } = outgoing;
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    this.note(decided(`Nobody answered the ${outgoing.request.method}: the UE gives up.`, 'RFC 3261 §17.1.2.2'));
    if (purpose.kind === 'subscribe') this.#subscriberSteps(this.#subscriber.unanswered(purpose.subscription, cause, this.now));
    else if (purpose.kind === 'publish' && this.#publisher !== undefined) this.#publisherSteps(this.#publisher.unanswered(this.now));
    else if (purpose.kind === 'register') {
      this.#move('refuse');
      this.#registration.forget();
    }
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(
      this.#subscriber.deadline(),
      earliest(this.#publisher?.deadline(), this.#registration.state === 'registered' ? this.#registration.expiresAt : undefined),
    );
  }

  protected override onOwnDeadline(): void {
    this.#subscriberSteps(this.#subscriber.fire(this.now));
    if (this.#publisher !== undefined) this.#publisherSteps(this.#publisher.fire(this.now));
    const { expiresAt, state } = this.#registration;
    if (state === 'registered' && expiresAt !== undefined && expiresAt <= this.now) {
      this.#move('expire');
      this.#registration.forget();
      this.note(decided('The registration has run out.', 'RFC 3261 §10.2.4'));
    }
  }

  #register(): void {
    this.#move('register');
    const { request, notes } = this.#registration.register();
    notes.push(routed('The user asks to be registered; the P-CSCF is the way in.', 'TS 24.229 (clause unchecked)', this.#ue.proxy.host));
    this.#transmit(request, notes, { kind: 'register', expires: 1 });
  }

  #deregister(): void {
    this.#move('deregister');
    const { request, notes } = this.#registration.register(0);
    notes.push(decided('Zero seconds take the registration back.', 'RFC 3261 §10.2.2'));
    this.#transmit(request, notes, { kind: 'register', expires: 0 });
  }

  #registerAnswered(response: SipResponse, expires: number): void {
    if (response.status === 401 && this.#registration.state === 'registering') {
      const { accepted, note } = this.#registration.onChallenge(response);
      this.note(note);
      if (!accepted && !this.#registration.refusesChallenge) {
        this.#move('refuse');
        this.#registration.forget();
        return;
      }
      this.#move('challenge');
      const { request, notes } = this.#registration.register();
      this.#transmit(request, notes, { kind: 'register', expires });
      return;
    }
    if (response.status !== 200) {
      this.#move('refuse');
      this.#registration.forget();
      this.note(rejected(`The registration was refused: ${response.status} ${response.reason}.`));
      return;
    }
    this.#move('accept');
    if (expires === 0) {
      this.#registration.forget();
      this.#publisher = undefined;
      return;
    }
    this.#registration.onAccepted(response, this.now);
    this.note(decided('Registered: the Service-Route is the way for all that the UE sends, the first associated identity is its default.', 'RFC 3608 §6.1'));
    const identity = this.#registration.defaultIdentity;
    if (this.#subscriber.find('reg', identity) === undefined) {
      this.#subscriberSteps(this.#subscriber.subscribe({ package: 'reg', resource: identity, from: identity, expires: 600_000 }, this.now));
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const intent of waiting) this.#carryOutIntent(intent);
  }

  #publish(intent: Intent): void {
    const identity = this.#registration.defaultIdentity;
    const basic = intent['basic'] === 'closed' ? 'closed' : 'open';
    const note = intent['note'];
    const wanted = textsOf(intent['activities']);
    const unknown = wanted.filter((activity) => !ACTIVITIES.includes(activity));
    if (unknown.length > 0) this.note(rejected(`RPID knows no activity "${unknown.join('", "')}": it is left out.`, 'RFC 4480 (clause unchecked)'));
    const document = publicationDocument({
      entity: identity,
      basic,
      activities: wanted.filter((activity) => ACTIVITIES.includes(activity)),
      ...(typeof note === 'string' ? { note } : {}),
      contact: identity,
      timestamp: isoAt(this.#ue.startsAt, this.now),
    });
    this.#mine = summaryOf(document);
    this.#publisher ??= new EventPublisher({ presentity: identity, chance: this.chance, expires: secondsOr(intent['expires'], PUBLICATION_EXPIRES) });
    this.#publisherSteps(this.#publisher.publish({ contentType: PIDF_TYPE, bytes: encodeUtf8(formatPidf(document)) }, this.now));
  }

  /** Asked for by a person: the refresh before its time, or the same with an entity-tag that was never given. */
  #publishAgain(wrongTag: string | undefined): void {
    if (this.#publisher === undefined) {
      this.note(rejected('Nothing is published.'));
      return;
    }
    const steps = this.#publisher.refreshNow(this.now);
    for (const step of steps) {
      if (step.kind === 'publish' && wrongTag !== undefined) {
        step.request.headers.set('SIP-If-Match', wrongTag);
        this.note(decided('A person wanted a wrong entity-tag here, to see what the server says.'));
      }
    }
    this.#publisherSteps(steps);
  }

  #publisherSteps(steps: readonly PublisherStep[]): void {
    for (const step of steps) {
      if (step.kind === 'publish') this.#sendInitial(step.request, step.notes, { kind: 'publish' });
      else if (step.kind === 'failed') this.note(rejected(`The publication failed${step.status === undefined ? '' : `: ${step.status}`}.`, 'RFC 3903 §5'));
      else this.out.push(step);
    }
  }

  #subscriberSteps(steps: readonly SubscriberStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) {
            step.response.headers.append('P-Access-Network-Info', this.#ue.accessNetwork);
            this.respond(server, step.response, step.notes);
          }
          break;
        case 'subscribe':
          if (step.purpose === 'initial' || step.purpose === 'fetch')
            this.#sendInitial(step.request, step.notes, { kind: 'subscribe', subscription: step.subscription });
          else this.#sendProtected(step.request, [...step.notes], { kind: 'subscribe', subscription: step.subscription });
          break;
        case 'notified':
          this.#learn(step);
          break;
        case 'ended':
          break;
        default:
          this.out.push(step);
      }
    }
  }

  #learn(step: Extract<SubscriberStep, { kind: 'notified' }>): void {
    const { resource } = step.subscription.wish;
    const text = decodeUtf8(step.body);
    if (step.subscription.package.name === 'reg') {
      const document = parseReginfo(text);
      const over = text !== '' && !isReginfoError(document) && document.registrations.every((one) => one.state === 'terminated');
      if (over && this.#registration.state === 'registered') {
        this.#move('network-ends');
        this.#registration.forget();
        this.note(decided('The network says that the registration is over.', 'RFC 6665 §4.1.3'));
      }
      return;
    }
    if (text === '') {
      if (step.state === 'pending') this.#seen.set(resource, 'not allowed yet');
      return;
    }
    const document = parsePidf(text);
    if (isPidfError(document)) {
      this.note(rejected(`The presence document cannot be read: ${document.reason}`, 'RFC 3863 §4'));
      return;
    }
    this.#seen.set(resource, summaryOf(document));
    this.note(decided(`The watcher now knows of ${resource}: ${summaryOf(document)}.`, 'RFC 3856 §6.8'));
    if (this.#nextChange.heard(step.subscription.wish, summaryOf(document)) && step.state !== 'terminated') {
      this.note(decided('That is the change that was asked for: the UE ends the subscription by itself.', 'TS 23.141 §A.1'));
      this.#subscriberSteps(this.#subscriber.unsubscribe(step.subscription, this.now));
    }
  }

  /** A request outside a dialog: the way is the P-CSCF and then the Service-Route. */
  #sendInitial(request: SipRequest, sofar: readonly Note[], purpose: Purpose): void {
    const notes = [...sofar];
    addInitialHeaders(request, notes, this.#ue, this.#registration);
    this.#sendProtected(request, notes, purpose);
  }

  #sendProtected(request: SipRequest, notes: Note[], purpose: Purpose): void {
    addProtectedHeaders(request, notes, this.#ue, this.#registration);
    this.#transmit(request, notes, purpose);
  }

  /** Everything goes to the P-CSCF: over the security associations once there are any. */
  #transmit(request: SipRequest, notes: Note[], purpose: Purpose): void {
    const { address, clientPort, serverPort, proxy } = this.#ue;
    const { security } = this.#registration;
    const protectedFlow = (transport: 'udp' | 'tcp', port: number): Flow => ({
      transport,
      local: { address, port: clientPort },
      remote: { address: proxy.address, port },
    });
    const via =
      security === undefined
        ? {
            flow: { transport: 'udp', local: { address, port: SIP_PORT }, remote: { address: proxy.address, port: SIP_PORT } } satisfies Flow,
            sentBy: formatHost(address),
          }
        : {
            flow: protectedFlow('udp', security.proxyServerPort),
            reliableFlow: protectedFlow('tcp', security.proxyServerPort),
            sentBy: `${formatHost(address)}:${serverPort}`,
          };
    this.send({ request, notes, server: undefined, purpose, timers: UE_TIMERS, via, targets: [], tried: 0 });
  }

  #move(on: Parameters<UeRegistration['move']>[0]): void {
    const step = this.#registration.move(on);
    if (step !== undefined) this.stateChange(UE_REGISTRATION.name, this.#ue.publicIdentity, step.from, on, step.to);
  }

  #contactUri(): string {
    return `sip:${formatHost(this.#ue.address)}:${this.#ue.serverPort}`;
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return ueTables(this.#registration, this.#subscriber.viewTable(now), this.#seen, this.#mine);
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [...this.#subscriber.viewTimers(), ...(this.#publisher?.viewTimers() ?? [])];
  }

  protected override ownStates(): readonly LiveState[] {
    return [
      { machine: UE_REGISTRATION.name, key: this.#ue.publicIdentity, state: this.#registration.state },
      ...this.#subscriber.viewStates(),
      ...(this.#publisher?.viewStates() ?? []),
    ];
  }

  protected override mark(): string | undefined {
    return this.#registration.state === 'registered' ? 'registered' : undefined;
  }
}
