/** Hashes and ciphers behind one door (the core has no synchronous WebCrypto): MD5, SHA-1, SHA-256, HMAC, AES on single blocks and in CBC mode. */
import { cbc, ecb } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from './bytes.ts';
import { encodeUtf8 } from './utf8.ts';

export const md5Hex = (input: Uint8Array | string): string => toHex(md5(typeof input === 'string' ? encodeUtf8(input) : input));
export const sha1Hex = (input: Uint8Array | string): string => toHex(sha1(typeof input === 'string' ? encodeUtf8(input) : input));
export const sha256Hex = (input: Uint8Array | string): string => toHex(sha256(typeof input === 'string' ? encodeUtf8(input) : input));

/** AES-128 on one block of 16 bytes (FIPS 197), as Milenage uses it. Throws when key or block have another length. */
export function aes128Block(key: Uint8Array, block: Uint8Array): Uint8Array {
  if (key.length !== 16 || block.length !== 16) throw new Error('aes128Block: key and block are 16 bytes each');
  return ecb(key, { disablePadding: true }).encrypt(block);
}

/** AES in CBC mode with the padding of PKCS #7 (RFC 5652 §6.3); key of 16, 24 or 32 bytes, IV of 16. Throws when they have another length. */
export const aesCbcEncrypt = (key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array => cbc(key, iv).encrypt(plaintext);

/** Undefined when the length is no multiple of a block or the padding is wrong: it was not made with this key, or was changed. */
export function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) return undefined;
  try {
    return cbc(key, iv).decrypt(ciphertext);
  } catch {
    return undefined;
  }
}

/** AES in CBC mode on whole blocks: who calls pads. Throws when the lengths are wrong. */
export const aesCbcBlocks = (key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array => cbc(key, iv, { disablePadding: true }).encrypt(plaintext);

/** The inverse of `aesCbcBlocks`; undefined when the ciphertext is not whole blocks. */
export const aesCbcUnblocks = (key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined =>
  ciphertext.length === 0 || ciphertext.length % 16 !== 0 ? undefined : cbc(key, iv, { disablePadding: true }).decrypt(ciphertext);

/** RFC 2104 with SHA-256, 32 bytes. */
export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => hmac(sha256, key, message);
