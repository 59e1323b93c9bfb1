/**
 * The Cx commands as typed values: UAR/UAA, SAR/SAA, LIR/LIA (TS 29.228 §6.1; MAR/MAA in cx-auth.ts; formats TS 29.229 §6.1, AVPs §6.3).
 * `build…` gives a message (its hop-by-hop and end-to-end ids are set by the sender), `read…` a typed value or what is wrong with the message.
 * RTR and PPR, which the HSS begins: cx-push.ts. Omitted: Supported-Features, wildcarded and associated identities, restoration.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { AVP, groupAvp, numberAvp, octetsAvp, textAvp, type Avp } from './avp.ts';
import { AvpReader, COMMAND, createCxAnswer, createCxRequest, type CxFault, type CxRequestHead } from './command.ts';
import { readMultimediaAuthRequest, type MultimediaAuthRequest } from './cx-auth.ts';
import { addCapabilities, readCapabilities, type ServerCapabilities } from './cx-capabilities.ts';
import { addNumber, addText, readAnswerHead, readHead, type CxAnswerHead, type Unbuilt } from './cx-fields.ts';
import type { DiameterMessage } from './message.ts';

/** TS 29.229 §6.3.24. */
export const USER_AUTHORIZATION_TYPE = { registration: 0, deregistration: 1, registrationAndCapabilities: 2 } as const;

/** TS 29.229 §6.3.15. */
export const SERVER_ASSIGNMENT_TYPE = {
  noAssignment: 0,
  registration: 1,
  reRegistration: 2,
  unregisteredUser: 3,
  timeoutDeregistration: 4,
  userDeregistration: 5,
  timeoutDeregistrationStoreServerName: 6,
  userDeregistrationStoreServerName: 7,
  administrativeDeregistration: 8,
  authenticationFailure: 9,
  authenticationTimeout: 10,
  deregistrationTooMuchData: 11,
} as const;

export interface UserAuthorizationRequest extends CxRequestHead {
  readonly kind: 'UAR';
  readonly publicIdentity: string;
  /** The private identity. */
  readonly userName: string;
  /** As in P-Visited-Network-ID, without quotes. */
  readonly visitedNetwork: string;
  /** One of USER_AUTHORIZATION_TYPE; absent counts as registration. */
  readonly authorizationType?: number | undefined;
}

export interface UserAuthorizationAnswer extends CxAnswerHead {
  readonly kind: 'UAA';
  /** SIP URI of the S-CSCF. */
  readonly serverName?: string | undefined;
  readonly capabilities?: ServerCapabilities | undefined;
}

export interface LocationInfoRequest extends CxRequestHead {
  readonly kind: 'LIR';
  readonly publicIdentity: string;
  /** The request that is being routed comes from that identity (an AS asks on its behalf). */
  readonly originating?: boolean | undefined;
  readonly authorizationType?: number | undefined;
}

export interface LocationInfoAnswer extends CxAnswerHead {
  readonly kind: 'LIA';
  readonly serverName?: string | undefined;
  readonly capabilities?: ServerCapabilities | undefined;
}

export interface ServerAssignmentRequest extends CxRequestHead {
  readonly kind: 'SAR';
  readonly userName?: string | undefined;
  readonly publicIdentities: readonly string[];
  readonly serverName: string;
  /** One of SERVER_ASSIGNMENT_TYPE. */
  readonly assignmentType: number;
  readonly alreadyAvailable: boolean;
}

/** Diameter URIs of the charging functions. */
export interface ChargingFunctions {
  readonly primaryEvent?: string | undefined;
  readonly secondaryEvent?: string | undefined;
  readonly primaryCollection?: string | undefined;
  readonly secondaryCollection?: string | undefined;
}

export interface ServerAssignmentAnswer extends CxAnswerHead {
  readonly kind: 'SAA';
  readonly userName?: string | undefined;
  /** The S-CSCF that is assigned, when it is another. */
  readonly serverName?: string | undefined;
  /** User-Data: the profile as XML, see cx-user-data.ts. */
  readonly userData?: string | undefined;
  readonly charging?: ChargingFunctions | undefined;
}

