/**
 * Authentication and key agreement as IMS uses it: the home network makes a vector, the USIM answers it, or reports that the sequence
 * number is out of range. Governed by TS 33.102 (clause unchecked) for AUTN, AUTS and the checks, RFC 3310 §3.2 for the nonce.
 * Omitted: the index part IND of a sequence number (one counter on each side), and the f6 to f12 families.
 */
import { concatBytes, equalBytes, fromBase64, toBase64 } from '#base/bytes.ts';
import { milenageF1, milenageF2345, milenageF5Star, xor, type AkaSecret } from './milenage.ts';

/** The network's quintet: RAND 16, AUTN 16, XRES 8, CK 16, IK 16 bytes. */
export interface AuthenticationVector {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly xres: Uint8Array;
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
}

/** What a USIM says to a challenge. `sqn` is the number that the network used: the USIM's own from now on. */
export type UsimAnswer =
  | { readonly kind: 'accepted'; readonly res: Uint8Array; readonly ck: Uint8Array; readonly ik: Uint8Array; readonly sqn: number }
  /** The network that sent this does not know K: not authentic. */
  | { readonly kind: 'mac-failure' }
  /** Authentic, but the number was used already or lies too far ahead: `auts` (14 bytes) brings the network back in step. */
  | { readonly kind: 'sqn-failure'; readonly auts: Uint8Array };

/** How far ahead of its own a USIM takes a sequence number: 2^28, the value that TS 33.102 §C.3.1 suggests. */
export const SQN_DELTA = 2 ** 28;
const SQN_LIMIT = 2 ** 48;
/** In a resynchronisation the AMF counts as zero, so that it need not travel: TS 33.102 (clause unchecked). */
const AMF_OF_AUTS = new Uint8Array(2);

/** A vector for `rand` (16 bytes), sequence number `sqn` (below 2^48) and `amf` (2 bytes). Throws when one of them has another size. */
export function createVector(secret: AkaSecret, rand: Uint8Array, sqn: number, amf: Uint8Array): AuthenticationVector {
  const number = sqnBytes(sqn);
  const { res, ck, ik, ak } = milenageF2345(secret, rand);
  const { macA } = milenageF1(secret, rand, number, amf);
  return { rand, autn: concatBytes(xor(number, ak), amf, macA), xres: res, ck, ik };
}

/** What the USIM, whose highest accepted number is `sqn`, answers to RAND and AUTN (16 bytes each, as `parseAkaNonce` gives them). */
export function answerChallenge(secret: AkaSecret, rand: Uint8Array, autn: Uint8Array, sqn: number): UsimAnswer {
  const { res, ck, ik, ak } = milenageF2345(secret, rand);
  const theirs = xor(autn.slice(0, 6), ak);
  const { macA } = milenageF1(secret, rand, theirs, autn.slice(6, 8));
  if (!equalBytes(macA, autn.slice(8))) return { kind: 'mac-failure' };
  const number = sqnOf(theirs);
  if (number <= sqn || number - sqn > SQN_DELTA) return { kind: 'sqn-failure', auts: createAuts(secret, rand, sqn) };
  return { kind: 'accepted', res, ck, ik, sqn: number };
}

/** AUTS (14 bytes): the USIM's own number, hidden by f5* and vouched for by f1*. */
export function createAuts(secret: AkaSecret, rand: Uint8Array, sqn: number): Uint8Array {
  const number = sqnBytes(sqn);
  const { macS } = milenageF1(secret, rand, number, AMF_OF_AUTS);
  return concatBytes(xor(number, milenageF5Star(secret, rand)), macS);
}

/** The USIM's sequence number out of an AUTS for the challenge `rand`; undefined when it is not 14 bytes or not vouched for by K. */
export function readAuts(secret: AkaSecret, rand: Uint8Array, auts: Uint8Array): number | undefined {
  if (auts.length !== 14) return undefined;
  const number = xor(auts.slice(0, 6), milenageF5Star(secret, rand));
  const { macS } = milenageF1(secret, rand, number, AMF_OF_AUTS);
  return equalBytes(macS, auts.slice(6)) ? sqnOf(number) : undefined;
}

/** The nonce of a Digest AKA challenge: base64 of RAND, AUTN and whatever the server adds. */
// RFC 3310 §3.2
export const formatAkaNonce = (rand: Uint8Array, autn: Uint8Array, serverBytes: Uint8Array = new Uint8Array(0)): string =>
  toBase64(concatBytes(rand, autn, serverBytes));

/** Undefined when the nonce is not base64 or too short to hold RAND and AUTN. */
export function parseAkaNonce(nonce: string): { readonly rand: Uint8Array; readonly autn: Uint8Array } | undefined {
  const bytes = fromBase64(nonce);
  return bytes === undefined || bytes.length < 32 ? undefined : { rand: bytes.slice(0, 16), autn: bytes.slice(16, 32) };
}

/** The six bytes of a sequence number, most significant first. Throws outside 0 to 2^48 - 1. */
export function sqnBytes(sqn: number): Uint8Array {
  if (!Number.isInteger(sqn) || sqn < 0 || sqn >= SQN_LIMIT) throw new Error(`SQN out of range: ${sqn}`);
  const out = new Uint8Array(6);
  for (let i = 5, rest = sqn; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

function sqnOf(bytes: Uint8Array): number {
  let sqn = 0;
  for (const byte of bytes) sqn = sqn * 256 + byte;
  return sqn;
}
