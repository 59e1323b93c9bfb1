/**
 * What an HSS asks of an S-CSCF by itself: to end registrations (RTR, TS 29.228 §6.1.3.1) and to take a changed profile (PPR, TS 29.228 §6.2.2.1).
 * It reads and judges; the S-CSCF answers and carries out. Omitted: charging information and passwords in PPR.
 */
import { decided, rejected } from '#ims/node/edit.ts';
import type { Note } from '#base/note.ts';
import type { ContactEvent } from '#presence/reginfo/document.ts';
import { COMMAND, createFailureAnswer, type CxFault, type DiameterOrigin } from '#protocol/diameter/command.ts';
import {
  buildPushAnswer,
  DEREGISTRATION_REASON,
  type PushProfileRequest,
  readPushProfileRequest,
  readRegistrationTerminationRequest,
  type RegistrationTerminationRequest,
} from '#protocol/diameter/cx-push.ts';
import { parseUserData, type UserProfile } from '#protocol/diameter/cx-user-data.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { type CxResult, RESULT } from '#protocol/diameter/result.ts';
import type { ServedUser, ServedUsers } from './served-users.ts';

export interface Push {
  readonly answer: DiameterMessage;
  readonly note: Note;
  /** What follows once it is answered; nothing for a request that is refused. */
  readonly act?:
    | { readonly kind: 'end'; readonly user: ServedUser; readonly event: ContactEvent }
    | { readonly kind: 'profile'; readonly user: ServedUser; readonly profile: UserProfile };
}

/** What the reason means for the terminal: register again at once, or do not try. */
const EVENTS: Readonly<Record<number, ContactEvent>> = {
  [DEREGISTRATION_REASON.permanentTermination]: 'rejected',
  [DEREGISTRATION_REASON.newServerAssigned]: 'deactivated',
  [DEREGISTRATION_REASON.serverChange]: 'deactivated',
  [DEREGISTRATION_REASON.removeSCscf]: 'rejected',
};
const REASONS: Readonly<Record<number, string>> = {
  [DEREGISTRATION_REASON.permanentTermination]: 'the subscription is over for good',
  [DEREGISTRATION_REASON.newServerAssigned]: 'another S-CSCF serves the user now',
  [DEREGISTRATION_REASON.serverChange]: 'another S-CSCF is to be chosen',
  [DEREGISTRATION_REASON.removeSCscf]: 'no S-CSCF is to serve the unregistered user any more',
};

/** Undefined for a command that is none of the two. */
export function takePush(message: DiameterMessage, users: ServedUsers, origin: DiameterOrigin): Push | undefined {
  if (message.command === COMMAND.registrationTermination) {
    const request = readRegistrationTerminationRequest(message);
    return request.kind === 'cx-fault' ? malformed(message, origin, request) : takeTermination(message, request, users, origin);
  }
  if (message.command === COMMAND.pushProfile) {
    const request = readPushProfileRequest(message);
    return request.kind === 'cx-fault' ? malformed(message, origin, request) : takeProfile(message, request, users, origin);
  }
  return undefined;
}

function malformed(message: DiameterMessage, origin: DiameterOrigin, fault: CxFault): Push {
  return {
    answer: createFailureAnswer(message, origin, fault.result, fault.failed),
    note: rejected(`The request cannot be understood: ${fault.avp} is wrong (${fault.result.name}).`, 'RFC 6733 §7'),
  };
}

const refused = (message: DiameterMessage, origin: DiameterOrigin, result: CxResult, why: string, clause: string): Push => ({
  answer: buildPushAnswer(message, { ...origin, result }),
  note: rejected(why, clause),
});

const belongsTo = (users: ServedUsers, privateIdentity: string): ServedUser | undefined => users.all().find((one) => one.privateIdentity === privateIdentity);

function takeTermination(message: DiameterMessage, request: RegistrationTerminationRequest, users: ServedUsers, origin: DiameterOrigin): Push {
  const clause = 'TS 29.228 §6.1.3.1';
  const user = belongsTo(users, request.userName);
  if (user === undefined) return refused(message, origin, RESULT.userUnknown, 'Nobody with this private identity is served here.', clause);
  const why = REASONS[request.reason] ?? 'the HSS gives no reason';
  return {
    answer: buildPushAnswer(message, { ...origin, result: RESULT.success }),
    note: decided(
      `The HSS ends the registration: ${why}${request.info === undefined ? '' : ` (“${request.info}”)`}. All that is held of the user goes.`,
      clause,
    ),
    act: { kind: 'end', user, event: EVENTS[request.reason] ?? 'rejected' },
  };
}

function takeProfile(message: DiameterMessage, request: PushProfileRequest, users: ServedUsers, origin: DiameterOrigin): Push {
  const clause = 'TS 29.228 §6.2.2.1';
  const user = belongsTo(users, request.userName);
  if (user === undefined) return refused(message, origin, RESULT.userUnknown, 'Nobody with this private identity is served here.', clause);
  const profile = request.userData === undefined ? undefined : parseUserData(request.userData);
  if (profile === undefined) return refused(message, origin, RESULT.unableToComply, 'The HSS pushes nothing that is understood here.', clause);
  if ('kind' in profile)
    return refused(
      message,
      origin,
      RESULT.notSupportedUserData,
      `The profile cannot be read: ${profile.fault} at ${profile.where}. The old one stays.`,
      clause,
    );
  return {
    answer: buildPushAnswer(message, { ...origin, result: RESULT.success }),
    note: decided('The profile has changed: the new filter criteria apply to initial requests from now on, dialogs that stand keep their way.', clause),
    act: { kind: 'profile', user, profile },
  };
}

/** The profile that came with an SAA; undefined when it cannot be read. */
export function readProfile(userData: string): UserProfile | undefined {
  const profile = parseUserData(userData);
  return 'kind' in profile ? undefined : profile;
}
