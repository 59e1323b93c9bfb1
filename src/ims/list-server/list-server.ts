/**
 * Presence List Server (TS 23.141 §5.3.4; RFC 4662, RFC 4826): one subscription to a list becomes one to each of its members, and what comes of them is told in one NOTIFY.
 * It ends the SUBSCRIBE to a list as an application server behind the S-CSCF of the owner (ISC), or straight behind the entry of its network (Ma), and asks for
 * the members as an originating application server (TS 24.229 §5.7).
 * Which lists there are is configured, or follows the documents of their owners (`list-keeping.ts`).
 * Omitted: filters, lists that refer to documents of other servers or users (RFC 4826 §4.5: 502).
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { answerAsServer, numberOwn } from '#ims/node/application-server.ts';
import { rejected } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { SipNode } from '#ims/node/sip-node.ts';
import { isTrusted, removeUntrusted } from '#ims/node/trust.ts';
import { formatListBody, RELATED_TYPE } from '#presence/lists/list-body.ts';
import { ConditionalLists } from '#presence/lists/conditional-lists.ts';
import { isServicesError, type ListService, parseServices } from '#presence/lists/resource-lists.ts';
import { VirtualList } from '#presence/lists/virtual-list.ts';
import { PRESENCE_FACTS, type StateQuestion, type TypedBody } from '#presence/subscription/event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription, subscriptionKey } from '#presence/subscription/notifier.ts';
import type { SubscriberStep } from '#presence/subscription/subscriber.ts';
import { NOTIFIER } from '#presence/subscription/tables.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { parseNumber } from '#protocol/sip/values.ts';
import { judgeWatcher } from './authorization.ts';
import { BackEnds, type BackEndStep, type ServedList } from './back-ends.ts';
import { EVENTLIST, NOTIFICATIONS, SUBSCRIPTIONS } from './capabilities.ts';
import type { ListServerConfig } from './config.ts';
import { addressMember, addressWatcher, requireLists } from './edit.ts';
import { FollowedLists } from './followed-lists.ts';
import { Gatherings, whyGathered } from './gathering.ts';
import { LIST_IS_NO_MORE, ListKeeping } from './list-keeping.ts';
import { listsTable, membersTable } from './list-tables.ts';
import { type Purpose, servedBy } from './purpose.ts';
import { servingOf } from './serving.ts';

interface Taking {
  readonly request: SipRequest;
  readonly watcher: string;
  /** What is known of its list already. */
  readonly gathered?: ServedList;
}

const FIRST_HOPS = 70;

export class ListServer extends SipNode<Purpose> {
  readonly #config: ListServerConfig;
  readonly #lists: FollowedLists;
  readonly #keeping: ListKeeping | undefined;
  readonly #notifier: Notifier;
  readonly #backEnds: BackEnds;
  /** By the subscription that they serve. */
  readonly #served = new Map<object, ServedList>();
  /** Subscriptions that have just been made: their members are asked when the watcher has been answered. */
  #begun: ServedList[] = [];
  /** The SUBSCRIBE that is being taken. */
  #taking: Taking | undefined;
  readonly #gatherings = new Gatherings();

