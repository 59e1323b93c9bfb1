/**
 * Presence Network Agent (TS 23.141 §5.2.2; TS 24.141 §5.3.5): hears what the network knows of users, makes presence information of it and publishes it at the presence server.
 * Pi: third-party REGISTER, then a subscription to registration state. Pc, Pg, Pk, Pl: reports of stage 2 (`presence/network-report`). Pen: PUBLISH (RFC 3903), a publication per source,
 * straight to the presence server: Pen lies within one operator, and its protocol is left open (TS 23.141 §4.3.2). Omitted: Pr, Pp, authorization policies over Pen.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, seconds, type SimTime, START } from '#base/time.ts';
import { decodeUtf8, decodeUtf8Strictly, encodeUtf8Apart } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { answerAsServer, numberOwn } from '#ims/node/application-server.ts';
import { addHeader, decided, rejected } from '#ims/node/edit.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { type NodeConfig, SipNode } from '#ims/node/sip-node.ts';
import { describeStranger, isTrusted, type TrustPolicy } from '#ims/node/trust.ts';
import { type NetworkReport, parseReport, type ReportPoint, SUPPLIERS } from '#presence/network-report/report.ts';
import { PIDF_TYPE } from '#presence/pidf/document.ts';
import { isoAt } from '#presence/pidf/iso-time.ts';
import { formatPidf } from '#presence/pidf/xml.ts';
import { EventPublisher, type PublisherStep } from '#presence/publication/publisher.ts';
import { isReginfoError, parseReginfo } from '#presence/reginfo/document.ts';
import { REG_FACTS } from '#presence/subscription/event-package.ts';
import { Subscriber, type SubscriberStep, type SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import { ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { createResponse, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import type { Flow, ServerTransaction } from '#protocol/sip/transactions.ts';
import { createSessionId, SH_APPLICATION } from '#protocol/diameter/command.ts';
import { DIAMETER_PORT, type DiameterEvent } from '#protocol/diameter/peer.ts';
import { readUserDataAnswer } from '#protocol/diameter/sh.ts';
import { hostOf, parseUri } from '#protocol/sip/uri.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { type AgentUser, Knowledge } from './knowledge.ts';
import { numberRequest, placeRequest } from './questions.ts';
import { agentTables } from './tables.ts';
import { documentOf, registrationDocument, type Source, SOURCES, withoutTimes } from './translate.ts';

export interface NetworkAgentConfig extends NodeConfig {
  /** The presence server of the network. */
  readonly presenceServer: string;
  /** Who may report what. */
  readonly suppliers: readonly { readonly point: ReportPoint; readonly address: string }[];
  readonly trust: TrustPolicy;
  /** The HSS of the network, for the numbers of users. */
  readonly hss: { readonly host: string; readonly address: string };
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
}

type Purpose = { readonly kind: 'publish'; readonly publication: Publication } | { readonly kind: 'subscribe'; readonly subscription: SubscriberSubscription };

/** What one source makes the agent publish about one user. */
interface Publication {
  readonly user: AgentUser;
  readonly source: Source;
  readonly publisher: EventPublisher;
  /** What is published, without its times; undefined when nothing is. */
  said: string | undefined;
}

const SERVED: UasCapabilities = {
  methods: ['REGISTER', 'NOTIFY'],
  schemes: ['sip'],
  extensions: [],
  contentTypes: ['*'],
  contentEncodings: [],
};

/** Seconds that a publication lives without a refresh (our choice): what an agent that is gone has said does not stay for long. */
const PUBLICATION_LIFETIME = 600;
/** Seconds: longer than any registration lasts. */
const SUBSCRIPTION_LIFETIME = 604_800;
/** 64·T1 between nodes of the core network. */
const TIMER_N = seconds(32);
const TRANSPORT = 'none';
const CLAUSE = 'TS 24.141 §5.3.5.2';

export class NetworkAgent extends SipNode<Purpose, AgentUser> {
  readonly #config: NetworkAgentConfig;
  readonly #subscriber: Subscriber;
  readonly #knowledge: Knowledge;
  readonly #publications = new Map<string, Publication>();
  /** It came back and has to take up again what it did: at once. */
  #resumes: boolean;
  #requests = 0;

  /** `survived`: what an earlier life had on disk. */
  constructor(config: NetworkAgentConfig, chance: Chance, survived?: Knowledge) {
    super(config, chance, SH_APPLICATION);
    this.#config = config;
    this.#subscriber = new Subscriber({ packages: [REG_FACTS], contact: `<sip:${config.host}>`, chance, timerN: TIMER_N });
    this.#knowledge = survived ?? new Knowledge();
    this.#resumes = survived !== undefined && survived.users().length > 0;
  }

