/**
 * Registration at the P-CSCF: what it does to REGISTER and its answers (TS 24.229, P-CSCF registration; RFC 3327, RFC 3329; TS 33.203 §7).
 * Omitted: NAT traversal, GRUU, several contacts per UE, re-keying with a second set of security associations (a re-registration keeps those it has).
 */
import type { Chance } from '#base/chance.ts';
import { ownText } from '#base/own-text.ts';
import { after, seconds, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { newIcid, removeCharging, setChargingVector, chargingVectorOf, type1 } from '#ims/node/charging-vector.ts';
import { addHeader, decided, type Notes, rejected, removeHeader, setHeader } from '#ims/node/edit.ts';
import { takeAkaKeys } from '#protocol/sip/aka-challenge.ts';
import { formatChallenge, formatCredentials, parseChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { parseNameAddr, uriOf } from '#protocol/sip/name-addr.ts';
import { chooseForServer, differenceOfMechanisms, formatSecurityMechanism, parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import type { Flow } from '#protocol/sip/transactions.ts';
import { contactKey } from './access-table.ts';
import { removeSecurityHeaders, type Refusal } from './from-ue.ts';
import type { PCscfConfig } from './config.ts';
import { accessKey, type Access, type ProxiedDialog, type Registered } from './state.ts';
import { splitList } from '#protocol/sip/lists.ts';

export interface RegistrationPurpose {
  readonly kind: 'register';
  readonly callId: string;
  readonly contact: string;
  readonly privateIdentity: string;
  readonly access: Access;
  readonly before: Registered | undefined;
}

export interface RegistrationOutcome {
  readonly registered: Registered;
  /** Seconds; 0: deregistered. */
  readonly expires: number;
  readonly initial: boolean;
}

interface Pending {
  readonly access: Access;
  readonly timer: Timer<string>;
}

/** How long the security associations of an unanswered challenge live: reg-await-auth, 4 minutes (TS 24.229 table 7.8.1). */
const AWAIT_AUTH = seconds(240);
const CLAUSE = 'TS 24.229 (clause unchecked)';

export class PCscfRegistrar {
  readonly #config: PCscfConfig;
  readonly #chance: Chance;
  readonly #pending = new Map<string, Pending>();
  readonly #timers = new Timers<string>();

  constructor(config: PCscfConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
  }

  deadline(): SimTime | undefined {
    return this.#timers.next();
  }

  fire(now: SimTime): void {
    for (let callId = this.#timers.due(now); callId !== undefined; callId = this.#timers.due(now)) this.#pending.delete(callId);
  }

  /** Prepares a REGISTER for the home network, or refuses it. */
  forward(request: SipRequest, flow: Flow, registered: Registered | undefined, notes: Notes): RegistrationPurpose | Refusal {
    const { headers } = request;
    const callId = headers.get('Call-ID') ?? '';
    const contact = uriOf(headers.first('Contact') ?? '') ?? '';
    const access = this.#accessOf(request, flow, callId, registered);
    if ('status' in access) return access;
    const isProtected = flow.local.port === this.#config.protectedPorts.server;
    const authorization = parseCredentials(headers.get('Authorization') ?? '');
    if (authorization !== undefined) {
      const answersChallenge = (authorization.params.get('response') ?? '') !== '';
      const value =
        access.kind === 'ipsec'
          ? isProtected && (answersChallenge || registered !== undefined)
            ? 'yes'
            : 'no'
          : registered === undefined
            ? 'ip-assoc-pending'
            : 'ip-assoc-yes';
      const params = new Map(authorization.params);
      params.set('integrity-protected', value);
      setHeader(
        request,
        notes,
        'Authorization',
        formatCredentials({ scheme: authorization.scheme, params }),
        value === 'yes'
          ? 'Tells the S-CSCF that this REGISTER came over a security association.'
          : 'Tells the S-CSCF that no security association protected this REGISTER.',
        CLAUSE,
      );
    }
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
      { icid: newIcid(this.#chance, this.#config.host), generatedAt: this.#config.host, originating: type1(this.#config.domain) },
      'The first IMS node of a transaction gives it the number under which its charging records will be found.',
      'TS 32.260 §5.1.2.2',
    );
    return {
      kind: 'register',
      callId: ownText(callId),
      contact: ownText(contact),
      privateIdentity: ownText(authorization?.params.get('username') ?? uriOf(headers.get('To') ?? '')?.replace(/^sips?:/, '') ?? ''),
      access,
      before: registered,
    };
  }

  /** Works on the home network's answer. The outcome tells when the user is registered or deregistered. */
  answer(purpose: RegistrationPurpose, response: SipResponse, notes: Notes, now: SimTime): RegistrationOutcome | undefined {
    const vector = chargingVectorOf(response);
    removeCharging(response, notes, 'Charging is between the networks: the UE does not see it.');
    if (response.status === 401) {
      this.#challenge(purpose, response, notes, now);
      return undefined;
    }
    this.#forget(purpose.callId);
    if (response.status !== 200) return undefined;
    return this.#registered(purpose, response, vector?.terminating, now);
  }

  /** Over which access the REGISTER came; a temporary security association when it answers a challenge. */
  #accessOf(request: SipRequest, flow: Flow, callId: string, registered: Registered | undefined): Access | Refusal {
    const isProtected = flow.local.port === this.#config.protectedPorts.server;
    if (isProtected) {
      const pending = this.#pending.get(callId);
      const access = pending?.access ?? registered?.access;
      if (access?.kind !== 'ipsec' || accessKey(access.ueAddress, access.ueClientPort) !== accessKey(flow.remote.address, flow.remote.port)) {
        return { status: 403, note: rejected('No security association is up between these ports.', 'TS 33.203 (clause unchecked)') };
      }
      const difference = differenceOf(access.securityServer, request, 'Security-Verify') ?? differenceOf(access.securityClient, request, 'Security-Client');
      if (difference !== undefined) {
        this.#forget(callId);
        return {
          status: 400,
          note: rejected(
            `The security agreement was changed on the way, so the registration is broken off: ${difference}`,
            'TS 33.203 (clause unchecked)',
            'Security-Verify',
          ),
        };
      }
      return access;
    }
    const securityClient = request.headers.values('Security-Client').join(', ');
    if (securityClient === '') {
      if (!this.#config.allowWithoutIpsec) {
        return {
          status: 421,
          note: rejected('The UE proposes no security agreement, and this P-CSCF insists on one.', 'RFC 3329 §2.3.1'),
          headers: [['Require', 'sec-agree']],
        };
      }
      return { kind: 'address', flow };
    }
    return this.#propose(securityClient, flow);
  }

  /** Takes the first algorithm pair on the P-CSCF's own list that the UE offers too, and chooses its own SPIs. */
  #propose(securityClient: string, flow: Flow): Access | Refusal {
    const choice = chooseForServer(this.#config.algorithms, parseSecurityMechanisms(splitList(securityClient)) ?? []);
    if (choice === undefined) {
      return {
        status: 494,
        note: rejected('None of the algorithms that the UE offers is on the list of this P-CSCF.', 'TS 33.203 (clause unchecked)', 'Security-Client'),
      };
    }
    const { offer } = choice;
    const { client, server } = this.#config.protectedPorts;
    const spiC = this.#spi(offer.spiC, offer.spiS);
    const spiS = this.#spi(offer.spiC, offer.spiS, spiC);
    const securityServer = formatSecurityMechanism({ ...offer, q: '0.1', spiC, spiS, portC: client, portS: server });
    return {
      kind: 'ipsec',
      ueAddress: flow.remote.address,
      ueClientPort: offer.portC,
      ueServerPort: offer.portS,
      securityClient: ownText(securityClient),
      securityServer,
      spis: [offer.spiC, offer.spiS, spiC, spiS],
    };
  }

  #forget(callId: string): void {
    this.#timers.cancel(this.#pending.get(callId)?.timer);
    this.#pending.delete(callId);
  }

  /** All four SPIs differ (TS 33.203 §7.1); those below 256 are reserved. */
  #spi(...taken: readonly (number | undefined)[]): number {
    for (;;) {
      const spi = 256 + (this.#chance.bits('spi') % 0x7fffff00);
      if (!taken.includes(spi)) return spi;
    }
  }

  #challenge(purpose: RegistrationPurpose, response: SipResponse, notes: Notes, now: SimTime): void {
    const challenge = parseChallenge(response.headers.get('WWW-Authenticate') ?? '');
    if (challenge === undefined) return;
    if (purpose.access.kind === 'ipsec') {
      setHeader(
        response,
        notes,
        'WWW-Authenticate',
        formatChallenge(takeAkaKeys(challenge).challenge),
        'The keys were for the P-CSCF: the USIM computes its own from the challenge, so they never travel over the air.',
        CLAUSE,
      );
      addHeader(
        response,
        notes,
        'Security-Server',
        purpose.access.securityServer,
        'The P-CSCF picks from what the UE offered; both sides now set up two pairs of security associations.',
        'RFC 3329 §2.3.1',
      );
      notes.push(decided('Two pairs of security associations stand ready, for as long as an answer may take.', 'TS 33.203 (clause unchecked)'));
    }
    this.#forget(purpose.callId);
    this.#pending.set(purpose.callId, { access: purpose.access, timer: this.#timers.set(after(now, AWAIT_AUTH), purpose.callId) });
  }

  #registered(purpose: RegistrationPurpose, response: SipResponse, homeNetwork: string | undefined, now: SimTime): RegistrationOutcome {
    const { headers } = response;
    const own = headers
      .values('Contact')
      .map((value) => parseNameAddr(value))
      .find((contact) => contact !== undefined && contactKey(contact.uri) === contactKey(purpose.contact));
    const expires = own === undefined ? 0 : Number(own.params.get('expires') ?? headers.get('Expires') ?? '0');
    const identities = headers.values('P-Associated-URI').flatMap((value) => uriOf(value) ?? []);
    const registered: Registered = {
      privateIdentity: purpose.privateIdentity,
      access: purpose.access,
      contact: purpose.contact,
      contactKey: contactKey(purpose.contact) ?? '',
      identities: (identities.length > 0 ? identities : [uriOf(headers.get('To') ?? '') ?? '']).map(ownText),
      serviceRoute: headers.values('Service-Route').map(ownText),
      homeNetwork: homeNetwork === undefined ? undefined : ownText(homeNetwork),
      expiresAt: now,
      leaving: false,
      dialogs: purpose.before?.dialogs ?? new Map<string, ProxiedDialog>(),
    };
    const known = expires === 0 && purpose.before !== undefined ? purpose.before : registered;
    return { registered: known, expires, initial: purpose.before === undefined };
  }
}

/** How a security header of the request differs from what was said before; undefined when it does not. */
function differenceOf(said: string, request: SipRequest, header: string): string | undefined {
  return differenceOfMechanisms(parseSecurityMechanisms(splitList(said)) ?? [], parseSecurityMechanisms(request.headers.values(header)) ?? []);
}
