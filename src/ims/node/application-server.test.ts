import { describe, expect, it } from 'vitest';
import { createRequest, createResponse } from '#protocol/sip/message.ts';
import { createFlow } from '#protocol/sip/transactions.ts';
import { addressPrefix } from '#protocol/dns/ip-address.ts';
import { answerAsServer } from './application-server.ts';
import type { TrustPolicy } from './trust.ts';

const TRUST: TrustPolicy = [
  { domain: 'home2.net', prefix: addressPrefix('2001:db8:2::/48'), trusted: true },
  { domain: 'home1.net', prefix: addressPrefix('2001:db8:1::/48'), trusted: false },
];

/** What the answer of an application server of home2.net says of charging to whoever asks from that address. */
function toldOfCharging(asker: string, trust?: TrustPolicy): readonly (string | undefined)[] {
  const request = createRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', [
    ['P-Charging-Vector', 'icid-value="s1";orig-ioi=home1.net'],
    ['P-Charging-Function-Addresses', 'ccf=192.0.2.1'],
  ]);
  const flow = createFlow('udp', { address: '2001:db8:2::50', port: 5060 }, { address: asker, port: 5060 });
  const response = createResponse(request, 200, undefined, 'tag');
  answerAsServer({ request, flow }, response, [], 'home2.net', trust);
  return [response.headers.get('P-Charging-Vector'), response.headers.get('P-Charging-Function-Addresses')];
}

describe('an answer says of charging', () => {
  const all = ['icid-value="s1";orig-ioi=home1.net;term-ioi=home2.net', 'ccf=192.0.2.1'];
  it('who answered, to a network that is trusted', () => {
    expect(toldOfCharging('2001:db8:2::30', TRUST)).toEqual(all);
  });
  it('the same to everybody where nobody is distrusted', () => {
    expect(toldOfCharging('2001:db8:1::30')).toEqual(all);
  });
  it('nothing to any other, whatever that one said itself', () => {
    expect(toldOfCharging('2001:db8:1::30', TRUST)).toEqual([undefined, undefined]);
  });
});