export type CxRequest = UserAuthorizationRequest | LocationInfoRequest | ServerAssignmentRequest | MultimediaAuthRequest;

/** UAR, TS 29.229 §6.1. */
export function buildUserAuthorizationRequest(request: Unbuilt<UserAuthorizationRequest>): DiameterMessage {
  const avps = [
    textAvp(AVP.userName, request.userName),
    textAvp(AVP.publicIdentity, request.publicIdentity),
    octetsAvp(AVP.visitedNetworkIdentifier, request.visitedNetwork),
  ];
  addNumber(avps, AVP.userAuthorizationType, request.authorizationType);
  return createCxRequest(COMMAND.userAuthorization, request, avps);
}

export function readUserAuthorizationRequest(message: DiameterMessage): UserAuthorizationRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const request = {
    kind: 'UAR' as const,
    ...readHead(reader),
    userName: reader.needText(AVP.userName),
    publicIdentity: reader.needText(AVP.publicIdentity),
    visitedNetwork: decodeUtf8Strictly(reader.needOctets(AVP.visitedNetworkIdentifier)) ?? (reader.refuse(AVP.visitedNetworkIdentifier), ''),
    authorizationType: reader.number(AVP.userAuthorizationType),
  };
  if ((request.authorizationType ?? 0) > 2) reader.refuse(AVP.userAuthorizationType);
  return reader.fault ?? request;
}

/** UAA, TS 29.229 §6.1. */
export function buildUserAuthorizationAnswer(request: DiameterMessage, answer: Unbuilt<UserAuthorizationAnswer>): DiameterMessage {
  const avps: Avp[] = [];
  addText(avps, AVP.serverName, answer.serverName);
  addCapabilities(avps, answer.capabilities);
  return createCxAnswer(request, answer, answer.result, avps);
}

export function readUserAuthorizationAnswer(message: DiameterMessage): UserAuthorizationAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const answer = {
    kind: 'UAA' as const,
    ...readAnswerHead(message, reader),
    serverName: reader.text(AVP.serverName),
    capabilities: readCapabilities(reader),
  };
  return reader.fault ?? answer;
}

/** LIR, TS 29.229 §6.1. */
export function buildLocationInfoRequest(request: Unbuilt<LocationInfoRequest>): DiameterMessage {
  const avps: Avp[] = [];
  if (request.originating === true) avps.push(numberAvp(AVP.originatingRequest, 0));
  avps.push(textAvp(AVP.publicIdentity, request.publicIdentity));
  addNumber(avps, AVP.userAuthorizationType, request.authorizationType);
  return createCxRequest(COMMAND.locationInfo, request, avps);
}

export function readLocationInfoRequest(message: DiameterMessage): LocationInfoRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const request = {
    kind: 'LIR' as const,
    ...readHead(reader),
    publicIdentity: reader.needText(AVP.publicIdentity),
    originating: reader.number(AVP.originatingRequest) === undefined ? undefined : true,
    authorizationType: reader.number(AVP.userAuthorizationType),
  };
  return reader.fault ?? request;
}

/** LIA, TS 29.229 §6.1. */
export function buildLocationInfoAnswer(request: DiameterMessage, answer: Unbuilt<LocationInfoAnswer>): DiameterMessage {
  const avps: Avp[] = [];
  addText(avps, AVP.serverName, answer.serverName);
  addCapabilities(avps, answer.capabilities);
  return createCxAnswer(request, answer, answer.result, avps);
}

export function readLocationInfoAnswer(message: DiameterMessage): LocationInfoAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const answer = {
    kind: 'LIA' as const,
    ...readAnswerHead(message, reader),
    serverName: reader.text(AVP.serverName),
    capabilities: readCapabilities(reader),
  };
  return reader.fault ?? answer;
}

