/**
 * ESP in tunnel mode (RFC 4303 §2, §3.1.2; as TS 33.210 (clause unchecked) asks on Za): whole IP packets, encrypted with AES-128 in CBC mode (RFC 3602) and
 * protected with HMAC-SHA-256-128 (RFC 4868), numbered, with a window against replays (RFC 4303 §3.4.3).
 * Omitted: extended sequence numbers, traffic flow confidentiality padding, transport mode.
 */
import { concatBytes, equalBytes } from '#base/bytes.ts';
import { aesCbcBlocks, aesCbcUnblocks, hmacSha256 } from '#base/crypto.ts';

export interface EspKeys {
  /** 16 bytes. */
  readonly encryption: Uint8Array;
  /** 32 bytes. */
  readonly integrity: Uint8Array;
}

export const ENCRYPTION_KEY_LENGTH = 16;
export const INTEGRITY_KEY_LENGTH = 32;
const HEADER = 8;
const BLOCK = 16;
const ICV = 16;
const NEXT_IPV4 = 4;
const NEXT_IPV6 = 41;

/** One ESP packet around one IP packet. `iv` is 16 random bytes. */
export function encapsulate(spi: number, sequence: number, keys: EspKeys, iv: Uint8Array, packet: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER);
  const view = new DataView(header.buffer);
  view.setUint32(0, spi);
  view.setUint32(4, sequence);
  const padding = (BLOCK - ((packet.length + 2) % BLOCK)) % BLOCK;
  const plain = new Uint8Array(packet.length + padding + 2);
  plain.set(packet);
  // RFC 4303 §2.4: the padding counts 1, 2, 3, …
  for (let i = 0; i < padding; i++) plain[packet.length + i] = i + 1;
  plain[plain.length - 2] = padding;
  plain[plain.length - 1] = (packet[0] ?? 0) >> 4 === 4 ? NEXT_IPV4 : NEXT_IPV6;
  const sealed = concatBytes(header, iv, aesCbcBlocks(keys.encryption, iv, plain));
  return concatBytes(sealed, hmacSha256(keys.integrity, sealed).subarray(0, ICV));
}

/** SPI and sequence number of an ESP packet, not yet believed; undefined when it is too short to be one. */
export function readEspHeader(bytes: Uint8Array): { readonly spi: number; readonly sequence: number } | undefined {
  if (bytes.length < HEADER + 2 * BLOCK + ICV) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { spi: view.getUint32(0), sequence: view.getUint32(4) };
}

/** The IP packet inside, or why there is none to be had. */
export function decapsulate(bytes: Uint8Array, keys: EspKeys): Uint8Array | 'wrong-icv' | 'malformed' {
  const sealed = bytes.subarray(0, bytes.length - ICV);
  if (!equalBytes(hmacSha256(keys.integrity, sealed).subarray(0, ICV), bytes.subarray(bytes.length - ICV))) return 'wrong-icv';
  const plain = aesCbcUnblocks(keys.encryption, sealed.subarray(HEADER, HEADER + BLOCK), sealed.subarray(HEADER + BLOCK));
  const padding = plain?.at(-2) ?? 0;
  const next = plain?.at(-1);
  if (plain === undefined || (next !== NEXT_IPV4 && next !== NEXT_IPV6) || padding + 2 > plain.length) return 'malformed';
  return plain.subarray(0, plain.length - 2 - padding);
}

/** How many numbers behind the highest are still taken (RFC 4303 §3.4.3 recommends 64). */
const WINDOW = 64;

export class ReplayWindow {
  #highest = 0;
  readonly #seen = new Set<number>();

  get highest(): number {
    return this.#highest;
  }

  /** False for a number that was seen or is too old. Ask only after the ICV has been verified: taking it moves the window. */
  take(sequence: number): boolean {
    if (sequence === 0 || sequence <= this.#highest - WINDOW || this.#seen.has(sequence)) return false;
    this.#seen.add(sequence);
    if (sequence > this.#highest) {
      this.#highest = sequence;
      for (const old of this.#seen) if (old <= sequence - WINDOW) this.#seen.delete(old);
    }
    return true;
  }
}
