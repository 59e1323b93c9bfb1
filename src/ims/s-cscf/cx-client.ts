/** What an S-CSCF asks of its HSS over Cx, as typed questions and outcomes (TS 29.228 §6.1.2, §6.3). */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { decided } from '#ims/node/edit.ts';
import { createSessionId } from '#protocol/diameter/command.ts';
import { buildServerAssignmentRequest, readServerAssignmentAnswer, SERVER_ASSIGNMENT_TYPE, type ChargingFunctions } from '#protocol/diameter/cx.ts';
import { buildMultimediaAuthRequest, readMultimediaAuthAnswer, type AuthItem } from '#protocol/diameter/cx-auth.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import type { DiameterEvent } from '#protocol/diameter/peer.ts';
import type { CxResult } from '#protocol/diameter/result.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import type { Assignment, RegistrationStep, Vector } from './registrar-port.ts';
import type { SCscfConfig } from './config.ts';

/** A request that waits for what the HSS says of a user who is not registered here: a terminating one for the profile, an originating one to be judged. */
export interface SCscfStep {
  readonly kind: 'unregistered' | 'lost';
  readonly server: ServerTransaction;
  readonly request: SipRequest;
  readonly notes: Note[];
  readonly identity: string;
}

export type CxPurpose = RegistrationStep | SCscfStep;

export type CxOutcome =
  | { readonly kind: 'no-answer'; readonly purpose: CxPurpose }
  | { readonly kind: 'vector'; readonly purpose: CxPurpose; readonly result: CxResult; readonly item: Vector | undefined }
  | {
      readonly kind: 'assigned';
      readonly purpose: CxPurpose;
      readonly result: CxResult;
      readonly userData: string | undefined;
      readonly chargingFunctions: string | undefined;
    };

type Send = (message: DiameterMessage, purpose: CxPurpose, notes: readonly Note[]) => void;

const TYPES: Readonly<Record<Assignment, number>> = {
  'authentication-failure': SERVER_ASSIGNMENT_TYPE.authenticationFailure,
  'authentication-timeout': SERVER_ASSIGNMENT_TYPE.authenticationTimeout,
  registration: SERVER_ASSIGNMENT_TYPE.registration,
  're-registration': SERVER_ASSIGNMENT_TYPE.reRegistration,
  'user-deregistration': SERVER_ASSIGNMENT_TYPE.userDeregistration,
  'timeout-deregistration': SERVER_ASSIGNMENT_TYPE.timeoutDeregistration,
  'administrative-deregistration': SERVER_ASSIGNMENT_TYPE.administrativeDeregistration,
  'unregistered-user': SERVER_ASSIGNMENT_TYPE.unregisteredUser,
  'no-assignment': SERVER_ASSIGNMENT_TYPE.noAssignment,
};

/** What the HSS is told, for people. */
const TOLD: Readonly<Record<Assignment, string>> = {
  'authentication-failure': 'The authentication has failed: the HSS forgets that this S-CSCF was to serve the user.',
  'authentication-timeout': 'Nobody answered the challenge: the HSS forgets that this S-CSCF was to serve the user.',
  registration: 'The user is registered here now: the HSS takes note, and its answer brings the profile.',
  're-registration': 'The user has registered again: the HSS takes note, and its answer brings the profile.',
  'user-deregistration': 'The user has deregistered: the HSS takes note.',
  'timeout-deregistration': 'The registration has run out: the HSS takes note.',
  'administrative-deregistration': 'The network has ended the registration: the HSS takes note.',
  'no-assignment': 'The sender is not known here. Should it be? The HSS knows whether this S-CSCF serves the user; it may have lost its memory.',
  'unregistered-user': 'Nobody is registered, yet this S-CSCF is to serve the user: the HSS takes note, and its answer brings the profile.',
};

export class CxClient {
  readonly #config: SCscfConfig;
  readonly #chance: Chance;
  readonly #send: Send;

  constructor(config: SCscfConfig, chance: Chance, send: Send) {
    this.#config = config;
    this.#chance = chance;
    this.#send = send;
  }

