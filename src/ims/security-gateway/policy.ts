/**
 * The Security Policy Database of a gateway (RFC 4301 §4.4.1): for every packet that crosses the border, in either direction, the first entry that fits says
 * whether it is protected, let through as it is, or discarded. What no entry fits is discarded.
 */
import type { Endpoint } from '#base/machine.ts';
import { formatIpAddress, parseIpAddress } from '#protocol/dns/ip-address.ts';
import type { AddressRange } from '#protocol/ike/payloads.ts';

export interface Policy {
  /** What it is for, in words. */
  readonly name: string;
  /** Addresses outside; left out: any. */
  readonly remote?: AddressRange;
  /** A port at either side, such as that of DNS; left out: any. */
  readonly port?: number;
  /** Why it is so, where that is more than the operator's own wish. */
  readonly clause?: string;
  /** `protect` names the peer whose tunnel is used. */
  readonly action: { readonly kind: 'protect'; readonly peer: string } | { readonly kind: 'bypass' } | { readonly kind: 'discard' };
}

export function isWithin(range: AddressRange, address: string): boolean {
  const bytes = parseIpAddress(address);
  return bytes !== undefined && bytes.length === range.first.length && compare(range.first, bytes) <= 0 && compare(bytes, range.last) <= 0;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

export function findPolicy(policies: readonly Policy[], remote: Endpoint, local: Endpoint): Policy | undefined {
  return policies.find(
    (policy) =>
      (policy.remote === undefined || isWithin(policy.remote, remote.address)) &&
      (policy.port === undefined || policy.port === remote.port || policy.port === local.port),
  );
}

export const rangeText = (range: AddressRange | undefined): string =>
  range === undefined ? 'any' : `${formatIpAddress(range.first)} – ${formatIpAddress(range.last)}`;
