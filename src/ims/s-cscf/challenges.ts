/**
 * The challenges of an S-CSCF and the judgement of their answers: AKA and SIP digest (TS 33.203 §6.1, §N.2; RFC 3310, RFC 3261 §22.4).
 * One challenge per private identity: a new one takes the place of an older one (TS 33.203 §6.1.2.3).
 * Omitted: several vectors in advance, digest for requests other than REGISTER (407).
 */
import { fromBase64, toHex } from '#base/bytes.ts';
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { after, type Duration, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { createAkaChallenge } from '#protocol/sip/aka-challenge.ts';
import { type AuthParams, formatChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import { createChallenge, digestResponse, verifyCredentials } from '#protocol/sip/digest.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { Vector } from './registrar-port.ts';

/** Whom a challenge is for. */
export interface Challenged {
  readonly identity: string;
  readonly privateIdentity: string;
}

interface Pending extends Challenged {
  readonly callId: string;
  readonly item: Vector;
  readonly realm: string;
  readonly nonce: string;
  readonly timer: Timer<string>;
}

/** What is kept of a user of SIP digest as long as the registration lasts (TS 33.203 §N.2.1.1, §N.2.3). */
interface Known {
  readonly item: Extract<Vector, { kind: 'digest' }>;
  readonly nonce: string;
  readonly goodUntil: SimTime;
  count: number;
}

export type Judgement =
  /** It answers no challenge that stands. */
  | { readonly kind: 'none' }
  | { readonly kind: 'right'; readonly scheme: Vector['kind']; readonly again: boolean }
  | { readonly kind: 'wrong' | 'not-believed' }
  /** The USIM's sequence number is another: RAND and AUTS, as the HSS wants them. */
  | { readonly kind: 'out-of-step'; readonly authorization: Uint8Array }
  /** The user knows the password, but the nonce is too old, used up or another. */
  | { readonly kind: 'stale'; readonly item: Vector; readonly reason: string };

const NONE: Judgement = { kind: 'none' };

/** reg-await-auth: 4 minutes (TS 24.229 table 7.8.1). */
const AWAIT_AUTH = seconds(240);

export class Challenges {
  readonly #domain: string;
  readonly #chance: Chance;
  readonly #nonceLifetime: Duration;
  readonly #pending = new Map<string, Pending>();
  readonly #known = new Map<string, Known>();
  readonly #timers = new Timers<string>();

  constructor(domain: string, chance: Chance, nonceLifetime: Duration) {
    this.#domain = domain;
    this.#chance = chance;
    this.#nonceLifetime = nonceLifetime;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  /** Whose challenge nobody has answered until `now`: it is forgotten. */
  overdue(now: SimTime): Challenged | undefined {
    const privateIdentity = this.#timers.due(now);
    const pending = privateIdentity === undefined ? undefined : this.#pending.get(privateIdentity);
    if (pending !== undefined) this.#pending.delete(pending.privateIdentity);
    return pending;
  }

  /** The value of WWW-Authenticate; the answer is awaited from now on. */
  challenge(request: SipRequest, who: Challenged, item: Vector, stale: boolean, now: SimTime): { readonly value: string; readonly note: Note } {
    const realm = ownText(this.#realmOf(request, item));
    const { params } = item.kind === 'aka' ? akaChallenge(realm, item) : this.#digestChallenge(realm, stale);
    const value = formatChallenge({ scheme: 'Digest', params });
    this.#drop(who.privateIdentity);
    const timer = this.#timers.set(after(now, AWAIT_AUTH), who.privateIdentity);
    const { identity, privateIdentity } = who;
    const callId = ownText(request.headers.get('Call-ID') ?? '');
    this.#pending.set(privateIdentity, { identity, privateIdentity, callId, item, realm, nonce: params.get('nonce') ?? '', timer });
    return {
      value,
      note:
        item.kind === 'aka'
          ? {
              op: 'added',
              header: 'WWW-Authenticate',
              to: value,
              reason: 'The nonce holds RAND and AUTN; the two keys ride along for the P-CSCF, which takes them off.',
              clause: 'RFC 3310 §3.2',
            }
          : {
              op: 'added',
              header: 'WWW-Authenticate',
              to: value,
              reason: stale
                ? 'The nonce is fresh; stale tells that the password was right and need not be asked of the user again.'
                : 'This subscription uses SIP digest: the nonce is fresh, the password is known to the HSS.',
              clause: stale ? 'TS 33.203 §N.2.3' : 'RFC 3261 §22.4',
            },
    };
  }

  /** What the credentials of this REGISTER say. An answer, whatever it says, ends its challenge. */
  judge(request: SipRequest, credentials: AuthParams, { identity, privateIdentity }: Challenged, now: SimTime): Judgement {
    const { params } = credentials;
    const pending = this.#pending.get(privateIdentity);
    const response = params.get('response') ?? '';
    // TS 24.229 §5.4.1.2.2: the answer has the Call-ID of what was challenged; and it is for the identity that was challenged, nobody else.
    const isSame = pending?.identity === identity && pending.callId === request.headers.get('Call-ID');
    // A USIM that does not believe the challenge repeats the nonce that it got, which need not be the one that was sent.
    const disbelieves = isSame && response === '' && !params.has('auts') && (params.get('nonce') ?? '') !== '';
    if (!isSame || (params.get('nonce') !== pending.nonce && !disbelieves))
      return response === '' ? NONE : this.#usedAgain(request, credentials, privateIdentity, now);
    const { item, nonce, realm } = pending;
    if (item.kind === 'aka') {
      const auts = params.get('auts');
      if (auts !== undefined || response === '') {
        this.#drop(privateIdentity);
        return auts === undefined ? { kind: 'not-believed' } : outOfStep(item, auts);
      }
      // TS 33.203 §6.1.5: without the mark of the P-CSCF it did not come over the security association of this challenge.
      if (params.get('integrity-protected') !== 'yes') return NONE;
    } else if (response === '') return NONE;
    const secret = item.kind === 'aka' ? item.expectedResponse : { ha1: item.ha1 };
    const verdict = verifyCredentials(credentials, { realm, nonce, secret, method: request.method, body: request.body });
    this.#drop(privateIdentity);
    if (verdict.kind !== 'right') return { kind: 'wrong' };
    if (item.kind === 'digest') this.#known.set(privateIdentity, { item, nonce, goodUntil: after(now, this.#nonceLifetime), count: verdict.nonceCount });
    return { kind: 'right', scheme: item.kind, again: false };
  }

  /** Proof for the UE that the home network knows the password too: the value of Authentication-Info; undefined where no password is used. */
  proofFor(request: SipRequest, privateIdentity: string): string | undefined {
    const known = this.#known.get(privateIdentity);
    const params = parseCredentials(request.headers.get('Authorization') ?? '')?.params;
    const uri = params?.get('uri');
    if (known === undefined || params === undefined || uri === undefined || params.get('nonce') !== known.nonce) return undefined;
    const nc = params.get('nc') ?? '';
    const cnonce = params.get('cnonce') ?? '';
    const { ha1, realm } = known.item;
    const proof = digestResponse({ username: privateIdentity, realm, secret: { ha1 }, nonce: known.nonce, method: '', uri, qop: 'auth', nc, cnonce });
    return `qop=auth, rspauth="${proof}", cnonce="${cnonce}", nc=${nc}`;
  }

  /** The registration is over: so is what was known for it. */
  forget(privateIdentity: string): void {
    this.#known.delete(privateIdentity);
  }

  /** A nonce used again, with the count of its use. */
  #usedAgain(request: SipRequest, credentials: AuthParams, privateIdentity: string, now: SimTime): Judgement {
    const known = this.#known.get(privateIdentity);
    if (known === undefined) return NONE;
    const nonce = credentials.params.get('nonce') ?? '';
    const { item } = known;
    const same = nonce === known.nonce;
    const verdict = verifyCredentials(credentials, {
      realm: item.realm,
      nonce,
      secret: { ha1: item.ha1 },
      method: request.method,
      body: request.body,
      lastNonceCount: same ? known.count : 0,
    });
    if (verdict.kind === 'replayed') return { kind: 'stale', item, reason: verdict.reason };
    if (verdict.kind !== 'right') return NONE;
    if (!same) return { kind: 'stale', item, reason: 'The nonce is not the one that this registrar gave last.' };
    if (now >= known.goodUntil) return { kind: 'stale', item, reason: 'The nonce has been in use for too long.' };
    known.count = verdict.nonceCount;
    return { kind: 'right', scheme: 'digest', again: true };
  }

  #digestChallenge(realm: string, stale: boolean): AuthParams {
    return createChallenge({ realm, nonce: toHex(this.#chance.bytes('nonce', 16)), algorithm: 'MD5', qop: 'auth', stale });
  }

  #realmOf(request: SipRequest, item: Vector): string {
    return item.kind === 'digest' ? item.realm : (hostOf(request.uri) ?? this.#domain);
  }

  #drop(privateIdentity: string): void {
    this.#timers.cancel(this.#pending.get(privateIdentity)?.timer);
    this.#pending.delete(privateIdentity);
  }
}

function akaChallenge(realm: string, item: Extract<Vector, { kind: 'aka' }>): AuthParams {
  const { authenticate, confidentialityKey: ck, integrityKey: ik } = item;
  return createAkaChallenge(realm, { rand: authenticate.subarray(0, 16), autn: authenticate.subarray(16), ck, ik });
}

/** RAND of the challenge and the AUTS of the USIM, one after the other (TS 29.228 §6.3). */
function outOfStep({ authenticate }: Extract<Vector, { kind: 'aka' }>, auts: string): Judgement {
  const token = fromBase64(auts);
  if (token?.length !== 14) return { kind: 'wrong' };
  const authorization = new Uint8Array(30);
  authorization.set(authenticate.subarray(0, 16));
  authorization.set(token, 16);
  return { kind: 'out-of-step', authorization };
}
