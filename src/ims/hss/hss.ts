/**
 * Home Subscriber Server (TS 29.228; TS 29.229): keeps who may register, with which key and which filter criteria, and which S-CSCF serves whom.
 * It also plays the authentication centre (TS 33.203 §6.1). What an operator changes goes to the S-CSCF by RTR and PPR. What application servers ask over Sh is handed in (`sh-service.ts`). Omitted: several S-CSCF names per user.
 */
import { type Chance } from '#base/chance.ts';
import type { Effect, Input, Intent, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import {
  buildLocationInfoAnswer,
  buildServerAssignmentAnswer,
  buildUserAuthorizationAnswer,
  type LocationInfoRequest,
  readCxRequest,
  SERVER_ASSIGNMENT_TYPE,
  type ServerAssignmentRequest,
  USER_AUTHORIZATION_TYPE,
  type UserAuthorizationRequest,
} from '#protocol/diameter/cx.ts';
import { type AuthItem, buildMultimediaAuthAnswer, type MultimediaAuthRequest, SCHEME } from '#protocol/diameter/cx-auth.ts';
import { readPushAnswer } from '#protocol/diameter/cx-push.ts';
import { formatUserData } from '#protocol/diameter/cx-user-data.ts';
import { createFailureAnswer, createSessionId, type CxRequestHead } from '#protocol/diameter/command.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DIAMETER_PORT, type DiameterEvent, DiameterPeers, type DiameterRequestEvent } from '#protocol/diameter/peer.ts';
import { type CxResult, RESULT } from '#protocol/diameter/result.ts';
import { createVector, readAuts } from '#protocol/sip/aka.ts';
import { concatBytes } from '#base/bytes.ts';
import type { ShService } from './sh-service.ts';
import { type HssPush, pushOf, terminationOf } from './pushes.ts';
import { type ServiceIdentity, Subscribers, type Subscription } from './subscribers.ts';

export interface HssConfig {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  readonly subscriptions: readonly Subscription[];
  readonly services?: readonly ServiceIdentity[];
  /** Answers application servers. */
  readonly sh?: ShService | undefined;
}

type Answer = { readonly message: DiameterMessage; readonly note: Note };

/** The authentication management field with the separation bit clear: a UMTS context (TS 33.102 (clause unchecked)). */
const AMF = new Uint8Array([0, 0]);

export class Hss implements Machine {
  readonly #config: HssConfig;
  readonly #chance: Chance;
  readonly #subscribers: Subscribers;
  readonly #peers: DiameterPeers<Subscription>;
  #out: Effect[] = [];

  /** `survived`: what an earlier life of this HSS had stored; a database is not lost with the machine. */
  constructor(config: HssConfig, chance: Chance, survived?: Subscribers) {
    this.#config = config;
    this.#chance = chance;
    this.#subscribers = survived ?? new Subscribers(config.subscriptions, config.services);
    this.#peers = new DiameterPeers({ host: config.host, realm: config.domain, local: { address: config.address, port: DIAMETER_PORT }, chance });
  }

  /** What is on disk: all but the associations with its peers. */
  get stored(): Subscribers {
    return this.#subscribers;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#out = [];
    const { sh } = this.#config;
    if (sh !== undefined && (input.kind === 'bytes' || input.kind === 'transport-failed') && sh.isAbout(input.remote)) {
      sh.step(input, this.#subscribers, now, this.#out);
      return this.#out;
    }
    if (input.kind === 'deadline') sh?.step(input, this.#subscribers, now, this.#out);
    if (input.kind === 'bytes') this.#take(this.#peers.receive(input, now, this.#out), now);
    else if (input.kind === 'deadline') this.#take(this.#peers.fire(now, this.#out), now);
    else if (input.kind === 'transport-failed') this.#take(this.#peers.transportFailed(input.remote, now, this.#out), now);
    else if (input.kind === 'intent') this.#carryOut(input.intent, now);
    return this.#out;
  }

  deadline(): SimTime | undefined {
    return earliest(this.#peers.deadline(), this.#config.sh?.deadline());
  }

  view(): EntityView {
    const all = [...this.#subscribers.all()];
    const services = [...this.#subscribers.services()].map(({ identity, serverName, active }) => [identity, serverName, active ? 'active' : 'switched off']);
    return {
      tables: [
        {
          title: 'Subscriptions',
          columns: ['Private identity', 'Public identities', 'State', 'S-CSCF', 'SQN'],
          rows: all.map((one) => [
            one.privateIdentity,
            one.publicIdentities.map(({ identity, barred }) => (barred ? `${identity} (barred)` : identity)).join(', '),
            one.state,
            one.serverName ?? '–',
            String(one.sequence),
          ]),
          empty: 'Nobody subscribes to this network.',
        },
        ...(services.length === 0
          ? []
          : [{ title: 'Services', columns: ['Address', 'Application server', 'State'], rows: services, empty: 'No service has an address of its own.' }]),
      ],
      timers: [],
      states: [],
    };
  }

  #carryOut(intent: Intent, now: SimTime): void {
    if (intent.kind === 'deregister-user' || intent.kind === 'change-profile') this.#push(pushOf(intent, this.#subscribers, this.#head), now);
    else this.#note(rejected(`An HSS does not know what "${intent.kind}" is.`));
  }

  readonly #head = (host: string): CxRequestHead => ({
    ...this.#origin(),
    sessionId: createSessionId(this.#config.host, this.#chance),
    destinationHost: host,
    destinationRealm: this.#config.domain,
  });

  #push(push: HssPush | Note, now: SimTime): void {
    if (!('message' in push)) {
      this.#note(push);
      return;
    }
    const { host, message, subscription, note } = push;
    const peer = this.#peers.peerNamed(host);
    if (peer === undefined) this.#note(rejected(`${host} has never introduced itself here, so it cannot be told.`, 'RFC 6733 §5.6'));
    else this.#peers.request(message, peer, subscription, [note], now, this.#out);
  }

  #take(events: readonly DiameterEvent<Subscription>[], now: SimTime): void {
    for (const event of events) {
      if (event.kind === 'request') this.#answer(event, now);
      else if (event.kind === 'no-answer') this.#note(rejected('The S-CSCF was not reached: it will learn of this when it next asks.', 'TS 29.228 §6.1.3'));
      else this.#pushed(readPushAnswer(event.message), event.user, now);
    }
  }

  /** The S-CSCF has answered RTR or PPR. */
  #pushed(answer: ReturnType<typeof readPushAnswer>, subscription: Subscription, now: SimTime): void {
    const { result } = answer;
    if (answer.kind !== 'PPA' || (result !== RESULT.notSupportedUserData && result !== RESULT.tooMuchData)) return;
    // TS 29.228 §6.2.2.1: an S-CSCF that cannot take the profile loses the user to another one.
    this.#push(terminationOf({ kind: 'deregister-user', reason: 'server-change' }, subscription, this.#head), now);
  }

  #note(note: Note): void {
    this.#out.push({ kind: 'note', note });
  }

  #answer(event: DiameterRequestEvent, now: SimTime): void {
    const { message } = event;
    const request = readCxRequest(message);
    let answer: Answer;
    if (request === undefined) answer = this.#fail(message, RESULT.commandUnsupported, 'This command is not one of Cx.');
    else if (request.kind === 'cx-fault') {
      answer = {
        message: createFailureAnswer(message, this.#origin(), request.result, request.failed),
        note: rejected(`The request cannot be understood: ${request.avp} is wrong (${request.result.name}).`, 'RFC 6733 §7'),
      };
    } else if (request.kind === 'UAR') answer = this.#authorize(message, request);
    else if (request.kind === 'LIR') answer = this.#locate(message, request);
    else if (request.kind === 'MAR') answer = this.#authenticate(message, request);
    else answer = this.#assign(message, request);
    this.#peers.respond(event, answer.message, [answer.note], now, this.#out);
  }

  #origin(): { readonly originHost: string; readonly originRealm: string } {
    return { originHost: this.#config.host, originRealm: this.#config.domain };
  }

  #fail(message: DiameterMessage, result: CxResult, reason: string): Answer {
    return { message: createFailureAnswer(message, this.#origin(), result), note: rejected(reason, 'TS 29.228 §6.1') };
  }

  #authorize(message: DiameterMessage, request: UserAuthorizationRequest): Answer {
    const type = request.authorizationType ?? USER_AUTHORIZATION_TYPE.registration;
    const kind =
      type === USER_AUTHORIZATION_TYPE.deregistration
        ? 'de-registration'
        : type === USER_AUTHORIZATION_TYPE.registrationAndCapabilities
          ? 'capabilities'
          : 'registration';
    const decision = this.#subscribers.authorize(request.publicIdentity, request.userName, request.visitedNetwork, kind);
    const clause = 'TS 29.228 §6.1.1.1';
    switch (decision.kind) {
      case 'first':
        return {
          message: buildUserAuthorizationAnswer(message, { ...this.#origin(), result: RESULT.firstRegistration, ...capabilities(decision.capabilities) }),
          note: decided(decision.reason, clause),
        };
      case 'subsequent':
        return {
          message: buildUserAuthorizationAnswer(message, {
            ...this.#origin(),
            result: kind === 'de-registration' ? RESULT.success : RESULT.subsequentRegistration,
            serverName: decision.serverName,
          }),
          note: decided(decision.reason, clause),
        };
      case 'unknown':
        return this.#fail(message, RESULT.userUnknown, decision.reason);
      case 'mismatch':
        return this.#fail(message, RESULT.identitiesDontMatch, decision.reason);
      case 'roaming-not-allowed':
        return this.#fail(message, RESULT.roamingNotAllowed, decision.reason);
      case 'rejected':
        return this.#fail(message, RESULT.authorizationRejected, decision.reason);
      case 'not-registered':
        return this.#fail(message, RESULT.identityNotRegistered, decision.reason);
    }
  }

  #locate(message: DiameterMessage, request: LocationInfoRequest): Answer {
    const decision = this.#subscribers.locate(request.publicIdentity, request.originating === true);
    const clause = 'TS 29.228 §6.1.4.1';
    switch (decision.kind) {
      case 'server':
        return {
          message: buildLocationInfoAnswer(message, { ...this.#origin(), result: RESULT.success, serverName: decision.serverName }),
          note: decided(decision.reason, clause),
        };
      case 'select':
        return {
          message: buildLocationInfoAnswer(message, { ...this.#origin(), result: RESULT.unregisteredService, ...capabilities(decision.capabilities) }),
          note: decided(decision.reason, clause),
        };
      case 'unknown':
        return this.#fail(message, RESULT.userUnknown, decision.reason);
      case 'not-registered':
        return this.#fail(message, RESULT.identityNotRegistered, decision.reason);
    }
  }

  #authenticate(message: DiameterMessage, request: MultimediaAuthRequest): Answer {
    const subscription = this.#subscribers.byPublic(request.publicIdentity);
    if (subscription === undefined || this.#subscribers.byPrivate(request.userName) === undefined)
      return this.#fail(message, RESULT.userUnknown, 'One of the two identities is not known here.');
    if (subscription.privateIdentity !== request.userName)
      return this.#fail(message, RESULT.identitiesDontMatch, 'The private and the public identity belong to different subscriptions.');
    // TS 29.228 §6.3.1: the scheme must be one that this user has.
    const own = subscription.secret.kind === 'aka' ? SCHEME.aka : SCHEME.digest;
    if (request.scheme !== own && !(request.scheme === SCHEME.unknown && own === SCHEME.digest))
      return this.#fail(message, RESULT.authSchemeNotSupported, `The user is authenticated with ${own}, not with ${request.scheme}.`);
    if (request.authorization !== undefined) {
      // TS 29.228 §6.3.1: AUTS is taken from the S-CSCF that gave the challenge, nobody else.
      if (subscription.serverName !== request.serverName)
        return this.#fail(message, RESULT.unableToComply, 'AUTS comes from an S-CSCF other than the one that serves the user.');
      return this.#vectorAnswer(message, request, subscription, this.#bringInStep(subscription, request.authorization));
    }
    // TS 29.228 §6.3.1: the name of the S-CSCF that asks is kept, and the authentication is pending from now on.
    subscription.serverName = request.serverName;
    if (subscription.state === 'not registered') subscription.state = 'pending';
    const what =
      own === SCHEME.aka
        ? 'A fresh vector: a random challenge, the proof of this network for the USIM, and the answer to expect.'
        : 'The hash of name, realm and password: with it the S-CSCF can judge an answer without ever learning the password.';
    return this.#vectorAnswer(message, request, subscription, `${what} The S-CSCF that asked is noted.`);
  }

  #vectorAnswer(message: DiameterMessage, request: MultimediaAuthRequest, subscription: Subscription, reason: string): Answer {
    const answer = {
      ...this.#origin(),
      result: RESULT.success,
      userName: request.userName,
      publicIdentity: request.publicIdentity,
      items: [this.#vector(subscription)],
    };
    return { message: buildMultimediaAuthAnswer(message, answer), note: decided(reason, 'TS 29.228 §6.3.1') };
  }

  /** Takes the USIM's sequence number out of RAND and AUTS, when the key vouches for it (TS 33.203 §6.1.3). Says what was done. */
  #bringInStep(subscription: Subscription, authorization: Uint8Array): string {
    const { secret } = subscription;
    if (secret.kind !== 'aka') return 'The user has no sequence number.';
    const sequence = readAuts(secret.keys, authorization.subarray(0, 16), authorization.subarray(16));
    // TS 33.102 (clause unchecked): who cannot prove AUTS with the key moves no counter.
    if (sequence === undefined) return 'AUTS was not made with the key of this user: the counter stays as it is, and the next vector goes out.';
    const before = subscription.sequence;
    subscription.sequence = sequence;
    return `AUTS was made with the key of this user: the counter goes from ${before} to ${sequence}, where the USIM is, and the new vector is made with the next number.`;
  }

  #vector(subscription: Subscription): AuthItem {
    const { secret } = subscription;
    if (secret.kind === 'digest')
      return { itemNumber: 1, scheme: SCHEME.digest, digest: { realm: secret.realm, algorithm: 'MD5', qop: 'auth', ha1: secret.ha1 } };
    subscription.sequence += 1;
    const vector = createVector(secret.keys, this.#chance.bytes('rand', 16), subscription.sequence, AMF);
    return {
      itemNumber: 1,
      scheme: SCHEME.aka,
      authenticate: concatBytes(vector.rand, vector.autn),
      authorization: vector.xres,
      confidentialityKey: vector.ck,
      integrityKey: vector.ik,
    };
  }

  #assign(message: DiameterMessage, request: ServerAssignmentRequest): Answer {
    const identity = request.publicIdentities[0];
    const subscription = identity === undefined ? this.#subscribers.byPrivate(request.userName ?? '') : this.#subscribers.byPublic(identity);
    if (subscription === undefined) return this.#fail(message, RESULT.userUnknown, 'Nobody has this identity here.');
    if (request.userName !== undefined && request.userName !== subscription.privateIdentity)
      return this.#fail(message, RESULT.identitiesDontMatch, 'The private and the public identity belong to different subscriptions.');
    const type = request.assignmentType;
    if (type === SERVER_ASSIGNMENT_TYPE.registration || type === SERVER_ASSIGNMENT_TYPE.reRegistration) {
      subscription.state = 'registered';
      subscription.serverName = request.serverName;
      return this.#profile(message, subscription, 'The user is registered at that S-CSCF from now on; the profile with its filter criteria goes there.');
    }
    if (type === SERVER_ASSIGNMENT_TYPE.unregisteredUser) {
      // TS 29.228 §6.1.2.1: another S-CSCF that is assigned already keeps the user.
      if (subscription.serverName !== undefined && subscription.serverName !== request.serverName)
        return this.#fail(message, RESULT.identityAlreadyRegistered, 'Another S-CSCF serves this user.');
      if (subscription.state !== 'registered') subscription.state = 'unregistered';
      subscription.serverName = request.serverName;
      return this.#profile(message, subscription, 'The user stays unregistered; that S-CSCF serves the user in this state, with the profile for it.');
    }
    if (type === SERVER_ASSIGNMENT_TYPE.noAssignment) {
      if (subscription.serverName !== request.serverName)
        return this.#fail(message, RESULT.unableToComply, 'This S-CSCF does not serve the user, so it is told nothing.');
      return this.#profile(message, subscription, 'This S-CSCF serves the user: the profile is told without any change.');
    }
    if (type === SERVER_ASSIGNMENT_TYPE.authenticationFailure || type === SERVER_ASSIGNMENT_TYPE.authenticationTimeout)
      return this.#authenticationFailed(message, subscription);
    subscription.state = 'not registered';
    subscription.serverName = undefined;
    return {
      message: buildServerAssignmentAnswer(message, { ...this.#origin(), result: RESULT.success, userName: subscription.privateIdentity }),
      note: decided('The user is no longer registered, and the name of the S-CSCF is forgotten.', 'TS 29.228 §6.1.2.1'),
    };
  }

  /** The registration state stays; only who is not registered loses the S-CSCF (TS 29.228 §6.1.2.1). */
  #authenticationFailed(message: DiameterMessage, subscription: Subscription): Answer {
    const isFree = subscription.state === 'pending' || subscription.state === 'not registered';
    if (isFree) {
      subscription.state = 'not registered';
      subscription.serverName = undefined;
    }
    const reason = isFree
      ? 'The user is not registered: the name of the S-CSCF is forgotten.'
      : `The user is ${subscription.state}: a failed authentication changes nothing of that.`;
    return {
      message: buildServerAssignmentAnswer(message, { ...this.#origin(), result: RESULT.success, userName: subscription.privateIdentity }),
      note: decided(reason, 'TS 29.228 §6.1.2.1'),
    };
  }

  #profile(message: DiameterMessage, subscription: Subscription, reason: string): Answer {
    const { privateIdentity, publicIdentities, filterCriteria, chargingCollection } = subscription;
    const userData = formatUserData({ privateIdentity, publicIdentities, filterCriteria });
    return {
      message: buildServerAssignmentAnswer(message, {
        ...this.#origin(),
        result: RESULT.success,
        userName: privateIdentity,
        userData,
        charging: { primaryCollection: `aaa://${chargingCollection}` },
      }),
      note: decided(reason, 'TS 29.228 §6.1.2.1'),
    };
  }
}

function capabilities(mandatory: readonly number[]): {
  readonly capabilities?: { readonly mandatory: readonly number[]; readonly optional: readonly number[]; readonly serverNames: readonly string[] };
} {
  return mandatory.length === 0 ? {} : { capabilities: { mandatory, optional: [], serverNames: [] } };
}