  /** Throws on a services document that is none. */
  constructor(config: ListServerConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
    const services = parseServices(config.services);
    if (isServicesError(services)) throw new Error(`The lists of ${config.host} cannot be read: ${services.reason}`);
    this.#lists = new FollowedLists(services, config.owners, config.kept?.xdms.host);
    if (config.kept !== undefined) this.#keeping = new ListKeeping({ ...config, kept: config.kept }, this.#lists, chance);
    const contact = `<sip:${config.host}>`;
    this.#notifier = new Notifier({
      contact,
      chance,
      packages: [
        {
          ...PRESENCE_FACTS,
          contentTypes: [RELATED_TYPE],
          minExpires: config.minExpires,
          maxExpires: config.maxExpires,
          authorize: (facts) => judgeWatcher(this.#lists, facts),
          bodyOf: (question) => this.#bodyOf(question),
          ...(config.conditions === true
            ? { refinement: new ConditionalLists(chance.token('entity-tag-salt', 12), (subscription) => this.#served.get(subscription)?.list.revision ?? 0) }
            : {}),
        },
      ],
    });
    this.#backEnds = new BackEnds(contact, chance);
  }

  override step(input: Input, now: SimTime): readonly Effect[] {
    if (this.#keeping?.isAbout(input) !== true) return super.step(input, now);
    this.now = now;
    this.out = [];
    this.#keeping.step(input, now, this.out);
    this.#relist();
    return this.out;
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    if (this.#keeping?.isNotify(request) === true) return this.#keep(this.#keeping.receiveNotify(request, this.now), server);
    if (!this.mayServe(server, request, request.method === 'NOTIFY' ? NOTIFICATIONS : SUBSCRIPTIONS)) return;
    const { trust } = this.#config;
    if (trust !== undefined && !isTrusted(trust, flow.remote.address)) {
      const notes: Note[] = [];
      removeUntrusted(request, notes, trust, flow.remote.address);
      for (const note of notes) this.note(note);
    }
    if (request.method === 'NOTIFY') {
      this.#carryOut(this.#backEnds.receiveNotify(request, this.now), server);
      return;
    }
    const watcher = identityKey(uriOf(request.headers.first('P-Asserted-Identity') ?? '') ?? '');
    const isInitial = tagOf(request.headers.get('To') ?? '') === undefined;
    if (watcher === '' && isInitial) {
      this.refuse(server, 403, rejected('No network vouches for the identity of this watcher.', 'RFC 3325 §5', 'P-Asserted-Identity'));
      return;
    }
    // RFC 4662 §4.1: where the address is that of a list nothing goes without the extension. What else is lacking does not matter then.
    if (isInitial && this.#find(request.uri) !== undefined && !request.headers.values('Supported').includes(EVENTLIST)) {
      const why = 'The address is that of a list, and the watcher does not say that it can take lists.';
      this.refuse(server, 421, rejected(why, 'RFC 4662 §4.1', 'Supported'), [['Require', EVENTLIST]]);
      return;
    }
    const service = isInitial ? this.#find(request.uri) : undefined;
    const why = service === undefined ? undefined : whyGathered(request, this.#config.gathers?.has(identityKey(service.uri)) === true);
    if (service !== undefined && why !== undefined && this.#gather(service, server, request, watcher, why)) return;
    this.#take({ request, watcher }, server);
  }

  #take(taking: Taking, server: ServerTransaction): void {
    this.#taking = taking;
    this.#notifierSteps(this.#notifier.receive(taking.request, taking.watcher, this.now), server);
    this.#taking = undefined;
  }

  /** Asks the members first, where nothing is in the way of the subscription. */
  #gather(service: ListService, server: ServerTransaction, request: SipRequest, watcher: string, why: Note): boolean {
    if (judgeWatcher(this.#lists, { resource: service.uri, watcher, request }).decision === 'rejected') return false;
    const served = this.#serve(service, request, watcher);
    this.note(why);
    this.#gatherings.add({ server, request, watcher, served }, this.now);
    this.#carryOut(this.#backEnds.start(served, this.now));
    return true;
  }

  /** Answers those who have waited for their lists. */
  #answerGathered(): void {
    for (const { server, request, watcher, served } of this.#gatherings.take(this.now)) {
      this.#take({ request, watcher, gathered: served }, server);
      if (![...this.#served.values()].includes(served)) this.#carryOut(this.#backEnds.end(served, this.now));
    }
  }

  protected override onResponse({ purpose }: Outgoing<Purpose>, response: SipResponse): void {
    if (purpose.kind === 'notify') this.#notifierSteps(this.#notifier.answered(purpose.subscription, response, this.now));
    else if (purpose.kind === 'documents') this.#keep(this.#keeping?.answered(purpose.subscription, response, this.now) ?? []);
    else this.#carryOut(this.#backEnds.answered(purpose.subscription, response, this.now));
  }

  protected override onNoAnswer({ purpose }: Outgoing<Purpose>, why: NoAnswer): void {
    const cause = why === 'timeout' ? 'timeout' : 'transport-error';
    if (purpose.kind === 'notify') this.#notifierSteps(this.#notifier.unanswered(purpose.subscription, cause, this.now));
    else if (purpose.kind === 'documents') this.#keep(this.#keeping?.unanswered(purpose.subscription, cause, this.now) ?? []);
    else this.#carryOut(this.#backEnds.unanswered(purpose.subscription, cause, this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(earliest(this.#gatherings.deadline(), this.#keeping?.deadline()), earliest(this.#notifier.deadline(), this.#backEnds.deadline()));
  }

  protected override onOwnDeadline(): void {
    this.#notifierSteps(this.#notifier.fire(this.now));
    this.#carryOut(this.#backEnds.fire(this.now));
    this.#answerGathered();
    if (this.#keeping !== undefined) this.#keep(this.#keeping.fire(this.now, this.out));
  }

  /** What following the documents wants done, and what other lists change. */
  #keep(steps: readonly SubscriberStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (server !== undefined) this.respond(server, step.response, step.notes);
      } else if (step.kind === 'subscribe') this.#sendOwn(step.request, [...step.notes], { kind: 'documents', subscription: step.subscription });
      else if (step.kind === 'notified') this.#keeping?.learn(step.body, this.now, this.out);
      else if (step.kind !== 'ended') this.out.push(step);
    }
    this.#relist();
  }

  /** Lists are not what they were: who is new on them is asked, who is gone is not any more, and whoever watches is told everything. */
  #relist(): void {
    if (this.#keeping?.takeChanged() !== true) return;
    for (const served of [...this.#served.values()]) {
      const { list, subscription } = served;
      const service = this.#find(list.uri);
      if (service === undefined) this.#notifierSteps(this.#notifier.end(PRESENCE_FACTS.name, subscription?.resource ?? list.uri, LIST_IS_NO_MORE, this.now));
      else {
        const steps = this.#backEnds.reform(served, service, this.#find, this.now);
        if (steps === undefined) continue;
        this.#carryOut(steps);
        if (subscription !== undefined) this.#notifierSteps(this.#notifier.changedFor(subscription, this.now));
      }
    }
  }

  readonly #find = (uri: string): ListService | undefined => this.#lists.find(uri);

  #bodyOf({ subscription, isWhole, resource }: StateQuestion): TypedBody | undefined {
    const served = this.#served.get(subscription) ?? this.#begin(subscription, resource);
    if (served === undefined) return undefined;
    const list = served.list.next(isWhole);
    const { host } = this.config;
    const made = formatListBody(
      list,
      () => `${this.chance.token('content-id', 8)}@${host}`,
      () => this.chance.token('boundary', 12),
    );
    const reason = list.fullState
      ? `Version ${list.version}: the whole list, for a NOTIFY tells everything that follows a SUBSCRIBE, or one that did not arrive. Of whom nothing is known yet it says nothing.`
      : `Version ${list.version}: only those of the list of whom there is news.`;
    return { ...made, reason, clause: list.fullState ? 'RFC 4662 §5.2' : 'RFC 4662 §4.5' };
  }

  #begin(subscription: object, resource: string): ServedList | undefined {
    const service = this.#find(resource);
    if (service === undefined || this.#taking === undefined) return undefined;
    const { request, watcher, gathered } = this.#taking;
    const served = gathered ?? this.#serve(service, request, watcher);
    this.#served.set(subscription, served);
    if (gathered === undefined) this.#begun.push(served);
    return served;
  }

  #serve(service: ListService, request: SipRequest, watcher: string): ServedList {
    const hops = parseNumber(request.headers.get('Max-Forwards')) ?? FIRST_HOPS;
    return {
      list: new VirtualList(service, this.#find),
      watcher,
      serving: servingOf(request, this.config.host),
      hops: Math.max(0, Math.min(hops, FIRST_HOPS) - 1),
      expires: parseNumber(request.headers.get('Expires')) ?? PRESENCE_FACTS.defaultExpires,
      subscription: undefined,
      isOver: false,
    };
  }

  #notifierSteps(steps: readonly NotifierStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.#respond(server, step.response, step.notes);
          break;
        case 'notify':
          this.#notify(step.request, step.notes, step.subscription);
          break;
        default:
          this.out.push(step);
      }
    }
    this.#settle(steps);
  }

  /** After the watchers have been told: members of new subscriptions are asked, those of subscriptions that are over no more. */
  #settle(steps: readonly NotifierStep[]): void {
    const over = new Set(
      steps.flatMap((step) => (step.kind === 'emit' && step.event.machine === NOTIFIER.name && step.event.to === 'terminated' ? [step.event.key] : [])),
    );
    for (const [subscription, served] of [...this.#served]) {
      if (served.subscription === undefined || !over.has(subscriptionKey(served.subscription))) continue;
      this.#served.delete(subscription);
      this.#carryOut(this.#backEnds.end(served, this.now));
    }
    const begun = this.#begun;
    this.#begun = [];
    for (const served of begun) if (!served.isOver) this.#carryOut(this.#backEnds.start(served, this.now));
  }

  #carryOut(steps: readonly BackEndStep[], server?: ServerTransaction): void {
    const news = new Set<ServedList>();
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.#respond(server, step.response, step.notes);
          break;
        case 'subscribe':
          this.#subscribe(step);
          break;
        case 'news':
          news.add(step.served);
          break;
        default:
          this.out.push(step);
      }
    }
    for (const { subscription } of news) if (subscription !== undefined) this.#notifierSteps(this.#notifier.changedFor(subscription, this.now));
    this.#answerGathered();
  }

  #respond(server: ServerTransaction, response: SipResponse, sofar: readonly Note[]): void {
    const notes = answerAsServer(server, response, sofar, this.config.domain, this.#config.trust);
    if (server.request.method === 'SUBSCRIBE' && response.status < 300) requireLists(response, notes);
    this.respond(server, response, notes);
  }

  #notify(request: SipRequest, sofar: readonly Note[], subscription: NotifierSubscription): void {
    const served = this.#served.get(subscription);
    if (served !== undefined) served.subscription = subscription;
    const notes = [...sofar];
    addressWatcher(request, notes);
    this.#sendOwn(request, notes, { kind: 'notify', subscription });
  }

  #subscribe({ request, notes: sofar, served, subscription, purpose }: Extract<BackEndStep, { kind: 'subscribe' }>): void {
    const notes = [...sofar];
    if (purpose === 'initial' || purpose === 'fetch') addressMember(request, notes, served);
    this.#sendOwn(request, notes, { kind: 'subscribe', subscription, served });
  }

  #sendOwn(request: SipRequest, notes: Note[], purpose: Purpose): void {
    numberOwn(request, notes, this.config, this.chance, 'list server');
    this.send({ request, notes, server: undefined, purpose, targets: [], tried: 0 });
  }

  protected override chargingFacts(server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    if (server !== undefined) {
      const list = uriOf(server.request.headers.get('To') ?? '') ?? server.request.uri;
      return { role: server.request.method === 'SUBSCRIBE' ? ROLE_OF_NODE.terminating : ROLE_OF_NODE.originating, served: { identities: [list] } };
    }
    const purpose = outgoing?.purpose;
    return { role: ROLE_OF_NODE.originating, served: { identities: servedBy(purpose) } };
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [
      this.#notifier.viewTable(now),
      listsTable(this.#lists),
      membersTable([...this.#served.values()]),
      this.#backEnds.viewTable(now),
      ...(this.#keeping === undefined ? [] : [this.#keeping.viewTable(now)]),
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    const own = [...this.#gatherings.viewTimers(), ...this.#notifier.viewTimers(), ...this.#backEnds.viewTimers()];
    return [...own, ...(this.#keeping?.viewTimers() ?? [])];
  }

  protected override ownStates(): readonly LiveState[] {
    return [...this.#notifier.viewStates(), ...this.#backEnds.viewStates(), ...(this.#keeping?.viewStates() ?? [])];
  }
}
