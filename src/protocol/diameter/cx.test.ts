import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { AVP, numberAvp, textAvp, type Avp } from './avp.ts';
import { createFailureAnswer, createSessionId, labelOfDiameter, type CxFault } from './command.ts';
import { buildMultimediaAuthAnswer, buildMultimediaAuthRequest, readMultimediaAuthAnswer, readMultimediaAuthRequest, SCHEME } from './cx-auth.ts';
import {
  buildLocationInfoAnswer,
  buildLocationInfoRequest,
  buildServerAssignmentAnswer,
  buildServerAssignmentRequest,
  buildUserAuthorizationAnswer,
  buildUserAuthorizationRequest,
  readCxRequest,
  readLocationInfoAnswer,
  readLocationInfoRequest,
  readServerAssignmentAnswer,
  readServerAssignmentRequest,
  readUserAuthorizationAnswer,
  readUserAuthorizationRequest,
  SERVER_ASSIGNMENT_TYPE,
  USER_AUTHORIZATION_TYPE,
} from './cx.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';
import { isGranted, RESULT, resultOf, resultOfCode, type CxResult } from './result.ts';

const head = {
  sessionId: 'icscf2-s.home2.net;1;2',
  originHost: 'icscf2-s.home2.net',
  originRealm: 'home2.net',
  destinationHost: 'hss2.home2.net',
  destinationRealm: 'home2.net',
};
const hss = { originHost: 'hss2.home2.net', originRealm: 'home2.net' };
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7);

const overTheWire = (message: DiameterMessage): DiameterMessage => {
  const read = parseDiameterMessage(encodeDiameterMessage(message));
  if (read.kind !== 'diameter') throw new Error(read.fault);
  return read;
};
const LIR = buildLocationInfoRequest({ ...head, publicIdentity: 'sip:user2_public1@home2.net' });
const avpsOf = (message: DiameterMessage): number[] => message.avps.map((avp) => avp.code);

