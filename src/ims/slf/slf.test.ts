import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint } from '#base/machine.ts';
import { START } from '#base/time.ts';
import { redirectedBy } from '#ims/node/redirect.ts';
import { AVP, findAvp, textAvp, textOf } from '#protocol/diameter/avp.ts';
import { createCxRequest, createFailureAnswer } from '#protocol/diameter/command.ts';
import { buildLocationInfoRequest, buildServerAssignmentRequest, buildUserAuthorizationRequest } from '#protocol/diameter/cx.ts';
import { buildMultimediaAuthRequest, SCHEME } from '#protocol/diameter/cx-auth.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DiameterPeers } from '#protocol/diameter/peer.ts';
import { RESULT, resultOf } from '#protocol/diameter/result.ts';
import { Slf } from './slf.ts';

const ALICE = 'sip:alice@home2.net';
const local: Endpoint = { address: '2001:db8:2::42', port: 3868 };
const remote: Endpoint = { address: '2001:db8:2::20', port: 3868 };
const head = { sessionId: 'i;1;1', originHost: 'icscf2-s.home2.net', originRealm: 'home2.net', destinationRealm: 'home2.net' };
const HSS = { host: 'hss2b.home2.net', endpoint: { address: '2001:db8:2::41', port: 3868 } };

function locator() {
  const config = { host: 'slf.home2.net', domain: 'home2.net', address: local.address, holders: [{ identity: ALICE, hss: HSS.host }] };
  const slf = new Slf(config, createKeyedChance(1, 'slf'));
  const peers = new DiameterPeers<string>({ host: head.originHost, realm: head.originRealm, local: remote, chance: createKeyedChance(1, 'asker') });
  const ask = (message: DiameterMessage): DiameterMessage => {
    const sent: Effect[] = [];
    peers.request(message, { host: config.host, endpoint: local }, 'asked', [], START, sent);
    for (let effect = sent.shift(); effect !== undefined; effect = sent.shift()) {
      if (effect.kind !== 'send') continue;
      const input = { kind: 'bytes', bytes: effect.bytes, transport: 'sctp', local: effect.remote, remote: effect.local } as const;
      if (effect.remote.address === local.address) sent.push(...slf.step(input, START));
      else for (const event of peers.receive(input, START, sent)) if (event.kind === 'answer') return event.message;
    }
    throw new Error('the SLF said nothing');
  };
  return { slf, ask };
}

const lir = (publicIdentity = ALICE): DiameterMessage => buildLocationInfoRequest({ ...head, publicIdentity });

describe('the locator', () => {
  it.each([
    ['LIR', lir()],
    ['UAR', buildUserAuthorizationRequest({ ...head, publicIdentity: ALICE, userName: 'alice', visitedNetwork: 'home2.net' })],
    ['MAR', buildMultimediaAuthRequest({ ...head, publicIdentity: ALICE, userName: 'alice', serverName: 'sip:s', scheme: SCHEME.aka, numberOfItems: 1 })],
    ['SAR', buildServerAssignmentRequest({ ...head, publicIdentities: [ALICE], serverName: 'sip:s', assignmentType: 3, alreadyAvailable: false })],
  ])('sends whoever asks by %s to the HSS that holds the identity', (_name, request) => {
    const answer = locator().ask(request);
    expect(resultOf(answer.avps)).toEqual(RESULT.redirectIndication);
    expect(answer.error).toBe(true);
    const host = findAvp(answer.avps, AVP.redirectHost);
    expect(host === undefined ? '' : textOf(host)).toBe('aaa://hss2b.home2.net:3868;transport=sctp');
  });
  it('knows nobody else: 5001; and no other command', () => {
    expect(resultOf(locator().ask(lir('sip:nobody@home2.net')).avps)?.name).toBe('DIAMETER_ERROR_USER_UNKNOWN');
    expect(resultOf(locator().ask(createCxRequest(399, head, [])).avps)?.name).toBe('DIAMETER_COMMAND_UNSUPPORTED');
    expect(resultOf(locator().ask(createCxRequest(302, head, [])).avps)?.name).toBe('DIAMETER_MISSING_AVP');
  });
  it('shows whom it knows', () => {
    expect(locator().slf.view().tables[0]?.rows).toEqual([[ALICE, HSS.host]]);
  });
  it('takes any octets without a word of complaint', () => {
    const { slf } = locator();
    assert(
      property(uint8Array({ maxLength: 80 }), (bytes) => {
        slf.step({ kind: 'bytes', bytes, transport: 'sctp', local, remote }, START);
      }),
    );
  });
});

describe('following a redirect', () => {
  const answering = (...hosts: readonly string[]): DiameterMessage => {
    const answer = createFailureAnswer(lir(), head, RESULT.redirectIndication);
    return { ...answer, avps: [...answer.avps, ...hosts.map((host) => textAvp(AVP.redirectHost, host))] };
  };
  it('asks the one that is named, by name', () => {
    const followed = redirectedBy(answering('aaa://HSS2b.home2.net'), lir(), [HSS]);
    expect(followed?.server).toBe(HSS);
    const host = followed === undefined ? undefined : findAvp(followed.request.avps, AVP.destinationHost);
    expect(host === undefined ? '' : textOf(host)).toBe(HSS.host);
  });
  it('takes the first one that is known', () => {
    expect(redirectedBy(answering('aaa://hss9.home2.net', 'nonsense', 'aaas://hss2b.home2.net:5658;transport=tcp'), lir(), [HSS])?.server).toBe(HSS);
  });
  it.each([
    ['a stranger', ['aaa://hss.evil.example'], lir()],
    ['nobody', [], lir()],
    ['what is no address', ['hss2b.home2.net', 'aaa://', 'aaa://hss2b.home2.net.evil.example/x'], lir()],
    ['anybody twice', ['aaa://hss2b.home2.net'], buildLocationInfoRequest({ ...head, publicIdentity: ALICE, destinationHost: 'hss2.home2.net' })],
  ])('does not go to %s', (_what, hosts, request) => {
    expect(redirectedBy(answering(...hosts), request, [HSS])).toBeUndefined();
  });
  it('is for redirects only', () => {
    expect(redirectedBy(createFailureAnswer(lir(), head, RESULT.userUnknown), lir(), [HSS])).toBeUndefined();
    assert(property(string(), (text) => redirectedBy(answering(text), lir(), [HSS]) === undefined));
  });
});