/** SAR, TS 29.229 §6.1. */
export function buildServerAssignmentRequest(request: Unbuilt<ServerAssignmentRequest>): DiameterMessage {
  const avps: Avp[] = [];
  addText(avps, AVP.userName, request.userName);
  for (const identity of request.publicIdentities) avps.push(textAvp(AVP.publicIdentity, identity));
  avps.push(
    textAvp(AVP.serverName, request.serverName),
    numberAvp(AVP.serverAssignmentType, request.assignmentType),
    numberAvp(AVP.userDataAlreadyAvailable, request.alreadyAvailable ? 1 : 0),
  );
  return createCxRequest(COMMAND.serverAssignment, request, avps);
}

export function readServerAssignmentRequest(message: DiameterMessage): ServerAssignmentRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const request = {
    kind: 'SAR' as const,
    ...readHead(reader),
    userName: reader.text(AVP.userName),
    publicIdentities: reader.texts(AVP.publicIdentity),
    serverName: reader.needText(AVP.serverName),
    assignmentType: reader.needNumber(AVP.serverAssignmentType),
    alreadyAvailable: reader.needNumber(AVP.userDataAlreadyAvailable) === 1,
  };
  // Neither identity says whom it is about.
  if (request.userName === undefined && request.publicIdentities.length === 0) reader.needText(AVP.publicIdentity);
  return reader.fault ?? request;
}

const CHARGING = [
  ['primaryEvent', AVP.primaryEventChargingFunctionName],
  ['secondaryEvent', AVP.secondaryEventChargingFunctionName],
  ['primaryCollection', AVP.primaryChargingCollectionFunctionName],
  ['secondaryCollection', AVP.secondaryChargingCollectionFunctionName],
] as const;

/** SAA, TS 29.229 §6.1. */
export function buildServerAssignmentAnswer(request: DiameterMessage, answer: Unbuilt<ServerAssignmentAnswer>): DiameterMessage {
  const avps: Avp[] = [];
  addText(avps, AVP.userName, answer.userName);
  if (answer.userData !== undefined) avps.push(octetsAvp(AVP.userProfile, encodeUtf8(answer.userData)));
  const charging = answer.charging;
  if (charging !== undefined) {
    const members: Avp[] = [];
    for (const [name, definition] of CHARGING) addText(members, definition, charging[name]);
    avps.push(groupAvp(AVP.chargingInformation, members));
  }
  addText(avps, AVP.serverName, answer.serverName);
  return createCxAnswer(request, answer, answer.result, avps);
}

export function readServerAssignmentAnswer(message: DiameterMessage): ServerAssignmentAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const profile = reader.octets(AVP.userProfile);
  const userData = profile === undefined ? undefined : decodeUtf8Strictly(profile);
  if (profile !== undefined && userData === undefined) reader.refuse(AVP.userProfile);
  const members = reader.group(AVP.chargingInformation);
  let charging: ChargingFunctions | undefined;
  if (members !== undefined) {
    const inner = new AvpReader(members);
    charging = Object.fromEntries(
      CHARGING.flatMap(([name, definition]) => {
        const value = inner.text(definition);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    reader.adopt(inner);
  }
  const answer = {
    kind: 'SAA' as const,
    ...readAnswerHead(message, reader),
    userName: reader.text(AVP.userName),
    serverName: reader.text(AVP.serverName),
    userData,
    charging,
  };
  return reader.fault ?? answer;
}

/** The typed value of any Cx request, for a server. Undefined for a command that is none of the four. */
export function readCxRequest(message: DiameterMessage): CxRequest | CxFault | undefined {
  switch (message.command) {
    case COMMAND.userAuthorization:
      return readUserAuthorizationRequest(message);
    case COMMAND.serverAssignment:
      return readServerAssignmentRequest(message);
    case COMMAND.locationInfo:
      return readLocationInfoRequest(message);
    case COMMAND.multimediaAuth:
      return readMultimediaAuthRequest(message);
    default:
      return undefined;
  }
}