describe('Cx requests over the wire', () => {
  it('UAR, with its AVPs in the order of TS 29.229', () => {
    const value = {
      ...head,
      publicIdentity: 'sip:user1_public1@home1.net',
      userName: 'user1_private@home1.net',
      visitedNetwork: 'visited1.net',
      authorizationType: USER_AUTHORIZATION_TYPE.registration,
    };
    const message = overTheWire(buildUserAuthorizationRequest(value));
    expect(message).toMatchObject({ request: true, proxiable: true, command: 300, application: 16777216 });
    expect(avpsOf(message)).toEqual([263, 260, 277, 264, 296, 293, 283, 1, 601, 600, 623]);
    expect(readUserAuthorizationRequest(message)).toEqual({ kind: 'UAR', ...value });
    const { authorizationType: _, destinationHost: __, ...least } = value;
    expect(readUserAuthorizationRequest(overTheWire(buildUserAuthorizationRequest(least)))).toEqual({ kind: 'UAR', ...least });
  });

  it('LIR, from an AS too', () => {
    expect(readLocationInfoRequest(overTheWire(LIR))).toEqual({ kind: 'LIR', ...head, publicIdentity: 'sip:user2_public1@home2.net' });
    const value = { ...head, publicIdentity: 'sip:a@b', originating: true, authorizationType: USER_AUTHORIZATION_TYPE.registrationAndCapabilities };
    expect(readLocationInfoRequest(overTheWire(buildLocationInfoRequest(value)))).toEqual({ kind: 'LIR', ...value });
  });

  it('SAR, for one identity, several, or a user', () => {
    const value = {
      ...head,
      userName: 'u@home2.net',
      publicIdentities: ['sip:a@home2.net', 'tel:+12125552222'],
      serverName: 'sip:scscf2.home2.net',
      assignmentType: SERVER_ASSIGNMENT_TYPE.unregisteredUser,
      alreadyAvailable: true,
    };
    expect(readServerAssignmentRequest(overTheWire(buildServerAssignmentRequest(value)))).toEqual({ kind: 'SAR', ...value });
    const { userName: _, ...nameless } = value;
    expect(readServerAssignmentRequest(overTheWire(buildServerAssignmentRequest(nameless)))).toEqual({ kind: 'SAR', ...nameless });
    expect(readServerAssignmentRequest(buildServerAssignmentRequest({ ...nameless, publicIdentities: [] }))).toMatchObject({
      kind: 'cx-fault',
      result: RESULT.missingAvp,
    });
  });

  it('MAR, after a synchronisation failure too', () => {
    const value = {
      ...head,
      publicIdentity: 'sip:a@b',
      userName: 'a@b',
      serverName: 'sip:scscf1.home1.net',
      scheme: SCHEME.aka,
      numberOfItems: 2,
      authorization: bytes(30),
    };
    expect(readMultimediaAuthRequest(overTheWire(buildMultimediaAuthRequest(value)))).toEqual({ kind: 'MAR', ...value });
  });

  it('the session id is the host and two draws, and another one each time', () => {
    const chance = createKeyedChance(1, 'icscf');
    const ids = [1, 2, 3].map(() => createSessionId('icscf2-s.home2.net', chance));
    for (const id of ids) expect(id).toMatch(/^icscf2-s\.home2\.net;\d+;\d+$/);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('Cx answers over the wire', () => {
  it('repeat ids, session and P bit of their request (RFC 6733 §6.2)', () => {
    const answer = overTheWire(
      buildLocationInfoAnswer({ ...LIR, hopByHop: 77, endToEnd: 88 }, { ...hss, result: RESULT.success, serverName: 'sip:scscf2.home2.net' }),
    );
    expect(answer).toMatchObject({ request: false, proxiable: true, error: false, command: 302, application: 16777216, hopByHop: 77, endToEnd: 88 });
    expect(avpsOf(answer)).toEqual([263, 260, 268, 277, 264, 296, 602]);
    expect(answer.avps[0]).toEqual(LIR.avps[0]);
    expect(readLocationInfoAnswer(answer)).toEqual({ kind: 'LIA', ...hss, result: RESULT.success, serverName: 'sip:scscf2.home2.net' });
  });

  it('UAA and LIA with capabilities and a result of 3GPP, which takes the place of Result-Code', () => {
    const capabilities = { mandatory: [1, 4000000000], optional: [7], serverNames: ['sip:scscf2.home2.net'] };
    const uaa = { ...hss, result: RESULT.firstRegistration, capabilities };
    const message = overTheWire(buildUserAuthorizationAnswer(LIR, uaa));
    expect(avpsOf(message)).not.toContain(268);
    expect(readUserAuthorizationAnswer(message)).toEqual({ kind: 'UAA', ...uaa });
    const lia = { ...hss, result: RESULT.unregisteredService, capabilities: { mandatory: [], optional: [], serverNames: [] } };
    expect(readLocationInfoAnswer(overTheWire(buildLocationInfoAnswer(LIR, lia)))).toEqual({ kind: 'LIA', ...lia });
  });

  it('SAA with profile and charging functions', () => {
    const saa = {
      ...hss,
      result: RESULT.success,
      userName: 'u@home2.net',
      userData: '<IMSSubscription>ü</IMSSubscription>',
      charging: { primaryEvent: 'aaa://ecf.home2.net', primaryCollection: 'aaa://ccf.home2.net' },
    };
    expect(readServerAssignmentAnswer(overTheWire(buildServerAssignmentAnswer(LIR, saa)))).toEqual({ kind: 'SAA', ...saa });
    const other = { ...hss, result: RESULT.identityAlreadyRegistered, serverName: 'sip:scscf9.home2.net' };
    expect(readServerAssignmentAnswer(overTheWire(buildServerAssignmentAnswer(LIR, other)))).toEqual({ kind: 'SAA', ...other });
  });

  it('MAA with vectors of AKA and of SIP digest', () => {
    const maa = {
      ...hss,
      result: RESULT.success,
      userName: 'u',
      publicIdentity: 'sip:a@b',
      items: [
        { itemNumber: 1, scheme: SCHEME.aka, authenticate: bytes(32), authorization: bytes(8), confidentialityKey: bytes(16), integrityKey: bytes(16) },
        { scheme: SCHEME.digest, digest: { realm: 'home2.net', algorithm: 'MD5', qop: 'auth', ha1: '0123456789abcdef0123456789abcdef' } },
      ],
    };
    expect(readMultimediaAuthAnswer(overTheWire(buildMultimediaAuthAnswer(LIR, maa)))).toEqual({ kind: 'MAA', ...maa });
  });

  it('base and experimental codes of the same number are told apart', () => {
    const withResult = (result: CxResult): unknown => resultOf(overTheWire(buildLocationInfoAnswer(LIR, { ...hss, result })).avps);
    expect(withResult(RESULT.unableToComply)).toEqual({ kind: 'failure', code: 5012, name: 'DIAMETER_UNABLE_TO_COMPLY' });
    expect(withResult(RESULT.servingNodeFeatureUnsupported)).toMatchObject({ kind: 'experimental', code: 5012 });
    expect([RESULT.success, RESULT.firstRegistration, RESULT.userUnknown, resultOfCode(4999)].map(isGranted)).toEqual([true, true, false, false]);
  });
});

describe('what a peer got wrong is named', () => {
  const without = (message: DiameterMessage, code: number): DiameterMessage => ({ ...message, avps: message.avps.filter((avp) => avp.code !== code) });
  const withAvp = (message: DiameterMessage, avp: Avp): DiameterMessage => ({ ...without(message, avp.code), avps: [...without(message, avp.code).avps, avp] });

  it.each([
    [263, 'Session-Id'],
    [264, 'Origin-Host'],
    [283, 'Destination-Realm'],
    [601, 'Public-Identity'],
  ])('AVP %i missing', (code, name) => {
    expect(readLocationInfoRequest(without(LIR, code))).toMatchObject({ kind: 'cx-fault', result: RESULT.missingAvp, avp: name, failed: { code } });
  });

  it('values that are none, AVPs that are not understood and say that they must be', () => {
    expect(readLocationInfoRequest(withAvp(LIR, { code: 601, vendor: 10415, mandatory: true, data: Uint8Array.of(0xc0) }))).toMatchObject({
      result: RESULT.invalidAvpValue,
      avp: 'Public-Identity',
    });
    const uar = buildUserAuthorizationRequest({ ...head, publicIdentity: 'sip:a@b', userName: 'a', visitedNetwork: 'v', authorizationType: 3 });
    expect(readUserAuthorizationRequest(uar)).toMatchObject({ result: RESULT.invalidAvpValue, avp: 'User-Authorization-Type' });
    expect(readLocationInfoRequest(withAvp(LIR, { code: 9999, vendor: 10415, mandatory: true, data: new Uint8Array(0) }))).toMatchObject({
      result: RESULT.avpUnsupported,
      avp: 'AVP 9999',
    });
    expect(readLocationInfoRequest(withAvp(LIR, { code: 9999, vendor: 10415, mandatory: false, data: new Uint8Array(0) }))).toMatchObject({ kind: 'LIR' });
    expect(readLocationInfoAnswer(without(buildLocationInfoAnswer(LIR, { ...hss, result: RESULT.success }), 268))).toMatchObject({
      kind: 'cx-fault',
      avp: 'Result-Code',
    });
  });

  it('and answered: Failed-AVP for a permanent failure, the E bit and little else for one of the protocol (RFC 6733 §7.2)', () => {
    const fault = readLocationInfoRequest(without(LIR, 601)) as CxFault;
    const answer = overTheWire(createFailureAnswer(LIR, hss, fault.result, fault.failed));
    expect(answer.error).toBe(false);
    expect(avpsOf(answer)).toEqual([263, 260, 268, 277, 264, 296, 279]);
    expect(readLocationInfoAnswer(answer)).toMatchObject({ result: RESULT.missingAvp });
    const refusal = overTheWire(createFailureAnswer(LIR, hss, RESULT.unableToDeliver));
    expect(refusal.error).toBe(true);
    expect(avpsOf(refusal)).toEqual([263, 264, 296, 268]);
    expect(readLocationInfoAnswer(refusal)).toMatchObject({ result: { kind: 'failure', code: 3002 } });
  });

  it('any request is read by its command', () => {
    expect(readCxRequest(LIR)).toMatchObject({ kind: 'LIR' });
    expect(readCxRequest({ ...LIR, command: 301 })).toMatchObject({ kind: 'cx-fault' });
    expect(readCxRequest({ ...LIR, command: 304 })).toBeUndefined();
    expect([LIR, { ...LIR, request: false }, { ...LIR, command: 999 }].map(labelOfDiameter)).toEqual(['LIR', 'LIA', 'Diameter 999 request']);
    expect(textAvp(AVP.serverName, 'x').vendor).toBe(10415);
    expect(numberAvp(AVP.resultCode, 1).vendor).toBeUndefined();
  });
});
