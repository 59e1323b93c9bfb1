/**
 * The Cx commands that the HSS begins: RTR/RTA ends registrations (TS 29.228 §6.1.3), PPR/PPA pushes a changed profile (TS 29.228 §6.2.2); formats
 * TS 29.229 §6.1.9 to §6.1.12. Omitted: several private identities, emergency registrations, RTR-Flags, password changes.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { AVP, groupAvp, numberAvp, octetsAvp, textAvp, type Avp } from './avp.ts';
import { AvpReader, COMMAND, createCxAnswer, createCxRequest, type CxFault, type CxRequestHead } from './command.ts';
import { addText, readAnswerHead, readHead, type CxAnswerHead, type Unbuilt } from './cx-fields.ts';
import type { DiameterMessage } from './message.ts';

/** TS 29.229 §6.3.17. */
export const DEREGISTRATION_REASON = { permanentTermination: 0, newServerAssigned: 1, serverChange: 2, removeSCscf: 3 } as const;

export interface RegistrationTerminationRequest extends CxRequestHead {
  readonly kind: 'RTR';
  /** The private identity. */
  readonly userName: string;
  /** None: all of that private identity. */
  readonly publicIdentities: readonly string[];
  /** One of DEREGISTRATION_REASON. */
  readonly reason: number;
  /** Words for the user. */
  readonly info?: string | undefined;
}

export interface PushProfileRequest extends CxRequestHead {
  readonly kind: 'PPR';
  readonly userName: string;
  /** The profile as XML, see cx-user-data.ts. */
  readonly userData?: string | undefined;
}

/** RTA or PPA. */
export interface PushAnswer extends CxAnswerHead {
  readonly kind: 'RTA' | 'PPA';
}

/** RTR, TS 29.229 §6.1.9. */
export function buildRegistrationTerminationRequest(request: Unbuilt<RegistrationTerminationRequest>): DiameterMessage {
  const why: Avp[] = [numberAvp(AVP.reasonCode, request.reason)];
  addText(why, AVP.reasonInfo, request.info);
  return createCxRequest(COMMAND.registrationTermination, request, [
    textAvp(AVP.userName, request.userName),
    ...request.publicIdentities.map((identity) => textAvp(AVP.publicIdentity, identity)),
    groupAvp(AVP.deregistrationReason, why),
  ]);
}

export function readRegistrationTerminationRequest(message: DiameterMessage): RegistrationTerminationRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const why = new AvpReader(reader.needGroup(AVP.deregistrationReason));
  const request = {
    kind: 'RTR' as const,
    ...readHead(reader),
    userName: reader.needText(AVP.userName),
    publicIdentities: reader.texts(AVP.publicIdentity),
    reason: why.needNumber(AVP.reasonCode),
    info: why.text(AVP.reasonInfo),
  };
  if (request.reason > DEREGISTRATION_REASON.removeSCscf) why.refuse(AVP.reasonCode);
  reader.adopt(why);
  return reader.fault ?? request;
}

/** PPR, TS 29.229 §6.1.11. */
export function buildPushProfileRequest(request: Unbuilt<PushProfileRequest>): DiameterMessage {
  const avps: Avp[] = [textAvp(AVP.userName, request.userName)];
  if (request.userData !== undefined) avps.push(octetsAvp(AVP.userProfile, encodeUtf8(request.userData)));
  return createCxRequest(COMMAND.pushProfile, request, avps);
}

export function readPushProfileRequest(message: DiameterMessage): PushProfileRequest | CxFault {
  const reader = new AvpReader(message.avps);
  const profile = reader.octets(AVP.userProfile);
  const userData = profile === undefined ? undefined : decodeUtf8Strictly(profile);
  if (profile !== undefined && userData === undefined) reader.refuse(AVP.userProfile);
  const request = { kind: 'PPR' as const, ...readHead(reader), userName: reader.needText(AVP.userName), userData };
  return reader.fault ?? request;
}

/** RTA or PPA, TS 29.229 §6.1.10 and §6.1.12: the result is all that they say here. */
export const buildPushAnswer = (request: DiameterMessage, answer: Unbuilt<PushAnswer>): DiameterMessage => createCxAnswer(request, answer, answer.result, []);

export function readPushAnswer(message: DiameterMessage): PushAnswer | CxFault {
  const reader = new AvpReader(message.avps);
  const kind: PushAnswer['kind'] = message.command === COMMAND.pushProfile ? 'PPA' : 'RTA';
  const answer = { kind, ...readAnswerHead(message, reader) };
  return reader.fault ?? answer;
}
