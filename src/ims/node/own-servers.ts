/**
 * Servers of the own network that may read what users keep: who speaks says who it is (P-Asserted-Identity of RFC 3325 over SIP, X-3GPP-Asserted-Identity of TS 24.109 (clause unchecked) over
 * HTTP), and is believed only if it stands where that server is known to stand. One without the other is nobody.
 * Omitted: security associations as the proof of the address (TS 33.210): see the security gateways.
 */
import { sameIdentity } from './identity.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';

export interface OwnServer {
  readonly host: string;
  readonly address: string;
}

/** Over HTTP: an identity between quotation marks (TS 24.109 §7.2 has that form for the identity that a UE intends). */
export const ASSERTED_OVER_HTTP = 'X-3GPP-Asserted-Identity';

export const assertedOverHttp = (host: string): string => `"sip:${host}"`;

/** A sentence why this is no server of the network; undefined: it is one. `asserted`: as the header field has it. */
export function objectionTo(servers: readonly OwnServer[], address: string, asserted: string | undefined): string | undefined {
  const known = servers.find((one) => one.address === address);
  if (known === undefined)
    return asserted === undefined
      ? 'It comes from no server of this network.'
      : 'It comes from no server of this network: whom it names counts for nothing here.';
  if (asserted === undefined) return 'It does not say which server of the network it is.';
  const named = /^"([^"]*)"$/.exec(asserted.trim())?.[1] ?? uriOf(asserted) ?? '';
  return sameIdentity(named, `sip:${known.host}`) ? undefined : `It says that it is ${named.slice(0, 100)}, but comes from where ${known.host} stands.`;
}
