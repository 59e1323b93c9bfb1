/**
 * Registration as a UE does it (TS 24.229 §5.1.1; RFC 3310, RFC 3329; TS 33.203 §6.1, §7): the first REGISTER in the clear with an empty response, the
 * USIM's answer to the challenge, two pairs of security associations, the Service-Route and the identities that come with the 200.
 * Omitted: several contacts, re-keying, AUTS (a later issue), the unprotected re-registration after a failure of the network.
 */
import { fromHex } from '#base/bytes.ts';
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import { ownText } from '#base/own-text.ts';
import { compileTable, transition, type StateTable } from '#base/state-table.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { refreshAt } from '#presence/refresh-time.ts';
import { answerChallenge, parseAkaNonce } from '#protocol/sip/aka.ts';
import { type AuthParams, formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { createRequest, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { chooseForClient, formatSecurityMechanism, parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import { formatHost } from '#protocol/sip/uri.ts';

export interface UeConfig {
  readonly id: string;
  readonly address: string;
  readonly displayName: string;
  readonly privateIdentity: string;
  readonly publicIdentity: string;
  readonly homeDomain: string;
  /** The USIM's keys and the highest sequence number it has accepted. */
  readonly key: string;
  readonly opc: string;
  readonly sequence: number;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly proxy: { readonly host: string; readonly address: string };
  readonly accessNetwork: string;
  /** UTC, moment 0 of the run: for time stamps in what it publishes. */
  readonly startsAt: string;
}

export type UeRegistrationState = 'not registered' | 'registering' | 'challenged' | 'registered' | 'deregistering';
type Event = 'register' | 'challenge' | 'too-brief' | 'accept' | 'refuse' | 'deregister' | 'network-ends' | 'expire';

export const UE_REGISTRATION: StateTable<UeRegistrationState, Event, never, never> = {
  name: 'registration (UE)',
  states: ['not registered', 'registering', 'challenged', 'registered', 'deregistering'],
  initial: 'not registered',
  final: [],
  rows: [
    { from: ['not registered', 'registered'], on: 'register', to: 'registering', clause: 'TS 24.229 (clause unchecked)' },
    { from: 'registering', on: 'challenge', to: 'challenged', clause: 'RFC 3310 §3.2' },
    { from: ['registering', 'challenged'], on: 'too-brief', to: 'registering', clause: 'RFC 3261 §10.2.8' },
    { from: ['registering', 'challenged'], on: 'accept', to: 'registered', clause: 'RFC 3261 §10.2' },
    { from: ['registering', 'challenged'], on: 'refuse', to: 'not registered', clause: 'RFC 3261 §10.2' },
    { from: 'registered', on: 'deregister', to: 'deregistering', clause: 'RFC 3261 §10.2.2' },
    { from: 'deregistering', on: 'accept', to: 'not registered', clause: 'RFC 3261 §10.2.2' },
    { from: 'deregistering', on: 'refuse', to: 'not registered', clause: 'RFC 3261 §10.2.2' },
    { from: 'registered', on: 'network-ends', to: 'not registered', clause: 'RFC 6665 §4.1.3' },
    { from: 'registered', on: 'expire', to: 'not registered', clause: 'RFC 3261 §10.2.4' },
  ],
};
const RULES = compileTable(UE_REGISTRATION);

/** Seconds: what a UE asks for (TS 24.229). */
const EXPIRES = 600_000;
const ALGORITHMS = [
  { alg: 'hmac-sha-1-96', ealg: 'aes-cbc' },
  { alg: 'hmac-sha-1-96', ealg: 'null' },
] as const;
const EMPTY = new Uint8Array(0);

export interface SecurityAssociations {
  readonly proxyServerPort: number;
  readonly proxyClientPort: number;
  /** What Security-Verify repeats. */
  readonly securityServer: string;
}

export class UeRegistration {
  readonly #config: UeConfig;
  readonly #chance: Chance;
  readonly #spis: readonly [number, number];
  #sequence: number;
  #callId = '';
  #fromTag = '';
  #cseq = 0;
  #challenge: AuthParams | undefined;
  #res: Uint8Array = EMPTY;
  #nonceCount = 0;
  /** A challenge that the USIM did not believe: the next REGISTER says so with an empty response. */
  #refusedNonce: string | undefined;
  state: UeRegistrationState = 'not registered';
  security: SecurityAssociations | undefined;
  serviceRoute: readonly string[] = [];
  identities: readonly string[] = [];
  expiresAt: SimTime | undefined;
  /** When it is to be refreshed; undefined when it shall run out. */
  refreshAt: SimTime | undefined;
  /** Seconds that the next REGISTER asks for. */
  asked = EXPIRES;
  /** False: the person wants to see it run out. */
  refreshes = true;

  constructor(config: UeConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
    this.#sequence = config.sequence;
    this.#spis = [256 + (chance.bits('spi') % 0x3fffffff), 0x40000000 + (chance.bits('spi') % 0x3fffffff)];
  }

  get defaultIdentity(): string {
    return this.identities[0] ?? this.#config.publicIdentity;
  }

  /** Takes the transition; undefined when the event means nothing in this state. */
  move(on: Event): { readonly from: UeRegistrationState; readonly to: UeRegistrationState } | undefined {
    const step = transition(RULES, this.state, on, () => true);
    if (step === undefined) return undefined;
    this.state = step.to;
    return step;
  }

  /** What a person wants: for how long, and whether to be kept alive. */
  want(expires: number | undefined, refreshes: boolean): void {
    this.asked = expires ?? EXPIRES;
    this.refreshes = refreshes;
  }

  /** The REGISTER for these seconds (0: deregister), with the answer to the last challenge when there was one. */
  register(expires = this.asked): { readonly request: SipRequest; readonly notes: Note[] } {
    const { address, homeDomain, publicIdentity, accessNetwork, serverPort } = this.#config;
    const notes: Note[] = [];
    if (this.#callId === '') {
      this.#callId = `${this.#chance.token('call-id', 12)}@${formatHost(address)}`;
      this.#fromTag = this.#chance.token('tag', 8);
    }
    this.#cseq++;
    const uri = `sip:registrar.${homeDomain}`;
    const authorization = this.#authorization(uri);
    const headers: [string, string][] = [
      ['Max-Forwards', '70'],
      ['P-Access-Network-Info', accessNetwork],
      ['From', `<${publicIdentity}>;tag=${this.#fromTag}`],
      ['To', `<${publicIdentity}>`],
      ['Contact', `<sip:${formatHost(address)}:${serverPort}>;expires=${expires}`],
      ['Call-ID', this.#callId],
      ['Authorization', authorization],
      ['Security-Client', this.#offer()],
      ...(this.security === undefined ? [] : [['Security-Verify', this.security.securityServer] as [string, string]]),
      ['Require', 'sec-agree'],
      ['Proxy-Require', 'sec-agree'],
      ['CSeq', `${this.#cseq} REGISTER`],
      ['Supported', 'path'],
    ];
    notes.push(
      this.#refusedNonce !== undefined
        ? {
            op: 'added',
            header: 'Authorization',
            to: authorization,
            reason: 'The USIM does not believe this challenge: an empty response tells the home network so.',
            clause: 'TS 33.203 §6.1.2',
          }
        : this.#challenge === undefined
          ? {
              op: 'added',
              header: 'Authorization',
              to: authorization,
              reason: 'No challenge has come yet: the private identity is named, the response stays empty.',
              clause: 'TS 33.203 (clause unchecked)',
            }
          : {
              op: 'added',
              header: 'Authorization',
              to: authorization,
              reason: 'The digest is made with RES, which the USIM computed from the challenge and its secret key.',
              clause: 'RFC 3310 §3.3',
            },
      {
        op: 'added',
        header: 'Security-Client',
        to: this.#offer(),
        reason: 'The UE offers what protection it can do, with its ports and indices for the security associations.',
        clause: 'RFC 3329 §2.3.1',
      },
    );
    if (this.security !== undefined) {
      notes.push({
        op: 'added',
        header: 'Security-Verify',
        to: this.security.securityServer,
        reason: 'Repeats what the P-CSCF offered, now under protection: a change on the way would show.',
        clause: 'RFC 3329 §2.3.1',
      });
    }
    return { request: createRequest('REGISTER', uri, headers, EMPTY), notes };
  }

  /** The last challenge was not from the home network, as far as the USIM can tell. */
  get refusesChallenge(): boolean {
    return this.#refusedNonce !== undefined;
  }

  /** A 401: the USIM answers, or does not believe it; the note says why. */
  onChallenge(response: SipResponse): { readonly accepted: boolean; readonly note: Note } {
    const challenge = parseChallenge(response.headers.get('WWW-Authenticate') ?? '');
    const nonce = parseAkaNonce(challenge?.params.get('nonce') ?? '');
    const k = fromHex(this.#config.key);
    const opc = fromHex(this.#config.opc);
    if (challenge === undefined || nonce === undefined || k === undefined || opc === undefined) {
      return {
        accepted: false,
        note: { op: 'rejected', header: 'WWW-Authenticate', reason: 'The challenge holds no RAND and AUTN.', clause: 'RFC 3310 §3.2' },
      };
    }
    const answer = answerChallenge({ k, opc }, nonce.rand, nonce.autn, this.#sequence);
    if (answer.kind === 'mac-failure') {
      this.#refusedNonce = challenge.params.get('nonce');
      return {
        accepted: false,
        note: {
          op: 'rejected',
          header: 'WWW-Authenticate',
          reason: 'The code in AUTN is wrong: whoever sent this does not know the key, so it is not the home network.',
          clause: 'TS 33.203 (clause unchecked)',
        },
      };
    }
    if (answer.kind === 'sqn-failure') {
      return {
        accepted: false,
        note: { op: 'rejected', header: 'WWW-Authenticate', reason: 'The sequence number in AUTN was used before.', clause: 'TS 33.203 (clause unchecked)' },
      };
    }
    this.#sequence = answer.sqn;
    this.#refusedNonce = undefined;
    this.#challenge = challenge;
    this.#nonceCount = 0;
    this.#res = answer.res;
    const offers = response.headers.values('Security-Server');
    const server = chooseForClient(ALGORITHMS, parseSecurityMechanisms(offers) ?? []);
    if (server !== undefined) {
      this.security = { proxyServerPort: server.portS, proxyClientPort: server.portC, securityServer: ownText(offers.join(', ')) };
    }
    return {
      accepted: true,
      note: {
        op: 'decided',
        reason: 'AUTN proves the home network to the USIM; the USIM computes RES for the answer, and the keys for the security associations.',
        clause: 'RFC 3310 §3.2',
      },
    };
  }

  onAccepted(response: SipResponse, now: SimTime): void {
    const { headers } = response;
    this.serviceRoute = headers.values('Service-Route').map(ownText);
    this.identities = headers
      .values('P-Associated-URI')
      .flatMap((value) => uriOf(value) ?? [])
      .map(ownText);
    const contact = parseNameAddr(headers.first('Contact') ?? '');
    const granted = Number(contact?.params.get('expires') ?? headers.get('Expires') ?? this.asked);
    this.expiresAt = after(now, seconds(granted));
    this.refreshAt = this.refreshes ? refreshAt(now, granted) : undefined;
  }

  /** Everything that came with the registration is gone; the next one starts afresh. */
  forget(): void {
    this.security = undefined;
    this.serviceRoute = [];
    this.identities = [];
    this.expiresAt = undefined;
    this.refreshAt = undefined;
    this.#challenge = undefined;
    this.#refusedNonce = undefined;
    this.#callId = '';
    this.#cseq = 0;
  }

  #authorization(uri: string): string {
    const { privateIdentity, homeDomain } = this.#config;
    const credentials =
      this.#challenge === undefined
        ? undefined
        : createCredentials(this.#challenge, {
            username: privateIdentity,
            secret: this.#res,
            method: 'REGISTER',
            uri,
            cnonce: this.#chance.token('cnonce', 12),
            nonceCount: ++this.#nonceCount,
          });
    if (credentials !== undefined) return formatCredentials(credentials);
    const params = new Map([
      ['username', privateIdentity],
      ['realm', `registrar.${homeDomain}`],
      ['nonce', this.#refusedNonce ?? ''],
      ['uri', uri],
      ['response', ''],
    ]);
    return formatCredentials({ scheme: 'Digest', params });
  }

  #offer(): string {
    const { clientPort, serverPort } = this.#config;
    const [spiClient, spiServer] = this.#spis;
    return ALGORITHMS.map((one) =>
      formatSecurityMechanism({
        kind: 'ipsec-3gpp',
        ...one,
        prot: 'esp',
        mod: 'trans',
        spiC: spiClient,
        spiS: spiServer,
        portC: clientPort,
        portS: serverPort,
      }),
    ).join(', ');
  }
}
