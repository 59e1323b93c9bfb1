/**
 * Attribute-value pairs: their definitions, and how values are put into them and taken out (RFC 6733 §4.2, §4.3, §4.4).
 * Codes, types and flags of the 3GPP ones are those of Wireshark's dictionary, which the tests hold this one against.
 * Omitted: the P bit (unused since RFC 6733), encryption between ends.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { formatIpAddress, parseIpAddress } from '../dns/ip-address.ts';

/** Vendor id of 3GPP. */
export const VENDOR_3GPP = 10415;

export interface Avp {
  readonly code: number;
  /** Present when the V bit is set. */
  readonly vendor?: number;
  /** The M bit: whoever does not understand it refuses the message. */
  readonly mandatory: boolean;
  /** Octets, or the members where the AVP is known to be grouped. */
  readonly data: Uint8Array | readonly Avp[];
}

export type AvpType = 'octets' | 'text' | 'unsigned' | 'integer' | 'enumerated' | 'address' | 'time' | 'grouped';

export interface AvpDefinition<T extends AvpType = AvpType> {
  readonly name: string;
  readonly code: number;
  readonly vendor?: number;
  readonly mandatory: boolean;
  readonly type: T;
}

const base = <T extends AvpType>(name: string, code: number, type: T, mandatory = true): AvpDefinition<T> => ({ name, code, mandatory, type });
/** One of 3GPP: of Cx or of charging. */
const tgpp = <T extends AvpType>(name: string, code: number, type: T, mandatory = true): AvpDefinition<T> => ({
  name,
  code,
  vendor: VENDOR_3GPP,
  mandatory,
  type,
});

