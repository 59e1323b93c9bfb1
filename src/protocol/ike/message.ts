/**
 * IKEv2 messages (RFC 7296 §3.1, §3.2): the header, the chain of payloads, and the Encrypted payload (§3.14) with AES-128-CBC and HMAC-SHA-256-128.
 * Omitted: fragmentation (RFC 7383), unknown critical payloads are refused by who reads them.
 */
import { concatBytes, equalBytes } from '#base/bytes.ts';
import { aesCbcBlocks, aesCbcUnblocks, hmacSha256 } from '#base/crypto.ts';

export const EXCHANGE = { saInit: 34, auth: 35, createChildSa: 36, informational: 37 } as const;
export const PAYLOAD = {
  none: 0,
  sa: 33,
  keyExchange: 34,
  idInitiator: 35,
  idResponder: 36,
  auth: 39,
  nonce: 40,
  notify: 41,
  delete: 42,
  tsInitiator: 44,
  tsResponder: 45,
  encrypted: 46,
} as const;

export interface IkeHeader {
  /** Eight bytes each; the responder's are zero in the first message. */
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
  readonly exchange: number;
  /** Sent by who began the IKE SA. */
  readonly fromInitiator: boolean;
  readonly response: boolean;
  readonly messageId: number;
}

export interface IkePayload {
  readonly type: number;
  readonly body: Uint8Array;
}

export interface IkeMessage extends IkeHeader {
  readonly payloads: readonly IkePayload[];
  /** Of an Encrypted payload: the type of the first one inside. */
  readonly firstInside: number;
}

export interface SealKeys {
  readonly encryption: Uint8Array;
  readonly integrity: Uint8Array;
}

const HEADER = 28;
const VERSION_2 = 0x20;
const FLAG_INITIATOR = 0x08;
const FLAG_RESPONSE = 0x20;
const ICV = 16;
const BLOCK = 16;

function formatHeader(header: IkeHeader, first: number, length: number): Uint8Array {
  const out = new Uint8Array(HEADER);
  const view = new DataView(out.buffer);
  out.set(header.initiatorSpi);
  out.set(header.responderSpi, 8);
  out[16] = first;
  out[17] = VERSION_2;
  out[18] = header.exchange;
  out[19] = (header.fromInitiator ? FLAG_INITIATOR : 0) | (header.response ? FLAG_RESPONSE : 0);
  view.setUint32(20, header.messageId);
  view.setUint32(24, length);
  return out;
}

function formatChain(payloads: readonly IkePayload[]): Uint8Array {
  return concatBytes(
    ...payloads.flatMap(({ body }, i) => {
      const head = new Uint8Array(4);
      head[0] = payloads[i + 1]?.type ?? PAYLOAD.none;
      new DataView(head.buffer).setUint16(2, 4 + body.length);
      return [head, body];
    }),
  );
}

/** In clear: IKE_SA_INIT only. */
export function formatIke(header: IkeHeader, payloads: readonly IkePayload[]): Uint8Array {
  const chain = formatChain(payloads);
  return concatBytes(formatHeader(header, payloads[0]?.type ?? PAYLOAD.none, HEADER + chain.length), chain);
}

/** With everything inside one Encrypted payload. `iv` is 16 random bytes. */
export function sealIke(header: IkeHeader, payloads: readonly IkePayload[], keys: SealKeys, iv: Uint8Array): Uint8Array {
  const chain = formatChain(payloads);
  const padding = BLOCK - 1 - (chain.length % BLOCK);
  const plain = new Uint8Array(chain.length + padding + 1);
  plain.set(chain);
  plain[plain.length - 1] = padding;
  const cipher = aesCbcBlocks(keys.encryption, iv, plain);
  const head = new Uint8Array(4);
  head[0] = payloads[0]?.type ?? PAYLOAD.none;
  new DataView(head.buffer).setUint16(2, 4 + iv.length + cipher.length + ICV);
  const sealed = concatBytes(formatHeader(header, PAYLOAD.encrypted, HEADER + 4 + iv.length + cipher.length + ICV), head, iv, cipher);
  // RFC 7296 §3.14: the checksum covers the whole message, header included.
  return concatBytes(sealed, hmacSha256(keys.integrity, sealed).subarray(0, ICV));
}

function readChain(bytes: Uint8Array, first: number): readonly IkePayload[] | undefined {
  const payloads: IkePayload[] = [];
  let type = first;
  let at = 0;
  while (type !== PAYLOAD.none) {
    if (at + 4 > bytes.length) return undefined;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (length < 4 || at + length > bytes.length) return undefined;
    payloads.push({ type, body: bytes.subarray(at + 4, at + length) });
    // What follows the Encrypted payload's head is the type of the first one inside, not of a next one.
    if (type === PAYLOAD.encrypted) break;
    type = bytes[at] ?? 0;
    at += length;
  }
  return payloads;
}

/** Undefined when it is no IKEv2 message that holds together. */
export function parseIke(bytes: Uint8Array): IkeMessage | undefined {
  if (bytes.length < HEADER || bytes[17] !== VERSION_2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(24) !== bytes.length) return undefined;
  const flags = bytes[19] ?? 0;
  const payloads = readChain(bytes.subarray(HEADER), bytes[16] ?? 0);
  if (payloads === undefined) return undefined;
  return {
    initiatorSpi: bytes.slice(0, 8),
    responderSpi: bytes.slice(8, 16),
    exchange: bytes[18] ?? 0,
    fromInitiator: (flags & FLAG_INITIATOR) !== 0,
    response: (flags & FLAG_RESPONSE) !== 0,
    messageId: view.getUint32(20),
    payloads,
    firstInside: payloads.at(-1)?.type === PAYLOAD.encrypted ? (bytes[HEADER] ?? 0) : PAYLOAD.none,
  };
}

/** What is inside the Encrypted payload; undefined when the checksum is wrong or there is none. */
export function openIke(bytes: Uint8Array, message: IkeMessage, keys: SealKeys): readonly IkePayload[] | undefined {
  const body = message.payloads[0]?.type === PAYLOAD.encrypted ? message.payloads[0].body : undefined;
  if (body === undefined || body.length < BLOCK + BLOCK + ICV) return undefined;
  const icv = hmacSha256(keys.integrity, bytes.subarray(0, bytes.length - ICV)).subarray(0, ICV);
  if (!equalBytes(icv, bytes.subarray(bytes.length - ICV))) return undefined;
  const plain = aesCbcUnblocks(keys.encryption, body.subarray(0, BLOCK), body.subarray(BLOCK, body.length - ICV));
  const padding = plain?.at(-1) ?? 0;
  return plain === undefined || padding + 1 > plain.length ? undefined : readChain(plain.subarray(0, plain.length - 1 - padding), message.firstInside);
}
