/** What an HSS answers over Sh, and in which order it looks (TS 29.328 §6.1.1.1). */
import { expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint } from '#base/machine.ts';
import { START } from '#base/time.ts';
import { SH_APPLICATION } from '#protocol/diameter/command.ts';
import { DiameterPeers } from '#protocol/diameter/peer.ts';
import { RESULT } from '#protocol/diameter/result.ts';
import { buildUserDataRequest, DATA_REFERENCE, readUserDataAnswer } from '#protocol/diameter/sh.ts';
import { Hss } from './hss.ts';
import { ShService } from './sh-service.ts';

const HSS = { host: 'hss1.home1.net', domain: 'home1.net', address: '2001:db8:1::40' };
const AGENT: Endpoint = { address: '2001:db8:1::60', port: 3868 };
const ALICE = 'sip:alice@home1.net';

function asked(publicIdentity: string, dataReference: number) {
  const alice = {
    privateIdentity: 'alice_private@home1.net',
    publicIdentities: [ALICE, 'tel:+12125551111'].map((identity) => ({ identity, barred: false })),
    filterCriteria: [],
    secret: { kind: 'aka', keys: { k: new Uint8Array(16), opc: new Uint8Array(16) } } as const,
    roamingAllowed: 'everywhere' as const,
    mandatoryCapabilities: [],
    chargingCollection: 'ccf1.home1.net',
    sequence: 32,
    serverName: undefined,
    state: 'not registered' as const,
  };
  const sh = new ShService({ ...HSS, servers: [AGENT.address] }, createKeyedChance(1, 'sh'));
  const hss = new Hss({ ...HSS, subscriptions: [alice], services: [], sh }, createKeyedChance(1, 'hss'));
  const own = { host: 'pna.home1.net', realm: 'home1.net', local: AGENT, application: SH_APPLICATION } as const;
  const peers = new DiameterPeers<string>({ ...own, chance: createKeyedChance(1, 'asker') });
  const head = { sessionId: 'p;1;1', originHost: own.host, originRealm: own.realm, destinationHost: HSS.host, destinationRealm: HSS.domain };
  const sent: Effect[] = [];
  const request = buildUserDataRequest({ ...head, publicIdentity, dataReference });
  peers.request(request, { host: HSS.host, endpoint: { address: HSS.address, port: 3868 } }, 'asked', [], START, sent);
  for (let effect = sent.shift(); effect !== undefined; effect = sent.shift()) {
    if (effect.kind !== 'send') continue;
    const input = { kind: 'bytes', bytes: effect.bytes, transport: 'sctp', local: effect.remote, remote: effect.local } as const;
    if (effect.remote.address === HSS.address) sent.push(...hss.step(input, START));
    else for (const event of peers.receive(input, START, sent)) if (event.kind === 'answer') return readUserDataAnswer(event.message);
  }
  throw new Error('no answer');
}

it('tells a server of the operator the number of a user', () => {
  expect(asked(ALICE, DATA_REFERENCE.msisdn)).toMatchObject({ result: RESULT.success, numbers: ['12125551111'] });
});

it.each([
  ['of nobody here', 'sip:nobody@home1.net', DATA_REFERENCE.msisdn, RESULT.userUnknown],
  ['what no server may read', ALICE, 0, RESULT.userDataCannotBeRead],
  ['what no server may read, of nobody here: who may not read learns nothing of who is there', 'sip:nobody@home1.net', 0, RESULT.userDataCannotBeRead],
])('does not tell %s', (_, identity, reference, result) => {
  expect(asked(identity, reference)).toMatchObject({ result });
});
