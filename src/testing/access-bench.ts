/** A UE at the door of a P-CSCF: its registration, message by message, so that a test can spoil any one of them. */
import type { Endpoint } from '#base/machine.ts';
import { EntityBench, type BenchOptions, type Outcome, sipRequest } from './entity-bench.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

export const UE_ADDRESS = '2001:db8:a::65';
export const UE_CLIENT: Endpoint = { address: UE_ADDRESS, port: 2468 };
export const UE_SERVER: Endpoint = { address: UE_ADDRESS, port: 1357 };
export const UE_PLAIN: Endpoint = { address: UE_ADDRESS, port: 5060 };
export const UE_CONTACT = `sip:[${UE_ADDRESS}]:1357`;
export const PROTECTED_SERVER = 7531;
export const OFFER =
  'ipsec-3gpp; alg=hmac-sha-1-96; ealg=aes-cbc; spi-c=23456789; spi-s=12345678; port-c=2468; port-s=1357, ' +
  'ipsec-3gpp; alg=hmac-sha-1-96; spi-c=23456789; spi-s=12345678; port-c=2468; port-s=1357';
export const SERVICE_ROUTE = '<sip:orig@scscf1.home1.net;lr>';
export const CHALLENGE =
  'Digest realm="registrar.home1.net", nonce="cmFuZG9tIGFuZCBhdXRuIGluIGJhc2U2NCB0ZXh0ISE=", algorithm=AKAv1-MD5, ' +
  'ik="00112233445566778899aabbccddeeff", ck="ffeeddccbbaa99887766554433221100"';
const CREDENTIALS = 'Digest username="user1_private@home1.net", realm="registrar.home1.net", uri="sip:registrar.home1.net"';

export const register = (fields: Readonly<Record<string, string | undefined>> = {}): SipRequest =>
  sipRequest('REGISTER', 'sip:registrar.home1.net', {
    Via: `SIP/2.0/UDP [${UE_ADDRESS}];branch=z9hG4bKreg${parseInt(fields['CSeq'] ?? '1', 10)}`,
    From: '<sip:user1_public1@home1.net>;tag=4fa3',
    To: '<sip:user1_public1@home1.net>',
    Contact: `<${UE_CONTACT}>;expires=600000`,
    'Call-ID': 'registration-of-ue1',
    CSeq: '1 REGISTER',
    Authorization: `${CREDENTIALS}, nonce="", response=""`,
    'Security-Client': OFFER,
    Require: 'sec-agree',
    'Proxy-Require': 'sec-agree',
    Supported: 'path',
    ...fields,
  });

export class AccessBench extends EntityBench {
  securityServer = '';
  #sent = 0;

  constructor(options: BenchOptions = {}) {
    super('pcscf1', options);
  }

  /** The first REGISTER and its 401. */
  challenge(): { readonly forwarded: Outcome; readonly challenged: Outcome } {
    const forwarded = this.deliver(register(), UE_PLAIN);
    const challenged = this.answer(forwarded.request('REGISTER'), 401, [['WWW-Authenticate', CHALLENGE]]);
    this.securityServer = challenged.response(401).message.headers.get('Security-Server') ?? '';
    return { forwarded, challenged };
  }

  /** The second REGISTER, over the security association. */
  protectedRegister(fields: Readonly<Record<string, string | undefined>> = {}): SipRequest {
    return register({
      CSeq: '2 REGISTER',
      Authorization: `${CREDENTIALS}, nonce="abc", response="0123456789abcdef0123456789abcdef"`,
      'Security-Verify': this.securityServer,
      ...fields,
    });
  }

  /** The whole registration, up to the 200 and the P-CSCF's own SUBSCRIBE. */
  registered(expires = 600_000): Outcome {
    this.challenge();
    const second = this.deliver(this.protectedRegister(), UE_CLIENT, PROTECTED_SERVER);
    return this.answer(second.request('REGISTER'), 200, this.accepted(expires));
  }

  accepted(expires: number): readonly (readonly [string, string])[] {
    return [
      ['Contact', `<${UE_CONTACT}>;expires=${expires}`],
      ['Service-Route', SERVICE_ROUTE],
      ['P-Associated-URI', '<sip:user1_public1@home1.net>, <sip:user1_public2@home1.net>'],
      ['P-Charging-Vector', 'icid-value="x";orig-ioi="Type 1visited1.net";term-ioi="Type 1home1.net"'],
    ];
  }

  /** A request as the registered UE sends it. */
  fromUe(method: string, fields: Readonly<Record<string, string | undefined>> = {}): SipRequest {
    return sipRequest(method, 'sip:user2_public1@home2.net', {
      Via: `SIP/2.0/UDP [${UE_ADDRESS}]:1357;branch=z9hG4bKue${++this.#sent}`,
      Route: `<sip:${this.host}:${PROTECTED_SERVER};lr>, ${SERVICE_ROUTE}`,
      Contact: `<${UE_CONTACT}>`,
      'P-Preferred-Identity': '<sip:user1_public1@home1.net>',
      'Security-Verify': this.securityServer,
      Require: 'sec-agree',
      'Proxy-Require': 'sec-agree',
      ...(method === 'SUBSCRIBE' || method === 'PUBLISH' ? { Event: 'presence' } : {}),
      ...fields,
    });
  }

  /** Sends it over the security association. */
  deliverFromUe(method: string, fields: Readonly<Record<string, string | undefined>> = {}, from = UE_CLIENT): Outcome {
    return this.deliver(this.fromUe(method, fields), from, PROTECTED_SERVER);
  }
}
