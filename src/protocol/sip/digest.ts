/**
 * Digest authentication with MD5, as client and as server: for passwords, for the HA1 that an HSS hands out, and for the RES of AKAv1-MD5.
 * Governed by RFC 2617 §3.2, RFC 3261 §22.4, RFC 3310 §3. Values are those of `parseChallenge` and `parseCredentials` (without quotes).
 * Omitted: SHA-256 (RFC 8760), Authentication-Info beyond `digestResponse` with an empty method, and the comparison of `uri` with the
 * Request-URI, which proxies may have changed (RFC 3261 §22.4).
 */
import { concatBytes } from '#base/bytes.ts';
import { md5Hex } from '#base/crypto.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { AuthParams } from './credentials.ts';

/** A password as text or bytes (RES), or MD5(username:realm:password) in hexadecimal. */
export type DigestSecret = string | Uint8Array | { readonly ha1: string };

export interface DigestFacts {
  readonly username: string;
  readonly realm: string;
  readonly secret: DigestSecret;
  readonly nonce: string;
  /** Empty for the `rspauth` of a server. */
  readonly method: string;
  readonly uri: string;
  readonly sess?: boolean;
  readonly qop?: 'auth' | 'auth-int';
  /** Eight hexadecimal digits; with qop. */
  readonly nc?: string;
  readonly cnonce?: string;
  /** With qop auth-int. */
  readonly body?: Uint8Array;
}

/** MD5(username:realm:password), in hexadecimal. */
export const deriveHa1 = (username: string, realm: string, password: string | Uint8Array): string =>
  typeof password === 'string' ? md5Hex(`${username}:${realm}:${password}`) : md5Hex(concatBytes(encodeUtf8(`${username}:${realm}:`), password));

/** The `response` of RFC 2617 §3.2.2.1: 32 hexadecimal digits. */
export function digestResponse(facts: DigestFacts): string {
  const { username, realm, secret, nonce, method, uri, qop, nc = '', cnonce = '' } = facts;
  let ha1 = typeof secret === 'object' && 'ha1' in secret ? secret.ha1.toLowerCase() : deriveHa1(username, realm, secret);
  if (facts.sess === true) ha1 = md5Hex(`${ha1}:${nonce}:${cnonce}`);
  const ha2 = qop === 'auth-int' ? md5Hex(`${method}:${uri}:${md5Hex(facts.body ?? new Uint8Array(0))}`) : md5Hex(`${method}:${uri}`);
  return md5Hex(qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
}

const formatNonceCount = (count: number): string => count.toString(16).padStart(8, '0');

/** True for MD5-sess, false for MD5 and AKAv1-MD5, undefined for what we do not speak. */
function sessOf(algorithm: string | undefined): boolean | undefined {
  const name = algorithm?.toLowerCase() ?? 'md5';
  return name === 'md5' || name === 'akav1-md5' ? false : name === 'md5-sess' ? true : undefined;
}

export interface ChallengeFacts {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: 'MD5' | 'AKAv1-MD5';
  /** What is offered, e.g. `auth` or `auth,auth-int`; left out for the oldest form without qop. */
  readonly qop?: string;
  readonly opaque?: string;
  /** The credentials were right but for an old nonce. */
  readonly stale?: boolean;
}

export function createChallenge({ realm, nonce, algorithm, qop, opaque, stale }: ChallengeFacts): AuthParams {
  const params = new Map([
    ['realm', realm],
    ['nonce', nonce],
    ['algorithm', algorithm],
  ]);
  if (qop !== undefined) params.set('qop', qop);
  if (opaque !== undefined) params.set('opaque', opaque);
  if (stale === true) params.set('stale', 'true');
  return { scheme: 'Digest', params };
}

export interface CredentialFacts {
  readonly username: string;
  readonly secret: DigestSecret;
  readonly method: string;
  readonly uri: string;
  readonly cnonce: string;
  /** 1 for the first use of this nonce. */
  readonly nonceCount: number;
  readonly body?: Uint8Array;
  /** Base64 of AUTS, when the USIM asks for resynchronisation: then the password counts as empty, whatever `secret` says. */
  readonly auts?: string;
}

/** The answer to a challenge; undefined when its scheme, algorithm or every qop is foreign to us, or realm or nonce are missing. */
export function createCredentials(challenge: AuthParams, facts: CredentialFacts): AuthParams | undefined {
  const { params: asked } = challenge;
  const realm = asked.get('realm');
  const nonce = asked.get('nonce');
  const algorithm = asked.get('algorithm');
  const sess = sessOf(algorithm);
  const offered = asked
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase());
  const qop = offered === undefined ? undefined : offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : 'foreign';
  if (challenge.scheme.toLowerCase() !== 'digest' || realm === undefined || nonce === undefined || sess === undefined || qop === 'foreign') return undefined;
  const { username, method, uri, cnonce, auts } = facts;
  const nc = formatNonceCount(facts.nonceCount);
  // RFC 3310 §3.4: with auts the response is made with an empty password.
  const secret = auts === undefined ? facts.secret : '';
  const body = facts.body ?? new Uint8Array(0);
  const response = digestResponse({ username, realm, secret, nonce, method, uri, sess, nc, cnonce, body, ...(qop === undefined ? {} : { qop }) });
  const params = new Map([
    ['username', username],
    ['realm', realm],
    ['nonce', nonce],
    ['uri', uri],
    ['response', response],
  ]);
  if (algorithm !== undefined) params.set('algorithm', algorithm);
  if (qop !== undefined || sess) params.set('cnonce', cnonce);
  if (qop !== undefined) params.set('qop', qop).set('nc', nc);
  const opaque = asked.get('opaque');
  if (opaque !== undefined) params.set('opaque', opaque);
  if (auts !== undefined) params.set('auts', auts);
  return { scheme: challenge.scheme, params };
}

