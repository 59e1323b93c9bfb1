import { describe, expect, it } from 'vitest';
import { AVP, groupAvp, numberAvp, textAvp } from './avp.ts';
import { createCxRequest, labelOfDiameter } from './command.ts';
import {
  buildPushAnswer,
  buildPushProfileRequest,
  buildRegistrationTerminationRequest,
  DEREGISTRATION_REASON,
  readPushAnswer,
  readPushProfileRequest,
  readRegistrationTerminationRequest,
} from './cx-push.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';
import { RESULT } from './result.ts';

const head = {
  sessionId: 'hss2.home2.net;1;2',
  originHost: 'hss2.home2.net',
  originRealm: 'home2.net',
  destinationHost: 'scscf2.home2.net',
  destinationRealm: 'home2.net',
};
const overTheWire = (message: DiameterMessage): DiameterMessage => {
  const read = parseDiameterMessage(encodeDiameterMessage(message));
  if (read.kind !== 'diameter') throw new Error(read.fault);
  return read;
};

describe('what the HSS begins', () => {
  it('RTR, with its reason in a group', () => {
    const value = {
      ...head,
      userName: 'user2_private@home2.net',
      publicIdentities: ['sip:user2_public1@home2.net', 'tel:+12125552222'],
      reason: DEREGISTRATION_REASON.serverChange,
      info: 'Please register again',
    };
    const message = overTheWire(buildRegistrationTerminationRequest(value));
    expect([message.command, message.request, labelOfDiameter(message)]).toEqual([304, true, 'RTR']);
    expect(message.avps.map((avp) => avp.code)).toEqual([263, 260, 277, 264, 296, 293, 283, 1, 601, 601, 615]);
    expect(readRegistrationTerminationRequest(message)).toEqual({ kind: 'RTR', ...value });
  });

  it('PPR, with the profile as it stands', () => {
    const value = { ...head, userName: 'user2_private@home2.net', userData: '<IMSSubscription/>' };
    const message = overTheWire(buildPushProfileRequest(value));
    expect([message.command, labelOfDiameter(message)]).toEqual([305, 'PPR']);
    expect(readPushProfileRequest(message)).toEqual({ kind: 'PPR', ...value });
  });

  it('answers that repeat the command and say the result', () => {
    const request = buildPushProfileRequest({ ...head, userName: 'a@b' });
    const answer = overTheWire(buildPushAnswer(request, { originHost: 'scscf2.home2.net', originRealm: 'home2.net', result: RESULT.userUnknown }));
    expect(labelOfDiameter(answer)).toBe('PPA');
    expect(readPushAnswer(answer)).toMatchObject({ kind: 'PPA', result: RESULT.userUnknown });
  });

  it.each<[string, DiameterMessage, string]>([
    ['an RTR without reason', createCxRequest(304, head, [textAvp(AVP.userName, 'a@b')]), 'Deregistration-Reason'],
    ['an RTR without user', createCxRequest(304, head, [groupAvp(AVP.deregistrationReason, [numberAvp(AVP.reasonCode, 0)])]), 'User-Name'],
    [
      'an RTR with a reason that means nothing',
      createCxRequest(304, head, [textAvp(AVP.userName, 'a@b'), groupAvp(AVP.deregistrationReason, [numberAvp(AVP.reasonCode, 9)])]),
      'Reason-Code',
    ],
  ])('%s is named as wrong', (_what, message, avp) => {
    expect(readRegistrationTerminationRequest(overTheWire(message))).toMatchObject({ kind: 'cx-fault', avp });
  });
});
