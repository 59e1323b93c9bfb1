/** What Wireshark makes of our Diameter and DNS messages: its verdict on codes, types, flags, lengths and padding. */
import { describe, expect, it } from 'vitest';
import { concatBytes } from '#base/bytes.ts';
import { hasJudge } from '#testing/judges.ts';
import { tshark } from '#testing/judges/tshark.ts';
import { createQuery, encodeDnsMessage } from '../dns/message.ts';
import { answerQuery, createZone } from '../dns/zone.ts';
import { AVP, type Avp, type AvpDefinition } from './avp.ts';
import { buildCapabilitiesExchangeAnswer, buildCapabilitiesExchangeRequest } from './capabilities.ts';
import { ACCOUNTING_APPLICATION, createBaseAnswer, createFailureAnswer, CX_APPLICATION, type CxFault } from './command.ts';
import { buildMultimediaAuthAnswer, buildMultimediaAuthRequest, SCHEME } from './cx-auth.ts';
import {
  buildLocationInfoAnswer,
  buildLocationInfoRequest,
  buildServerAssignmentAnswer,
  buildServerAssignmentRequest,
  buildUserAuthorizationAnswer,
  buildUserAuthorizationRequest,
  readLocationInfoRequest,
} from './cx.ts';
import { buildPushAnswer, buildPushProfileRequest, buildRegistrationTerminationRequest } from './cx-push.ts';
import { encodeDiameterMessage, type DiameterMessage } from './message.ts';
import { RESULT } from './result.ts';
import { REQUEST } from './rf.fixtures.ts';
import { buildAccountingAnswer, buildAccountingRequest } from './rf.ts';

const u16 = (n: number): number[] => [n >> 8, n & 255];
const u32 = (n: number): number[] => [...u16(n >>> 16), ...u16(n & 0xffff)];
const host = (n: number): number[] => [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n];

/** An IPv6 packet from host 1 to host 2. */
const ipv6 = (next: number, payload: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.from([0x60, 0, 0, 0, ...u16(payload.length), next, 64, ...host(1), ...host(2)]), payload);

/** One SCTP packet (RFC 9260 §3) with one DATA chunk of payload protocol 46, Diameter. */
function sctp(message: Uint8Array, tsn: number): Uint8Array {
  const chunk = Uint8Array.from([0, 3, ...u16(16 + message.length), ...u32(tsn), ...u16(0), ...u16(tsn), ...u32(46)]);
  return ipv6(132, concatBytes(Uint8Array.from([...u16(3868), ...u16(3868), ...u32(1), ...u32(0)]), chunk, message));
}

