/**
 * Presence Server (TS 23.141 §5.1; TS 24.141, application server procedures): takes publications, composes one document per presentity, decides about
 * watchers, and notifies them. It ends both PUBLISH and SUBSCRIBE as a user agent behind the S-CSCF (ISC).
 * Omitted: lists, filters, partial notification (later issues). What only some networks have (rules of presentities) is handed in.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { answerAsServer, numberOwn } from '#ims/node/application-server.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { decided, rejected, routed } from '#ims/node/edit.ts';
import { identityKey, nextHostOf, sameIdentity } from '#ims/node/identity.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { SipNode } from '#ims/node/sip-node.ts';
import { describeStranger, isTrusted, removeUntrusted } from '#ims/node/trust.ts';
import { neutralDocument } from '#presence/pidf/states.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import type { Composer } from '#presence/publication/composer.ts';
import { type Expired, PRESENCE_PUBLICATION, publishFacts, PublicationStore } from '#presence/publication/store.ts';
import type { PublicationSource } from '#presence/publication/source.ts';
import { type Authorization, PRESENCE_FACTS, type StateQuestion, type SubscribeFacts, type TypedBody } from '#presence/subscription/event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from '#presence/subscription/notifier.ts';
import type { SubscriberStep, SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { createResponse, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { AgentAdmission } from './agents.ts';
import type { Authorizer, KnownState } from './authorizer.ts';
import type { ContentPublishing } from './content-publishing.ts';
import type { PresenceServerAbilities, PresenceServerConfig } from './config.ts';
import { DECISIONS, UNIDENTIFIED } from './decisions.ts';
import type { RulesSource } from './rules-source.ts';
import type { WatcherInformation } from './watcher-information.ts';

type Purpose =
  { readonly kind: 'notify'; readonly subscription: NotifierSubscription } | { readonly kind: 'rules'; readonly subscription: SubscriberSubscription };

/** What it takes. The publication store judges the body of a PUBLISH; a REGISTER may carry whatever the criterion says. */
const SERVED: UasCapabilities = {
  methods: ['SUBSCRIBE', 'PUBLISH', 'REGISTER'],
  schemes: ['sip', 'sips', 'pres', 'tel'],
  extensions: [],
  contentTypes: ['*'],
  contentEncodings: [],
};

export class PresenceServer extends SipNode<Purpose> {
  readonly #config: PresenceServerConfig;
  readonly #store: PublicationStore;
  readonly #notifier: Notifier;
  readonly #authorizer: Authorizer | undefined;
  readonly #watchers: WatcherInformation | undefined;
  /** The body of a SUBSCRIBE is a filter. */
  readonly #subscriptions: UasCapabilities;
  readonly #source: RulesSource | undefined;
  readonly #content: ContentPublishing | undefined;
  readonly composer: Composer | undefined;
  readonly #outsiders: AgentAdmission | undefined;

