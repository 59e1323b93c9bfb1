/**
 * Who speaks to an XDMS over Ut: HTTP digest (RFC 2617 §3.2) with a password of the user.
 * Omitted: the keys of the generic bootstrapping architecture and TLS (TS 33.222 (clause unchecked)), which would stand in the place of the password.
 */
import type { Chance } from '#base/chance.ts';
import { fieldOf, type HttpRequest } from '#protocol/http/message.ts';
import { formatChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import { createChallenge, verifyCredentials } from '#protocol/sip/digest.ts';

export interface XdmsUser {
  readonly username: string;
  readonly password: string;
  /** Canonical public identities: the user identifiers of the own documents. */
  readonly identities: readonly string[];
}

export type Authentication =
  | { readonly kind: 'user'; readonly user: XdmsUser }
  /** What to ask with, and why. */
  | { readonly kind: 'challenge'; readonly value: string; readonly reason: string };

/** Nonces that are remembered at most [choice]. */
const MAX_NONCES = 200;

export class DigestGuard {
  readonly #users: ReadonlyMap<string, XdmsUser>;
  readonly #realm: string;
  readonly #chance: Chance;
  /** Every nonce that was given, with the highest count that it was used with. */
  readonly #nonces = new Map<string, number>();

  constructor(users: readonly XdmsUser[], realm: string, chance: Chance) {
    this.#users = new Map(users.map((user) => [user.username, user]));
    this.#realm = realm;
    this.#chance = chance;
  }

  judge(request: HttpRequest): Authentication {
    const value = fieldOf(request, 'Authorization');
    if (value === undefined) return this.#challenge('Nothing says who asks.', false);
    const credentials = parseCredentials(value);
    const username = credentials?.params.get('username') ?? '';
    const user = this.#users.get(username);
    if (credentials === undefined || user === undefined) return this.#challenge('Nobody of that name has documents here.', false);
    // RFC 2617 §3.2.2.5: otherwise the answer to one request would open another.
    if (credentials.params.get('uri') !== request.target) return this.#challenge('The credentials are for another address.', false);
    const nonce = credentials.params.get('nonce') ?? '';
    const lastNonceCount = this.#nonces.get(nonce);
    if (lastNonceCount === undefined) return this.#challenge('The nonce is none that is still known here.', true);
    const verdict = verifyCredentials(credentials, {
      realm: this.#realm,
      nonce,
      secret: user.password,
      method: request.method,
      body: request.body,
      lastNonceCount,
    });
    if (verdict.kind !== 'right') return this.#challenge(verdict.kind === 'empty' ? 'The response is empty.' : verdict.reason, false);
    this.#nonces.set(nonce, verdict.nonceCount);
    return { kind: 'user', user };
  }

  #challenge(reason: string, stale: boolean): Authentication {
    const nonce = this.#chance.token('http-nonce', 16);
    this.#nonces.set(nonce, 0);
    const [oldest] = this.#nonces.keys();
    if (oldest !== undefined && this.#nonces.size > MAX_NONCES) this.#nonces.delete(oldest);
    return { kind: 'challenge', value: formatChallenge(createChallenge({ realm: this.#realm, nonce, algorithm: 'MD5', qop: 'auth', stale })), reason };
  }
}