/** UDP with the checksum that IPv6 demands (RFC 8200 §8.1). */
function udp(payload: Uint8Array, from: number, to: number): Uint8Array {
  const length = 8 + payload.length;
  const pseudo = concatBytes(
    Uint8Array.from([...host(1), ...host(2), ...u32(length), 0, 0, 0, 17, ...u16(from), ...u16(to), ...u16(length), 0, 0]),
    payload,
    new Uint8Array(payload.length % 2),
  );
  let sum = 0;
  for (let i = 0; i < pseudo.length; i += 2) sum += ((pseudo[i] as number) << 8) | (pseudo[i + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ipv6(17, concatBytes(Uint8Array.from([...u16(from), ...u16(to), ...u16(length), ...u16(~sum & 0xffff || 0xffff)]), payload));
}

/** A classic pcap file of raw IP packets (link type 101), big-endian. */
const pcap = (packets: readonly Uint8Array[]): Uint8Array =>
  concatBytes(
    Uint8Array.from([...u32(0xa1b2c3d4), ...u16(2), ...u16(4), ...u32(0), ...u32(0), ...u32(65535), ...u32(101)]),
    ...packets.flatMap((packet, i) => [Uint8Array.from([...u32(i), ...u32(0), ...u32(packet.length), ...u32(packet.length)]), packet]),
  );

/** Wireshark's whole reading, and the frames with anything malformed or worth an expert's remark. No SCTP checksums are written here. */
function dissect(packets: readonly Uint8Array[], fields: readonly string[]): { text: string; complaints: string; fields: string[] } {
  const capture = pcap(packets);
  const unchecked = ['-o', 'sctp.checksum:none'];
  return {
    text: tshark(capture, [...unchecked, '-V']),
    complaints: tshark(capture, [...unchecked, '-Y', '_ws.malformed or _ws.expert', '-V']),
    fields: tshark(capture, [...unchecked, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
      .trimEnd()
      .split('\n'),
  };
}

const client = { originHost: 'icscf2-s.home2.net', originRealm: 'home2.net' };
const server = { originHost: 'hss2.home2.net', originRealm: 'home2.net' };
const head = { ...client, sessionId: 'icscf2-s.home2.net;1;2', destinationHost: 'hss2.home2.net', destinationRealm: 'home2.net' };
const identity = { publicIdentity: 'sip:user2_public1@home2.net', userName: 'user2_private@home2.net' };
const octets = (length: number): Uint8Array => new Uint8Array(length).fill(0x5a);

const cer = buildCapabilitiesExchangeRequest({ ...client, address: '2001:db8::1', application: CX_APPLICATION });
const dwr: DiameterMessage = { ...cer, command: 280, avps: cer.avps.slice(0, 2) };
const uar = buildUserAuthorizationRequest({ ...head, ...identity, visitedNetwork: 'visited1.net', authorizationType: 2 });
const lir = buildLocationInfoRequest({ ...head, ...identity, originating: true, authorizationType: 0 });
const sar = buildServerAssignmentRequest({
  ...head,
  userName: identity.userName,
  publicIdentities: [identity.publicIdentity],
  serverName: 'sip:scscf2.home2.net',
  assignmentType: 3,
  alreadyAvailable: false,
});
const mar = buildMultimediaAuthRequest({
  ...head,
  ...identity,
  serverName: 'sip:scscf2.home2.net',
  scheme: SCHEME.aka,
  numberOfItems: 1,
  authorization: octets(30),
});
const rtr = buildRegistrationTerminationRequest({
  ...head,
  userName: identity.userName,
  publicIdentities: [identity.publicIdentity],
  reason: 2,
  info: 'Please register again',
});
const ppr = buildPushProfileRequest({ ...head, userName: identity.userName, userData: '<?xml version="1.0"?><IMSSubscription/>' });
const capabilities = { mandatory: [1], optional: [2], serverNames: ['sip:scscf2.home2.net'] };
const acr = buildAccountingRequest(REQUEST);
const MESSAGES: readonly DiameterMessage[] = [
  cer,
  buildCapabilitiesExchangeAnswer(cer, { ...server, address: '192.0.2.1', application: CX_APPLICATION }, RESULT.success),
  buildCapabilitiesExchangeRequest({ ...client, address: '2001:db8::1', application: ACCOUNTING_APPLICATION }),
  dwr,
  createBaseAnswer(dwr, server, RESULT.success, []),
  uar,
  buildUserAuthorizationAnswer(uar, { ...server, result: RESULT.firstRegistration, capabilities }),
  lir,
  buildLocationInfoAnswer(lir, { ...server, result: RESULT.success, serverName: 'sip:scscf2.home2.net' }),
  buildLocationInfoAnswer(lir, { ...server, result: RESULT.identityNotRegistered }),
  sar,
  buildServerAssignmentAnswer(sar, {
    ...server,
    result: RESULT.success,
    userName: identity.userName,
    userData: '<?xml version="1.0"?><IMSSubscription/>',
    charging: {
      primaryEvent: 'aaa://ecf.home2.net',
      secondaryEvent: 'aaa://ecf2.home2.net',
      primaryCollection: 'aaa://ccf.home2.net',
      secondaryCollection: 'aaa://ccf2.home2.net',
    },
  }),
  mar,
  buildMultimediaAuthAnswer(mar, {
    ...server,
    ...identity,
    result: RESULT.success,
    items: [
      { itemNumber: 1, scheme: SCHEME.aka, authenticate: octets(32), authorization: octets(8), confidentialityKey: octets(16), integrityKey: octets(16) },
      { itemNumber: 2, scheme: SCHEME.digest, digest: { realm: 'home2.net', algorithm: 'MD5', qop: 'auth', ha1: '0123456789abcdef0123456789abcdef' } },
    ],
  }),
  acr,
  buildAccountingAnswer(acr, server, RESULT.success),
  rtr,
  buildPushAnswer(rtr, { ...client, result: RESULT.success }),
  ppr,
  buildPushAnswer(ppr, { ...client, result: RESULT.notSupportedUserData }),
  createFailureAnswer(lir, server, RESULT.unableToDeliver),
  createFailureAnswer(
    lir,
    server,
    RESULT.missingAvp,
    (readLocationInfoRequest({ ...lir, avps: lir.avps.filter((avp) => avp.code !== 601) }) as CxFault).failed,
  ),
];

const codesOf = (avps: readonly Avp[]): number[] => avps.flatMap((avp) => (avp.data instanceof Uint8Array ? [avp.code] : [avp.code, ...codesOf(avp.data)]));

/** tshark takes a second to start, and more on a busy machine. */
describe.runIf(hasJudge('tshark'))('Wireshark reads', { timeout: 60_000 }, () => {
  it('every Diameter message without a complaint, as 3GPP Cx, and knows each AVP by our name and flags', () => {
    const packets = MESSAGES.map((message, i) => sctp(encodeDiameterMessage({ ...message, hopByHop: i, endToEnd: i }), i));
    const { text, complaints, fields } = dissect(packets, ['frame.protocols', 'diameter.cmd.code', 'diameter.flags.request', 'diameter.avp.code']);
    expect(complaints).toBe('');
    expect(fields.length).toBe(MESSAGES.length);
    fields.forEach((line, i) => {
      const message = MESSAGES[i] as DiameterMessage;
      const [protocols, command, request, codes] = line.split('\t');
      expect(protocols).toContain('sctp:diameter');
      expect([command, request === '1' || request === 'True']).toEqual([String(message.command), message.request]);
      expect(codes?.split(',').map(Number).sort()).toEqual(codesOf(message.avps).sort());
    });
    expect(text).toContain('ApplicationId: 3GPP Cx (16777216)');
    expect(text).toContain('ApplicationId: Diameter Base Accounting (3)');
    const sent = new Set(MESSAGES.flatMap((message) => codesOf(message.avps)));
    const shown = new Set(
      [...text.matchAll(/AVP: ([-\w]+\(\d+\)) l=\d+ f=(...)/g)].map(([, name, flags]) => `${name} ${flags}`.replace(/^(3GPP|Cx)-/, '').toLowerCase()),
    );
    const definitions = Object.values<AvpDefinition>(AVP).filter(({ code }) => sent.has(code));
    expect(definitions.length).toBeGreaterThan(40);
    // Wireshark writes 3GPP- or Cx- before names that others have too.
    const unknown = definitions
      .map(({ name, code, vendor, mandatory }) => `${name}(${code}) ${vendor === undefined ? '-' : 'V'}${mandatory ? 'M' : '-'}-`)
      .filter((expected) => !shown.has(expected.toLowerCase()));
    expect(unknown).toEqual([]);
    const values = [
      'DIAMETER_FIRST_REGISTRATION (2001)',
      'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED (5003)',
      'DIAMETER_UNABLE_TO_DELIVER (3002)',
      'NO_STATE_MAINTAINED (1)',
      'REGISTRATION_AND_CAPABILITIES (2)',
      'UNREGISTERED_USER (3)',
      'SERVER_CHANGE (2)',
      'USER_DATA_NOT_AVAILABLE (0)',
      'Digest-AKAv1-MD5',
      'Cause-Code: End of SUBSCRIBE dialog (-2)',
      'Node-Functionality: P-CSCF (1)',
      'Role-Of-Node: ORIGINATING_ROLE (0)',
      'SIP-Request-Timestamp: Jan  5, 2026 09:00:10',
      'Subscription-Id-Type: END_USER_SIP_URI (2)',
      '2001:db8::1',
    ];
    expect(values.filter((value) => !text.includes(value))).toEqual([]);
    // From-Address is text (TS 32.299 §7.2.67A); Wireshark 4.0 takes it for an address of an unknown family, without complaint.
    const unclear = text.split('\n').filter((line) => /unknown/i.test(line) && !line.includes('From-Address Address Family'));
    expect(unclear).toEqual([]);
  });

  it('every DNS message without a complaint', () => {
    const zone = createZone({
      origin: 'home2.net',
      records: [
        {
          name: 'home2.net',
          type: 'NAPTR',
          ttl: 600,
          order: 10,
          preference: 50,
          flags: 's',
          service: 'SIP+D2U',
          regexp: '',
          replacement: '_sip._udp.home2.net',
        },
        { name: '_sip._udp.home2.net', type: 'SRV', ttl: 600, priority: 1, weight: 60, port: 5060, target: 'icscf2-s.home2.net' },
        { name: 'icscf2-s.home2.net', type: 'AAAA', ttl: 600, address: '2001:db8:2::30' },
        { name: 'icscf2-s.home2.net', type: 'A', ttl: 600, address: '192.0.2.30' },
        { name: 'www.home2.net', type: 'CNAME', ttl: 600, target: 'icscf2-s.home2.net' },
        { name: 'home2.net', type: 'NS', ttl: 600, target: 'dns.home2.net' },
      ],
    });
    const queries = [
      createQuery(1, 'home2.net', 'NAPTR'),
      createQuery(2, 'www.home2.net', 'A'),
      createQuery(3, 'home2.net', 'NS'),
      createQuery(4, 'nobody.home2.net', 'A'),
    ];
    const packets = queries.flatMap((query) => {
      const answer = answerQuery([zone], query);
      if (answer === undefined) throw new Error('no answer');
      return [udp(encodeDnsMessage(query), 5300, 53), udp(encodeDnsMessage(answer), 53, 5300)];
    });
    const { text, complaints, fields } = dissect(packets, ['frame.protocols', 'dns.flags.rcode']);
    expect(complaints).toBe('');
    expect(fields.map((line) => line.split('\t')[0]?.endsWith('udp:dns'))).toEqual(packets.map(() => true));
    expect(fields.at(-1)).toMatch(/\t3$/);
    for (const shown of [
      'home2.net: type NAPTR, class IN, order 10, preference 50, flags s',
      '_sip._udp.home2.net: type SRV, class IN, priority 1, weight 60, port 5060, target icscf2-s.home2.net',
      'icscf2-s.home2.net: type AAAA, class IN, addr 2001:db8:2::30',
      'www.home2.net: type CNAME, class IN, cname icscf2-s.home2.net',
      'home2.net: type SOA, class IN, mname ns.home2.net',
    ]) {
      expect(text).toContain(shown);
    }
  });
});