  /** What is on disk: all but subscriptions and publications. */
  get stored(): Knowledge {
    return this.#knowledge;
  }

  /** What comes without a protocol is a report. */
  override step(input: Input, now: SimTime): readonly Effect[] {
    if ((input.kind !== 'bytes' && input.kind !== 'transport-failed') || input.transport !== TRANSPORT) return super.step(input, now);
    this.now = now;
    this.out = [];
    if (input.kind === 'bytes') this.#report(input.bytes, input.remote.address);
    else this.note(rejected('The location centre is not to be reached: nothing is known of where the user is.', SUPPLIERS.Pl.clause));
    return this.out;
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    if (!this.mayServe(server, request, SERVED)) return;
    const { trust } = this.#config;
    if (!isTrusted(trust, flow.remote.address)) {
      const why = `It comes from ${describeStranger(trust, flow.remote.address)}: only a trusted network tells of its users.`;
      this.refuse(server, 403, rejected(why, 'TS 24.229 (clause unchecked)'));
      return;
    }
    if (request.method === 'NOTIFY') this.#carryOut(this.#subscriber.receiveNotify(request, this.now), server);
    else this.#registered(server, request);
  }

  protected override onResponse({ purpose }: Outgoing<Purpose>, response: SipResponse): void {
    if (purpose.kind === 'subscribe') this.#carryOut(this.#subscriber.answered(purpose.subscription, response, this.now));
    else this.#publish(purpose.publication, purpose.publication.publisher.answered(response, this.now));
  }

  protected override onNoAnswer({ purpose }: Outgoing<Purpose>, why: NoAnswer): void {
    if (purpose.kind === 'publish') this.#publish(purpose.publication, purpose.publication.publisher.unanswered(this.now));
    else this.#carryOut(this.#subscriber.unanswered(purpose.subscription, why === 'timeout' ? 'timeout' : 'transport-error', this.now));
  }

  protected override ownDeadline(): SimTime | undefined {
    if (this.#resumes) return START;
    let next = this.#subscriber.deadline();
    for (const { publisher } of this.#publications.values()) next = earliest(next, publisher.deadline());
    return next;
  }

  protected override onOwnDeadline(): void {
    if (this.#resumes) this.#resume();
    this.#carryOut(this.#subscriber.fire(this.now));
    for (const publication of this.#publications.values()) this.#publish(publication, publication.publisher.fire(this.now));
  }

  #resume(): void {
    this.#resumes = false;
    this.note(decided('The agent is back: it asks anew for the registration of every user of whom it knows.', CLAUSE));
    for (const user of this.#knowledge.users()) {
      user.registered = undefined;
      this.#watch(user);
    }
  }

  /** TS 24.141 §5.3.5.2: the S-CSCF tells of a registration. */
  #registered(server: ServerTransaction, request: SipRequest): void {
    const identity = uriOf(request.headers.get('To') ?? '') ?? '';
    const contact = uriOf(request.headers.first('Contact') ?? '');
    const expires = parseDeltaSeconds(request.headers.get('Expires'));
    if (parseUri(identity)?.kind !== 'sip' || contact === undefined || hostOf(contact) === undefined || expires === undefined) {
      this.refuse(server, 400, rejected('It does not say who is registered, by whom or for how long.', 'TS 24.229 (clause unchecked)'));
      return;
    }
    if (hostOf(identity) !== this.config.domain) {
      this.refuse(server, 404, rejected('The user is not one of this network: its agent is another one.', 'TS 23.141 §5.2.2.0'));
      return;
    }
    const user = this.#knowledge.put(identity, contact);
    const response = createResponse(request, 200, undefined, this.chance.token('to-tag', 8));
    response.headers.append('Contact', `<${contact}>;expires=${expires}`);
    const taken = decided(
      expires === 0 ? 'The user is not registered any more: taken note of.' : `The user is registered for ${expires} s: taken note of.`,
      'TS 23.218 §6.3',
    );
    this.respond(server, response, answerAsServer(server, response, [taken], this.config.domain));
    const isWatched = this.#subscriber.find('reg', user.identity) !== undefined;
    if (expires > 0 && !isWatched) this.#watch(user);
    else if (expires === 0 && !isWatched) this.#settle(user, false);
  }

  #watch(user: AgentUser): void {
    this.note(decided('Of this user the registration is to be known: the agent subscribes to it at the S-CSCF.', CLAUSE));
    this.#carryOut(
      this.#subscriber.subscribe({ package: 'reg', resource: user.identity, from: `sip:${this.config.host}`, expires: SUBSCRIPTION_LIFETIME }, this.now),
    );
  }

