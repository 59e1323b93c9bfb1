/** Diffie-Hellman in the 2048-bit MODP group (RFC 3526 §3), number 14 of IKEv2: integers only, the same in every engine. Not constant in time: a simulator keeps no secrets. */
import { fromHex, toHex } from '#base/bytes.ts';

export const GROUP_14 = 14;
export const PUBLIC_LENGTH = 256;
/** Twice the strength of the group (RFC 3526 §8): bytes of a private value. */
export const PRIVATE_LENGTH = 32;

export const PRIME_HEX =
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
  '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
  '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
  'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff';
const PRIME = BigInt(`0x${PRIME_HEX}`);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base % PRIME, e = exponent; e > 0n; e >>= 1n, b = (b * b) % PRIME) if ((e & 1n) === 1n) result = (result * b) % PRIME;
  return result;
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes) || '0'}`);
const toBytes = (number: bigint): Uint8Array => fromHex(number.toString(16).padStart(2 * PUBLIC_LENGTH, '0')) ?? new Uint8Array(PUBLIC_LENGTH);

export const publicValue = (privateValue: Uint8Array): Uint8Array => toBytes(power(2n, toNumber(privateValue)));

/** Undefined when the peer's value is not one of the group (RFC 6989 §2.1). */
export function sharedSecret(privateValue: Uint8Array, peerValue: Uint8Array): Uint8Array | undefined {
  const peer = toNumber(peerValue);
  if (peerValue.length !== PUBLIC_LENGTH || peer <= 1n || peer >= PRIME - 1n) return undefined;
  return toBytes(power(peer, toNumber(privateValue)));
}