/** Every AVP that this simulator writes or reads. */
export const AVP = {
  // RFC 6733 §4.5.
  userName: base('User-Name', 1, 'text'),
  hostIpAddress: base('Host-IP-Address', 257, 'address'),
  eventTimestamp: base('Event-Timestamp', 55, 'time'),
  authApplicationId: base('Auth-Application-Id', 258, 'unsigned'),
  acctApplicationId: base('Acct-Application-Id', 259, 'unsigned'),
  vendorSpecificApplicationId: base('Vendor-Specific-Application-Id', 260, 'grouped'),
  sessionId: base('Session-Id', 263, 'text'),
  originHost: base('Origin-Host', 264, 'text'),
  supportedVendorId: base('Supported-Vendor-Id', 265, 'unsigned'),
  vendorId: base('Vendor-Id', 266, 'unsigned'),
  resultCode: base('Result-Code', 268, 'unsigned'),
  productName: base('Product-Name', 269, 'text', false),
  disconnectCause: base('Disconnect-Cause', 273, 'enumerated'),
  authSessionState: base('Auth-Session-State', 277, 'enumerated'),
  originStateId: base('Origin-State-Id', 278, 'unsigned'),
  failedAvp: base('Failed-AVP', 279, 'grouped'),
  errorMessage: base('Error-Message', 281, 'text', false),
  destinationRealm: base('Destination-Realm', 283, 'text'),
  routeRecord: base('Route-Record', 282, 'text'),
  redirectHost: base('Redirect-Host', 292, 'text'),
  proxyInfo: base('Proxy-Info', 284, 'grouped'),
  destinationHost: base('Destination-Host', 293, 'text'),
  originRealm: base('Origin-Realm', 296, 'text'),
  experimentalResult: base('Experimental-Result', 297, 'grouped'),
  experimentalResultCode: base('Experimental-Result-Code', 298, 'unsigned'),
  inbandSecurityId: base('Inband-Security-Id', 299, 'unsigned'),
  accountingRecordType: base('Accounting-Record-Type', 480, 'enumerated'),
  accountingRecordNumber: base('Accounting-Record-Number', 485, 'unsigned'),
  // RFC 4006 §8.42, §8.46, §8.47 and §8.48, as TS 32.299 §6.2.2 uses them.
  subscriptionId: base('Subscription-Id', 443, 'grouped'),
  subscriptionIdData: base('Subscription-Id-Data', 444, 'text'),
  subscriptionIdType: base('Subscription-Id-Type', 450, 'enumerated'),
  serviceContextId: base('Service-Context-Id', 461, 'text'),
  // RFC 4740 §9.5, as members of SIP-Digest-Authenticate.
  digestRealm: base('Digest-Realm', 104, 'text'),
  digestQop: base('Digest-QoP', 110, 'text'),
  digestAlgorithm: base('Digest-Algorithm', 111, 'text'),
  digestHa1: base('Digest-HA1', 121, 'text'),
  // TS 29.229 §6.3.
  visitedNetworkIdentifier: tgpp('Visited-Network-Identifier', 600, 'octets'),
  publicIdentity: tgpp('Public-Identity', 601, 'text'),
  serverName: tgpp('Server-Name', 602, 'text'),
  serverCapabilities: tgpp('Server-Capabilities', 603, 'grouped'),
  mandatoryCapability: tgpp('Mandatory-Capability', 604, 'unsigned'),
  optionalCapability: tgpp('Optional-Capability', 605, 'unsigned'),
  userProfile: tgpp('User-Data', 606, 'octets'),
  sipNumberAuthItems: tgpp('SIP-Number-Auth-Items', 607, 'unsigned'),
  sipAuthenticationScheme: tgpp('SIP-Authentication-Scheme', 608, 'text'),
  sipAuthenticate: tgpp('SIP-Authenticate', 609, 'octets'),
  sipAuthorization: tgpp('SIP-Authorization', 610, 'octets'),
  sipAuthDataItem: tgpp('SIP-Auth-Data-Item', 612, 'grouped'),
  sipItemNumber: tgpp('SIP-Item-Number', 613, 'unsigned'),
  serverAssignmentType: tgpp('Server-Assignment-Type', 614, 'enumerated'),
  deregistrationReason: tgpp('Deregistration-Reason', 615, 'grouped'),
  reasonCode: tgpp('Reason-Code', 616, 'enumerated'),
  reasonInfo: tgpp('Reason-Info', 617, 'text'),
  chargingInformation: tgpp('Charging-Information', 618, 'grouped'),
  primaryEventChargingFunctionName: tgpp('Primary-Event-Charging-Function-Name', 619, 'text'),
  secondaryEventChargingFunctionName: tgpp('Secondary-Event-Charging-Function-Name', 620, 'text'),
  primaryChargingCollectionFunctionName: tgpp('Primary-Charging-Collection-Function-Name', 621, 'text'),
  secondaryChargingCollectionFunctionName: tgpp('Secondary-Charging-Collection-Function-Name', 622, 'text'),
  userAuthorizationType: tgpp('User-Authorization-Type', 623, 'enumerated'),
  userDataAlreadyAvailable: tgpp('User-Data-Already-Available', 624, 'enumerated'),
  confidentialityKey: tgpp('Confidentiality-Key', 625, 'octets'),
  integrityKey: tgpp('Integrity-Key', 626, 'octets'),
  originatingRequest: tgpp('Originating-Request', 633, 'enumerated'),
  sipDigestAuthenticate: tgpp('SIP-Digest-Authenticate', 635, 'grouped', false),
  // TS 29.329 §6.3, held against the dictionary of Wireshark.
  userIdentity: tgpp('User-Identity', 700, 'grouped'),
  msisdn: tgpp('MSISDN', 701, 'octets'),
  shUserData: tgpp('User-Data', 702, 'octets'),
  dataReference: tgpp('Data-Reference', 703, 'enumerated'),
  // TS 32.299 §7.2.
  eventType: tgpp('Event-Type', 823, 'grouped'),
  sipMethod: tgpp('SIP-Method', 824, 'text'),
  event: tgpp('Event', 825, 'text'),
  contentType: tgpp('Content-Type', 826, 'text'),
  contentLength: tgpp('Content-Length', 827, 'unsigned'),
  contentDisposition: tgpp('Content-Disposition', 828, 'text'),
  roleOfNode: tgpp('Role-Of-Node', 829, 'enumerated'),
  userSessionId: tgpp('User-Session-Id', 830, 'text'),
  callingPartyAddress: tgpp('Calling-Party-Address', 831, 'text'),
  calledPartyAddress: tgpp('Called-Party-Address', 832, 'text'),
  timeStamps: tgpp('Time-Stamps', 833, 'grouped'),
  sipRequestTimestamp: tgpp('SIP-Request-Timestamp', 834, 'time'),
  sipResponseTimestamp: tgpp('SIP-Response-Timestamp', 835, 'time'),
  applicationServer: tgpp('Application-Server', 836, 'text'),
  interOperatorIdentifier: tgpp('Inter-Operator-Identifier', 838, 'grouped'),
  originatingIoi: tgpp('Originating-IOI', 839, 'text'),
  terminatingIoi: tgpp('Terminating-IOI', 840, 'text'),
  imsChargingIdentifier: tgpp('IMS-Charging-Identifier', 841, 'text'),
  servedPartyIpAddress: tgpp('Served-Party-IP-Address', 848, 'address'),
  applicationServerInformation: tgpp('Application-Server-Information', 850, 'grouped'),
  associatedUri: tgpp('Associated-URI', 856, 'text'),
  causeCode: tgpp('Cause-Code', 861, 'integer'),
  nodeFunctionality: tgpp('Node-Functionality', 862, 'enumerated'),
  originator: tgpp('Originator', 864, 'enumerated'),
  serviceInformation: tgpp('Service-Information', 873, 'grouped'),
  imsInformation: tgpp('IMS-Information', 876, 'grouped'),
  expires: tgpp('Expires', 888, 'unsigned'),
  messageBody: tgpp('Message-Body', 889, 'grouped'),
  requestedPartyAddress: tgpp('Requested-Party-Address', 1251, 'text', false),
  accessNetworkInformation: tgpp('Access-Network-Information', 1263, 'text', false),
  sipRequestTimestampFraction: tgpp('SIP-Request-Timestamp-Fraction', 2301, 'unsigned', false),
  sipResponseTimestampFraction: tgpp('SIP-Response-Timestamp-Fraction', 2302, 'unsigned', false),
  fromAddress: tgpp('From-Address', 2708, 'text'),
  imsVisitedNetworkIdentifier: tgpp('IMS-Visited-Network-Identifier', 2713, 'text'),
} as const;