export interface VerifyFacts {
  readonly realm: string;
  /** The nonce that we gave this user. */
  readonly nonce: string;
  readonly secret: DigestSecret;
  readonly method: string;
  readonly body?: Uint8Array;
  /** The highest count that this nonce was used with; 0 at first. */
  readonly lastNonceCount?: number;
}

export type DigestVerdict =
  /** `nonceCount` is 0 without qop. */
  | { readonly kind: 'right'; readonly nonceCount: number }
  /** `response=""`: an IMS UE that has no challenge to answer, or refuses the one it got. */
  | { readonly kind: 'empty' }
  /** `stale`: for another nonce than ours. `replayed`: the nonce count did not grow. `wrong`: made with another secret. */
  | { readonly kind: 'malformed' | 'stale' | 'replayed' | 'wrong'; readonly reason: string };

/** Judges credentials; never throws. */
export function verifyCredentials(credentials: AuthParams, facts: VerifyFacts): DigestVerdict {
  const given = credentials.params;
  const username = given.get('username');
  const uri = given.get('uri');
  const response = given.get('response');
  const nonce = given.get('nonce');
  const sess = sessOf(given.get('algorithm'));
  const qop = given.get('qop')?.toLowerCase();
  if (credentials.scheme.toLowerCase() !== 'digest') return malformed(`The scheme is ${credentials.scheme}, not Digest.`);
  if (username === undefined || uri === undefined || response === undefined || nonce === undefined)
    return malformed('One of username, uri, nonce and response is missing.');
  if (response === '') return { kind: 'empty' };
  if (given.get('realm') !== facts.realm) return malformed(`The realm is not ${facts.realm}.`);
  if (sess === undefined) return malformed('The algorithm is not the one asked for.');
  if (nonce !== facts.nonce) return { kind: 'stale', reason: 'The nonce is not the one given last.' };
  if (qop !== undefined && qop !== 'auth' && qop !== 'auth-int') return malformed(`The qop is ${qop}.`);
  const nc = given.get('nc') ?? '';
  const cnonce = given.get('cnonce') ?? '';
  const nonceCount = qop === undefined ? 0 : /^[0-9a-fA-F]{8}$/.test(nc) ? parseInt(nc, 16) : -1;
  if (nonceCount < 0 || (qop !== undefined && cnonce === '')) return malformed('With qop, nc is eight hexadecimal digits and cnonce is there.');
  const ours = digestResponse({ ...facts, username, uri, sess, nc, cnonce, ...(qop === undefined ? {} : { qop }) });
  if (ours !== response.toLowerCase()) return { kind: 'wrong', reason: 'The response was not made with the secret of this user.' };
  if (qop !== undefined && nonceCount <= (facts.lastNonceCount ?? 0))
    return { kind: 'replayed', reason: `The nonce was used with count ${nonceCount} before.` };
  return { kind: 'right', nonceCount };
}

const malformed = (reason: string): DigestVerdict => ({ kind: 'malformed', reason });
