/** What a P-CSCF remembers: who has registered through it and over which access, and which dialogs they have. */
import type { SimTime } from '#base/time.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import type { Flow } from '#protocol/sip/transactions.ts';

/** How the P-CSCF knows that a message comes from a certain user. */
export type Access =
  /** Two pairs of IPsec security associations (TS 33.203 §7.1). */
  | { readonly kind: 'ipsec'; readonly pairs: SaPairs }
  /** No security association: the address and connection from which the user registered (SIP digest). */
  | { readonly kind: 'address'; readonly flow: Flow };

/** What the home network said of the user in its 200. */
export interface Said {
  /** P-Associated-URI: the first one is the default. */
  readonly identities: readonly string[];
  readonly serviceRoute: readonly string[];
  readonly homeNetwork: string | undefined;
}

export interface Registered extends Readonly<Said> {
  readonly privateIdentity: string;
  /** The registered contact, as the UE gave it, and its host and port as the key by which requests for it are recognised. */
  readonly contact: string;
  readonly contactKey: string;
  identities: Said['identities'];
  serviceRoute: Said['serviceRoute'];
  homeNetwork: Said['homeNetwork'];
  access: Access;
  /** The security associations from before the last authentication, until the UE uses the new ones. */
  former: SaPairs | undefined;
  expiresAt: SimTime;
  /** The registration is over; the security associations stay a little, for the last answers and the NOTIFY that says so. */
  leaving: boolean;
  readonly dialogs: Map<string, ProxiedDialog>;
}

/** A dialog that this P-CSCF recorded itself into; keyed by Call-ID. */
export interface ProxiedDialog {
  readonly event: string;
  readonly remote: string;
}

/** `2001:db8::1 1357`: the key of tables. */
export const accessKey = (address: string, port: number): string => `${address} ${port}`;
