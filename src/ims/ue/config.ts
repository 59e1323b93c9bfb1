/** What a UE is told about its user, its device and its P-CSCF. */
import type { Algorithms } from '#protocol/sip/security-agreement.ts';
import type { UeAbilities } from './abilities.ts';
import type { UeSecret } from './usim.ts';
import type { XcapFacts } from './xcap-facts.ts';

export interface UeConfig {
  readonly id: string;
  readonly address: string;
  readonly displayName: string;
  readonly privateIdentity: string;
  readonly publicIdentity: string;
  readonly homeDomain: string;
  readonly secret: UeSecret;
  /** The algorithm pairs for IPsec that it can do; none: it makes no security agreement. */
  readonly algorithms: readonly Algorithms[];
  readonly clientPort: number;
  readonly serverPort: number;
  readonly proxy: { readonly host: string; readonly address: string };
  readonly accessNetwork: string;
  /** UTC, moment 0 of the run: for time stamps in what it publishes. */
  readonly startsAt: string;
  /** What it can do beyond the usual. */
  readonly abilities?: UeAbilities;
  /** The server of its user's rules, where the network has one. */
  readonly xcap?: XcapFacts;
}
