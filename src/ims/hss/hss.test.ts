import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint } from '#base/machine.ts';
import { START } from '#base/time.ts';
import { concatBytes, fromHex, toHex } from '#base/bytes.ts';
import { AVP, octetsAvp, textAvp } from '#protocol/diameter/avp.ts';
import { createCxRequest } from '#protocol/diameter/command.ts';
import {
  buildLocationInfoRequest,
  buildServerAssignmentRequest,
  buildUserAuthorizationRequest,
  readLocationInfoAnswer,
  readServerAssignmentAnswer,
  readUserAuthorizationAnswer,
  SERVER_ASSIGNMENT_TYPE as SAT,
} from '#protocol/diameter/cx.ts';
import { buildMultimediaAuthRequest, readMultimediaAuthAnswer, SCHEME } from '#protocol/diameter/cx-auth.ts';
import { parseUserData } from '#protocol/diameter/cx-user-data.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DiameterPeers } from '#protocol/diameter/peer.ts';
import { resultOf } from '#protocol/diameter/result.ts';
import { answerChallenge, createAuts } from '#protocol/sip/aka.ts';
import { Hss } from './hss.ts';
import type { ServiceIdentity, Subscription } from './subscribers.ts';

const KEYS = { k: fromHex('5a1f0c3e7b924d68a0c1e2f3948576b1') ?? new Uint8Array(), opc: fromHex('0f1e2d3c4b5a69788796a5b4c3d2e1f0') ?? new Uint8Array() };
const ALICE = 'sip:alice@home1.net';
const PRIVATE = 'alice_private@home1.net';
const S1 = 'sip:scscf1.home1.net';
const S2 = 'sip:scscf2.home1.net';
const head = { sessionId: 'i;1;1', originHost: 'icscf.home1.net', originRealm: 'home1.net', destinationRealm: 'home1.net' };
const local: Endpoint = { address: '2001:db8:1::40', port: 3868 };
const remote: Endpoint = { address: '2001:db8:1::20', port: 3868 };

const subscription = (rest: Partial<Subscription> = {}): Subscription => ({
  privateIdentity: PRIVATE,
  publicIdentities: [{ identity: ALICE, barred: false }],
  filterCriteria: [],
  secret: { kind: 'aka', keys: KEYS },
  roamingAllowed: 'everywhere',
  mandatoryCapabilities: [],
  chargingCollection: 'ccf1.home1.net',
  sequence: 32,
  serverName: undefined,
  state: 'not registered',
  ...rest,
});
const UNREGISTERED_SERVICE: Partial<Subscription> = {
  filterCriteria: [
    {
      priority: 0,
      triggerPoint: { cnf: true, spts: [{ kind: 'session-case', sessionCase: 2, negated: false, groups: [0] }] },
      applicationServer: { serverName: 'sip:ps.home1.net' },
    },
  ],
};

const hssWith = (...subscriptions: Subscription[]) => hssServing([], ...subscriptions);

