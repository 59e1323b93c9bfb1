/** The users that an S-CSCF serves, registered or not, found by any identity of their implicit registration set. */
import type { StateTable } from '#base/state-table.ts';
import { compileTable } from '#base/state-table.ts';
import type { SimTime } from '#base/time.ts';
import { identityKey } from '#ims/node/identity.ts';
import type { UserProfile } from '#protocol/diameter/cx-user-data.ts';
import { compileFilterCriteria, type CompiledCriterion } from './filter-criteria.ts';

/** One contact that the user can be reached at, and the way to it. */
export interface Binding {
  readonly contact: string;
  readonly path: readonly string[];
  readonly expiresAt: SimTime;
}

export type ServedState = 'not registered' | 'authentication pending' | 'registered' | 'unregistered';

/** How an S-CSCF's view of one implicit registration set moves on (TS 24.229 §5.4.1; TS 29.228 for what the HSS is told). */
export const REGISTRATION: StateTable<
  ServedState,
  'challenge' | 'accept' | 'fail' | 'deregister' | 'expire' | 'network-deregister' | 'unregistered-service' | 'release',
  never,
  never
> = {
  name: 'registration (S-CSCF)',
  states: ['not registered', 'authentication pending', 'registered', 'unregistered'],
  initial: 'not registered',
  final: [],
  rows: [
    { from: ['not registered', 'unregistered', 'authentication pending'], on: 'challenge', to: 'authentication pending', clause: 'TS 33.203 §6.1.1' },
    // A failed authentication never ends a registration that stands.
    { from: 'registered', on: 'challenge', to: 'registered', clause: 'TS 33.203 §6.1.1' },
    { from: '*', on: 'accept', to: 'registered', clause: 'TS 24.229 §5.4.1.2.2' },
    { from: 'authentication pending', on: 'fail', to: 'not registered', clause: 'TS 33.203 §6.1.2' },
    { from: 'registered', on: 'fail', to: 'registered', clause: 'TS 33.203 §6.1.2' },
    { from: 'registered', on: 'deregister', to: 'not registered', clause: 'TS 24.229 §5.4.1.4' },
    { from: 'registered', on: 'expire', to: 'not registered', clause: 'TS 24.229 (clause unchecked)' },
    { from: ['registered', 'unregistered'], on: 'network-deregister', to: 'not registered', clause: 'TS 29.228 §6.1.3.1' },
    { from: 'not registered', on: 'unregistered-service', to: 'unregistered', clause: 'TS 29.228 §6.1.2' },
    { from: 'unregistered', on: 'release', to: 'not registered', clause: 'TS 29.228 §6.1.2' },
  ],
};
export const REGISTRATION_RULES = compileTable(REGISTRATION);

export interface ServedUser {
  readonly privateIdentity: string;
  /** The implicit registration set; the first one that is not barred is the default identity. */
  readonly identities: readonly { readonly identity: string; readonly barred: boolean }[];
  criteria: readonly CompiledCriterion[];
  /** Value of P-Charging-Function-Addresses. */
  readonly chargingFunctions: string | undefined;
  state: ServedState;
  binding: Binding | undefined;
}

export class ServedUsers {
  readonly #byIdentity = new Map<string, ServedUser>();

  find(identity: string): ServedUser | undefined {
    return this.#byIdentity.get(identity) ?? this.#byIdentity.get(identityKey(identity));
  }

  /** Takes a profile as the HSS sent it; replaces what was known of the same set. */
  keep(profile: UserProfile, chargingFunctions: string | undefined, state: ServedState, binding: Binding | undefined): ServedUser {
    const user: ServedUser = {
      privateIdentity: profile.privateIdentity,
      identities: profile.publicIdentities,
      criteria: compileFilterCriteria(profile.filterCriteria),
      chargingFunctions,
      state,
      binding,
    };
    for (const { identity } of user.identities) this.#byIdentity.set(identityKey(identity), user);
    return user;
  }

  remove(user: ServedUser): void {
    for (const { identity } of user.identities) if (this.find(identity) === user) this.#byIdentity.delete(identityKey(identity));
  }

  all(): readonly ServedUser[] {
    return [...new Set(this.#byIdentity.values())];
  }
}

export const isBarred = (user: ServedUser, identity: string): boolean =>
  user.identities.some((one) => one.barred && identityKey(one.identity) === identityKey(identity));

export const openIdentities = (user: ServedUser): readonly string[] => user.identities.filter((one) => !one.barred).map((one) => one.identity);
