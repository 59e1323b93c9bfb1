/**
 * Serving-CSCF (TS 24.229 §5.4; TS 23.218 for service control): registrar of its users, notifier of their registration state, and the proxy that
 * evaluates their initial filter criteria. It is half of both presence proxies of TS 23.141 §5.3.4.
 * Omitted: retargeting by application servers (ORIGINATING_CDIV), session-timer and release functions.
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { answeredVector, answeringIoi, chargingVectorOf, newVector, setChargingVector } from '#ims/node/charging-vector.ts';
import { decided, popRoute, rejected, removeHeader, routed } from '#ims/node/edit.ts';
import type { ChargingFacts } from '#ims/charging/chargeable.ts';
import { identityKey } from '#ims/node/identity.ts';
import { impatientTimers, type NoAnswer, type Outgoing } from '#ims/node/outgoing.ts';
import { ProxyNode } from '#ims/node/proxy-node.ts';
import { isTrusted } from '#ims/node/trust.ts';
import type { DiameterEvent, DiameterRequestEvent, DiameterServer } from '#protocol/diameter/peer.ts';
import { type CxResult, isGranted } from '#protocol/diameter/result.ts';
import type { ContactEvent } from '#presence/reginfo/document.ts';
import type { NotifierStep } from '#presence/subscription/notifier.ts';
import { cloneRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { tagOf, uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { factsOfTransaction } from './charging-facts.ts';
import { REG_EVENTS, REGISTRATIONS, type SCscfConfig } from './config.ts';
import { CxClient, type CxPurpose, type SCscfStep } from './cx-client.ts';
import { answerVector, leaveHome, noteOnPath, passInDialog, sendToContact, sendToServer } from './edit.ts';
import { compileFilterCriteria, nextMatch, type SessionCase } from './filter-criteria.ts';
import { readProfile, takePush } from './from-hss.ts';
import { AskedServers, asksAsServer, backTowards, originatingNote, ownRoute, towardsNetwork, towardsProxy, towardsServer } from './legs.ts';
import type { Purpose, ServiceControl } from './purpose.ts';
import { RegNotifier } from './reg-notifier.ts';
import { leaveTrust, towardsGateway } from './interworking.ts';
import { SCscfRegistrar } from './registrar.ts';
import { destinationOf, replaceNumber } from './request-uri.ts';
import { isBarred, openIdentities, type ServedUser, ServedUsers } from './served-users.ts';
import { sCscfTables } from './tables.ts';
import { notTaken, thirdPartyRegister } from './third-party-register.ts';

const CLAUSE = 'TS 24.229 (clause unchecked)';
const isInDialog = (request: SipRequest): boolean => tagOf(request.headers.get('To') ?? '') !== undefined;

export class SCscf extends ProxyNode<Purpose, CxPurpose> {
  readonly #config: SCscfConfig;
  readonly #users = new ServedUsers();
  readonly #registrar: SCscfRegistrar;
  readonly #notifier: RegNotifier;
  readonly #cx: CxClient;
  readonly #returning = new Map<string, ServiceControl>();
  readonly #servers = new AskedServers();

  constructor(config: SCscfConfig, chance: Chance) {
    super(config, chance);
    this.#config = config;
    this.#cx = new CxClient(config, chance, (message, purpose, notes) => {
      this.diameter.request(message, config.hss, purpose, notes, this.now, this.out);
    });
    this.#notifier = new RegNotifier(config.host, chance, this.#users);
    this.#registrar = new SCscfRegistrar(config, chance, this.#users, {
      now: () => this.now,
      respond: (server, response, notes) => this.respond(server, response, notes),
      refuse: (server, status, note, headers) => this.refuse(server, status, note, headers),
      note: (note) => this.note(note),
      stateChange: (machine, key, from, on, to) => this.stateChange(machine, key, from, on, to),
      askVector: (identity, privateIdentity, scheme, step, authorization) => this.#cx.askVector(identity, privateIdentity, scheme, step, authorization),
      assign: (identity, privateIdentity, type, step) => this.#cx.assign(identity, privateIdentity, type, step),
      changed: (user, event, request) => this.#registrationChanged(user, event, request),
    });
  }

  protected override isToldOfCharging({ flow }: ServerTransaction): boolean {
    return this.#config.trust === undefined || isTrusted(this.#config.trust, flow.remote.address);
  }

  protected override onRequest(server: ServerTransaction, request: SipRequest): void {
    if (request.method === 'REGISTER') {
      if (this.mayServe(server, request, REGISTRATIONS)) this.#registrar.onRegister(server, request);
      return;
    }
    const own = ownRoute(request, this.config.host);
    const mark = own === undefined ? undefined : (own.user ?? '');
    const byServer = own !== undefined && asksAsServer(own);
    if (this.#notifier.isForUs(request)) {
      if (this.mayServe(server, request, REG_EVENTS)) this.#carryOut(this.#notifier.receive(request, this.now), server);
      return;
    }
    if (!this.mayForward(server, request, this.loopKey(request, mark))) return;
    const notes: Note[] = [];
    if (mark !== undefined) popRoute(request, notes);
    if (mark === 'orig' || byServer) {
      this.#originating(server, request, notes, byServer);
      return;
    }
    const control = mark === undefined || mark === '' ? undefined : this.#returning.get(mark);
    if (control !== undefined) {
      notes.push(decided('The application server has sent the request back: its mark tells where the evaluation stopped.', 'TS 23.218 §5.2.3'));
      this.#serve(server, request, notes, control);
      return;
    }
    if (isInDialog(request)) this.#inDialog(server, request, notes);
    else this.#terminating(server, request, notes);
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    const { purpose } = outgoing;
    const notes: Note[] = [];
    switch (purpose.kind) {
      case 'notify':
        this.#carryOut(this.#notifier.answered(purpose.subscription, response, this.now), undefined);
        return;
      case 'third-party-register':
        if (response.status >= 300) this.#notRegisteredThere(purpose.endsOnFailure);
        return;
      case 'number':
        return;
      case 'pass':
        removeHeader(response, notes, 'P-Access-Network-Info', 'Where the user stands is told to the home network only.', 'RFC 7315 §5.4');
        answerVector(response, notes, purpose.vector, purpose.terminating);
        noteOnPath(outgoing.request, response, notes, this.config.host);
        this.relay(outgoing, response, notes);
        return;
      case 'isc':
        this.#returning.delete(purpose.odi);
        if ((response.status === 408 || response.status >= 500) && response.status < 600 && this.#defaultHandling(outgoing, purpose, true)) return;
        removeHeader(response, notes, 'P-Charging-Function-Addresses', 'Charging functions are addressed inside one network only.', 'RFC 7315 §5.5');
        answerVector(
          response,
          notes,
          purpose.vector,
          purpose.control.sessionCase.startsWith('originating') ? towardsProxy(this.config.domain) : towardsNetwork(this.config.domain),
        );
        noteOnPath(outgoing.request, response, notes, this.config.host);
        this.relay(outgoing, response, notes);
    }
  }

  protected override onNoAnswer(outgoing: Outgoing<Purpose>, why: NoAnswer): void {
    const { purpose } = outgoing;
    if (purpose.kind === 'isc') {
      this.#returning.delete(purpose.odi);
      if (this.#defaultHandling(outgoing, purpose, false)) return;
    }
    if (purpose.kind === 'third-party-register') {
      this.#notRegisteredThere(purpose.endsOnFailure);
      return;
    }
    if (purpose.kind === 'notify') {
      this.#carryOut(this.#notifier.unanswered(purpose.subscription, why === 'timeout' ? 'timeout' : 'transport-error', this.now), undefined);
      return;
    }
    if (purpose.kind === 'pass' && purpose.inside !== undefined && (why === 'no-such-domain' || why === 'no-record')) {
      this.send({ ...outgoing, ...towardsGateway(purpose.inside), purpose: { ...purpose, inside: undefined }, targets: [], tried: 0 });
      return;
    }
    if (purpose.kind === 'number' && outgoing.server !== undefined && why !== 'dns-timeout') {
      this.refuse(outgoing.server, 404, rejected('The directory gives no address for this number, so nobody can be found under it.', CLAUSE));
      return;
    }
    super.onNoAnswer(outgoing, why);
  }

  protected override onTranslated(outgoing: Outgoing<Purpose>, uri: string): void {
    const { server, request, notes, purpose } = outgoing;
    if (server === undefined || purpose.kind !== 'number') return;
    replaceNumber(request, notes, uri);
    this.#leave(server, request, notes, purpose.user);
  }

  protected override diameterServers(): readonly DiameterServer[] {
    return this.#config.located ?? [];
  }

  protected override onDiameter(event: DiameterEvent<CxPurpose>): void {
    if (event.kind === 'request') {
      this.#pushed(event);
      return;
    }
    const outcome = this.#cx.read(event);
    if (outcome === undefined) return;
    const { purpose } = outcome;
    if (purpose.kind === 'registration') {
      if (outcome.kind === 'no-answer') this.#registrar.onNoAnswer(purpose);
      else if (outcome.kind === 'vector') this.#registrar.onVector(purpose, outcome.result, outcome.item);
      else this.#registrar.onAssigned(purpose, outcome.result, outcome.userData, outcome.chargingFunctions);
      return;
    }
    if (outcome.kind === 'no-answer') this.refuse(purpose.server, 504, rejected('The HSS did not answer, so nothing is known of the user.', CLAUSE));
    else if (outcome.kind === 'assigned' && purpose.kind === 'lost') this.#judgeUnknown(purpose, outcome.result);
    else if (outcome.kind === 'assigned') this.#unregisteredProfile(purpose, outcome.result, outcome.userData, outcome.chargingFunctions);
  }

  protected override ownDeadline(): SimTime | undefined {
    return earliest(this.#registrar.deadline(), this.#notifier.deadline());
  }

  protected override onOwnDeadline(): void {
    this.#registrar.fire(this.now);
    this.#carryOut(this.#notifier.fire(this.now), undefined);
  }

  #originating(server: ServerTransaction, request: SipRequest, notes: Note[], byServer: boolean): void {
    const identity = uriOf(request.headers.first('P-Asserted-Identity') ?? '') ?? '';
    const user = this.#users.find(identity);
    if (user?.state !== 'registered') {
      this.#cx.assign(identity, undefined, 'no-assignment', { kind: 'lost', server, request, notes, identity });
      return;
    }
    if (isBarred(user, identity)) {
      this.refuse(server, 403, rejected('The identity that sends is barred: it may be used for registration only.', 'TS 23.218 §6.4.1'));
      return;
    }
    notes.push(originatingNote(byServer));
    this.#serve(server, request, notes, { user, identity, sessionCase: 'originating-registered', next: 0 });
  }

  #terminating(server: ServerTransaction, request: SipRequest, notes: Note[]): void {
    const identity = identityKey(request.uri);
    const user = this.#users.find(identity);
    if (user === undefined) {
      this.note(decided('No profile of this user is held here: the HSS is asked to assign this S-CSCF and to send it.', 'TS 29.228 §6.1.2'));
      this.#cx.assign(identity, undefined, 'unregistered-user', { kind: 'unregistered', server, request, notes, identity });
      return;
    }
    this.#toServedUser(server, request, notes, user, identity);
  }

  #judgeUnknown({ server }: SCscfStep, result: CxResult): void {
    if (isGranted(result)) {
      const why =
        'The HSS says that this S-CSCF serves the user, yet it knows nothing of a registration: it has lost its memory. The UE is asked to register anew.';
      this.refuseForRestoration(server, 'S-CSCF restarted', rejected(why, 'TS 24.229 §5.4.3.2'));
    } else this.refuse(server, 403, rejected(`The one who sends is not registered at this S-CSCF (the HSS says ${result.name}).`, 'TS 23.218 §6.4.1'));
  }

  #unregisteredProfile(step: SCscfStep, result: CxResult, userData: string | undefined, chargingFunctions: string | undefined): void {
    const profile = isGranted(result) && userData !== undefined ? readProfile(userData) : undefined;
    if (profile === undefined) {
      this.refuse(
        step.server,
        result.name.includes('USER_UNKNOWN') ? 404 : 500,
        rejected(`The HSS gives no profile: ${result.name} (${result.code}).`, 'TS 29.228 §6.1.2'),
      );
      return;
    }
    const user = this.#users.keep(profile, chargingFunctions, 'unregistered', undefined);
    this.stateChange('registration (S-CSCF)', step.identity, 'not registered', 'unregistered-service', 'unregistered');
    step.notes.push(decided('The user is not registered, yet has services for that case: this S-CSCF now holds the profile.', 'TS 23.228 §5.12.1'));
    this.#toServedUser(step.server, step.request, step.notes, user, step.identity);
  }

  #toServedUser(server: ServerTransaction, request: SipRequest, notes: Note[], user: ServedUser, identity: string): void {
    if (isBarred(user, identity)) {
      this.refuse(server, 404, rejected('The identity is barred: to others it does not exist.', 'TS 23.218 §6.5.2'));
      return;
    }
    const sessionCase: SessionCase = user.state === 'registered' ? 'terminating-registered' : 'terminating-unregistered';
    this.#serve(server, request, notes, { user, identity, sessionCase, next: 0 });
  }

  /** Evaluates the criteria from where they stand; on to the first application server that matches, or out. */
  #serve(server: ServerTransaction, request: SipRequest, notes: Note[], control: ServiceControl): void {
    const { user, sessionCase } = control;
    const match = nextMatch(user.criteria, control.next, request, { sessionCase });
    if (match < 0) {
      notes.push(
        decided(
          user.criteria.length === 0 ? 'The profile holds no filter criteria.' : `None of the filter criteria matches (${sessionCase.replace('-', ', ')}).`,
          'TS 23.218 §5.2.3',
        ),
      );
      if (sessionCase.startsWith('originating')) this.#leave(server, request, notes, user);
      else this.#deliver(server, request, notes, user);
      return;
    }
    this.#toApplicationServer(server, request, notes, { ...control, next: match + 1 });
  }

  #toApplicationServer(server: ServerTransaction, original: SipRequest, sofar: Note[], control: ServiceControl): void {
    const { user, identity, sessionCase } = control;
    const criterion = user.criteria[control.next - 1]?.criterion;
    if (criterion === undefined) throw new Error('service control points behind the last criterion');
    const request = cloneRequest(original);
    const odi = this.chance.token('odi', 12);
    const vector = chargingVectorOf(request);
    const originatingCase = sessionCase.startsWith('originating');
    const { serverName, defaultHandling } = criterion.applicationServer;
    const notes = [
      ...sofar,
      decided(`Filter criterion ${criterion.priority} matches (${sessionCase.replace('-', ', ')}): ${serverName} is to be asked.`, 'TS 23.218 §5.2.3'),
    ];
    const recorded = this.#config.recordRoute[originatingCase ? 'originating' : 'terminating'];
    sendToServer(request, notes, this.config, { user, identity, originating: originatingCase, odi, serverName, recorded });
    this.#returning.set(odi, control);
    this.#servers.add(serverName);
    this.send({
      request,
      notes,
      server,
      purpose: { kind: 'isc', control, odi, original, vector, defaultHandling },
      timers: impatientTimers(this.#config.patience),
      targets: [],
      tried: 0,
    });
  }

  /** The application server failed, with an error (`isAnswer`) or by silence. True when that is dealt with. */
  #defaultHandling(outgoing: Outgoing<Purpose>, purpose: Extract<Purpose, { kind: 'isc' }>, isAnswer: boolean): boolean {
    if (outgoing.server === undefined) return false;
    // TS 23.218 §6.4.1: SESSION_TERMINATED passes the error on; otherwise the evaluation goes on.
    if (purpose.defaultHandling === 1) {
      if (isAnswer) return false;
      const why = 'The application server is silent, and its criterion says that nothing goes on without it. 408 is not for this method, so it is 504.';
      this.refuse(outgoing.server, 504, rejected(why, 'TS 23.218 §6.4.1'));
      return true;
    }
    const notes = [decided('The application server failed, and its criterion says to go on without it.', 'TS 23.218 §6.4.1')];
    this.#serve(outgoing.server, purpose.original, notes, purpose.control);
    return true;
  }

  /** The originating case is over: the request goes to the network in its Request-URI. */
  #leave(server: ServerTransaction, request: SipRequest, notes: Note[], user: ServedUser): void {
    const vector = chargingVectorOf(request);
    const destination = destinationOf(request.uri, this.config.domain);
    if (destination.kind === 'nowhere') {
      this.refuse(server, 404, rejected(destination.why, CLAUSE));
      return;
    }
    if (destination.kind === 'number') {
      this.translate({ request, notes, server, purpose: { kind: 'number', user }, targets: [], tried: 0 }, destination.number);
      return;
    }
    leaveHome(request, notes, this.#config, user, this.#config.recordRoute.originating);
    const inside = leaveTrust(request, notes, this.#config);
    notes.push(destination.note);
    this.send({
      request,
      notes,
      server,
      purpose: { kind: 'pass', vector, terminating: backTowards(vector, this.config.domain), inside },
      targets: [],
      tried: 0,
    });
  }

  /** The terminating case is over: the request goes to the user's contact, if there is one. */
  #deliver(server: ServerTransaction, request: SipRequest, notes: Note[], user: ServedUser): void {
    const { binding } = user;
    if (binding === undefined) {
      this.refuse(server, 480, rejected('The user is not registered, and no service takes the request instead.', 'TS 23.218 §6.5.2'));
      return;
    }
    const vector = chargingVectorOf(request);
    sendToContact(request, notes, this.config, binding);
    this.send({
      request,
      notes,
      server,
      purpose: { kind: 'pass', vector, terminating: towardsNetwork(this.config.domain) },
      targets: [],
      tried: 0,
    });
  }

  /** A later request of a dialog that recorded this S-CSCF: no service control, only the route set. */
  #inDialog(server: ServerTransaction, request: SipRequest, notes: Note[]): void {
    const vector = chargingVectorOf(request);
    passInDialog(request, notes, this.config, this.#servers.isNext(request));
    notes.push(decided('Filter criteria are for initial requests only: this one follows the route set of its dialog.', 'TS 23.218 §5.2.1'));
    notes.push(routed('The route set of the dialog names the next hop.', 'RFC 3261 §16.12', request.headers.first('Route') ?? request.uri));
    this.send({ request, notes, server, purpose: { kind: 'pass', vector, terminating: backTowards(vector, this.config.domain) }, targets: [], tried: 0 });
  }

  #notRegisteredThere(user: ServedUser | undefined): void {
    this.note(notTaken(user));
    if (user?.state === 'registered') this.#registrar.terminate(user, 'rejected', true);
  }

  #pushed(event: DiameterRequestEvent): void {
    const push = takePush(event.message, this.#users, { originHost: this.config.host, originRealm: this.config.domain });
    if (push !== undefined) this.diameter.respond(event, push.answer, [push.note], this.now, this.out);
    if (push?.act?.kind === 'end') this.#registrar.terminate(push.act.user, push.act.event, false);
    else if (push?.act?.kind === 'profile') push.act.user.criteria = compileFilterCriteria(push.act.profile.filterCriteria);
  }

  #registrationChanged(user: ServedUser, event: ContactEvent, request: SipRequest | undefined): void {
    for (const { request: register, notes, endsOnFailure } of thirdPartyRegister(this.config, this.chance, user, event, request)) {
      this.#sendOwn(register, notes, { kind: 'third-party-register', endsOnFailure: endsOnFailure ? user : undefined }, towardsServer(this.config.domain));
    }
    this.#carryOut(this.#notifier.changed(user, event, this.now), undefined);
  }

  #carryOut(steps: readonly NotifierStep[], server: ServerTransaction | undefined): void {
    for (const step of steps) {
      if (step.kind === 'respond') {
        if (server === undefined) continue;
        // The registrar answers like any other end of a transaction: with its number, and who answered.
        const answering = answeringIoi(chargingVectorOf(server.request)?.originating, this.config.domain);
        this.respond(server, step.response, answeredVector(server.request, step.response, step.notes, answering));
      } else if (step.kind === 'notify') this.#sendOwn(step.request, step.notes, { kind: 'notify', subscription: step.subscription });
      else this.out.push(step);
    }
  }

  #sendOwn(request: SipRequest, sofar: readonly Note[], purpose: Purpose, originating = towardsProxy(this.config.domain)): void {
    const notes = [...sofar];
    const vector = newVector(this.chance, this.config, originating);
    setChargingVector(request, notes, vector, 'The S-CSCF is the first IMS node of its own request.', 'TS 32.260 §5.1.2.2');
    const timers = purpose.kind === 'third-party-register' ? { timers: impatientTimers(this.#config.patience) } : {};
    this.send({ request, notes, server: undefined, purpose, ...timers, targets: [], tried: 0 });
  }

  protected override chargingFacts(server: ServerTransaction | undefined, outgoing: Outgoing<Purpose> | undefined): ChargingFacts {
    return factsOfTransaction(this.#users, this.config.host, server, outgoing);
  }

  protected override tables(now: SimTime): readonly ViewTable[] {
    return [...sCscfTables(this.#users.all(), now), this.#notifier.table(now)];
  }

  protected override ownTimers(): readonly ViewTimer[] {
    return this.#notifier.timers();
  }

  protected override ownStates(): readonly LiveState[] {
    return [
      ...this.#users.all().map((user) => ({ machine: 'registration (S-CSCF)', key: openIdentities(user)[0] ?? '', state: user.state })),
      ...this.#notifier.states(),
    ];
  }
}
