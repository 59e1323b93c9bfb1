/**
 * Proxy-CSCF (TS 24.229 §5.2; TS 33.203): the UE's only door. It agrees on security with the UE, vouches for its identity, keeps the home network's
 * Service-Route, stays in the path of every dialog and starts the charging correlation. With the S-CSCF it is the Watcher Presence Proxy (TS 23.141 §5.3.4).
 * Omitted: SigComp, emergency, priority, QoS authorization, restoration (504 with a body).
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { answeredVector, chargingVectorOf, newVector, removeCharging, setChargingVector, type1 } from '#ims/node/charging-vector.ts';
import { decided, decrementMaxForwards, popRoute, rejected, removeHeader, routed, type Notes } from '#ims/node/edit.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import type { NoAnswer, Outgoing } from '#ims/node/outgoing.ts';
import { ProxyNode } from '#ims/node/proxy-node.ts';
import { NOT_OPENED, type StateReport } from '#ims/node/security-associations.ts';
import { SIP_PORT } from '#ims/node/sip-node.ts';
import type { SubscriberStep, SubscriberSubscription } from '#presence/subscription/subscriber.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';
import { type Flow, type ServerTransaction, type TimerValues, UE_TIMERS } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { AccessTable, type Source } from './access-table.ts';
import { rememberDialog, rememberNotified, rewriteRecordRoute } from './dialogs.ts';
import { chargingFactsOf } from './charging-facts.ts';
import { assertIdentity, checkServiceRoute, endSecurityAgreement, keepAccessInfo, recordRoute, type Refusal } from './from-ue.ts';
import type { PCscfConfig } from './config.ts';
import { keepRegistration } from './keep.ts';
import { PCscfRegistrar, type RegistrationOutcome, type RegistrationPurpose } from './registrar.ts';
import { RegEventWatcher } from './reg-event-watcher.ts';
import type { Registered } from './state.ts';
import { pCscfTables } from './tables.ts';
import { isOfUe, wayToUe } from './ways.ts';

type Purpose =
  | RegistrationPurpose
  | { readonly kind: 'from-ue'; readonly registered: Registered; readonly dialog: boolean }
  | { readonly kind: 'to-ue'; readonly registered: Registered; readonly icid: string | undefined; readonly originating: string | undefined }
  | { readonly kind: 'reg-event'; readonly subscription: SubscriberSubscription };

const CLAUSE = 'TS 24.229 (clause unchecked)';
const REMEMBERED = decided('The P-CSCF remembers the dialog: it stays in its path.', 'RFC 3261 §16.6');

/** How long the security associations outlive the registration: a transaction of the UE, 64·T1 (our choice). */
const LEAVING = seconds(128);
/** They outlive it by so much even when it simply runs out: the news of its end still has to get through (TS 33.203 §7.4.2a: they expire shortly after it). */
const GRACE = seconds(30);

/** What it takes as the one whom the request is for. */
const REG_EVENTS: UasCapabilities = { methods: ['NOTIFY'], schemes: ['sip', 'sips'], extensions: [], contentTypes: ['*'], contentEncodings: [] };

export class PCscf extends ProxyNode<Purpose> {
  readonly #config: PCscfConfig;
  readonly #access: AccessTable;
  readonly #registrar: PCscfRegistrar;
  readonly #regEvents: RegEventWatcher;
  readonly #uri: string;
  readonly #protectedUri: string;

  constructor(config: PCscfConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
    this.#uri = `sip:${config.host};lr`;
    this.#protectedUri = `sip:${config.host}:${config.protectedPorts.server};lr`;
    const report: StateReport = (machine, key, from, on, to) => this.stateChange(machine, key, from, on, to);
    this.#access = new AccessTable(report);
    this.#registrar = new PCscfRegistrar(config, chance, report);
    this.#regEvents = new RegEventWatcher(config.host, chance);
  }

  /** IPsec stands below SIP: what it cannot open never arrives. */
  override step(input: Input, now: SimTime): readonly Effect[] {
    if (input.kind === 'bytes' && input.seal !== undefined) {
      const pairs = this.#registrar.trialOf(input)?.pairs ?? this.#access.bySource(input)?.pairs;
      if (pairs !== undefined && pairs.seal !== input.seal) return [{ kind: 'note', note: NOT_OPENED }];
    }
    return super.step(input, now);
  }