  #carryOut(steps: readonly SubscriberStep[], server?: ServerTransaction): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.respond(server, step.response, answerAsServer(server, step.response, step.notes, this.config.domain));
          break;
        case 'subscribe':
          this.#subscribe(step);
          break;
        case 'notified':
          this.#notified(step);
          break;
        case 'ended':
          break;
        default:
          this.out.push(step);
      }
    }
  }

  #subscribe({ request, notes: sofar, subscription, purpose }: Extract<SubscriberStep, { kind: 'subscribe' }>): void {
    const notes = [...sofar];
    if (purpose === 'initial') {
      const server = this.#knowledge.find(subscription.wish.resource)?.server ?? '';
      const host = hostOf(server) ?? this.config.domain;
      addHeader(request, notes, 'Route', `<sip:${host};lr>`, 'The Contact of the REGISTER names the S-CSCF that serves the user.', CLAUSE);
    }
    this.#sendOwn(request, notes, { kind: 'subscribe', subscription });
  }

  /** What the S-CSCF says of a registration. A document that cannot be read changes nothing. */
  #notified({ subscription, body, state }: Extract<SubscriberStep, { kind: 'notified' }>): void {
    const user = this.#knowledge.find(subscription.wish.resource);
    if (user === undefined || body.length === 0) return;
    const document = parseReginfo(decodeUtf8(body));
    if (isReginfoError(document)) {
      this.note(rejected(`The NOTIFY cannot be read, so nothing changes: ${document.reason}`, 'RFC 3680 §5'));
      return;
    }
    const own = document.registrations.filter(({ aor }) => this.#knowledge.find(aor) === user);
    const isRegistered =
      state !== 'terminated' && own.some(({ state: of, contacts }) => of === 'active' && contacts.some((contact) => contact.state === 'active'));
    this.#settle(user, isRegistered);
  }

  /** The registration of the user is so. Without a number nobody can say which reports are about this user. */
  #settle(user: AgentUser, isRegistered: boolean): void {
    const isNew = isRegistered && user.registered !== true;
    user.registered = isRegistered;
    for (const source of SOURCES) this.#tell(user, source);
    if (isNew && user.number === undefined) this.#askNumber(user);
    else if (isNew) this.#askWhere(user);
  }

  /** Ph (TS 23.141 §4.3.5): who is this for the nodes that know numbers only? */
  #askNumber(user: AgentUser): void {
    const { hss } = this.#config;
    const request = numberRequest(this.#config, user.identity, createSessionId(this.config.host, this.chance));
    const why = 'The other sources know users by their numbers (MSISDN): the HSS is asked which one this user has.';
    this.diameter.request(
      request,
      { host: hss.host, endpoint: { address: hss.address, port: DIAMETER_PORT } },
      user,
      [decided(why, 'TS 23.141 §4.3.5')],
      this.now,
      this.out,
    );
  }

  protected override onDiameter(event: DiameterEvent<AgentUser>): void {
    if (event.kind === 'request') return;
    const { user } = event;
    const answer = event.kind === 'answer' ? readUserDataAnswer(event.message) : undefined;
    const number = answer?.kind === 'UDA' ? answer.numbers?.[0] : undefined;
    if (number === undefined) {
      this.note(rejected('The HSS tells no number: only the S-CSCF can say anything of this user.', 'TS 23.141 §4.3.5'));
      return;
    }
    user.number = number;
    this.note(decided(`The number is ${number}: what the other sources say of it is about this user.`, 'TS 23.141 §5.2.2.1'));
    for (const source of SOURCES) this.#tell(user, source);
    this.#askWhere(user);
  }

  /** TS 23.141 §4.3.8: the location centre is asked; what it then tells comes as a report. */
  #askWhere({ number }: AgentUser): void {
    const centre = this.#config.suppliers.find(({ point }) => point === 'Pl');
    if (centre === undefined || number === undefined) return;
    this.out.push(placeRequest(this.#config, centre.address, number, ++this.#requests, this.now));
  }

  #report(bytes: Uint8Array, from: string): void {
    const text = decodeUtf8Strictly(bytes);
    const report = text === undefined ? undefined : parseReport(text);
    if (report?.kind !== 'report') {
      const why = report === undefined ? 'It is no text.' : report.kind === 'report-error' ? report.reason : 'It is a request, and the agent answers none.';
      this.note(rejected(`The report cannot be used, so nothing changes. ${why}`, 'TS 23.141 §5.2.2.1'));
      return;
    }
    if (!this.#config.suppliers.some(({ point, address }) => point === report.point && address === from)) {
      this.note(rejected(`Nobody at ${from} may report over ${report.point} here: nothing changes.`, 'TS 23.141 §5.2.2.2'));
      return;
    }
    if (!this.#knowledge.hear(report)) {
      this.note(rejected('A later report of the same source has come already: this one says nothing new.', 'TS 23.141 §5.2.2.1'));
      return;
    }
    this.#associate(report);
  }

  /** TS 23.141 §5.2.2.1: the report is about the presentity whose number the subscriber's is. */
  #associate(report: NetworkReport): void {
    const user = this.#knowledge.byNumber(report.subscriber);
    if (user === undefined) {
      const why = 'Nobody of whom the S-CSCF has told has this number: the report is kept, and nothing is published.';
      this.note(decided(why, 'TS 23.141 §5.2.2.1'));
      return;
    }
    this.note(
      decided(`The number is that of ${user.identity}: what the ${SUPPLIERS[report.point].node} says becomes presence information.`, 'TS 23.141 §5.2.2.1'),
    );
    this.#tell(user, report.point);
  }

  /** Publishes what a source says of a user, when that is not published already. */
  #tell(user: AgentUser, source: Source): void {
    const key = `${user.identity} ${source}`;
    const document = this.#documentOf(user, source);
    const said = document === undefined ? undefined : formatPidf(withoutTimes(document));
    let publication = this.#publications.get(key);
    if (said === publication?.said) {
      if (publication !== undefined && said !== undefined && source !== 'Pi')
        this.note(decided('The presence information made of it is what is published already.', 'RFC 3903 §4'));
      return;
    }
    if (publication === undefined) {
      const agent = { uri: `sip:${this.config.host}`, about: source };
      const publisher = new EventPublisher({ presentity: user.identity, agent, chance: this.chance, expires: PUBLICATION_LIFETIME });
      publication = { user, source, publisher, said: undefined };
      this.#publications.set(key, publication);
    }
    publication.said = said;
    const { publisher } = publication;
    this.#publish(
      publication,
      document === undefined
        ? publisher.remove(this.now)
        : publisher.publish({ contentType: PIDF_TYPE, bytes: encodeUtf8Apart(formatPidf(document)) }, this.now),
    );
  }

  #documentOf(user: AgentUser, source: Source): ReturnType<typeof documentOf> {
    const { registered } = user;
    if (source === 'Pi') return registered === undefined ? undefined : registrationDocument(user.identity, registered, isoAt(this.#config.startsAt, this.now));
    const report = this.#knowledge.said(user.number, source);
    return report === undefined ? undefined : documentOf(user.identity, report);
  }

  #publish(publication: Publication, steps: readonly PublisherStep[]): void {
    for (const step of steps) {
      if (step.kind === 'publish') this.#sendPublication(step.request, step.notes, publication);
      else if (step.kind === 'failed') {
        const why = step.status === undefined ? 'does not answer' : `answered ${step.status}`;
        this.note(rejected(`The presence server ${why}: what ${publication.source} says is not published.`, 'RFC 3903 §5'));
        if (publication.publisher.state === 'unpublished') publication.said = undefined;
      } else this.out.push(step);
    }
  }

  #sendPublication(request: SipRequest, sofar: readonly Note[], publication: Publication): void {
    const notes = [...sofar];
    const server = `<${this.#config.presenceServer};lr>`;
    addHeader(request, notes, 'Route', server, 'Pen joins the agent and the presence server of one operator: no S-CSCF stands in between.', 'TS 23.141 §4.3.2');
    this.#sendOwn(request, notes, { kind: 'publish', publication });
  }

  #sendOwn(request: SipRequest, notes: Note[], purpose: Purpose): void {
    if (!request.headers.has('P-Asserted-Identity')) {
      const own = `<sip:${this.config.host}>`;
      addHeader(request, notes, 'P-Asserted-Identity', own, 'The agent speaks for itself, and not in the name of the user.', 'RFC 3325 §5');
    }
    numberOwn(request, notes, this.config, this.chance, 'agent');
    this.send({ request, notes, server: undefined, purpose, targets: [], tried: 0 });
  }

  protected override chargingFacts(_server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    const purpose = outgoing?.purpose;
    if (purpose === undefined) return { role: ROLE_OF_NODE.originating };
    const user = purpose.kind === 'publish' ? purpose.publication.user.identity : purpose.subscription.wish.resource;
    return { role: ROLE_OF_NODE.originating, served: { identities: [user] } };
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    const published = ({ identity }: AgentUser, source: Source): string | undefined => this.#publications.get(`${identity} ${source}`)?.publisher.state;
    return [
      ...agentTables(this.#knowledge, published),
      { ...this.#subscriber.viewTable(now), title: 'Registration state watched', empty: 'No registration is watched.' },
    ];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return [...this.#subscriber.viewTimers(), ...[...this.#publications.values()].flatMap(({ publisher }) => publisher.viewTimers())];
  }

  protected override ownStates(): readonly LiveState[] {
    return [...this.#subscriber.viewStates(), ...[...this.#publications.values()].flatMap(({ publisher }) => publisher.viewStates())];
  }
}
