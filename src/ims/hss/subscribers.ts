/**
 * The subscriber data of a HSS and its decisions, apart from Diameter: TS 29.228 §6.1 for the order in which UAR, LIR, SAR and MAR are decided.
 * Omitted: wildcarded identities, several S-CSCF names per subscription. A service identity that is served by an S-CSCF is a subscription like any other.
 */
import { identityKey } from '#ims/node/identity.ts';
import type { InitialFilterCriterion } from '#protocol/diameter/cx-user-data.ts';
import type { AkaSecret } from '#protocol/sip/milenage.ts';

export interface Subscription {
  readonly privateIdentity: string;
  readonly publicIdentities: readonly { readonly identity: string; readonly barred: boolean }[];
  filterCriteria: readonly InitialFilterCriterion[];
  /** How the user proves an identity. */
  readonly secret: { readonly kind: 'aka'; readonly keys: AkaSecret } | { readonly kind: 'digest'; readonly ha1: string; readonly realm: string };
  readonly roamingAllowed: readonly string[] | 'everywhere';
  /** Capabilities that an S-CSCF must have for this user; TS 29.229 §6.3.5. */
  readonly mandatoryCapabilities: readonly number[];
  readonly chargingCollection: string;
  /** Highest sequence number used so far. */
  sequence: number;
  serverName: string | undefined;
  state: 'not registered' | 'pending' | 'registered' | 'unregistered';
}

/** A public service identity: an address that no person has, which a service on an application server answers (TS 23.228 §5.4.12). */
export interface ServiceIdentity {
  readonly identity: string;
  /** SIP URI of the application server: a request goes there without an S-CSCF. */
  readonly serverName: string;
  readonly active: boolean;
}

export type LocationDecision =
  | { readonly kind: 'server'; readonly serverName: string; readonly reason: string }
  | { readonly kind: 'select'; readonly capabilities: readonly number[]; readonly reason: string }
  | { readonly kind: 'unknown' | 'not-registered'; readonly reason: string };

export type AuthorizationDecision =
  | { readonly kind: 'first'; readonly capabilities: readonly number[]; readonly reason: string }
  | { readonly kind: 'subsequent'; readonly serverName: string; readonly reason: string }
  | { readonly kind: 'unknown' | 'mismatch' | 'roaming-not-allowed' | 'rejected' | 'not-registered'; readonly reason: string };

/** Whether some filter criterion may apply while the user is not registered (TS 23.228 §5.12). */
export const hasUnregisteredServices = (subscription: Subscription): boolean =>
  subscription.filterCriteria.some(
    (criterion) =>
      criterion.profilePart !== 0 &&
      (criterion.triggerPoint === undefined || criterion.triggerPoint.spts.some((spt) => spt.kind === 'session-case' && spt.sessionCase === 2 && !spt.negated)),
  );

export class Subscribers {
  readonly #byPublic = new Map<string, Subscription>();
  readonly #byPrivate = new Map<string, Subscription>();
  readonly #services = new Map<string, ServiceIdentity>();

  constructor(subscriptions: readonly Subscription[], services: readonly ServiceIdentity[] = []) {
    for (const subscription of subscriptions) this.add(subscription);
    for (const service of services) this.#services.set(identityKey(service.identity), service);
  }

  add(subscription: Subscription): void {
    this.#byPrivate.set(subscription.privateIdentity, subscription);
    for (const { identity } of subscription.publicIdentities) this.#byPublic.set(identityKey(identity), subscription);
  }

  byPublic(identity: string): Subscription | undefined {
    return this.#byPublic.get(identity) ?? this.#byPublic.get(identityKey(identity));
  }

  byPrivate(identity: string): Subscription | undefined {
    return this.#byPrivate.get(identity);
  }

  all(): Iterable<Subscription> {
    return this.#byPrivate.values();
  }

  services(): Iterable<ServiceIdentity> {
    return this.#services.values();
  }

  /** UAR: may this user register from that network, and with which S-CSCF (TS 29.228 §6.1.1.1). */
  authorize(
    publicIdentity: string,
    privateIdentity: string,
    visitedNetwork: string,
    type: 'registration' | 'de-registration' | 'capabilities',
  ): AuthorizationDecision {
    const subscription = this.byPublic(publicIdentity);
    if (subscription === undefined || this.byPrivate(privateIdentity) === undefined)
      return { kind: 'unknown', reason: 'One of the two identities is not known here.' };
    if (subscription.privateIdentity !== privateIdentity)
      return { kind: 'mismatch', reason: 'The private and the public identity belong to different subscriptions.' };
    if (subscription.publicIdentities.every((one) => one.barred)) return { kind: 'rejected', reason: 'Every identity of this set is barred.' };
    if (type === 'registration' && subscription.roamingAllowed !== 'everywhere' && !subscription.roamingAllowed.includes(visitedNetwork)) {
      return { kind: 'roaming-not-allowed', reason: `The user may not roam in ${visitedNetwork}.` };
    }
    if (type === 'capabilities')
      return { kind: 'first', capabilities: subscription.mandatoryCapabilities, reason: 'Capabilities were asked for: another S-CSCF is to be chosen.' };
    if (subscription.serverName !== undefined) {
      const reason =
        type === 'de-registration'
          ? 'This S-CSCF is stored for the user: it shall end the registration.'
          : 'An S-CSCF is stored for this user already: it shall serve the registration.';
      return { kind: 'subsequent', serverName: subscription.serverName, reason };
    }
    if (type === 'de-registration') return { kind: 'not-registered', reason: 'A user who is not registered cannot deregister.' };
    return {
      kind: 'first',
      capabilities: subscription.mandatoryCapabilities,
      reason: 'No S-CSCF serves this user yet: any one with the capabilities will do.',
    };
  }

  /** LIR: where is the user served (TS 29.228 §6.1.4.1). */
  locate(publicIdentity: string, originating: boolean): LocationDecision {
    const service = this.#services.get(identityKey(publicIdentity));
    if (service?.active === false) return { kind: 'unknown', reason: 'This is the address of a service that is switched off: to others it does not exist.' };
    if (service !== undefined)
      return {
        kind: 'server',
        serverName: service.serverName,
        reason: 'This is the address of a service, not of a person: its application server takes the request.',
      };
    const subscription = this.byPublic(publicIdentity);
    if (subscription === undefined) return { kind: 'unknown', reason: 'Nobody has this identity here.' };
    if (subscription.serverName !== undefined)
      return {
        kind: 'server',
        serverName: subscription.serverName,
        reason: `The user is ${subscription.state}, served by ${subscription.serverName.replace(/^sips?:/, '')}.`,
      };
    if (originating || hasUnregisteredServices(subscription)) {
      return {
        kind: 'select',
        capabilities: subscription.mandatoryCapabilities,
        reason: 'The user is not registered but has services for that case: an S-CSCF has to be selected.',
      };
    }
    return { kind: 'not-registered', reason: 'The user is not registered and has no services for that case.' };
  }
}