function hssServing(services: readonly ServiceIdentity[], ...subscriptions: Subscription[]) {
  const bob = subscription({ privateIdentity: 'bob_private@home1.net', publicIdentities: [{ identity: 'sip:bob@home1.net', barred: false }] });
  const hss = new Hss(
    { host: 'hss1.home1.net', domain: 'home1.net', address: local.address, subscriptions: [...subscriptions, bob], services },
    createKeyedChance(1, 'hss'),
  );
  const peers = new DiameterPeers<string>({ host: head.originHost, realm: head.originRealm, local: remote, chance: createKeyedChance(1, 'asker') });
  /** The answer, after the exchange of capabilities. */
  const ask = (message: DiameterMessage): DiameterMessage => {
    const sent: Effect[] = [];
    peers.request(message, { host: 'hss1.home1.net', endpoint: local }, 'asked', [], START, sent);
    for (let effect = sent.shift(); effect !== undefined; effect = sent.shift()) {
      if (effect.kind !== 'send') continue;
      const input = { kind: 'bytes', bytes: effect.bytes, transport: 'sctp', local: effect.remote, remote: effect.local } as const;
      if (effect.remote.address === local.address) sent.push(...hss.step(input, START));
      else for (const event of peers.receive(input, START, sent)) if (event.kind === 'answer') return event.message;
    }
    throw new Error('the HSS said nothing');
  };
  const uar = (fields: object = {}) =>
    readUserAuthorizationAnswer(
      ask(
        buildUserAuthorizationRequest({ ...head, publicIdentity: ALICE, userName: PRIVATE, visitedNetwork: 'visited1.net', authorizationType: 0, ...fields }),
      ),
    );
  const lir = (fields: object = {}) => readLocationInfoAnswer(ask(buildLocationInfoRequest({ ...head, publicIdentity: ALICE, ...fields })));
  const mar = (fields: object = {}) =>
    readMultimediaAuthAnswer(
      ask(buildMultimediaAuthRequest({ ...head, publicIdentity: ALICE, userName: PRIVATE, serverName: S1, scheme: SCHEME.aka, numberOfItems: 1, ...fields })),
    );
  const sar = (assignmentType: number, fields: object = {}) =>
    readServerAssignmentAnswer(
      ask(
        buildServerAssignmentRequest({
          ...head,
          publicIdentities: [ALICE],
          userName: PRIVATE,
          serverName: S1,
          assignmentType,
          alreadyAvailable: false,
          ...fields,
        }),
      ),
    );
  return { hss, ask, uar, lir, mar, sar };
}

const BARRED = { publicIdentities: [{ identity: ALICE, barred: true }] };