  /** On the access the values for a UE count, in the network those of the core (TS 24.229 table 7.7.1). */
  protected override timersFor(flow: Flow, request: SipRequest): TimerValues | undefined {
    // A REGISTER comes from a UE on the unprotected port too.
    return flow.local.port === this.#config.protectedPorts.server || request.method === 'REGISTER' ? UE_TIMERS : undefined;
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    const source = this.#access.bySource(flow);
    const pairs = this.#registrar.trialOf(flow)?.pairs ?? source?.pairs;
    // TS 33.203 §7.1: over UDP everything leaves from the protected client port, also the answer to what came in on the server port.
    if (flow.transport === 'udp' && flow.local.port === this.#config.protectedPorts.server)
      server.responseFlow = { ...server.responseFlow, local: { ...flow.local, port: pairs?.proxy.clientPort ?? this.#config.protectedPorts.client } };
    if (source !== undefined && this.#access.trafficOver(source))
      this.note(decided('The UE uses the new security associations: the old ones have done their time.', 'TS 33.203 §7.4.2a'));
    if (request.method === 'REGISTER') {
      this.#register(server, request, flow, source);
      return;
    }
    if (!this.mayForward(server, request, this.loopKey(request))) return;
    if (source?.registered.leaving === false) {
      this.#fromUe(server, request, source);
      return;
    }
    if (flow.local.port !== SIP_PORT) {
      const way = flow.transport === 'ws' ? 'connection' : 'security association';
      this.refuse(server, 403, rejected(`No registered user stands behind this ${way}.`, 'TS 33.203 §7.1'));
      return;
    }
    if (this.#regEvents.isForUs(request)) {
      if (this.mayServe(server, request, REG_EVENTS)) this.#carryOut(this.#regEvents.receive(request, this.now), server);
      return;
    }
    this.#toUe(server, request, flow);
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    const notes: Note[] = [];
    switch (purpose.kind) {
      case 'register':
        this.#registerAnswered(outgoing, purpose, response, notes);
        return;
      case 'from-ue':
        // A fetch leaves no dialog behind, and a later SUBSCRIBE makes none.
        if (purpose.dialog && response.status < 300 && response.headers.get('Expires') !== '0') {
          rememberDialog(purpose.registered, outgoing.request);
          notes.push(REMEMBERED);
        }
        removeCharging(response, notes, 'Charging is between the networks: the UE does not see it.');
        if (purpose.registered.access.kind === 'ipsec')
          rewriteRecordRoute(response, notes, this.#uri, this.#protectedUri, 'The UE reaches its P-CSCF through the protected port only.');
        this.relay(outgoing, response, notes);
        return;
      case 'to-ue':
        if (outgoing.request.method === 'NOTIFY' && response.status < 300) rememberNotified(purpose.registered, outgoing.request);
        this.#answerFromUe(purpose, response, notes);
        keepAccessInfo(response, notes, purpose.registered, this.#config.domain);
        this.relay(outgoing, response, notes);
        return;
      case 'reg-event':
        this.#carryOut(this.#regEvents.answered(purpose.subscription, response, this.now), undefined);
    }
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(earliest(this.#access.deadline(), this.#registrar.deadline()), this.#regEvents.deadline());
  }

  protected override onOwnDeadline(): void {
    if (this.#registrar.fire(this.now))
      this.note(decided('Nobody has answered the challenge in time: the security associations made for it are deleted.', 'TS 33.203 §7.3.1.1'));
    for (let registered = this.#access.due(this.now); registered !== undefined; registered = this.#access.due(this.now)) {
      if (registered.leaving) this.#access.remove(registered);
      else {
        const who = registered.identities[0] ?? registered.contact;
        this.note(decided(`The registration of ${who} ran out: its security associations stay a little, for the news of it only.`, CLAUSE));
        this.#release(registered, GRACE);
      }
    }
    this.#carryOut(this.#regEvents.fire(this.now), undefined);
  }

  #register(server: ServerTransaction, request: SipRequest, flow: Flow, source: Source | undefined): void {
    if (!this.mayForward(server, request, this.loopKey(request))) return;
    const notes: Note[] = [];
    const result = this.#registrar.forward(request, flow, source, notes);
    if ('status' in result) {
      this.refuse(server, result.status, result.note, result.headers ?? []);
      return;
    }
    decrementMaxForwards(request, notes);
    notes.push(routed("The home network's name in the Request-URI leads to its entry, the I-CSCF.", 'TS 24.229 §5.2.2.1', request.uri));
    this.send({ request, notes, server, purpose: result, targets: [], tried: 0 });
  }

  #registerAnswered(outgoing: Outgoing<Purpose>, purpose: RegistrationPurpose, response: SipResponse, notes: Note[]): void {
    const { arrival, contact, privateIdentity } = purpose;
    const held = arrival.kind === 'standing' ? arrival.registered : this.#access.byContact(contact);
    const standing = held?.privateIdentity === privateIdentity ? held : undefined;
    const outcome = this.#registrar.answer(purpose, response, notes, this.now, standing === undefined ? undefined : this.#access.pairsTowards(standing));
    const failsOver = arrival.kind === 'trial' && response.status >= 300 ? arrival.trial.begunOver : undefined;
    // TS 33.203 §7.4.2a: that it failed is told over the old associations, when the registration began over them.
    if (failsOver !== undefined && outgoing.server !== undefined) {
      const { responseFlow } = outgoing.server;
      outgoing.server.responseFlow = { ...responseFlow, seal: failsOver.seal, local: { ...responseFlow.local, port: failsOver.proxy.clientPort } };
    }
    // One who was leaving and has come back is watched anew.
    const isNew = standing?.leaving !== false;
    const kept = outcome === undefined ? undefined : this.#keep(purpose, outcome, standing, notes);
    this.relay(outgoing, response, notes);
    if (kept !== undefined && isNew) this.#carryOut(this.#regEvents.subscribe(kept, this.now), undefined);
  }

  #fromUe(server: ServerTransaction, request: SipRequest, { registered, pairs }: Source): void {
    const notes: Note[] = [];
    const refused = endSecurityAgreement(request, notes, pairs) ?? this.#loosenRoute(request, notes, registered);
    if (refused !== undefined) {
      this.refuse(server, refused.status, refused.note, refused.headers ?? []);
      return;
    }
    const isInitial = tagOf(request.headers.get('To') ?? '') === undefined;
    const dialog = request.method === 'SUBSCRIBE';
    if (!isInitial && !registered.dialogs.has(request.headers.get('Call-ID') ?? '')) {
      // RFC 6665 §4.1.2.2: 481 says that the subscription is over. With any other refusal the watcher would go on waiting for NOTIFYs that nobody sends.
      this.refuse(server, 481, rejected('This user has no such dialog through this P-CSCF: it is over, or was never made here.', CLAUSE));
      return;
    }
    assertIdentity(request, notes, registered, () => undefined);
    removeHeader(request, notes, 'P-Charging-Vector', 'A UE has no say in charging.', 'RFC 7315 §4.6');
    setChargingVector(
      request,
      notes,
      newVector(this.chance, this.config, type1(this.config.domain)),
      'The first IMS node of a transaction gives it the number under which all charging records of this transaction will be found.',
      'TS 32.260 §5.1.2.2',
    );
    decrementMaxForwards(request, notes);
    if (dialog) recordRoute(request, notes, this.#uri);
    keepAccessInfo(request, notes, registered, this.config.domain);
    notes.push(
      routed(
        isInitial ? "The Service-Route that came with the registration leads to the user's S-CSCF." : 'The route set of the dialog leads on.',
        isInitial ? 'RFC 3608 §6.1' : 'RFC 3261 §16.12',
        request.headers.first('Route') ?? request.uri,
      ),
    );
    this.send({ request, notes, server, purpose: { kind: 'from-ue', registered, dialog: dialog && isInitial }, targets: [], tried: 0 });
  }

  /** Takes the own Route off and, for an initial request, holds the rest against the Service-Route. */
  #loosenRoute(request: SipRequest, notes: Notes, registered: Registered): Refusal | undefined {
    const top = request.headers.first('Route');
    if (top === undefined || !this.#isOwn(top)) {
      // A UE without preloaded Route relies on the P-CSCF to put the Service-Route in.
      if (top === undefined && registered.access.kind === 'address') {
        for (const route of [...registered.serviceRoute].reverse()) request.headers.prepend('Route', route);
        notes.push({
          op: 'added',
          header: 'Route',
          to: registered.serviceRoute.join(', '),
          reason: 'The UE sent no Route: the P-CSCF puts the Service-Route of the registration in.',
          clause: CLAUSE,
        });
        return undefined;
      }
      return { status: 400, note: rejected('The topmost Route does not name this P-CSCF.', CLAUSE, 'Route') };
    }
    popRoute(request, notes);
    const isInitial = tagOf(request.headers.get('To') ?? '') === undefined;
    return isInitial ? checkServiceRoute(request, registered) : undefined;
  }

  #isOwn(route: string): boolean {
    const uri = uriOf(route);
    return uri !== undefined && hostOf(uri) === this.config.host;
  }

  #toUe(server: ServerTransaction, request: SipRequest, flow: Flow): void {
    const registered = this.#access.byContact(request.uri);
    const notes: Note[] = [];
    if (isOfUe(flow, request, this.#access, this.config.host)) {
      this.refuse(server, 403, rejected('Outside a security association only REGISTER is taken from a UE.', 'TS 33.203 §7.1'));
      return;
    }
    if (registered === undefined) {
      this.refuse(server, 480, rejected('No UE is registered here with this contact.', CLAUSE));
      return;
    }
    if (registered.leaving && !/^reg(;|$)/.test(request.headers.get('Event') ?? '')) {
      const why = 'This UE is no longer registered: only the news that its registration is over still gets through to it.';
      this.refuse(server, 480, rejected(why, 'TS 24.229 (clause unchecked)'));
      return;
    }
    const top = request.headers.first('Route');
    if (top !== undefined && this.#isOwn(top)) popRoute(request, notes);
    const vector = chargingVectorOf(request);
    removeCharging(request, notes, 'Charging is between the networks: the UE does not see it.');
    removeHeader(request, notes, 'P-Access-Network-Info', 'Access network information is not for the other user.', 'RFC 7315 §5.4');
    decrementMaxForwards(request, notes);
    if (request.method === 'NOTIFY' || request.method === 'SUBSCRIBE') {
      recordRoute(request, notes, registered.access.kind === 'ipsec' ? this.#protectedUri : this.#uri);
    }
    notes.push(
      registered.access.kind === 'ipsec'
        ? routed('The contact in the Request-URI is registered here: the security association leads to the UE.', 'TS 33.203 §7.1', request.uri)
        : routed('The contact in the Request-URI is registered here: the way on which it registered leads to the UE.', 'RFC 5626 §5.3', request.uri),
    );
    this.send({
      request,
      notes,
      server,
      purpose: { kind: 'to-ue', registered, icid: vector?.icid, originating: vector?.originating },
      timers: UE_TIMERS,
      via: wayToUe(this.config, registered, this.#access.pairsTowards(registered)),
      targets: [],
      tried: 0,
    });
  }

  #answerFromUe(purpose: Extract<Purpose, { kind: 'to-ue' }>, response: SipResponse, notes: Notes): void {
    if (purpose.icid !== undefined) {
      setChargingVector(
        response,
        notes,
        { icid: purpose.icid, originating: purpose.originating, terminating: type1(this.config.domain) },
        'The answer carries the number of its request, and the network in which the UE stands.',
      );
    }
    rewriteRecordRoute(response, notes, this.#protectedUri, this.#uri, 'Inside the network the P-CSCF is reached without the protected port.');
  }

  /** The 200 counts: the user is registered here, or no longer. */
  #keep(purpose: RegistrationPurpose, outcome: RegistrationOutcome, before: Registered | undefined, notes: Notes): Registered | undefined {
    if (outcome.expires === 0) {
      if (purpose.arrival.kind === 'trial') this.#registrar.leave(purpose.arrival.trial);
      if (before === undefined) return undefined;
      this.#release(before);
      notes.push(decided('The user has deregistered: the security associations stay for the last answers only.', CLAUSE));
      return undefined;
    }
    return keepRegistration(this.#access, purpose, outcome, before, this.now);
  }

  /** The registration is over: nothing is taken from the UE any more, but what is under way still gets through. */
  #release(registered: Registered, stay = LEAVING): void {
    if (registered.leaving) return;
    registered.leaving = true;
    this.#access.endAt(registered, after(this.now, stay));
  }

  #carryOut(steps: readonly SubscriberStep[], server: ServerTransaction | undefined): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'respond':
          if (server !== undefined) this.respond(server, step.response, answeredVector(server.request, step.response, step.notes, type1(this.config.domain)));
          break;
        case 'subscribe':
          this.#sendOwn(step.request, step.notes, step.subscription);
          break;
        case 'notified': {
          const over = this.#regEvents.endedBy(step);
          if (over !== undefined) {
            this.#release(over);
            this.note(decided('The network has ended this registration: the security associations stay for the last answers only.', CLAUSE));
          }
          break;
        }
        case 'ended':
          break;
        default:
          this.out.push(step);
      }
    }
  }

  #sendOwn(request: SipRequest, sofar: readonly Note[], subscription: SubscriberSubscription): void {
    const notes = [...sofar];
    request.headers.append('P-Asserted-Identity', `<sip:${this.config.host}>`);
    notes.push({
      op: 'added',
      header: 'P-Asserted-Identity',
      to: `<sip:${this.config.host}>`,
      reason: 'The P-CSCF speaks for itself and is trusted to say so.',
      clause: 'RFC 3325 §5',
    });
    const vector = newVector(this.chance, this.config, type1(this.config.domain));
    setChargingVector(request, notes, vector, 'The P-CSCF is the first IMS node of its own request.', 'TS 32.260 §5.1.2.2');
    notes.push(decided('The P-CSCF wants to know when the network ends this registration, so it subscribes to its state.', 'TS 24.229 §5.2.3'));
    this.send({ request, notes, server: undefined, purpose: { kind: 'reg-event', subscription }, targets: [], tried: 0 });
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { purpose } = outgoing;
    if (purpose.kind === 'reg-event')
      this.#carryOut(this.#regEvents.unanswered(purpose.subscription, why === 'timeout' ? 'timeout' : 'transport-error', this.now), undefined);
    else if (outgoing.server !== undefined && purpose.kind !== 'to-ue' && outgoing.heard !== true && (why === 'timeout' || why === 'transport-error'))
      this.#networkIsSilent(outgoing, outgoing.server);
    else super.onNoAnswer(outgoing, why);
  }

  protected override chargingFacts(server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    return chargingFactsOf(outgoing?.purpose, server, server === undefined ? undefined : this.#access.bySource(server.flow)?.registered);
  }

  /** The UE waits four times as long as the core does, so it can still be told (TS 24.229 table 7.7.1); but a next hop that said 100 lives. */
  #networkIsSilent({ request, purpose }: Outgoing<Purpose>, server: ServerTransaction): void {
    if (purpose.kind === 'from-ue' && tagOf(request.headers.get('To') ?? '') === undefined) {
      const why = 'The S-CSCF of the user does not answer: the UE is asked to register anew, so that another one, or the same after its repair, is found.';
      this.refuseForRestoration(server, 'S-CSCF not reachable', rejected(why, 'TS 24.229 (clause unchecked)'));
    } else this.refuse(server, 504, rejected('Nobody in the network answers: the UE is told so while it still waits.', 'RFC 3261 §21.5.5'));
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    const all = [...this.#access.all()];
    const pairs = all.flatMap(({ access, former }) => [...(access.kind === 'ipsec' ? [access.pairs] : []), ...(former === undefined ? [] : [former])]);
    const trials = [...this.#registrar.trials()].map((trial) => trial.pairs);
    return [...pCscfTables(all, [...pairs, ...trials], now), this.#regEvents.table(now)];
  }
}