const BASE = new Map<number, AvpDefinition>();
const OF_3GPP = new Map<number, AvpDefinition>();
for (const definition of Object.values(AVP)) ('vendor' in definition ? OF_3GPP : BASE).set(definition.code, definition);

/** What is known of an AVP, or undefined. */
export const definitionOf = (code: number, vendor: number | undefined): AvpDefinition | undefined =>
  vendor === undefined ? BASE.get(code) : vendor === VENDOR_3GPP ? OF_3GPP.get(code) : undefined;

const create = (definition: AvpDefinition, data: Uint8Array | readonly Avp[]): Avp =>
  definition.vendor === undefined
    ? { code: definition.code, mandatory: definition.mandatory, data }
    : { code: definition.code, vendor: definition.vendor, mandatory: definition.mandatory, data };

/** Names and URIs are ASCII nearly always, and then this is several times faster than an encoder. */
function octetsOf(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encodeUtf8(text);
    out[i] = code;
  }
  return out;
}

export const textAvp = (definition: AvpDefinition<'text'>, text: string): Avp => create(definition, octetsOf(text));
export const octetsAvp = (definition: AvpDefinition<'octets'>, octets: Uint8Array | string): Avp =>
  create(definition, typeof octets === 'string' ? octetsOf(octets) : octets);
export const groupAvp = (definition: AvpDefinition<'grouped'>, members: readonly Avp[]): Avp => create(definition, members);

/** Four octets; a negative number as its two's complement (RFC 6733 §4.2, Integer32). */
export function numberAvp(definition: AvpDefinition<'unsigned' | 'integer' | 'enumerated'>, value: number): Avp {
  return create(definition, numberOctets(value));
}

const numberOctets = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** From 1900, where the Time of RFC 6733 §4.3.1 starts (it is that of NTP), to 1970: seconds. */
const FROM_1900 = 2_208_988_800;

/** RFC 6733 §4.3.1: whole seconds since 1900, in 32 bits; they start again from zero in 2036. `utcMilliseconds` count from 1970. */
export const timeAvp = (definition: AvpDefinition<'time'>, utcMilliseconds: number): Avp =>
  create(definition, numberOctets(Math.floor(utcMilliseconds / 1000) + FROM_1900));

/** RFC 6733 §4.3.1: two octets of address family, then the address. Throws when the text is no address. */
export function addressAvp(definition: AvpDefinition<'address'>, address: string): Avp {
  const octets = parseIpAddress(address);
  if (octets === undefined) throw new Error(`Diameter: ${address} is no IP address`);
  const content = new Uint8Array(octets.length + 2);
  content[1] = octets.length === 4 ? 1 : 2;
  content.set(octets, 2);
  return create(definition, content);
}

/** The first AVP of that kind. */
export function findAvp(avps: readonly Avp[], definition: AvpDefinition): Avp | undefined {
  for (const avp of avps) if (avp.code === definition.code && avp.vendor === definition.vendor) return avp;
  return undefined;
}

/** Undefined when the octets are not UTF-8. */
export function textOf(avp: Avp): string | undefined {
  const octets = avp.data as Uint8Array;
  let text = '';
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet > 127) return decodeUtf8Strictly(octets);
    text += String.fromCharCode(octet);
  }
  return text;
}

/** Undefined when it is not four octets. */
export function numberOf(avp: Avp): number | undefined {
  const d = avp.data as Uint8Array;
  if (d.length !== 4) return undefined;
  return (((d[0] as number) << 24) | ((d[1] as number) << 16) | ((d[2] as number) << 8) | (d[3] as number)) >>> 0;
}

/** Undefined when it is neither an IPv4 nor an IPv6 address. */
export function addressOf(avp: Avp): string | undefined {
  const d = avp.data as Uint8Array;
  const family = d.length < 2 ? 0 : ((d[0] as number) << 8) | (d[1] as number);
  return (family === 1 && d.length === 6) || (family === 2 && d.length === 18) ? formatIpAddress(d.subarray(2)) : undefined;
}

/** The same as a signed number. */
export function integerOf(avp: Avp): number | undefined {
  const number = numberOf(avp);
  return number === undefined ? undefined : number | 0;
}

/** Milliseconds since 1970, UTC, of a Time; undefined when it is not four octets. RFC 6733 §4.3.1: below the middle of its range it lies after 2036. */
export function timeOf(avp: Avp): number | undefined {
  const seconds = numberOf(avp);
  if (seconds === undefined) return undefined;
  return ((seconds < 0x8000_0000 ? seconds + 0x1_0000_0000 : seconds) - FROM_1900) * 1000;
}
