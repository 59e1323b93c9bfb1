/**
 * The WWW-Authenticate of Digest AKA between S-CSCF, P-CSCF and UE: the S-CSCF adds the keys CK and IK, the P-CSCF takes them out.
 * Governed by RFC 3310 §3.2 and TS 24.229 §7.2A.1 for `ck` and `ik`. Omitted: AKAv2.
 */
import { fromHex, toHex } from '#base/bytes.ts';
import { formatAkaNonce, type AuthenticationVector } from './aka.ts';
import type { AuthParams } from './credentials.ts';
import { createChallenge } from './digest.ts';

/** The challenge as it leaves the S-CSCF, both keys included. XRES stays behind. */
export function createAkaChallenge(realm: string, { rand, autn, ck, ik }: Omit<AuthenticationVector, 'xres'>, qop?: string): AuthParams {
  const { scheme, params } = createChallenge({ realm, nonce: formatAkaNonce(rand, autn), algorithm: 'AKAv1-MD5', ...(qop === undefined ? {} : { qop }) });
  return { scheme, params: new Map([...params, ['ik', toHex(ik)], ['ck', toHex(ck)]]) };
}

export interface TakenKeys {
  /** As the UE may see it. */
  readonly challenge: AuthParams;
  /** 16 bytes each; undefined when missing or malformed. */
  readonly ck: Uint8Array | undefined;
  readonly ik: Uint8Array | undefined;
}

/** What the P-CSCF does: keeps the keys for its security associations and passes on the rest. */
export function takeAkaKeys(challenge: AuthParams): TakenKeys {
  const params = new Map(challenge.params);
  params.delete('ck');
  params.delete('ik');
  return { challenge: { scheme: challenge.scheme, params }, ck: keyOf(challenge.params.get('ck')), ik: keyOf(challenge.params.get('ik')) };
}

function keyOf(text: string | undefined): Uint8Array | undefined {
  const key = text === undefined ? undefined : fromHex(text);
  return key?.length === 16 ? key : undefined;
}
