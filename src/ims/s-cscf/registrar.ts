/**
 * The registrar in an S-CSCF: authentication with vectors of the HSS, bindings with their Path, the 200 with Service-Route and P-Associated-URI
 * (TS 24.229 §5.4.1; TS 33.203 §6.1; TS 29.228 §6.1.2, §6.3; RFC 3310, RFC 3327, RFC 3608).
 * Omitted: several contacts per user, AUTS resynchronisation and network authentication failure (a later issue), GRUU, outbound.
 */
import { toBase64, toHex } from '#base/bytes.ts';
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { transition } from '#base/state-table.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { chargingVectorOf, setChargingVector, type1 } from '#ims/node/charging-vector.ts';
import { addHeader, decided, rejected } from '#ims/node/edit.ts';
import { expiresOf } from '#ims/node/expires.ts';
import { hostOf, identityKey } from '#ims/node/identity.ts';
import { SCHEME } from '#protocol/diameter/cx-auth.ts';
import { parseUserData } from '#protocol/diameter/cx-user-data.ts';
import { type CxResult, isGranted } from '#protocol/diameter/result.ts';
import { type AuthParams, formatChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import { verifyCredentials } from '#protocol/sip/digest.ts';
import { createResponse, type SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { openIdentities, REGISTRATION, REGISTRATION_RULES, type ServedState, type ServedUser, type ServedUsers } from './served-users.ts';

/** What the registrar asks of the entity around it. */
export interface RegistrarPort {
  now(): SimTime;
  respond(server: ServerTransaction, response: ReturnType<typeof createResponse>, notes: readonly Note[]): void;
  refuse(server: ServerTransaction, status: number, note: Note, headers?: readonly (readonly [string, string])[]): void;
  note(note: Note): void;
  stateChange(machine: string, key: string, from: string, on: string, to: string): void;
  /** Asks the HSS for an authentication vector. */
  askVector(publicIdentity: string, privateIdentity: string, scheme: string, purpose: RegistrationStep): void;
  /** Tells the HSS what has become of the user. */
  assign(publicIdentity: string, privateIdentity: string, type: Assignment, purpose: RegistrationStep): void;
  /** The registration of this user has changed: reg event and third-party registration follow. */
  changed(user: ServedUser, event: 'registered' | 'refreshed' | 'unregistered' | 'expired', request: SipRequest | undefined): void;
}

export type Assignment = 'authentication-failure' | 'registration' | 're-registration' | 'user-deregistration' | 'timeout-deregistration' | 'unregistered-user';

/** What the HSS hands out to authenticate a user with: an AKA vector, or the hash of a password. */
export type Vector =
  | {
      readonly kind: 'aka';
      readonly authenticate: Uint8Array;
      readonly expectedResponse: Uint8Array;
      readonly confidentialityKey: Uint8Array;
      readonly integrityKey: Uint8Array;
    }
  | { readonly kind: 'digest'; readonly ha1: string; readonly realm: string };

/** Where a registration stands while the HSS is asked. */
export interface RegistrationStep {
  readonly kind: 'registration';
  readonly server: ServerTransaction | undefined;
  readonly identity: string;
  readonly privateIdentity: string;
  readonly assignment: Assignment | undefined;
}

interface Pending {
  readonly identity: string;
  readonly item: Vector;
  readonly nonce: string;
  readonly timer: Timer<Waiting>;
}

type Waiting = { readonly kind: 'authentication'; readonly callId: string } | { readonly kind: 'expiry'; readonly user: ServedUser };

/** reg-await-auth: 4 minutes (TS 24.229 table 7.8.1). */
const AWAIT_AUTH = seconds(240);
const SHORTEST = 60;

export class SCscfRegistrar {
  readonly #host: string;
  readonly #domain: string;
  readonly #chance: Chance;
  readonly #users: ServedUsers;
  readonly #port: RegistrarPort;
  readonly #pending = new Map<string, Pending>();
  readonly #timers = new Timers<Waiting>();
  readonly #expiry = new Map<string, Timer<Waiting>>();

  constructor(host: string, domain: string, chance: Chance, users: ServedUsers, port: RegistrarPort) {
    this.#host = host;
    this.#domain = domain;
    this.#chance = chance;
    this.#users = users;
    this.#port = port;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  fire(now: SimTime): void {
    for (let what = this.#timers.due(now); what !== undefined; what = this.#timers.due(now)) {
      if (what.kind === 'authentication') {
        const pending = this.#pending.get(what.callId);
        this.#pending.delete(what.callId);
        if (pending !== undefined) this.#move(pending.identity, 'authentication pending', 'fail');
        this.#port.note(decided('Nobody answered the challenge within four minutes: it is forgotten.', 'TS 33.203 (clause unchecked)'));
      } else this.#expired(what.user);
    }
  }

  /** A REGISTER from the I-CSCF. */
  onRegister(server: ServerTransaction, request: SipRequest): void {
    const identity = ownText(uriOf(request.headers.get('To') ?? '') ?? '');
    const credentials = parseCredentials(request.headers.get('Authorization') ?? '');
    const privateIdentity = ownText(credentials?.params.get('username') ?? identityKey(identity).replace(/^sips?:/, ''));
    const callId = request.headers.get('Call-ID') ?? '';
    const response = credentials?.params.get('response') ?? '';
    // A challenge is answered for the identity that was challenged, nobody else.
    const challenged = this.#pending.get(callId);
    const pending = challenged?.identity === identity ? challenged : undefined;
    if (pending !== undefined && response !== '' && credentials !== undefined) {
      this.#verify(server, request, credentials, pending, identity, privateIdentity, callId);
      return;
    }
    if (pending !== undefined && credentials?.params.get('nonce') === pending.nonce) {
      this.#notBelieved(server, pending, identity, privateIdentity, callId);
      return;
    }
    if (this.#isTooBrief(server, request)) return;
    const user = this.#users.find(identity);
    const trusted = credentials?.params.get('integrity-protected');
    if (user?.state === 'registered' && user.privateIdentity === privateIdentity && trusted === 'yes') {
      this.#port.note(decided('The REGISTER came over the security association of this registration: it need not be challenged again.', 'TS 33.203 §6.1.4'));
      this.#assign(server, request, identity, privateIdentity, true);
      return;
    }
    // TS 24.229 (clause unchecked): without IPsec the P-CSCF vouches at most for the address, and SIP digest is asked for.
    const scheme = credentials === undefined ? 'Unknown' : trusted?.startsWith('ip-assoc') === true ? SCHEME.digest : SCHEME.aka;
    this.#port.note(decided('Nothing proves yet who this is: the HSS is asked for an authentication vector.', 'TS 33.203 §6.1.1'));
    this.#port.askVector(identity, privateIdentity, scheme, { kind: 'registration', server, identity, privateIdentity, assignment: undefined });
  }

  /** The HSS's vector: the challenge goes out. */
  onVector(step: RegistrationStep, result: CxResult, item: Vector | undefined): void {
    const { server } = step;
    if (server === undefined) return;
    if (!isGranted(result) || item === undefined) {
      this.#refuseByResult(server, result);
      return;
    }
    const callId = ownText(server.request.headers.get('Call-ID') ?? '');
    const realm = item.kind === 'digest' ? item.realm : (hostOf(server.request.uri) ?? this.#domain);
    const params = new Map<string, string>([['realm', realm]]);
    const nonce = item.kind === 'aka' ? toBase64(item.authenticate) : toHex(this.#chance.bytes('nonce', 16));
    params.set('nonce', nonce);
    params.set('algorithm', item.kind === 'aka' ? 'AKAv1-MD5' : 'MD5');
    if (item.kind === 'aka') {
      params.set('ik', toHex(item.integrityKey));
      params.set('ck', toHex(item.confidentialityKey));
    } else params.set('qop', 'auth');
    const response = createResponse(server.request, 401, undefined, this.#chance.token('to-tag', 8));
    const value = formatChallenge({ scheme: 'Digest', params });
    response.headers.append('WWW-Authenticate', value);
    const notes: Note[] = [
      item.kind === 'aka'
        ? {
            op: 'added',
            header: 'WWW-Authenticate',
            to: value,
            reason: 'The nonce holds RAND and AUTN; the two keys ride along for the P-CSCF, which takes them off.',
            clause: 'RFC 3310 §3.2',
          }
        : {
            op: 'added',
            header: 'WWW-Authenticate',
            to: value,
            reason: 'This subscription uses SIP digest: the nonce is fresh, the password is known to the HSS.',
            clause: 'RFC 3261 §22.4',
          },
    ];
    this.#answerCharging(server, response, notes);
    const previous = this.#pending.get(callId);
    this.#timers.cancel(previous?.timer);
    const timer = this.#timers.set(after(this.#port.now(), AWAIT_AUTH), { kind: 'authentication', callId });
    this.#pending.set(callId, { identity: step.identity, item, nonce, timer });
    this.#move(step.identity, this.#stateOf(step.identity), 'challenge');
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
    this.#expiry.set(key, this.#timers.set(binding.expiresAt, { kind: 'expiry', user }));
    this.#accept(server, user, binding.contact, expires);
    this.#port.changed(user, before === 'registered' ? 'refreshed' : 'registered', request);
  }

  /** Nobody answered at the HSS. */
  onNoAnswer(step: RegistrationStep): void {
    if (step.server !== undefined)
      this.#port.refuse(step.server, 504, rejected('The HSS did not answer, so nothing can be said about this user.', 'TS 24.229 (clause unchecked)'));
  }

  #verify(
    server: ServerTransaction,
    request: SipRequest,
    credentials: AuthParams,
    pending: Pending,
    identity: string,
    privateIdentity: string,
    callId: string,
  ): void {
    const { item } = pending;
    const verdict = verifyCredentials(credentials, {
      realm: item.kind === 'digest' ? item.realm : (hostOf(request.uri) ?? this.#domain),
      nonce: pending.nonce,
      secret: item.kind === 'aka' ? item.expectedResponse : { ha1: item.ha1 },
      method: request.method,
      body: request.body,
    });
    this.#pending.delete(callId);
    this.#timers.cancel(pending.timer);
    if (verdict.kind !== 'right') {
      this.#move(identity, this.#stateOf(identity), 'fail');
      this.#port.refuse(
        server,
        403,
        rejected('The response is not the one that the home network expects: this is not the user, or the key differs.', 'TS 33.203 §6.1.2', 'Authorization'),
      );
      return;
    }
    this.#port.note(
      item.kind === 'aka'
        ? decided('The response equals XRES: this is the user.', 'TS 33.203 §6.1.1')
        : decided('The response can only come from somebody who knows the password: this is the user.', 'RFC 3261 §22.4'),
    );
    this.#assign(server, request, identity, privateIdentity, this.#users.find(identity)?.state === 'registered');
  }

  /** The USIM did not accept AUTN (an empty response to the challenge): the HSS is told, unless a registration stands. */
  #notBelieved(server: ServerTransaction, pending: Pending, identity: string, privateIdentity: string, callId: string): void {
    this.#pending.delete(callId);
    this.#timers.cancel(pending.timer);
    const standing = this.#stateOf(identity) === 'registered';
    this.#move(identity, standing ? 'registered' : 'authentication pending', 'fail');
    this.#port.note(decided('An empty response to the challenge: the USIM does not believe that it came from its home network.', 'TS 33.203 §6.1.2'));
    if (standing) this.#refuseAuthentication(server);
    else
      this.#port.assign(identity, privateIdentity, 'authentication-failure', {
        kind: 'registration',
        server,
        identity,
        privateIdentity,
        assignment: 'authentication-failure',
      });
  }

  #refuseAuthentication(server: ServerTransaction): void {
    this.#port.refuse(server, 403, rejected('User and network could not prove themselves to each other.', 'TS 33.203 §6.1.2', 'Authorization'));
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
    this.#answerCharging(server, response, notes);
    this.#port.respond(server, response, notes);
  }

  #answerCharging(server: ServerTransaction, response: ReturnType<typeof createResponse>, notes: Note[]): void {
    const vector = chargingVectorOf(server.request);
    if (vector !== undefined)
      setChargingVector(
        response,
        notes,
        { ...vector, terminating: type1(this.#domain) },
        'The home network names itself to the network in which the user roams.',
      );
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
    this.#port.assign(identity, user.privateIdentity, 'timeout-deregistration', {
      kind: 'registration',
      server: undefined,
      identity,
      privateIdentity: user.privateIdentity,
      assignment: 'timeout-deregistration',
    });
  }

  #end(user: ServedUser, on: 'deregister' | 'expire', event: 'unregistered' | 'expired', request: SipRequest | undefined): void {
    for (const { identity } of user.identities) {
      const key = identityKey(identity);
      this.#timers.cancel(this.#expiry.get(key));
      this.#expiry.delete(key);
    }
    this.#move(user.identities[0]?.identity ?? '', user.state, on);
    user.state = 'not registered';
    user.binding = undefined;
    this.#users.remove(user);
    this.#port.changed(user, event, request);
  }

  #stateOf(identity: string): ServedState {
    return this.#users.find(identity)?.state ?? 'not registered';
  }

  #move(identity: string, from: ServedState, on: 'challenge' | 'accept' | 'fail' | 'deregister' | 'expire'): void {
    const step = transition(REGISTRATION_RULES, from, on, () => true);
    if (step !== undefined) this.#port.stateChange(REGISTRATION.name, identity, from, on, step.to);
  }
}