  askVector(publicIdentity: string, privateIdentity: string, scheme: string, purpose: CxPurpose, authorization?: Uint8Array): void {
    const message = buildMultimediaAuthRequest({
      ...this.#head(),
      publicIdentity,
      userName: privateIdentity,
      serverName: this.#serverName(),
      scheme,
      numberOfItems: 1,
      ...(authorization === undefined ? {} : { authorization }),
    });
    this.#send(message, purpose, [
      authorization === undefined
        ? decided('The S-CSCF needs an authentication vector; the HSS also notes its name as the one that will serve the user.', 'TS 29.228 §6.3')
        : decided('RAND and AUTS go to the HSS, which alone has the key to read them: it brings its counter in step and makes a new vector.', 'TS 29.228 §6.3'),
    ]);
  }

  assign(publicIdentity: string, privateIdentity: string | undefined, type: Assignment, purpose: CxPurpose): void {
    const message = buildServerAssignmentRequest({
      ...this.#head(),
      ...(privateIdentity === undefined ? {} : { userName: privateIdentity }),
      publicIdentities: [publicIdentity],
      serverName: this.#serverName(),
      assignmentType: TYPES[type],
      alreadyAvailable: false,
    });
    this.#send(message, purpose, [decided(TOLD[type], 'TS 29.228 §6.1.2')]);
  }

  /** The outcome of a question; undefined for requests of the HSS, which are refused by the peer layer's default. */
  read(event: DiameterEvent<CxPurpose>): CxOutcome | undefined {
    if (event.kind === 'request') return undefined;
    const purpose = event.user;
    if (event.kind === 'no-answer') return { kind: 'no-answer', purpose };
    if (purpose.kind === 'registration' && purpose.assignment === undefined) {
      const answer = readMultimediaAuthAnswer(event.message);
      if (answer.kind === 'cx-fault') return { kind: 'vector', purpose, result: answer.result, item: undefined };
      return { kind: 'vector', purpose, result: answer.result, item: vectorOf(answer.items[0]) };
    }
    const answer = readServerAssignmentAnswer(event.message);
    if (answer.kind === 'cx-fault') return { kind: 'assigned', purpose, result: answer.result, userData: undefined, chargingFunctions: undefined };
    return { kind: 'assigned', purpose, result: answer.result, userData: answer.userData, chargingFunctions: formatChargingFunctions(answer.charging) };
  }

  #head(): {
    readonly sessionId: string;
    readonly originHost: string;
    readonly originRealm: string;
    readonly destinationHost: string | undefined;
    readonly destinationRealm: string;
  } {
    const { host, domain, hss, located } = this.#config;
    // Which of several HSSs holds the user is for the locator to say.
    const destinationHost = located === undefined ? hss.host : undefined;
    return { sessionId: createSessionId(host, this.#chance), originHost: host, originRealm: domain, destinationHost, destinationRealm: domain };
  }

  #serverName(): string {
    return `sip:${this.#config.host}`;
  }
}

function vectorOf(item: AuthItem | undefined): Vector | undefined {
  if (item === undefined) return undefined;
  const { authenticate, authorization, confidentialityKey, integrityKey, digest } = item;
  if (digest !== undefined) return { kind: 'digest', ha1: digest.ha1, realm: digest.realm };
  if (authenticate === undefined || authorization === undefined || confidentialityKey === undefined || integrityKey === undefined) return undefined;
  return { kind: 'aka', authenticate, expectedResponse: authorization, confidentialityKey, integrityKey };
}

/** `ccf=…;ecf=…` (RFC 7315 §5.6): host parts of the Diameter URIs. */
function formatChargingFunctions(charging: ChargingFunctions | undefined): string | undefined {
  if (charging === undefined) return undefined;
  const host = (uri: string): string => uri.replace(/^aaas?:\/\//, '').split(/[:;]/, 1)[0] ?? uri;
  const parts: string[] = [];
  if (charging.primaryCollection !== undefined) parts.push(`ccf=${host(charging.primaryCollection)}`);
  if (charging.primaryEvent !== undefined) parts.push(`ecf=${host(charging.primaryEvent)}`);
  return parts.length === 0 ? undefined : parts.join(';');
}