  constructor(config: PresenceServerConfig, chance: Chance, abilities: PresenceServerAbilities = {}) {
    super(config, chance);
    this.#config = config;
    this.#authorizer = abilities.authorizer;
    this.#source = abilities.source;
    const { watchers, refinement, content } = abilities;
    this.#content = content;
    this.#outsiders = abilities.outsiders;
    this.#watchers = watchers;
    this.#subscriptions = { ...SERVED, contentTypes: refinement?.bodyTypes ?? [] };
    const { patch, composer } = abilities;
    this.composer = composer;
    this.#store = new PublicationStore({ chance, policy: { ...PRESENCE_PUBLICATION, minExpires: config.minExpires }, patch, composer });
    this.#notifier = new Notifier({
      contact: `<sip:${config.host}>`,
      chance,
      ...(config.accepts202 === true ? { accepts202: true } : {}),
      packages: [
        {
          ...PRESENCE_FACTS,
          ...(content === undefined ? {} : { contentTypes: [...PRESENCE_FACTS.contentTypes, content.contentType] }),
          minExpires: config.minExpires,
          maxExpires: config.maxExpires,
          authorize: (facts, now) => this.#authorize(facts, now),
          bodyOf: (question, now) => this.#told(question, now),
          ...(refinement === undefined ? {} : { refinement, contentTypes: [...PRESENCE_FACTS.contentTypes, ...refinement.contentTypes] }),
        },
        ...(watchers === undefined
          ? []
          : [{ ...watchers.pack, authorize: (facts: SubscribeFacts, now: SimTime) => this.#notServed(facts) ?? watchers.pack.authorize(facts, now) }]),
      ],
      observe: watchers === undefined ? undefined : (move, now) => watchers.observe(move, now),
    });
  }

  /** What comes over HTTP is for whoever fetches rules or puts documents elsewhere. */
  override step(input: Input, now: SimTime): readonly Effect[] {
    if (this.#content?.isAbout(input) === true) {
      this.now = now;
      this.out = [];
      this.#content.step(input, now, this.out);
      return this.out;
    }
    const source = this.#source;
    const isHttp =
      source !== undefined && (source.isAbout(input) || (input.kind === 'transport-failed' && input.transport === 'tcp' && input.remote.port === HTTP_PORT));
    if (!isHttp) return super.step(input, now);
    this.now = now;
    this.out = [];
    if (input.kind === 'bytes') source.receive(input, now, this.out);
    else if (input.kind === 'transport-failed') source.transportFailed(input.remote, now, this.out);
    this.#takeRules([]);
    return this.out;
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    if (request.method === 'NOTIFY' && this.#source !== undefined) {
      this.#takeRules(this.#source.receiveNotify(request, this.now), server);
      return;
    }
    if (!this.mayServe(server, request, request.method === 'SUBSCRIBE' ? this.#subscriptions : SERVED)) return;
    const { trust } = this.#config;
    if (trust !== undefined && !isTrusted(trust, flow.remote.address)) {
      const notes: Note[] = [];
      removeUntrusted(request, notes, trust, flow.remote.address);
      for (const note of notes) this.note(note);
    }
    switch (request.method) {
      case 'SUBSCRIBE': {
        const asserted = identityKey(uriOf(request.headers.first('P-Asserted-Identity') ?? '') ?? '');
        const isInitial = tagOf(request.headers.get('To') ?? '') === undefined;
        if (asserted === '' && isInitial) {
          if (this.#authorizer === undefined && (this.#config.unidentified ?? 'block') === 'block') {
            this.refuse(server, 403, rejected('No network vouches for the identity of this watcher.', 'RFC 3325 §5', 'P-Asserted-Identity'));
            return;
          }
          this.note(decided('No network vouches for this watcher: whatever it calls itself, the rule for the unidentified holds.', 'RFC 3325 §5'));
        }
        this.#carryOut(this.#notifier.receive(request, asserted === '' ? UNIDENTIFIED : asserted, this.now), server);
        return;
      }
      case 'PUBLISH':
        this.#publish(server, request);
        return;
      default: {
        const response = this.#answer(request, 200, [['Expires', request.headers.get('Expires') ?? '0']]);
        const note = decided('The S-CSCF tells of a registration: taken note of.', 'TS 23.218 §6.3');
        this.respond(server, response, answerAsServer(server, response, [note], this.config.domain, this.#config.trust));
      }
    }
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    if (purpose.kind === 'notify') this.#carryOut(this.#notifier.answered(purpose.subscription, response, this.now), undefined);
    else this.#takeRules(this.#source?.answered(purpose.subscription, response, this.now) ?? []);
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { purpose } = outgoing;
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    if (purpose.kind === 'notify') this.#carryOut(this.#notifier.unanswered(purpose.subscription, cause, this.now), undefined);
    else this.#takeRules(this.#source?.unanswered(purpose.subscription, cause, this.now) ?? []);
  }

  protected override ownDeadline(): SimTime | undefined {
    const own = earliest(this.#store.deadline(), this.#notifier.deadline());
    const more = earliest(earliest(this.#authorizer?.deadline(), this.#watchers?.deadline()), earliest(this.#source?.deadline(), this.#content?.deadline()));
    return earliest(own, more);
  }

  protected override onOwnDeadline(): void {
    for (const expired of this.#store.fire(this.now)) this.#recomposed(expired);
    if (this.#authorizer?.fire(this.now) === true) for (const presentity of this.#notifier.resources('presence')) this.#changed(presentity);
    this.#carryOut(this.#notifier.fire(this.now), undefined);
    if (this.#watchers !== undefined) this.#carryOut(this.#watchers.fire(this.#notifier, this.now), undefined);
    if (this.#source !== undefined) this.#takeRules(this.#source.fire(this.now, this.out));
    this.#content?.fire(this.now, this.out);
  }

  protected override onIntent(intent: Intent): void {
    const changed = intent.kind === 'change-policy' ? this.#store.changePolicy(intent['policy'], this.now) : undefined;
    if (changed === undefined) super.onIntent(intent);
    else this.note(changed.note);
    for (const each of changed?.recomposed ?? []) this.#recomposed(each);
  }

  /** The composed document is another although nobody published. */
  #recomposed({ presentity, changed, notes, states }: Expired): void {
    for (const note of notes) this.note(note);
    for (const event of states) this.out.push({ kind: 'emit', event });
    if (this.#authorizer?.learn(presentity, this.#store.published(presentity)) === true || changed) this.#changed(presentity);
  }

  /** What the source of rules wants done, and what other rules change. */
  #takeRules(steps: readonly SubscriberStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (server !== undefined) this.respond(server, step.response, step.notes);
      } else if (step.kind === 'subscribe') {
        const notes = [...step.notes];
        numberOwn(step.request, notes, this.config, this.chance, 'presence server');
        this.send({ request: step.request, notes, server: undefined, purpose: { kind: 'rules', subscription: step.subscription }, targets: [], tried: 0 });
      } else if (step.kind === 'notified') this.#source?.learn(step.body, this.now, this.out);
      else if (step.kind !== 'ended') this.out.push(step);
    }
    for (const presentity of this.#source?.takeChanged() ?? []) this.#changed(presentity);
  }

  #publish(server: ServerTransaction, request: SipRequest): void {
    const presentity = identityKey(request.uri);
    const publisher = uriOf(request.headers.first('P-Asserted-Identity') ?? '');
    const outsider = publisher === undefined ? this.#outsiders?.judge(request, presentity, this.now) : undefined;
    if (outsider?.kind === 'refused') {
      this.refuse(server, outsider.status, outsider.note, outsider.fields);
      return;
    }
    if (outsider !== undefined) this.note(outsider.note);
    const source = outsider?.source ?? this.#sourceOf(publisher, presentity);
    if (source === undefined) {
      this.refuse(server, 403, rejected('Only the presentity may publish here, and this is somebody else.', 'RFC 3903 §14.1', 'P-Asserted-Identity'));
      return;
    }
    if (!this.#isServed(presentity)) {
      this.refuse(server, 404, rejected('Nobody with this address has presence here.', 'RFC 3903 §6'));
      return;
    }
    if (source.kind === 'network-agent')
      this.note(decided('An agent of the own network publishes: it may, about everybody served here.', 'TS 23.141 §5.2.2.1'));
    const outcome = this.#store.publish(publishFacts(request, presentity, source), this.now);
    for (const event of outcome.states) this.out.push({ kind: 'emit', event });
    const response = this.#answer(request, outcome.status, outcome.headers);
    this.respond(server, response, answerAsServer(server, response, outcome.notes, this.config.domain, this.#config.trust));
    if (this.#authorizer?.learn(presentity, this.#store.published(presentity)) === true || outcome.changed) this.#changed(presentity);
  }

  /** What the publisher is to the presentity; undefined for somebody who has nothing to say about it. */
  #sourceOf(publisher: string | undefined, presentity: string): PublicationSource | undefined {
    if (publisher === undefined) return undefined;
    if (sameIdentity(publisher, presentity)) return { kind: 'user', identity: presentity };
    return this.#config.agents?.find(({ identity }) => sameIdentity(identity, publisher));
  }

  /** The state of a presentity is another, or what its watchers may see of it. */
  #changed(presentity: string): void {
    const steps =
      this.#authorizer === undefined
        ? this.#notifier.changed('presence', presentity, this.now)
        : this.#authorizer.changed(presentity, this.#known(presentity), this.#notifier, this.now);
    this.#carryOut(steps, undefined);
    this.#watchers?.reconsider(presentity, (watcher) => this.#verdictOn(presentity, watcher), this.now);
    this.#carryOut([], undefined);
  }

  /** What would become of a watcher who only waits, if it came now. */
  #verdictOn(presentity: string, watcher: string): 'approved' | 'rejected' | undefined {
    const { decision } = this.#authorize({ resource: presentity, watcher }, this.now);
    return decision === 'pending' ? undefined : decision === 'rejected' ? 'rejected' : 'approved';
  }

  #known(presentity: string): KnownState {
    return { document: this.#store.compose(presentity), isPublished: this.#store.has(presentity) };
  }

  /** The document, or a reference to it for a watcher who prefers one. */
  #told(question: StateQuestion, now: SimTime): Uint8Array | TypedBody | undefined {
    const document = this.#bodyOf(question, now);
    return document === undefined || question.contentType !== this.#content?.contentType ? document : this.#content.refer(document, now);
  }

  #bodyOf(question: StateQuestion, now: SimTime): Uint8Array | undefined {
    const { resource, access } = question;
    if (access === 'none') return undefined;
    if (access === 'polite') return encodeUtf8(formatPidf(neutralDocument(resource)));
    return this.#authorizer === undefined ? this.#store.composedBody(resource) : this.#authorizer.bodyOf(question, this.#known(resource), now);
  }

  #answer(request: SipRequest, status: number, headers: readonly (readonly [string, string])[]): SipResponse {
    const response = createResponse(request, status, undefined, this.chance.token('to-tag', 8));
    for (const [name, value] of headers) response.headers.append(name, value);
    return response;
  }

  #isServed(presentity: string): boolean {
    const { presentities } = this.#config;
    if (presentities !== undefined) return presentities.some((one) => sameIdentity(one, presentity));
    return presentity.startsWith('tel:') || hostOf(presentity) === this.#config.domain;
  }

  #notServed({ resource }: Pick<SubscribeFacts, 'resource'>): Authorization | undefined {
    if (this.#isServed(resource)) return undefined;
    return { decision: 'rejected', status: 404, reason: 'Nobody with this address has presence here.', clause: 'RFC 3261 §21.4.5' };
  }

  #authorize({ resource, watcher }: Pick<SubscribeFacts, 'resource' | 'watcher'>, now: SimTime): Authorization {
    const refusal = this.#notServed({ resource });
    if (refusal !== undefined) return refusal;
    if (this.#authorizer !== undefined) return this.#authorizer.authorize(resource, watcher, this.#known(resource), now);
    if (watcher === UNIDENTIFIED) return DECISIONS[this.#config.unidentified ?? 'block'];
    const isAbout = (presentity: string | undefined): boolean => presentity === undefined || sameIdentity(presentity, resource);
    const rule = this.#config.rules.find((one) => sameIdentity(one.watcher, watcher) && isAbout(one.presentity));
    return DECISIONS[rule?.handling ?? this.#config.defaultHandling];
  }

  #carryOut(steps: readonly NotifierStep[], server: ServerTransaction | undefined): void {
    for (const step of steps) this.#carryOutOne(step, server);
    // What happened to subscriptions is news for the presentity, who may be watching its watchers; what it hears changes nothing further for them.
    if (this.#watchers !== undefined) for (const step of this.#watchers.settle(this.#notifier, this.now)) this.#carryOutOne(step, undefined);
  }

  #carryOutOne(step: NotifierStep, server: ServerTransaction | undefined): void {
    if (step.kind === 'respond') {
      if (server !== undefined) this.respond(server, step.response, answerAsServer(server, step.response, step.notes, this.config.domain, this.#config.trust));
    } else if (step.kind === 'notify') this.#notify(step.request, step.notes, step.subscription);
    else this.out.push(step);
  }

  #notify(request: SipRequest, sofar: readonly Note[], subscription: NotifierSubscription): void {
    const notes = [...sofar];
    const route = request.headers.first('Route');
    const { trust } = this.#config;
    const next = nextHostOf(request);
    if (trust !== undefined && next !== undefined && !isTrusted(trust, next))
      notes.push(decided(`It goes to ${describeStranger(trust, next)}: no charging number goes with it.`, 'TS 24.229 §5.3.1'));
    else numberOwn(request, notes, this.config, this.chance, 'presence server');
    notes.push(
      route === undefined
        ? routed("No proxy recorded itself: the NOTIFY goes straight to the watcher's contact.", 'RFC 3261 §12.2.1.1', request.uri)
        : routed(
            'The route set holds only those who recorded themselves in the SUBSCRIBE: the NOTIFY goes straight to the first of them.',
            'RFC 3261 §12.2.1.1',
            route,
          ),
    );
    if (this.#authorizer !== undefined && subscription.package.name === 'presence' && request.body.length > 0)
      notes.push(this.#authorizer.noteOn(subscription, this.now));
    this.#content?.flush(this.now, this.out);
    this.send({ request, notes, server: undefined, purpose: { kind: 'notify', subscription }, targets: [], tried: 0 });
  }

  protected override chargingFacts(server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    // Its own NOTIFY: it asks, for the presentity.
    if (server === undefined) return { role: ROLE_OF_NODE.originating, served: { identities: servedBy(outgoing?.purpose) } };
    const { request } = server;
    const resource = request.method === 'PUBLISH' ? request.uri : (uriOf(request.headers.get('To') ?? '') ?? request.uri);
    return { role: request.method === 'SUBSCRIBE' ? ROLE_OF_NODE.terminating : ROLE_OF_NODE.originating, served: { identities: [resource] } };
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    const offered = [this.#authorizer?.viewTable(), this.#watchers?.viewTable(now), this.#source?.viewTable(now), this.#content?.viewTable()];
    const more = [...offered, this.#outsiders?.viewTable(now)].filter((table) => table !== undefined);
    return [this.#notifier.viewTable(now), ...this.#store.viewTables(now), ...more];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [
      ...this.#notifier.viewTimers(),
      ...this.#store.viewTimers(),
      ...(this.#watchers?.viewTimers() ?? []),
      ...(this.#source?.viewTimers() ?? []),
      ...(this.#content?.viewTimers() ?? []),
    ];
  }

  protected override ownStates(): readonly LiveState[] {
    return [...this.#notifier.viewStates(), ...this.#store.viewStates(), ...(this.#watchers?.viewStates() ?? []), ...(this.#source?.viewStates() ?? [])];
  }
}

/** For whom it asks or tells: the presentity; nobody, when it only fetches rules. */
const servedBy = (purpose: Purpose | undefined): readonly string[] => (purpose?.kind === 'notify' ? [purpose.subscription.resource] : []);