describe('UAR: may the user register, and where', () => {
  it.each<[string, Partial<Subscription>, object, string, string | undefined]>([
    ['nobody has the public identity', {}, { publicIdentity: 'sip:nobody@home1.net' }, 'DIAMETER_ERROR_USER_UNKNOWN', undefined],
    ['nobody has the private identity', {}, { userName: 'nobody@home1.net' }, 'DIAMETER_ERROR_USER_UNKNOWN', undefined],
    ['the identities belong to two users', {}, { userName: 'bob_private@home1.net' }, 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH', undefined],
    ['the only identity is barred', BARRED, {}, 'DIAMETER_AUTHORIZATION_REJECTED', undefined],
    [
      'one identity is barred, another is not',
      { publicIdentities: [...BARRED.publicIdentities, { identity: 'sip:a2@home1.net', barred: false }] },
      {},
      'DIAMETER_FIRST_REGISTRATION',
      undefined,
    ],
    ['roaming there is not allowed', { roamingAllowed: ['home1.net'] }, {}, 'DIAMETER_ERROR_ROAMING_NOT_ALLOWED', undefined],
    ['roaming there is allowed', { roamingAllowed: ['visited1.net'] }, {}, 'DIAMETER_FIRST_REGISTRATION', undefined],
    ['no S-CSCF yet', {}, {}, 'DIAMETER_FIRST_REGISTRATION', undefined],
    ['no type: counts as registration', {}, { authorizationType: undefined }, 'DIAMETER_FIRST_REGISTRATION', undefined],
    ['an S-CSCF, registered', { serverName: S1, state: 'registered' }, {}, 'DIAMETER_SUBSEQUENT_REGISTRATION', S1],
    ['an S-CSCF, pending', { serverName: S1, state: 'pending' }, {}, 'DIAMETER_SUBSEQUENT_REGISTRATION', S1],
    ['an S-CSCF, unregistered', { serverName: S1, state: 'unregistered' }, {}, 'DIAMETER_SUBSEQUENT_REGISTRATION', S1],
    ['deregistration of the registered', { serverName: S1, state: 'registered' }, { authorizationType: 1 }, 'DIAMETER_SUCCESS', S1],
    [
      'deregistration needs no roaming agreement',
      { serverName: S1, state: 'registered', roamingAllowed: [] },
      { authorizationType: 1 },
      'DIAMETER_SUCCESS',
      S1,
    ],
    ['deregistration of the not registered', {}, { authorizationType: 1 }, 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED', undefined],
    ['capabilities, in spite of an S-CSCF', { serverName: S1, state: 'registered' }, { authorizationType: 2 }, 'DIAMETER_FIRST_REGISTRATION', undefined],
  ])('%s', (_what, rest, fields, name, serverName) => {
    const answer = hssWith(subscription(rest)).uar(fields);
    expect(answer.result.name).toBe(name);
    expect(answer.kind === 'UAA' ? answer.serverName : 'fault').toBe(serverName);
  });
  it('names the capabilities that an S-CSCF must have', () => {
    expect(hssWith(subscription({ mandatoryCapabilities: [4, 7] })).uar()).toMatchObject({ capabilities: { mandatory: [4, 7] } });
  });
});

describe('LIR: where is the user served', () => {
  it.each<[string, Partial<Subscription>, object, string, string | undefined]>([
    ['nobody has this identity', {}, { publicIdentity: 'sip:nobody@home1.net' }, 'DIAMETER_ERROR_USER_UNKNOWN', undefined],
    ['registered', { serverName: S1, state: 'registered' }, {}, 'DIAMETER_SUCCESS', S1],
    ['unregistered, but served', { serverName: S1, state: 'unregistered' }, {}, 'DIAMETER_SUCCESS', S1],
    ['not registered, no services', {}, {}, 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED', undefined],
    ['not registered, services for that case', UNREGISTERED_SERVICE, {}, 'DIAMETER_UNREGISTERED_SERVICE', undefined],
    ['not registered, on his own behalf', {}, { originating: true }, 'DIAMETER_UNREGISTERED_SERVICE', undefined],
  ])('%s', (_what, rest, fields, name, serverName) => {
    const answer = hssWith(subscription(rest)).lir(fields);
    expect(answer.result.name).toBe(name);
    expect(answer.kind === 'LIA' ? answer.serverName : 'fault').toBe(serverName);
  });
});

describe('LIR: the address of a service', () => {
  const AS = 'sip:presence-info.home1.net';
  const asking = (active: boolean) => {
    const service = { identity: 'sip:presence-info@home1.net', serverName: AS, active };
    return hssServing([service], subscription()).lir({ publicIdentity: 'sip:presence-info@HOME1.net;user=ip' });
  };
  it('active: its application server is named', () => {
    expect(asking(true)).toMatchObject({ result: { name: 'DIAMETER_SUCCESS' }, serverName: AS });
  });
  it('switched off: nobody has it', () => {
    expect(asking(false)).toMatchObject({ result: { name: 'DIAMETER_ERROR_USER_UNKNOWN' } });
  });
});

describe('MAR: the vector', () => {
  it.each([
    [{ publicIdentity: 'sip:nobody@home1.net' }, 'DIAMETER_ERROR_USER_UNKNOWN'],
    [{ userName: 'nobody@home1.net' }, 'DIAMETER_ERROR_USER_UNKNOWN'],
    [{ userName: 'bob_private@home1.net' }, 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'],
  ])('%j: %s', (fields, name) => {
    expect(hssWith(subscription()).mar(fields).result.name).toBe(name);
  });
  it('is believed by the USIM, is never the same, and its sequence number grows', () => {
    const { mar } = hssWith(subscription());
    const challenges = new Set<string>();
    let highest = 32;
    for (let i = 0; i < 5; i++) {
      const answer = mar();
      const item = answer.kind === 'MAA' ? answer.items[0] : undefined;
      const authenticate = item?.authenticate ?? new Uint8Array(32);
      const usim = answerChallenge(KEYS, authenticate.subarray(0, 16), authenticate.subarray(16), highest);
      if (usim.kind !== 'accepted') throw new Error(usim.kind);
      expect(usim.sqn).toBeGreaterThan(highest);
      expect(toHex(item?.authorization ?? new Uint8Array())).toBe(toHex(usim.res));
      highest = usim.sqn;
      challenges.add(toHex(authenticate));
    }
    expect(challenges.size).toBe(5);
  });
  it('is made in step with the USIM after AUTS, for the S-CSCF that gave the challenge', () => {
    const { hss, mar } = hssWith(subscription());
    const rand = new Uint8Array(16).fill(5);
    const authorization = concatBytes(rand, createAuts(KEYS, rand, 5000));
    mar();
    const answer = mar({ authorization });
    const authenticate = (answer.kind === 'MAA' ? answer.items[0]?.authenticate : undefined) ?? new Uint8Array(32);
    expect(answerChallenge(KEYS, authenticate.subarray(0, 16), authenticate.subarray(16), 5000)).toMatchObject({ kind: 'accepted', sqn: 5001 });
    expect(mar({ authorization, serverName: S2 }).result.name).toBe('DIAMETER_UNABLE_TO_COMPLY');
    expect(hss.view().tables[0]?.rows[0]?.at(-1)).toBe('5001');
  });
  it('is made with the next number when AUTS is not vouched for by the key', () => {
    const { hss, mar } = hssWith(subscription());
    mar();
    expect(mar({ authorization: new Uint8Array(30).fill(9) }).result.name).toBe('DIAMETER_SUCCESS');
    expect(hss.view().tables[0]?.rows[0]?.at(-1)).toBe('34');
  });
  it.each([
    [SCHEME.digest, subscription()],
    [SCHEME.unknown, subscription()],
    [SCHEME.aka, subscription({ secret: { kind: 'digest', ha1: '00', realm: 'home1.net' } })],
  ])('is not made with a scheme that the user does not have: %s', (scheme, user) => {
    expect(hssWith(user).mar({ scheme }).result).toMatchObject({ kind: 'experimental', code: 5006 });
  });
  it('notes the S-CSCF that asked: the next UAR leads to it', () => {
    const { mar, uar } = hssWith(subscription());
    mar({ serverName: S2 });
    expect(uar()).toMatchObject({ result: { name: 'DIAMETER_SUBSEQUENT_REGISTRATION' }, serverName: S2 });
  });
});

describe('SAR: what has become of the user', () => {
  it('registration brings the profile, the charging functions and the S-CSCF for others', () => {
    const { sar, lir } = hssWith(subscription(UNREGISTERED_SERVICE));
    const answer = sar(SAT.registration);
    if (answer.kind !== 'SAA') throw new Error('fault');
    expect(parseUserData(answer.userData ?? '')).toMatchObject({ privateIdentity: PRIVATE, filterCriteria: UNREGISTERED_SERVICE.filterCriteria });
    expect(answer.charging).toEqual({ primaryCollection: 'aaa://ccf1.home1.net' });
    expect(lir()).toMatchObject({ serverName: S1 });
  });
  it('for an unregistered user keeps him where he is served already: 5005', () => {
    const { sar } = hssWith(subscription({ serverName: S2, state: 'unregistered' }));
    expect(sar(SAT.unregisteredUser)).toMatchObject({ result: { name: 'DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED', kind: 'experimental', code: 5005 } });
    expect(sar(SAT.unregisteredUser, { serverName: S2 }).result.name).toBe('DIAMETER_SUCCESS');
  });
  it('for an unregistered user takes nothing from one who is registered at that S-CSCF', () => {
    const { sar, hss } = hssWith(subscription({ serverName: S1, state: 'registered' }));
    expect(sar(SAT.unregisteredUser).result.name).toBe('DIAMETER_SUCCESS');
    expect(hss.view().tables[0]?.rows[0]?.[2]).toBe('registered');
  });
  it('for an unregistered user stores the S-CSCF: the next LIR needs no selection', () => {
    const { sar, lir } = hssWith(subscription(UNREGISTERED_SERVICE));
    expect(lir().result.name).toBe('DIAMETER_UNREGISTERED_SERVICE');
    expect(sar(SAT.unregisteredUser)).toMatchObject({ result: { name: 'DIAMETER_SUCCESS' } });
    expect(lir()).toMatchObject({ result: { name: 'DIAMETER_SUCCESS' }, serverName: S1 });
  });
  it.each([
    ['the user leaves', SAT.userDeregistration],
    ['time runs out', SAT.timeoutDeregistration],
    ['the operator ends it', SAT.administrativeDeregistration],
  ])('%s: the name of the S-CSCF is forgotten', (_what, type) => {
    const { sar, lir } = hssWith(subscription({ serverName: S1, state: 'registered' }));
    expect(sar(type).result.name).toBe('DIAMETER_SUCCESS');
    expect(lir().result.name).toBe('DIAMETER_ERROR_IDENTITY_NOT_REGISTERED');
  });
  it.each([
    ['failed', SAT.authenticationFailure],
    ['was not answered', SAT.authenticationTimeout],
  ])('the authentication %s: only who is not registered loses the S-CSCF', (_what, type) => {
    for (const state of ['registered', 'unregistered'] as const) {
      const { sar, lir } = hssWith(subscription({ serverName: S1, state }));
      expect(sar(type).result.name).toBe('DIAMETER_SUCCESS');
      expect(lir()).toMatchObject({ serverName: S1 });
    }
    const { sar, lir, mar } = hssWith(subscription());
    mar();
    expect(lir()).toMatchObject({ serverName: S1 });
    expect(sar(type).result.name).toBe('DIAMETER_SUCCESS');
    expect(lir().result.name).toBe('DIAMETER_ERROR_IDENTITY_NOT_REGISTERED');
  });
  it('about nobody: 5001', () => {
    expect(hssWith(subscription()).sar(SAT.registration, { publicIdentities: ['sip:nobody@home1.net'] }).result.name).toBe('DIAMETER_ERROR_USER_UNKNOWN');
  });
  it('with identities of two users: 5002', () => {
    expect(hssWith(subscription()).sar(SAT.registration, { userName: 'bob_private@home1.net' }).result.name).toBe('DIAMETER_ERROR_IDENTITIES_DONT_MATCH');
  });
});

describe('what is not a question', () => {
  it('an unknown command', () => {
    const { ask } = hssWith(subscription());
    expect(resultOf(ask(createCxRequest(399, head, [])).avps)?.name).toBe('DIAMETER_COMMAND_UNSUPPORTED');
  });
  it.each([
    ['no public identity', [textAvp(AVP.userName, PRIVATE), octetsAvp(AVP.visitedNetworkIdentifier, 'v')]],
    ['nothing', []],
  ])('%s: 5005 missing AVP', (_what, avps) => {
    const { ask } = hssWith(subscription());
    expect(resultOf(ask(createCxRequest(300, head, avps)).avps)?.name).toBe('DIAMETER_MISSING_AVP');
  });
  it('an AVP with another length than it says', () => {
    const { ask } = hssWith(subscription());
    const short = { code: AVP.serverAssignmentType.code, vendor: 10415, mandatory: true, data: new Uint8Array(3) };
    const whole = buildServerAssignmentRequest({ ...head, publicIdentities: [ALICE], serverName: S1, assignmentType: 1, alreadyAvailable: false });
    const answer = ask({ ...whole, avps: whole.avps.map((one) => (one.code === short.code ? short : one)) });
    expect(resultOf(answer.avps)?.name).toMatch(/^DIAMETER_INVALID_AVP_(LENGTH|VALUE)$/);
  });
});

it('shows who is registered where', () => {
  const { hss, sar } = hssWith(subscription());
  sar(SAT.registration);
  expect(hss.view().tables[0]?.rows[0]).toEqual([PRIVATE, ALICE, 'registered', S1, '32']);
});
