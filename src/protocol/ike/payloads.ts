/**
 * The bodies of IKEv2 payloads that two gateways need (RFC 7296 §3.3 to §3.13). One suite is spoken: AES-CBC-128, HMAC-SHA-256 as PRF and (128 bits) for integrity,
 * group 14. Omitted: certificates, EAP, configuration, cookies, other suites.
 */
import { concatBytes, equalBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { GROUP_14 } from './group14.ts';
import type { IkePayload } from './message.ts';

export const PROTOCOL = { ike: 1, esp: 3 } as const;
export const NOTIFY = {
  noProposalChosen: 14,
  invalidSyntax: 7,
  authenticationFailed: 24,
  noAdditionalSas: 35,
  tsUnacceptable: 38,
  childSaNotFound: 44,
  rekeySa: 16393,
} as const;

export const NOTIFY_NAMES: Readonly<Record<number, string>> = {
  7: 'INVALID_SYNTAX',
  14: 'NO_PROPOSAL_CHOSEN',
  24: 'AUTHENTICATION_FAILED',
  35: 'NO_ADDITIONAL_SAS',
  38: 'TS_UNACCEPTABLE',
  44: 'CHILD_SA_NOT_FOUND',
  16393: 'REKEY_SA',
};

interface Transform {
  readonly type: number;
  readonly id: number;
  /** Bits. */
  readonly keyLength?: number;
}

const AES_CBC_128: Transform = { type: 1, id: 12, keyLength: 128 };
const HMAC_SHA2_256_128: Transform = { type: 3, id: 12 };
const IKE_SUITE: readonly Transform[] = [AES_CBC_128, { type: 2, id: 5 }, HMAC_SHA2_256_128, { type: 4, id: GROUP_14 }];
/** Without extended sequence numbers. */
const ESP_SUITE: readonly Transform[] = [AES_CBC_128, HMAC_SHA2_256_128, { type: 5, id: 0 }];
/** The suite in words, for people. */
export const SUITE_NAME = 'AES-CBC-128, HMAC-SHA-256-128';

function formatTransform({ type, id, keyLength }: Transform, last: boolean): Uint8Array {
  const out = new Uint8Array(keyLength === undefined ? 8 : 12);
  const view = new DataView(out.buffer);
  out[0] = last ? 0 : 3;
  view.setUint16(2, out.length);
  out[4] = type;
  view.setUint16(6, id);
  if (keyLength !== undefined) {
    // Attribute 14, key length, in the short form.
    view.setUint16(8, 0x800e);
    view.setUint16(10, keyLength);
  }
  return out;
}

/** An SA payload with one proposal: the suite for that protocol. `spi` is empty for a first IKE SA. */
export function formatSa(protocol: number, spi: Uint8Array): Uint8Array {
  const suite = protocol === PROTOCOL.ike ? IKE_SUITE : ESP_SUITE;
  const transforms = suite.map((one, i) => formatTransform(one, i === suite.length - 1));
  const head = new Uint8Array(8);
  head[4] = 1;
  head[5] = protocol;
  head[6] = spi.length;
  head[7] = suite.length;
  const proposal = concatBytes(head, spi, ...transforms);
  new DataView(proposal.buffer).setUint16(2, proposal.length);
  return proposal;
}

/** The SPI of the first proposal when it is our suite for that protocol; undefined when it is not, or cannot be read. */
export function readSa(body: Uint8Array, protocol: number): Uint8Array | undefined {
  const size = body[6] ?? 0;
  const spi = body.slice(8, 8 + size);
  const offered = formatSa(protocol, spi);
  // One suite only, always written the same: what differs is not ours.
  return spi.length === size && equalBytes(body, offered) ? spi : undefined;
}

export function formatKeyExchange(value: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array([0, GROUP_14, 0, 0]), value);
}

export const readKeyExchange = (body: Uint8Array): Uint8Array | undefined => (body[0] === 0 && body[1] === GROUP_14 ? body.subarray(4) : undefined);

const ID_FQDN = 2;
export const formatIdentity = (name: string): Uint8Array => concatBytes(new Uint8Array([ID_FQDN, 0, 0, 0]), encodeUtf8(name));
export const readIdentity = (body: Uint8Array): string | undefined => (body[0] === ID_FQDN ? decodeUtf8(body.subarray(4)) : undefined);

const SHARED_KEY = 2;
export const formatAuth = (value: Uint8Array): Uint8Array => concatBytes(new Uint8Array([SHARED_KEY, 0, 0, 0]), value);
export const readAuth = (body: Uint8Array): Uint8Array | undefined => (body[0] === SHARED_KEY ? body.subarray(4) : undefined);

export function formatNotify(type: number, protocol = 0, spi: Uint8Array = new Uint8Array()): Uint8Array {
  return concatBytes(new Uint8Array([spi.length === 0 ? 0 : protocol, spi.length, type >> 8, type & 255]), spi);
}

export function readNotify(body: Uint8Array): { readonly type: number; readonly spi: Uint8Array } | undefined {
  if (body.length < 4) return undefined;
  const size = body[1] ?? 0;
  return { type: ((body[2] ?? 0) << 8) | (body[3] ?? 0), spi: body.slice(4, 4 + size) };
}

/** Deletes ESP associations by the SPIs under which the sender receives; no SPIs: the IKE SA itself. */
export function formatDelete(protocol: number, spis: readonly Uint8Array[]): Uint8Array {
  return concatBytes(new Uint8Array([protocol, protocol === PROTOCOL.ike ? 0 : 4, spis.length >> 8, spis.length & 255]), ...spis);
}

export function readDelete(body: Uint8Array): { readonly protocol: number; readonly spis: readonly Uint8Array[] } | undefined {
  if (body.length < 4) return undefined;
  const size = body[1] ?? 0;
  const count = ((body[2] ?? 0) << 8) | (body[3] ?? 0);
  if (body.length !== 4 + size * count) return undefined;
  return { protocol: body[0] ?? 0, spis: Array.from({ length: size === 0 ? 0 : count }, (_, i) => body.slice(4 + i * size, 4 + (i + 1) * size)) };
}

/** A range of addresses, all ports and protocols. */
export interface AddressRange {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

const TS_IPV4 = 7;
const TS_IPV6 = 8;

export function formatTraffic({ first, last }: AddressRange): Uint8Array {
  const selector = new Uint8Array(8);
  selector[0] = first.length === 4 ? TS_IPV4 : TS_IPV6;
  new DataView(selector.buffer).setUint16(2, 8 + 2 * first.length);
  selector.fill(0xff, 6, 8);
  return concatBytes(new Uint8Array([1, 0, 0, 0]), selector, first, last);
}

/** The one range of a traffic selector payload; undefined when there are others or it is cut short. */
export function readTraffic(body: Uint8Array): AddressRange | undefined {
  const size = body[4] === TS_IPV4 ? 4 : 16;
  if (body[0] !== 1 || body.length !== 12 + 2 * size) return undefined;
  return { first: body.slice(12, 12 + size), last: body.slice(12 + size) };
}

export const bodyOf = (payloads: readonly IkePayload[], type: number): Uint8Array | undefined => payloads.find((one) => one.type === type)?.body;
