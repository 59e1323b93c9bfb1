/**
 * Registration at the P-CSCF: what it does to REGISTER and its answers, and the security associations that come and go with them
 * (TS 24.229, P-CSCF registration; RFC 3327, RFC 3329; TS 33.203 §7). Omitted: NAT traversal, GRUU, several contacts per UE.
 */
import type { Chance } from '#base/chance.ts';
import { ownText } from '#base/own-text.ts';
import { after, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { newVector, removeCharging, setChargingVector, chargingVectorOf, type1 } from '#ims/node/charging-vector.ts';
import { addHeader, decided, type Notes, rejected, removeHeader, setHeader } from '#ims/node/edit.ts';
import { AWAIT_AUTH, moveAssociations, nextClientPort, type SaEnd, type SaPairs, sealOf, type StateReport } from '#ims/node/security-associations.ts';
import { takeAkaKeys } from '#protocol/sip/aka-challenge.ts';
import { type AuthParams, formatChallenge, formatCredentials, parseChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { type Choice, chooseForServer, formatSecurityMechanism, parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import type { Flow } from '#protocol/sip/transactions.ts';
import { contactKey, pairsKey, type Source } from './access-table.ts';
import { checkAgreement } from './agreement.ts';
import { removeSecurityHeaders, type Refusal } from './from-ue.ts';
import type { PCscfConfig } from './config.ts';
import { accessKey, type Registered, type Said } from './state.ts';
import { splitList } from '#protocol/sip/lists.ts';

/** What the UE offers for new security associations, and what this P-CSCF would take of it. */
interface Proposal {
  readonly securityClient: string;
  readonly choice: Choice;
}

/** Security associations of a challenge that is not answered yet. */
export interface Trial {
  readonly pairs: SaPairs;
  readonly privateIdentity: string;
  /** Those that protected the first REGISTER. */
  readonly begunOver: SaPairs | undefined;
}

/** How a REGISTER came: in the clear, over security associations that stand, or over those of its challenge. */
export type Arrival =
  | { readonly kind: 'plain'; readonly flow: Flow }
  | { readonly kind: 'standing'; readonly flow: Flow; readonly pairs: SaPairs; readonly registered: Registered }
  | { readonly kind: 'trial'; readonly flow: Flow; readonly trial: Trial };

export interface RegistrationPurpose {
  readonly kind: 'register';
  readonly contact: string;
  readonly privateIdentity: string;
  readonly arrival: Arrival;
  /** Undefined without IPsec. */
  readonly proposal: Proposal | undefined;
}

export interface RegistrationOutcome {
  readonly said: Said;
  readonly contactKey: string;
  /** Seconds; 0: deregistered. */
  readonly expires: number;
}

export class PCscfRegistrar {
  readonly #config: PCscfConfig;
  readonly #chance: Chance;
  readonly #report: StateReport;
  readonly #bySource = new Map<string, Trial>();
  readonly #byUser = new Map<string, Trial>();
  readonly #timers = new Timers<Trial>();
  readonly #expiry = new Map<Trial, Timer<Trial>>();

  constructor(config: PCscfConfig, chance: Chance, report: StateReport) {
    this.#config = config;
    this.#chance = chance;
    this.#report = report;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  /** Gives up the associations whose challenge nobody has answered; true when there were any. */
  fire(now: SimTime): boolean {
    let gone = false;
    for (let trial = this.#timers.due(now); trial !== undefined; trial = this.#timers.due(now)) {
      this.#drop(trial, 'expire');
      gone = true;
    }
    return gone;
  }

  /** The associations on trial that this flow is one of. */
  trialOf({ local, remote }: Flow): Trial | undefined {
    return local.port === this.#config.protectedPorts.server ? this.#bySource.get(accessKey(remote.address, remote.port)) : undefined;
  }

  trials(): Iterable<Trial> {
    return this.#bySource.values();
  }

  /** Prepares a REGISTER for the home network, or refuses it. */
  forward(request: SipRequest, flow: Flow, source: Source | undefined, notes: Notes): RegistrationPurpose | Refusal {
    const { headers } = request;
    const contact = uriOf(headers.first('Contact') ?? '') ?? '';
    const authorization = parseCredentials(headers.get('Authorization') ?? '');
    const privateIdentity = ownText(authorization?.params.get('username') ?? uriOf(headers.get('To') ?? '')?.replace(/^sips?:/, '') ?? '');
    const arrival = this.#arrivalOf(request, flow, source, privateIdentity);
    if ('status' in arrival) return arrival;
    const proposal = this.#proposalOf(request, arrival);
    if (proposal !== undefined && 'status' in proposal) return proposal;
    const { params = new Map<string, string>() } = authorization ?? {};
    if (arrival.kind !== 'trial' && isFailure(params)) this.#dropFailed(privateIdentity, flow, notes);
    if (authorization !== undefined) this.#vouch(request, notes, authorization, arrival, proposal !== undefined, source !== undefined);
    removeSecurityHeaders(request, notes);
    addHeader(
      request,
      notes,
      'Path',
      `<sip:term@${this.#config.host};lr>`,
      'Requests for the user will have to come through this P-CSCF: the registrar keeps this as the way.',
      'RFC 3327 §5.2',
    );
    addHeader(request, notes, 'Require', 'path', 'The registrar must understand Path, or the user could not be reached.', 'RFC 3327 §5.2');
    removeHeader(request, notes, 'P-Visited-Network-ID', 'Only a network may say which network it is.', 'RFC 7315 §4.3');
    addHeader(request, notes, 'P-Visited-Network-ID', this.#config.domain, 'The home network decides by this whether the user may roam here.', 'RFC 7315 §4.3');
    removeHeader(request, notes, 'P-Charging-Vector', 'A UE has no say in charging.', 'RFC 7315 §4.6');
    setChargingVector(
      request,
      notes,
      newVector(this.#chance, this.#config, type1(this.#config.domain)),
      'The first IMS node of a transaction gives it the number under which its charging records will be found.',
      'TS 32.260 §5.1.2.2',
    );
    return { kind: 'register', contact: ownText(contact), privateIdentity, arrival, proposal };
  }

  /** Works on the home network's answer. The outcome tells when the user is registered or deregistered. */
  answer(purpose: RegistrationPurpose, response: SipResponse, notes: Notes, now: SimTime, standing: SaPairs | undefined): RegistrationOutcome | undefined {
    const vector = chargingVectorOf(response);
    removeCharging(response, notes, 'Charging is between the networks: the UE does not see it.');
    if (response.status === 401) {
      this.#challenge(purpose, response, notes, now, standing);
      return undefined;
    }
    const { arrival } = purpose;
    if (arrival.kind === 'trial') {
      if (response.status !== 200) {
        this.#drop(arrival.trial, 'failed');
        notes.push(decided('The authentication has failed: the security associations made for it are deleted.', 'TS 33.203 §7.3.1.1'));
      } else this.#forget(arrival.trial);
    }
    return response.status === 200 ? outcomeOf(purpose, response, vector?.terminating) : undefined;
  }

  /** The user has left with this very answer: the associations made for it are of no use. */
  leave(trial: Trial): void {
    moveAssociations(trial.pairs, 'deregistered', this.#report);
  }

  /** Tells the S-CSCF whether the REGISTER came protected (TS 33.203 §6.1.5). */
  #vouch(request: SipRequest, notes: Notes, { scheme, params }: AuthParams, arrival: Arrival, ipsec: boolean, known: boolean): void {
    const answers = (params.get('response') ?? '') !== '';
    const isProtected = arrival.kind === 'standing' || (arrival.kind === 'trial' && answers);
    const value = ipsec ? (isProtected ? 'yes' : 'no') : known ? 'ip-assoc-yes' : 'ip-assoc-pending';
    setHeader(
      request,
      notes,
      'Authorization',
      formatCredentials({ scheme, params: new Map([...params, ['integrity-protected', value]]) }),
      value === 'yes'
        ? 'Tells the S-CSCF that this REGISTER came over a security association.'
        : 'Tells the S-CSCF that no security association protected this REGISTER.',
      'TS 33.203 §6.1.5',
    );
  }

  #arrivalOf(request: SipRequest, flow: Flow, source: Source | undefined, privateIdentity: string): Arrival | Refusal {
    if (flow.local.port !== this.#config.protectedPorts.server) return { kind: 'plain', flow };
    const trial = this.trialOf(flow);
    const pairs = trial?.pairs ?? source?.pairs;
    if (pairs === undefined) return { status: 403, note: rejected('No security association is up between these ports.', 'TS 33.203 §7.1') };
    const owner = trial?.privateIdentity ?? source?.registered.privateIdentity;
    const refusal = checkAgreement(request, flow, pairs, trial !== undefined, owner === privateIdentity);
    if (refusal !== undefined) {
      if (trial !== undefined) this.#drop(trial, 'failed');
      return refusal;
    }
    if (trial !== undefined) return { kind: 'trial', flow, trial };
    return source === undefined ? { kind: 'plain', flow } : { kind: 'standing', flow, pairs, registered: source.registered };
  }

  /** The first algorithm pair on the P-CSCF's own list that the UE offers too; a refusal when there is none (TS 33.203 §7.2, §7.3.2.1). */
  #proposalOf(request: SipRequest, arrival: Arrival): Proposal | Refusal | undefined {
    const securityClient = request.headers.values('Security-Client').join(', ');
    if (securityClient === '' && arrival.kind === 'plain') {
      if (this.#config.allowWithoutIpsec) return undefined;
      return {
        status: 421,
        note: rejected('The UE proposes no security agreement, and this P-CSCF insists on one.', 'RFC 3329 §2.3.1'),
        headers: [['Require', 'sec-agree']],
      };
    }
    const choice = chooseForServer(this.#config.algorithms, parseSecurityMechanisms(splitList(securityClient)) ?? []);
    if (choice !== undefined) return { securityClient: ownText(securityClient), choice };
    return {
      status: 494,
      note: rejected('None of the algorithms that the UE offers is on the list of this P-CSCF.', 'TS 33.203 §7.3.2.1', 'Security-Client'),
      headers: [['Security-Server', this.#list(0, 0)]],
    };
  }

  /** The whole list of this P-CSCF, whatever the UE offers: so nobody in between can hide the better ones (TS 33.203 §7.2). */
  #list(spiC: number, spiS: number, portC = this.#config.protectedPorts.client): string {
    const { algorithms, protectedPorts } = this.#config;
    return algorithms
      .map((one, i) =>
        formatSecurityMechanism({
          kind: 'ipsec-3gpp',
          q: ((algorithms.length - i) / 10).toFixed(1),
          ...one,
          prot: 'esp',
          mod: 'trans',
          spiC,
          spiS,
          portC,
          portS: protectedPorts.server,
        }),
      )
      .join(', ');
  }

  #challenge(purpose: RegistrationPurpose, response: SipResponse, notes: Notes, now: SimTime, standing: SaPairs | undefined): void {
    const challenge = parseChallenge(response.headers.get('WWW-Authenticate') ?? '');
    if (challenge === undefined || purpose.proposal === undefined) return;
    const { challenge: bare, ck, ik } = takeAkaKeys(challenge);
    setHeader(
      response,
      notes,
      'WWW-Authenticate',
      formatChallenge(bare),
      'The keys were for the P-CSCF: the USIM computes its own from the challenge, so they never travel over the air.',
      'TS 33.203 §6.1.1',
    );
    if (ck === undefined || ik === undefined) return;
    const pairs = this.#make(purpose, purpose.proposal, ck, ik, now, standing);
    addHeader(
      response,
      notes,
      'Security-Server',
      pairs.securityServer,
      'The whole list of this P-CSCF, with its ports and indices; both sides now set up two pairs of security associations.',
      'TS 33.203 §7.2',
    );
    const { alg, ealg } = pairs.algorithms;
    notes.push(decided(`Two pairs of security associations stand ready (${alg}, ${ealg}), for as long as an answer may take.`, 'TS 33.203 §7.1, §7.4.2a'));
  }

  #make(purpose: RegistrationPurpose, proposal: Proposal, ck: Uint8Array, ik: Uint8Array, now: SimTime, standing: SaPairs | undefined): SaPairs {
    const { arrival, privateIdentity } = purpose;
    const { offer, algorithms } = proposal.choice;
    const { client, server } = this.#config.protectedPorts;
    const begunOver = arrival.kind === 'standing' ? arrival.pairs : arrival.kind === 'trial' ? arrival.trial.begunOver : undefined;
    const before = this.#byUser.get(privateIdentity);
    // TS 33.203 §7.4.2a: those of an earlier attempt go.
    if (before !== undefined) this.#drop(before, 'failed');
    const taken = [offer.spiC, offer.spiS];
    const spiC = this.#spi(taken);
    const spiS = this.#spi([...taken, spiC]);
    const previous = arrival.kind === 'trial' ? arrival.trial.pairs : (begunOver ?? standing);
    const clientPort = previous === undefined ? client : nextClientPort(previous.proxy.clientPort, [server]);
    const own: SaEnd = { address: this.#config.address, clientPort, serverPort: server, spiC, spiS };
    const pairs: SaPairs = {
      ue: { address: arrival.flow.remote.address, clientPort: offer.portC, serverPort: offer.portS, spiC: offer.spiC, spiS: offer.spiS },
      proxy: own,
      algorithms,
      securityClient: proposal.securityClient,
      securityServer: this.#list(spiC, spiS, clientPort),
      seal: sealOf(ck, ik, algorithms),
      phase: 'temporary',
      until: after(now, AWAIT_AUTH),
    };
    const trial: Trial = { pairs, privateIdentity, begunOver };
    this.#expiry.set(trial, this.#timers.set(pairs.until, trial));
    this.#bySource.set(pairsKey(pairs), trial);
    this.#byUser.set(privateIdentity, trial);
    return pairs;
  }

  /** What the UE has against the challenge arrives past the associations made for it: they go at once. */
  #dropFailed(privateIdentity: string, flow: Flow, notes: Notes): void {
    const trial = this.#byUser.get(privateIdentity);
    if (trial?.pairs.ue.address !== flow.remote.address) return;
    this.#drop(trial, 'failed');
    notes.push(decided('The UE does not accept the challenge: the security associations made for it are deleted.', 'TS 33.203 §7.3.1.2, §7.3.1.3'));
  }

  #drop(trial: Trial, on: 'failed' | 'expire'): void {
    this.#forget(trial);
    moveAssociations(trial.pairs, on, this.#report);
  }

  #forget(trial: Trial): void {
    this.#timers.cancel(this.#expiry.get(trial));
    this.#expiry.delete(trial);
    const key = pairsKey(trial.pairs);
    if (this.#bySource.get(key) === trial) this.#bySource.delete(key);
    if (this.#byUser.get(trial.privateIdentity) === trial) this.#byUser.delete(trial.privateIdentity);
  }

  /** All four SPIs differ (TS 33.203 §7.1); those below 256 are reserved. */
  #spi(taken: readonly number[]): number {
    for (;;) {
      const spi = 256 + (this.#chance.bits('spi') % 0x7fffff00);
      if (!taken.includes(spi)) return spi;
    }
  }
}

/** A response that says what the USIM has against the challenge: an empty one to a nonce, or AUTS. */
const isFailure = (params: ReadonlyMap<string, string>): boolean => params.has('auts') || (params.get('response') === '' && (params.get('nonce') ?? '') !== '');

function outcomeOf(purpose: RegistrationPurpose, { headers }: SipResponse, homeNetwork: string | undefined): RegistrationOutcome {
  const key = contactKey(purpose.contact) ?? '';
  const own = headers
    .values('Contact')
    .map((value) => parseNameAddr(value))
    .find((contact) => contact !== undefined && contactKey(contact.uri) === key);
  const expires = own === undefined ? 0 : Number(own.params.get('expires') ?? headers.get('Expires') ?? '0');
  const identities = headers.values('P-Associated-URI').flatMap((value) => uriOf(value) ?? []);
  const said: Said = {
    identities: (identities.length > 0 ? identities : [uriOf(headers.get('To') ?? '') ?? '']).map(ownText),
    serviceRoute: headers.values('Service-Route').map(ownText),
    homeNetwork: homeNetwork === undefined ? undefined : ownText(homeNetwork),
  };
  return { said, contactKey: key, expires };
}
