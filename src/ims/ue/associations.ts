/**
 * The security associations of a UE (TS 33.203 §7): what it offers, what it makes of the P-CSCF's list, and which of them protects what. During a
 * registration over associations that stand there are two sets: the old ones, and those on trial.
 * Omitted: other mechanisms than ipsec-3gpp.
 */
import type { Chance } from '#base/chance.ts';
import { ownText } from '#base/own-text.ts';
import { after, earliest, type SimTime } from '#base/time.ts';
import {
  AWAIT_AUTH,
  lifetimeAfter,
  moveAssociations,
  nextClientPort,
  type SaEvent,
  type SaPairs,
  sealOf,
  type StateReport,
} from '#ims/node/security-associations.ts';
import { type Algorithms, chooseForClient, formatSecurityMechanism, parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import type { UeConfig } from './config.ts';

interface Offer {
  readonly clientPort: number;
  readonly spiC: number;
  readonly spiS: number;
  readonly text: string;
}

export class UeAssociations {
  readonly #config: UeConfig;
  readonly #chance: Chance;
  readonly #report: StateReport;
  #offer: Offer | undefined;
  /** Those that protect what the UE sends. */
  current: SaPairs | undefined;
  /** Those of a challenge that is being answered. */
  trial: SaPairs | undefined;
  /** Those from before the last authentication: for what is under way. */
  old: SaPairs | undefined;

  constructor(config: UeConfig, chance: Chance, report: StateReport) {
    this.#config = config;
    this.#chance = chance;
    this.#report = report;
  }

  /** What is offered in Security-Client; undefined when this UE does no IPsec. */
  get offer(): string | undefined {
    return this.#offer?.text;
  }

  /** A new offer, with other SPIs and another client port than any before. */
  propose(): void {
    const { algorithms, clientPort: first, serverPort } = this.#config;
    if (algorithms.length === 0) return;
    const clientPort = this.#offer === undefined ? first : nextClientPort(this.#offer.clientPort, [serverPort]);
    const spiC = 256 + (this.#chance.bits('spi') % 0x3fffffff);
    const spiS = 0x40000000 + (this.#chance.bits('spi') % 0x3fffffff);
    const text = algorithms
      .map((one) => formatSecurityMechanism({ kind: 'ipsec-3gpp', ...one, prot: 'esp', mod: 'trans', spiC, spiS, portC: clientPort, portS: serverPort }))
      .join(', ');
    this.#offer = { clientPort, spiC, spiS, text };
  }

  /** Makes the associations that the P-CSCF's list asks for, on trial; false when there is nothing on it that this UE can do. */
  make(securityServer: readonly string[], ck: Uint8Array, ik: Uint8Array, now: SimTime): boolean {
    this.drop('failed');
    const server = chooseForClient(this.#config.algorithms, parseSecurityMechanisms(securityServer) ?? []);
    if (server === undefined || this.#offer === undefined) return false;
    const { address, serverPort, proxy } = this.#config;
    const { clientPort, spiC, spiS, text } = this.#offer;
    const algorithms: Algorithms = { alg: ownText(server.alg), ealg: ownText(server.ealg) };
    this.trial = {
      ue: { address, clientPort, serverPort, spiC, spiS },
      proxy: { address: proxy.address, clientPort: server.portC, serverPort: server.portS, spiC: server.spiC, spiS: server.spiS },
      algorithms,
      securityClient: text,
      securityServer: ownText(securityServer.join(', ')),
      seal: sealOf(ck, ik, algorithms),
      phase: 'temporary',
      until: after(now, AWAIT_AUTH),
    };
    return true;
  }

  /** The registration was accepted until then: those on trial are in use from now on, those before stay for what is under way. */
  accepted(registrationEnds: SimTime): void {
    const until = lifetimeAfter(registrationEnds, this.current);
    if (this.trial === undefined) {
      if (this.current !== undefined) this.current.until = until;
      return;
    }
    if (this.old !== undefined) this.#move(this.old, 'traffic on the new');
    this.old = this.current;
    if (this.old !== undefined) this.#move(this.old, 'replaced');
    this.current = this.trial;
    this.trial = undefined;
    this.#move(this.current, 'authenticated');
    this.current.until = until;
  }

  /** The authentication has failed: those on trial go, those from before stay. */
  drop(on: 'failed' | 'expire'): void {
    if (this.trial !== undefined) this.#move(this.trial, on);
    this.trial = undefined;
  }

  /** Which associations a message came over that arrived at the server port from this port of the P-CSCF; traffic on new ones ends the old. */
  receivedFrom(proxyPort: number): SaPairs | undefined {
    const pairs = [this.current, this.old, this.trial].find((one) => one?.proxy.clientPort === proxyPort);
    if (pairs !== undefined && pairs === this.current && this.old !== undefined) {
      this.#move(this.old, 'traffic on the new');
      this.old = undefined;
    }
    return pairs;
  }

  /** Whether IPsec can open what comes from this port of the P-CSCF under this seal; where it has no associations, there is nothing to open. */
  opens(seal: string | undefined, proxyPort: number): boolean {
    if (seal === undefined) return true;
    const there = this.all().filter((one) => one.proxy.clientPort === proxyPort);
    return there.length === 0 || there.some((one) => one.seal === seal);
  }

  deadline(): SimTime | undefined {
    return earliest(this.trial?.until, this.old?.until);
  }

  /** True when those on trial have outlived their time. */
  fire(now: SimTime): boolean {
    if (this.old !== undefined && this.old.until <= now) {
      this.#move(this.old, 'expire');
      this.old = undefined;
    }
    if (this.trial === undefined || this.trial.until > now) return false;
    this.drop('expire');
    return true;
  }

  /** The user is registered no longer: all of them go. */
  forget(): void {
    for (const pairs of this.all()) this.#move(pairs, 'deregistered');
    this.current = undefined;
    this.trial = undefined;
    this.old = undefined;
  }

  all(): readonly SaPairs[] {
    return [this.current, this.old, this.trial].filter((one) => one !== undefined);
  }

  #move(pairs: SaPairs, on: SaEvent): void {
    moveAssociations(pairs, on, this.#report);
  }
}
