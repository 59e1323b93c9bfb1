/**
 * A server that asks who speaks, by digest (RFC 2617 §3.2, for SIP RFC 3261 §22.2): hands out nonces, judges the answers, lets no answer count twice. Of the protocol that carries it nothing is known here.
 * Omitted: algorithms other than MD5 (RFC 8760 §2.1 would allow SHA-256), several realms, rspauth.
 */
import type { Chance } from '#base/chance.ts';
import { after, type Duration, type SimTime } from '#base/time.ts';
import { formatChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import { createChallenge, verifyCredentials } from '#protocol/sip/digest.ts';

export interface DigestUser {
  readonly username: string;
  readonly password: string;
}

/** A request that may show who speaks. */
export interface DigestAttempt {
  /** As it came; undefined when nothing says who speaks. */
  readonly authorization: string | undefined;
  readonly method: string;
  readonly body: Uint8Array;
  /** Whether the address in the credentials is what was asked for. */
  readonly isMeant: (uri: string) => boolean;
}

export type DigestJudgement<U> =
  | { readonly kind: 'user'; readonly user: U; readonly nonceCount: number }
  /** What to ask with, and why. */
  | {
      readonly kind: 'challenge';
      readonly because: 'silent' | 'unknown' | 'address' | 'stale' | 'replayed' | 'wrong';
      readonly value: string;
      readonly reason: string;
    };

/** Nonces that are remembered at most [choice]. */
const MAX_NONCES = 200;

interface Nonce {
  /** The highest count that it was used with. */
  count: number;
  readonly until: SimTime | undefined;
  user: string | undefined;
}

export class DigestGuard<U extends DigestUser> {
  readonly #users: ReadonlyMap<string, U>;
  readonly #realm: string;
  readonly #chance: Chance;
  /** How long a nonce may be used; for ever when left out. */
  readonly #lifetime: Duration | undefined;
  readonly #purpose: string;
  readonly #nonces = new Map<string, Nonce>();

  constructor(users: readonly U[], realm: string, chance: Chance, options: { readonly lifetime?: Duration; readonly purpose?: string } = {}) {
    this.#users = new Map(users.map((user) => [user.username, user]));
    this.#realm = realm;
    this.#chance = chance;
    this.#lifetime = options.lifetime;
    this.#purpose = options.purpose ?? 'http-nonce';
  }

  judge({ authorization, method, body, isMeant }: DigestAttempt, now: SimTime): DigestJudgement<U> {
    this.#forget(now);
    if (authorization === undefined) return this.#challenge('silent', 'Nothing says who asks.', now);
    const credentials = parseCredentials(authorization);
    const user = this.#users.get(credentials?.params.get('username') ?? '');
    if (credentials === undefined || user === undefined) return this.#challenge('unknown', 'Nobody of that name is known here.', now);
    // RFC 2617 §3.2.2.5: otherwise the answer to one request would open another.
    if (!isMeant(credentials.params.get('uri') ?? '')) return this.#challenge('address', 'The credentials are for another address.', now);
    const nonce = credentials.params.get('nonce') ?? '';
    const known = this.#nonces.get(nonce);
    const verdict = verifyCredentials(credentials, { realm: this.#realm, nonce, secret: user.password, method, body, lastNonceCount: known?.count ?? 0 });
    // RFC 2617 §3.2.1: stale only who has shown the password, with a nonce that is over.
    if (known === undefined && verdict.kind === 'right') return this.#challenge('stale', 'The nonce is none that is still good here.', now);
    // RFC 3903 §14.3, for PUBLISH: what was not counted could be said again by whoever has heard it.
    if (verdict.kind === 'right' && verdict.nonceCount === 0)
      return this.#challenge('replayed', 'The response is not counted, so anybody could repeat it.', now);
    if (verdict.kind === 'empty') return this.#challenge('wrong', 'The response is empty.', now);
    if (verdict.kind !== 'right') return this.#challenge(verdict.kind === 'replayed' ? 'replayed' : 'wrong', verdict.reason, now);
    if (known !== undefined) {
      known.count = verdict.nonceCount;
      known.user = user.username;
    }
    return { kind: 'user', user, nonceCount: verdict.nonceCount };
  }

  /** Those that somebody has used: who, which, how often, and until when. */
  used(now: SimTime): readonly { readonly user: string; readonly nonce: string; readonly count: number; readonly until: SimTime | undefined }[] {
    return [...this.#nonces].flatMap(([nonce, { user, count, until }]) =>
      user === undefined || (until !== undefined && until <= now) ? [] : [{ user, nonce, count, until }],
    );
  }

  #forget(now: SimTime): void {
    for (const [nonce, { until }] of this.#nonces) if (until !== undefined && until <= now) this.#nonces.delete(nonce);
  }

  #challenge(because: Extract<DigestJudgement<U>, { kind: 'challenge' }>['because'], reason: string, now: SimTime): DigestJudgement<U> {
    const nonce = this.#chance.token(this.#purpose, 16);
    this.#nonces.set(nonce, { count: 0, until: this.#lifetime === undefined ? undefined : after(now, this.#lifetime), user: undefined });
    const [oldest] = this.#nonces.keys();
    if (oldest !== undefined && this.#nonces.size > MAX_NONCES) this.#nonces.delete(oldest);
    const value = formatChallenge(createChallenge({ realm: this.#realm, nonce, algorithm: 'MD5', qop: 'auth', stale: because === 'stale' }));
    return { kind: 'challenge', because, value, reason };
  }
}
