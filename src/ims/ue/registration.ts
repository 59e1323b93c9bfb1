/**
 * Registration as a UE does it (TS 24.229 §5.1.1; RFC 3310, RFC 3329; TS 33.203 §6.1, §7): the first REGISTER with an empty response, the USIM's answer to
 * the challenge over new security associations, or what the USIM has against it; the Service-Route and the identities that come with the 200.
 * SIP digest with a password as the other scheme (TS 33.203 §N.2). Omitted: several contacts, TLS.
 */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { compileTable, transition, type StateTable } from '#base/state-table.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { refreshAt } from '#presence/refresh-time.ts';
import type { SaPairs, StateReport } from '#ims/node/security-associations.ts';
import { type AuthParams, parseChallenge, parsePairs } from '#protocol/sip/credentials.ts';
import { digestResponse } from '#protocol/sip/digest.ts';
import { createRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { formatHost } from '#protocol/sip/uri.ts';
import { UeAssociations } from './associations.ts';
import type { UeConfig } from './config.ts';
import { type Answer, authorizationOf, SECURITY_CLIENT_NOTE, SECURITY_VERIFY_NOTE } from './authorization.ts';
import { askUsim } from './usim.ts';

export type UeRegistrationState = 'not registered' | 'registering' | 'challenged' | 'registered' | 'deregistering';
type Event = 'register' | 'challenge' | 'too-brief' | 'out-of-step' | 'accept' | 'refuse' | 'deregister' | 'network-ends' | 'expire';
type Guard = 'a registration stands';

export const UE_REGISTRATION: StateTable<UeRegistrationState, Event, Guard, never> = {
  name: 'registration (UE)',
  states: ['not registered', 'registering', 'challenged', 'registered', 'deregistering'],
  initial: 'not registered',
  final: [],
  rows: [
    { from: ['not registered', 'registered'], on: 'register', to: 'registering', clause: 'TS 24.229 §5.1.1.2, §5.1.1.4' },
    { from: ['registering', 'challenged'], on: 'challenge', to: 'challenged', clause: 'RFC 3310 §3.2' },
    { from: ['registering', 'challenged'], on: 'too-brief', to: 'registering', clause: 'RFC 3261 §10.2.8' },
    { from: ['registering', 'challenged'], on: 'out-of-step', to: 'registering', clause: 'TS 33.203 §6.1.3' },
    { from: ['registering', 'challenged'], on: 'accept', to: 'registered', clause: 'RFC 3261 §10.2' },
    // A failed authentication never ends a registration that stands.
    { from: ['registering', 'challenged'], on: 'refuse', guard: 'a registration stands', to: 'registered', clause: 'TS 33.203 §6.1.1' },
    { from: ['registering', 'challenged'], on: 'refuse', to: 'not registered', clause: 'RFC 3261 §10.2' },
    { from: 'registered', on: 'deregister', to: 'deregistering', clause: 'RFC 3261 §10.2.2' },
    { from: 'deregistering', on: 'challenge', to: 'deregistering', clause: 'RFC 3310 §3.2' },
    { from: 'deregistering', on: 'accept', to: 'not registered', clause: 'RFC 3261 §10.2.2' },
    { from: 'deregistering', on: 'refuse', to: 'not registered', clause: 'RFC 3261 §10.2.2' },
    { from: 'registered', on: 'network-ends', to: 'not registered', clause: 'RFC 6665 §4.1.3' },
    { from: 'registered', on: 'expire', to: 'not registered', clause: 'RFC 3261 §10.2.4' },
  ],
};
const RULES = compileTable(UE_REGISTRATION);

/** Seconds: what a UE asks for (TS 24.229). */
export const REGISTRATION_EXPIRES = 600_000;
const EMPTY = new Uint8Array(0);
/** How many challenges in a row a UE tells the network to be wrong before it gives up: TS 24.229 (clause unchecked). */
const INVALID_LIMIT = 2;

/** What a person may want a UE to do wrong, to see what the network says. */
export const MISBEHAVIOURS = ['wrong-response', 'wrong-keys', 'other-call-id', 'none'] as const;
export type Misbehaviour = (typeof MISBEHAVIOURS)[number];

export interface RegisterWish {
  /** Seconds. */
  readonly expires: number;
  /** False: the person wants to see it run out. */
  readonly refreshes: boolean;
  /** In the clear, although security associations stand. */
  readonly inTheClear: boolean;
  /** How the challenge is answered, when not as it should. */
  readonly answer: Misbehaviour | undefined;
}

export interface PreparedRegister {
  readonly request: SipRequest;
  readonly notes: Note[];
  /** The security associations that protect it; undefined: it goes in the clear. */
  readonly over: SaPairs | undefined;
}

export type ChallengeOutcome =
  | { readonly kind: 'send'; readonly on: 'challenge' | 'out-of-step'; readonly note: Note; readonly register: PreparedRegister }
  | { readonly kind: 'silent' | 'give-up'; readonly note: Note };

export class UeRegistration {
  readonly #config: UeConfig;
  readonly #chance: Chance;
  readonly associations: UeAssociations;
  #sequence: number;
  #callId = '';
  #fromTag = '';
  #cseq = 0;
  #wish: RegisterWish = { expires: REGISTRATION_EXPIRES, refreshes: true, inTheClear: false, answer: undefined };
  /** The last challenge that was answered: what is sent again over the same security associations repeats it. */
  #challenge: AuthParams | undefined;
  #res: Uint8Array = EMPTY;
  #nonceCount = 0;
  #invalid = 0;
  state: UeRegistrationState = 'not registered';
  serviceRoute: readonly string[] = [];
  identities: readonly string[] = [];
  expiresAt: SimTime | undefined;
  /** When it is to be refreshed; undefined when it shall run out. */
  refreshAt: SimTime | undefined;
  /** The registration is being taken back. */
  isLeaving = false;

  constructor(config: UeConfig, chance: Chance, report: StateReport) {
    this.#config = config;
    this.#chance = chance;
    this.associations = new UeAssociations(config, chance, report);
    this.#sequence = config.secret.kind === 'usim' ? config.secret.sequence : 0;
  }

  get defaultIdentity(): string {
    return this.identities[0] ?? this.#config.publicIdentity;
  }

  /** Those that protect what is sent, once registered. */
  get security(): SaPairs | undefined {
    return this.associations.current;
  }

  /** Takes the transition; undefined when the event means nothing in this state. */
  move(on: Event): { readonly from: UeRegistrationState; readonly to: UeRegistrationState } | undefined {
    const step = transition(RULES, this.state, on, () => this.expiresAt !== undefined);
    if (step === undefined) return undefined;
    this.state = step.to;
    return step;
  }

  get wish(): RegisterWish {
    return this.#wish;
  }

  /** The first REGISTER of a registration, or of its renewal. */
  begin(wish: RegisterWish): PreparedRegister {
    this.#wish = wish;
    this.isLeaving = false;
    return this.#begin();
  }

  /** The first REGISTER that takes the registration back. */
  leave(): PreparedRegister {
    this.#wish = { ...this.#wish, inTheClear: false, answer: undefined };
    this.isLeaving = true;
    return this.#begin();
  }

  #begin(): PreparedRegister {
    this.#invalid = 0;
    this.associations.propose();
    return this.#register(this.#challenge === undefined ? { kind: 'first' } : { kind: 'digest', challenge: this.#challenge }, this.#beginsOver());
  }

  /** A 401: the USIM answers, or says what it has against it; the note says why. */
  onChallenge(response: SipResponse, now: SimTime): ChallengeOutcome {
    const challenge = parseChallenge(response.headers.get('WWW-Authenticate') ?? '');
    const { secret } = this.#config;
    if (secret.kind === 'password') return this.#onPasswordChallenge(challenge);
    const verdict = askUsim(secret, this.#sequence, challenge);
    const { note } = verdict;
    if (verdict.kind === 'unusable' || challenge === undefined) return { kind: 'give-up', note };
    if (verdict.kind !== 'answer') {
      if (++this.#invalid > INVALID_LIMIT) return { kind: 'give-up', note };
      this.associations.drop('failed');
      // TS 33.203 §7.3.1.2, §7.3.1.3: what is wrong is told the way that the first REGISTER went, for the new associations are not to be trusted.
      if (verdict.kind === 'not-believed')
        return { kind: 'send', on: 'challenge', note, register: this.#register({ kind: 'not-believed', challenge }, this.#beginsOver()) };
      this.associations.propose();
      const answer: Answer = { kind: 'out-of-step', challenge, auts: verdict.auts };
      return { kind: 'send', on: 'out-of-step', note, register: this.#register(answer, this.#beginsOver()) };
    }
    this.#invalid = 0;
    this.#sequence = verdict.sequence;
    this.#challenge = challenge;
    this.#nonceCount = 0;
    const { answer } = this.#wish;
    // A person wants it wrong once: a second challenge is answered as it should be.
    this.#wish = { ...this.#wish, answer: undefined };
    const spoilt = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
    this.#res = answer === 'wrong-response' || answer === 'wrong-keys' ? spoilt(verdict.res) : verdict.res;
    const [ck, ik] = answer === 'wrong-keys' ? [spoilt(verdict.ck), spoilt(verdict.ik)] : [verdict.ck, verdict.ik];
    const offers = response.headers.values('Security-Server');
    if (offers.length > 0 && !this.associations.make(offers, ck, ik, now))
      return { kind: 'give-up', note: rejected('The P-CSCF lists nothing that this UE can do.', 'TS 33.203 §7.3.2.2', 'Security-Server') };
    if (answer === 'none') return { kind: 'silent', note: decided('A person wanted the challenge to stay unanswered, to see what the network does.') };
    if (answer === 'other-call-id') this.#callId = this.#newCallId();
    const register = this.#register({ kind: 'digest', challenge }, this.associations.trial);
    if (answer !== undefined) register.notes.push(decided(WANTED[answer]));
    return { kind: 'send', on: 'challenge', note, register };
  }

  #onPasswordChallenge(challenge: AuthParams | undefined): ChallengeOutcome {
    // RFC 3261 §22.2: the same password is not tried again, unless only the nonce was too old.
    const isAgain = this.state === 'challenged' && challenge?.params.get('stale')?.toLowerCase() !== 'true';
    if (challenge === undefined || isAgain)
      return { kind: 'give-up', note: rejected('The same password would be refused again: the UE gives up.', 'RFC 3261 §22.2', 'WWW-Authenticate') };
    this.#challenge = challenge;
    this.#nonceCount = 0;
    return {
      kind: 'send',
      on: 'challenge',
      note: decided('The home network asks for a proof of the password.', 'TS 33.203 §N.2.1.1'),
      register: this.#register({ kind: 'digest', challenge }, undefined),
    };
  }

  /** A 200; the note tells why it is not believed, if it is not. */
  onAccepted(response: SipResponse, now: SimTime): Note | undefined {
    const { headers } = response;
    if (this.isLeaving) return undefined;
    if (!this.#isProven(headers.get('Authentication-Info')))
      return rejected(
        'The home network does not prove that it knows the password: the registration counts as failed.',
        'TS 33.203 §N.2.2.2',
        'Authentication-Info',
      );
    this.serviceRoute = headers.values('Service-Route').map(ownText);
    this.identities = headers
      .values('P-Associated-URI')
      .flatMap((value) => uriOf(value) ?? [])
      .map(ownText);
    const contact = parseNameAddr(headers.first('Contact') ?? '');
    const granted = Number(contact?.params.get('expires') ?? headers.get('Expires') ?? this.#wish.expires);
    this.expiresAt = after(now, seconds(granted));
    this.refreshAt = this.#wish.refreshes ? refreshAt(now, granted) : undefined;
    // The next one goes over the associations that stand, unless a person wants it otherwise again.
    this.#wish = { ...this.#wish, inTheClear: false };
    this.associations.accepted(this.expiresAt);
    return undefined;
  }

  /** Everything that came with the registration is gone; the next one starts afresh. */
  forget(): void {
    this.associations.forget();
    this.serviceRoute = [];
    this.identities = [];
    this.expiresAt = undefined;
    this.refreshAt = undefined;
    this.#challenge = undefined;
    this.#callId = '';
    this.#cseq = 0;
  }

  #beginsOver(): SaPairs | undefined {
    return this.#wish.inTheClear ? undefined : this.associations.current;
  }

  #newCallId(): string {
    return `${this.#chance.token('call-id', 12)}@${formatHost(this.#config.address)}`;
  }

  #register(answer: Answer, over: SaPairs | undefined): PreparedRegister {
    const { homeDomain, publicIdentity, accessNetwork } = this.#config;
    if (this.#callId === '') {
      this.#callId = this.#newCallId();
      this.#fromTag = this.#chance.token('tag', 8);
    }
    this.#cseq++;
    const uri = `sip:registrar.${homeDomain}`;
    const { secret } = this.#config;
    const authorization = authorizationOf(answer, {
      username: this.#config.privateIdentity,
      realm: `registrar.${homeDomain}`,
      uri,
      secret: secret.kind === 'usim' ? this.#res : secret.password,
      cnonce: () => this.#chance.token('cnonce', 12),
      nonceCount: () => ++this.#nonceCount,
    });
    const { offer } = this.associations;
    const security: [string, string][] =
      offer === undefined
        ? []
        : [
            ['Security-Client', offer],
            ...(over === undefined ? [] : [['Security-Verify', over.securityServer] as [string, string]]),
            ['Require', 'sec-agree'],
            ['Proxy-Require', 'sec-agree'],
          ];
    const headers: [string, string][] = [
      ['Max-Forwards', '70'],
      ['P-Access-Network-Info', accessNetwork],
      ['From', `<${publicIdentity}>;tag=${this.#fromTag}`],
      ['To', `<${publicIdentity}>`],
      ['Contact', `<${contactOf(this.#config)}>;expires=${this.isLeaving ? 0 : this.#wish.expires}`],
      ['Call-ID', this.#callId],
      ['Authorization', authorization.value],
      ...security,
      ['CSeq', `${this.#cseq} REGISTER`],
      ['Supported', 'path'],
    ];
    const notes: Note[] = [authorization.note];
    if (offer !== undefined) notes.push({ ...SECURITY_CLIENT_NOTE, to: offer });
    if (offer !== undefined && over !== undefined) notes.push({ ...SECURITY_VERIFY_NOTE, to: over.securityServer });
    return { request: createRequest('REGISTER', uri, headers, EMPTY), notes, over };
  }

  /** Without a password there is nothing to prove; a home network that says nothing is believed. */
  #isProven(info: string | undefined): boolean {
    const { secret, privateIdentity, homeDomain } = this.#config;
    const params = info === undefined ? undefined : parsePairs(info);
    if (secret.kind !== 'password' || params === undefined || this.#challenge === undefined) return true;
    const ours = digestResponse({
      username: privateIdentity,
      realm: this.#challenge.params.get('realm') ?? '',
      secret: secret.password,
      nonce: this.#challenge.params.get('nonce') ?? '',
      method: '',
      uri: `sip:registrar.${homeDomain}`,
      qop: 'auth',
      nc: params.get('nc') ?? '',
      cnonce: params.get('cnonce') ?? '',
    });
    return params.get('rspauth') === ours;
  }
}

/** Where a UE takes requests: its protected server port, when it makes a security agreement. */
export const contactOf = ({ address, serverPort, algorithms }: UeConfig): string =>
  algorithms.length === 0 ? `sip:${formatHost(address)}` : `sip:${formatHost(address)}:${serverPort}`;

const WANTED: Readonly<Record<Exclude<Misbehaviour, 'none'>, string>> = {
  'wrong-response': 'A person wanted a wrong response here, made with the right keys, to see what the network says.',
  'wrong-keys': 'A person wanted a USIM here that computes another response and other keys, to see what the network does.',
  'other-call-id': 'A person wanted another Call-ID here, to see whether this still counts as an answer to the challenge.',
};
