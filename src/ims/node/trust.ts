/**
 * Which networks are trusted (RFC 3325 §5 for identities; TS 24.229 §5.3.1 for the entry of a network): configuration of the operator, looked up by the address that a message
 * came from or goes to, or by the domain of a name. Whoever is not in it is not trusted. Omitted: security associations as the proof of it (TS 33.210): see the security gateways.
 */
import type { Note } from '#base/note.ts';
import { type AddressPrefix, parseIpAddress } from '#protocol/dns/ip-address.ts';
import { isWithin } from '#protocol/dns/name.ts';
import type { SipMessage } from '#protocol/sip/message.ts';
import { decided, type Notes, removeHeader } from './edit.ts';

export interface KnownNetwork {
  readonly domain: string;
  readonly prefix: AddressPrefix;
  readonly trusted: boolean;
}

export type TrustPolicy = readonly KnownNetwork[];

/** The network to which an address or a host name belongs, the closest one when prefixes lie within each other; undefined for strangers. */
export function networkOf(policy: TrustPolicy, host: string): KnownNetwork | undefined {
  const address = parseIpAddress(host);
  if (address === undefined) return policy.find(({ domain }) => isWithin(host.toLowerCase(), domain));
  let found: KnownNetwork | undefined;
  let closest = -1;
  for (const network of policy) {
    const { base, bits } = network.prefix;
    if (base.length !== address.length || bits <= closest || !sameBits(base, address, bits)) continue;
    found = network;
    closest = bits;
  }
  return found;
}

function sameBits(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false;
  return (((a[whole] ?? 0) ^ (b[whole] ?? 0)) & (0xff00 >> (bits & 7)) & 0xff) === 0;
}

export const isTrusted = (policy: TrustPolicy, host: string): boolean => networkOf(policy, host)?.trusted === true;

/** `example.org, which is not trusted`. */
export const describeStranger = (policy: TrustPolicy, host: string): string => {
  const network = networkOf(policy, host);
  return network === undefined ? `${host}, which no network known here has` : `${network.domain}, a network that is not trusted`;
};

/** What the entry of a network thinks when a stranger's request comes. */
export const strangerComes = (policy: TrustPolicy, from: string): Note =>
  decided(`It comes from ${describeStranger(policy, from)}: whom it names, and what it says of charging, counts for nothing here.`, 'TS 33.203 §5.4');

/** What only trusted networks may tell each other: who somebody is, where they stand, what is charged. */
const AMONG_THE_TRUSTED: readonly (readonly [header: string, clause: string])[] = [
  ['P-Asserted-Identity', 'RFC 3325 §5'],
  ['P-Access-Network-Info', 'RFC 7315 §5.4'],
  ['P-Charging-Vector', 'TS 24.229 §5.3.1'],
  ['P-Charging-Function-Addresses', 'TS 24.229 §5.3.1'],
];

/** Takes what a network that is not trusted says of identity, access and charging out of its message. */
export function removeUntrusted(message: SipMessage, notes: Notes, policy: TrustPolicy, from: string): void {
  for (const [header, clause] of AMONG_THE_TRUSTED)
    removeHeader(message, notes, header, `It comes from ${describeStranger(policy, from)}: what it says of this counts for nothing here.`, clause);
}

/** The same towards a network that is not trusted: it shall not learn it. */
export function removeForStranger(message: SipMessage, notes: Notes, policy: TrustPolicy, to: string): void {
  for (const [header, clause] of AMONG_THE_TRUSTED)
    removeHeader(message, notes, header, `It goes to ${describeStranger(policy, to)}: this is for trusted networks only.`, clause);
}
