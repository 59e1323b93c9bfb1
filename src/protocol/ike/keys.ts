/** Key material of IKEv2 (RFC 7296 §2.13 to §2.17): prf+, SKEYSEED, the keys of the IKE SA and of its children, and the proof by a shared secret. PRF is HMAC-SHA-256. */
import { concatBytes } from '#base/bytes.ts';
import { hmacSha256 } from '#base/crypto.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { ENCRYPTION_KEY_LENGTH, INTEGRITY_KEY_LENGTH, type EspKeys } from '#protocol/ipsec/esp.ts';
import type { SealKeys } from './message.ts';

const PRF_LENGTH = 32;

/** RFC 7296 §2.13. */
export function prfPlus(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array();
  for (let at = 0, count = 1; at < length; at += PRF_LENGTH, count++) {
    block = hmacSha256(key, concatBytes(block, seed, new Uint8Array([count])));
    out.set(block.subarray(0, Math.min(PRF_LENGTH, length - at)), at);
  }
  return out;
}

export interface IkeKeys {
  /** SK_d: from it the keys of children come. */
  readonly derive: Uint8Array;
  readonly initiator: SealKeys;
  readonly responder: SealKeys;
  /** SK_pi and SK_pr, for the proofs. */
  readonly proofInitiator: Uint8Array;
  readonly proofResponder: Uint8Array;
}

export interface KeyInputs {
  readonly shared: Uint8Array;
  readonly nonceInitiator: Uint8Array;
  readonly nonceResponder: Uint8Array;
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
}

/** RFC 7296 §2.14. */
export function deriveIkeKeys({ shared, nonceInitiator, nonceResponder, initiatorSpi, responderSpi }: KeyInputs): IkeKeys {
  const seed = hmacSha256(concatBytes(nonceInitiator, nonceResponder), shared);
  const take = cutter(prfPlus(seed, concatBytes(nonceInitiator, nonceResponder, initiatorSpi, responderSpi), 5 * 32 + 2 * ENCRYPTION_KEY_LENGTH));
  const derive = take(PRF_LENGTH);
  const [integrityI, integrityR] = [take(INTEGRITY_KEY_LENGTH), take(INTEGRITY_KEY_LENGTH)];
  const [encryptionI, encryptionR] = [take(ENCRYPTION_KEY_LENGTH), take(ENCRYPTION_KEY_LENGTH)];
  return {
    derive,
    initiator: { encryption: encryptionI, integrity: integrityI },
    responder: { encryption: encryptionR, integrity: integrityR },
    proofInitiator: take(PRF_LENGTH),
    proofResponder: take(PRF_LENGTH),
  };
}

export interface ChildKeys {
  /** For what the initiator of the exchange sends. */
  readonly initiator: EspKeys;
  readonly responder: EspKeys;
}

/** RFC 7296 §2.17: keys for the initiator's traffic first, encryption before integrity. */
export function deriveChildKeys(derive: Uint8Array, nonceInitiator: Uint8Array, nonceResponder: Uint8Array): ChildKeys {
  const take = cutter(prfPlus(derive, concatBytes(nonceInitiator, nonceResponder), 2 * (ENCRYPTION_KEY_LENGTH + INTEGRITY_KEY_LENGTH)));
  const next = (): EspKeys => ({ encryption: take(ENCRYPTION_KEY_LENGTH), integrity: take(INTEGRITY_KEY_LENGTH) });
  return { initiator: next(), responder: next() };
}

const PAD = encodeUtf8('Key Pad for IKEv2');

/** RFC 7296 §2.15: who knows the secret proves it over its own first message, the other's nonce and its own identity. */
export function proof(secret: Uint8Array, firstMessage: Uint8Array, otherNonce: Uint8Array, proofKey: Uint8Array, identityBody: Uint8Array): Uint8Array {
  return hmacSha256(hmacSha256(secret, PAD), concatBytes(firstMessage, otherNonce, hmacSha256(proofKey, identityBody)));
}

function cutter(material: Uint8Array): (length: number) => Uint8Array {
  let at = 0;
  return (length) => material.slice(at, (at += length));
}
