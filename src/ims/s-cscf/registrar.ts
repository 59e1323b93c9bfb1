/**
 * The registrar in an S-CSCF: authentication with vectors of the HSS, bindings with their Path, the 200 with Service-Route and P-Associated-URI
 * (TS 24.229 §5.4.1; TS 33.203 §6.1; TS 29.228 §6.1.2, §6.3; RFC 3310, RFC 3327, RFC 3608).
 * The challenges themselves are those of challenges.ts. Omitted: several contacts per user, GRUU, outbound.
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { transition } from '#base/state-table.ts';
import { after, earliest, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { chargingVectorOf, setChargingVector, type1, withTerminating } from '#ims/node/charging-vector.ts';
import { addHeader, decided, rejected } from '#ims/node/edit.ts';
import { expiresOf } from '#ims/node/expires.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { ContactEvent } from '#presence/reginfo/document.ts';
import { SCHEME } from '#protocol/diameter/cx-auth.ts';
import { parseUserData } from '#protocol/diameter/cx-user-data.ts';
import { type CxResult, isGranted } from '#protocol/diameter/result.ts';
import { type AuthParams, parseCredentials } from '#protocol/sip/credentials.ts';
import { createResponse, type SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { type Challenged, Challenges, type Judgement } from './challenges.ts';
import type { SCscfConfig } from './config.ts';
import type { Assignment, RegistrarPort, RegistrationStep, Vector } from './registrar-port.ts';
import { openIdentities, REGISTRATION, REGISTRATION_RULES, type ServedState, type ServedUser, type ServedUsers } from './served-users.ts';

const SHORTEST = 60;

export class SCscfRegistrar {
  readonly #host: string;
  readonly #domain: string;
  readonly #authenticatesAgain: boolean;
  readonly #chance: Chance;
  readonly #users: ServedUsers;
  readonly #port: RegistrarPort;
  readonly #challenges: Challenges;
  readonly #timers = new Timers<ServedUser>();
  readonly #expiry = new Map<string, Timer<ServedUser>>();

  constructor(config: SCscfConfig, chance: Chance, users: ServedUsers, port: RegistrarPort) {
    this.#host = config.host;
    this.#domain = config.domain;
    this.#authenticatesAgain = config.authenticatesAgain;
    this.#chance = chance;
    this.#users = users;
    this.#port = port;
    this.#challenges = new Challenges(config.domain, chance, seconds(config.nonceLifetime));
  }

  deadline(): SimTime | undefined {
    return earliest(this.#timers.next(), this.#challenges.deadline());
  }

  fire(now: SimTime): void {
    for (let user = this.#timers.due(now); user !== undefined; user = this.#timers.due(now)) this.#expired(user);
    for (let who = this.#challenges.overdue(now); who !== undefined; who = this.#challenges.overdue(now)) {
      this.#port.note(decided('Nobody answered the challenge within four minutes: the authentication has failed.', 'TS 33.203 §6.1.2.3'));
      this.#failed(undefined, who, 'authentication-timeout');
    }
  }

  /** A REGISTER from the I-CSCF. */
  onRegister(server: ServerTransaction, request: SipRequest): void {
    const identity = ownText(uriOf(request.headers.get('To') ?? '') ?? '');
    const credentials = parseCredentials(request.headers.get('Authorization') ?? '');
    const privateIdentity = ownText(credentials?.params.get('username') ?? identityKey(identity).replace(/^sips?:/, ''));
    const who = { identity, privateIdentity };
    const judgement: Judgement = credentials === undefined ? { kind: 'none' } : this.#challenges.judge(request, credentials, who, this.#port.now());
    switch (judgement.kind) {
      case 'right':
        this.#port.note(rightNote(judgement));
        this.#assign(server, request, identity, privateIdentity, this.#users.find(identity)?.state === 'registered');
        return;
      case 'wrong':
        this.#port.note(
          rejected(
            'The response is not the one that the home network expects: this is not the user, or the key differs.',
            'TS 33.203 §6.1.2.1',
            'Authorization',
          ),
        );
        this.#failed(server, who, 'authentication-failure');
        return;
      case 'not-believed':
        this.#port.note(decided('An empty response to the challenge: the USIM does not believe that it came from its home network.', 'TS 33.203 §6.1.2.2'));
        this.#failed(server, who, 'authentication-failure');
        return;
      case 'out-of-step':
        this.#port.note(
          decided('AUTS instead of an answer: the USIM believes its home network, but the sequence number is out of its range.', 'TS 33.203 §6.1.3'),
        );
        this.#port.askVector(identity, privateIdentity, SCHEME.aka, { kind: 'registration', server, ...who, assignment: undefined }, judgement.authorization);
        return;
      case 'stale':
        this.#port.note(decided(`${judgement.reason} The password was right, so the user is asked with a fresh nonce.`, 'TS 33.203 §N.2.3'));
        this.#challenge(server, who, judgement.item, true);
        return;
      case 'none':
        this.#unproven(server, request, who, credentials);
    }
  }

  /** A REGISTER that answers no challenge: taken as it is when the P-CSCF vouches for it, challenged otherwise. */
  #unproven(server: ServerTransaction, request: SipRequest, who: Challenged, credentials: AuthParams | undefined): void {
    const { identity, privateIdentity } = who;
    if (this.#isTooBrief(server, request)) return;
    const user = this.#users.find(identity);
    const trusted = credentials?.params.get('integrity-protected');
    const standing = user?.state === 'registered' && user.privateIdentity === privateIdentity && trusted === 'yes';
    if (standing && !this.#authenticatesAgain) {
      this.#port.note(decided('The REGISTER came over the security association of this registration: it need not be challenged again.', 'TS 33.203 §7.4'));
      this.#assign(server, request, identity, privateIdentity, true);
      return;
    }
    // TS 24.229 §5.4.1.1: without IPsec the P-CSCF vouches at most for the address, and SIP digest is asked for.
    const scheme = credentials === undefined ? SCHEME.unknown : trusted?.startsWith('ip-assoc') === true ? SCHEME.digest : SCHEME.aka;
    this.#port.note(
      standing
        ? decided('The REGISTER came protected, but the policy of this network is to authenticate every time: a vector is asked for.', 'TS 33.203 §7.4')
        : decided('Nothing proves yet who this is: the HSS is asked for an authentication vector.', 'TS 33.203 §6.1.1'),
    );
    this.#port.askVector(identity, privateIdentity, scheme, { kind: 'registration', server, identity, privateIdentity, assignment: undefined });
  }

  /** The HSS's vector: the challenge goes out. */
  onVector(step: RegistrationStep, result: CxResult, item: Vector | undefined): void {
    const { server } = step;
    if (server === undefined) return;
    if (!isGranted(result) || item === undefined) this.#refuseByResult(server, result);
    else this.#challenge(server, step, item, false);
  }

  #challenge(server: ServerTransaction, who: Challenged, item: Vector, stale: boolean): void {
    const response = createResponse(server.request, 401, undefined, this.#chance.token('to-tag', 8));
    const { value, note } = this.#challenges.challenge(server.request, who, item, stale, this.#port.now());
    response.headers.append('WWW-Authenticate', value);
    const notes: Note[] = [note];
    this.#answerCharging(server, response, notes);
    this.#move(who.identity, this.#stateOf(who.identity), 'challenge');
    this.#port.respond(server, response, notes);
  }

  /** The HSS has taken note: the user is registered, or no longer. */
  onAssigned(step: RegistrationStep, result: CxResult, userData: string | undefined, chargingFunctions: string | undefined): void {
    const { server } = step;
    if (server === undefined) return;
    if (step.assignment === 'authentication-failure') {
      this.#refuseAuthentication(server);
      return;
    }
    if (!isGranted(result)) {
      this.#refuseByResult(server, result);
      return;
    }
    const { request } = server;
    const known = this.#users.find(step.identity);
    if (step.assignment === 'user-deregistration') {
      if (known !== undefined) this.#end(known, 'deregister', 'unregistered', request);
      this.#accept(server, known, undefined, 0);
      return;
    }
    const profile = userData === undefined ? undefined : parseUserData(userData);
    if (profile !== undefined && 'kind' in profile) {
      this.#port.refuse(server, 500, rejected(`The profile that the HSS sent cannot be read: ${profile.fault} at ${profile.where}.`, 'TS 29.228 §6.1.2'));
      return;
    }
    const expires = expiresOf(request);
    const binding = {
      contact: ownText(uriOf(request.headers.first('Contact') ?? '') ?? ''),
      path: request.headers.values('Path').map(ownText),
      expiresAt: after(this.#port.now(), seconds(expires)),
    };
    const before = this.#stateOf(step.identity);
    const user = profile === undefined ? known : this.#users.keep(profile, chargingFunctions, 'registered', binding);
    if (user === undefined) {
      this.#port.refuse(server, 500, rejected('The HSS sent no profile for a user who is not known here.', 'TS 29.228 §6.1.2'));
      return;
    }
    user.binding = binding;
    this.#move(step.identity, before, 'accept');
    user.state = 'registered';
    // One end for the whole implicit set, whichever of its identities was registered last.
    const key = identityKey(user.identities[0]?.identity ?? step.identity);
    this.#timers.cancel(this.#expiry.get(key));
    this.#expiry.set(key, this.#timers.set(binding.expiresAt, user));
    this.#accept(server, user, binding.contact, expires);
    this.#port.changed(user, before === 'registered' ? 'refreshed' : 'registered', request);
  }

  /** Nobody answered at the HSS. */
  onNoAnswer(step: RegistrationStep): void {
    if (step.server !== undefined)
      this.#port.refuse(step.server, 504, rejected('The HSS did not answer, so nothing can be said about this user.', 'TS 24.229 (clause unchecked)'));
  }

  /** User and network could not prove themselves to each other: the HSS is told, unless a registration stands, which nothing of this touches. */
  #failed(server: ServerTransaction | undefined, who: Challenged, assignment: 'authentication-failure' | 'authentication-timeout'): void {
    const standing = this.#stateOf(who.identity) === 'registered';
    this.#move(who.identity, standing ? 'registered' : 'authentication pending', 'fail');
    if (!standing) this.#port.assign(who.identity, who.privateIdentity, assignment, { kind: 'registration', server, ...who, assignment });
    else {
      // TS 33.203 §6.1.1: otherwise anybody could deregister a user by failing in their name.
      this.#port.note(decided('The user is registered already, and stays so: a failed authentication never ends a registration.', 'TS 33.203 §6.1.1'));
      if (server !== undefined) this.#refuseAuthentication(server);
    }
  }

  #refuseAuthentication(server: ServerTransaction): void {
    this.#port.refuse(server, 403, rejected('User and network could not prove themselves to each other.', 'TS 33.203 §6.1.2.2', 'Authorization'));
  }

  #assign(server: ServerTransaction, request: SipRequest, identity: string, privateIdentity: string, again: boolean): void {
    if (this.#isTooBrief(server, request)) return;
    const expires = expiresOf(request);
    const assignment: Assignment = expires === 0 ? 'user-deregistration' : again ? 're-registration' : 'registration';
    this.#port.assign(identity, privateIdentity, assignment, { kind: 'registration', server, identity, privateIdentity, assignment });
  }

  /** Refuses an interval that is too short: before the challenge already, which would be for nothing [choice]. */
  #isTooBrief(server: ServerTransaction, request: SipRequest): boolean {
    const expires = expiresOf(request);
    if (expires === 0 || expires >= SHORTEST) return false;
    const why = `A registration of ${expires} s is shorter than the ${SHORTEST} s that this registrar allows.`;
    this.#port.refuse(server, 423, rejected(why, 'RFC 3261 §10.3', 'Expires'), [['Min-Expires', String(SHORTEST)]]);
    return true;
  }

  #accept(server: ServerTransaction, user: ServedUser | undefined, contact: string | undefined, expires: number): void {
    const { request } = server;
    const response = createResponse(request, 200, undefined, this.#chance.token('to-tag', 8));
    const notes: Note[] = [];
    for (const path of request.headers.values('Path')) response.headers.append('Path', path);
    notes.push({
      op: 'kept',
      header: 'Path',
      to: request.headers.get('Path') ?? '',
      reason: 'The registrar keeps the way to the user, and says so.',
      clause: 'RFC 3327 §5.3',
    });
    const text = contact ?? uriOf(request.headers.first('Contact') ?? '') ?? '';
    response.headers.append('Contact', `<${text}>;expires=${expires}`);
    if (user !== undefined && expires > 0) {
      addHeader(
        response,
        notes,
        'Service-Route',
        `<sip:orig@${this.#host};lr>`,
        'What the user sends from now on shall come to this S-CSCF; the mark orig tells that the user is the one who sends.',
        'RFC 3608 §6.3',
      );
      addHeader(
        response,
        notes,
        'P-Associated-URI',
        openIdentities(user)
          .map((identity) => `<${identity}>`)
          .join(', '),
        'All these identities are registered now: they belong to one implicit registration set. The first is the default.',
        'RFC 7315 §4.1',
      );
    }
    const proof = user === undefined || expires === 0 ? undefined : this.#challenges.proofFor(request, user.privateIdentity);
    if (proof !== undefined)
      addHeader(response, notes, 'Authentication-Info', proof, 'Made with the same password: it proves the home network to the UE.', 'TS 33.203 §N.2.1.1');
    this.#answerCharging(server, response, notes);
    this.#port.respond(server, response, notes);
  }

  #answerCharging(server: ServerTransaction, response: ReturnType<typeof createResponse>, notes: Note[]): void {
    const vector = chargingVectorOf(server.request);
    if (vector !== undefined)
      setChargingVector(response, notes, withTerminating(vector, type1(this.#domain)), 'The home network names itself to the network in which the user roams.');
  }

  #refuseByResult(server: ServerTransaction, result: CxResult): void {
    this.#port.refuse(
      server,
      result.kind === 'experimental' && result.code < 5100 ? 403 : 500,
      rejected(`The HSS says ${result.name} (${result.code}).`, 'TS 29.228 §6.1'),
    );
  }

  #expired(user: ServedUser): void {
    const identity = user.identities[0]?.identity ?? '';
    this.#end(user, 'expire', 'expired', undefined);
    this.#port.note(decided(`The registration of ${identity} was not refreshed: it has run out.`, 'TS 24.229 (clause unchecked)'));
    this.#tell(identity, user.privateIdentity, 'timeout-deregistration');
  }

  /** The network itself ends a registration; `telling`: the HSS does not know it yet. */
  terminate(user: ServedUser, event: ContactEvent, telling: boolean): void {
    const identity = user.identities[0]?.identity ?? '';
    this.#end(user, 'network-deregister', event, undefined);
    if (telling) this.#tell(identity, user.privateIdentity, 'administrative-deregistration');
  }

  /** Tells the HSS what nobody is waiting for. */
  #tell(identity: string, privateIdentity: string, assignment: Assignment): void {
    this.#port.assign(identity, privateIdentity, assignment, { kind: 'registration', server: undefined, identity, privateIdentity, assignment });
  }

  #end(user: ServedUser, on: 'deregister' | 'expire' | 'network-deregister', event: ContactEvent, request: SipRequest | undefined): void {
    for (const { identity } of user.identities) {
      const key = identityKey(identity);
      this.#timers.cancel(this.#expiry.get(key));
      this.#expiry.delete(key);
    }
    this.#move(user.identities[0]?.identity ?? '', user.state, on);
    user.state = 'not registered';
    user.binding = undefined;
    this.#users.remove(user);
    this.#challenges.forget(user.privateIdentity);
    this.#port.changed(user, event, request);
  }

  #stateOf(identity: string): ServedState {
    return this.#users.find(identity)?.state ?? 'not registered';
  }

  #move(identity: string, from: ServedState, on: 'challenge' | 'accept' | 'fail' | 'deregister' | 'expire' | 'network-deregister'): void {
    const step = transition(REGISTRATION_RULES, from, on, () => true);
    if (step !== undefined) this.#port.stateChange(REGISTRATION.name, identity, from, on, step.to);
  }
}

const rightNote = ({ scheme, again }: Extract<Judgement, { kind: 'right' }>): Note =>
  scheme === 'aka'
    ? decided('The response equals XRES: this is the user.', 'TS 33.203 §6.1.1')
    : again
      ? decided('The nonce is used again with a higher count, and the response is right: the HSS need not be asked for a new challenge.', 'TS 33.203 §N.2.3')
      : decided('The response can only come from somebody who knows the password: this is the user.', 'RFC 3261 §22.4');
