/** Public identities: when two texts name the same one, and where a request is headed. */
import type { SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { addressOfRecord, hostOf, parseUri } from '#protocol/sip/uri.ts';

/** Canonical text of an identity for use as a key, `sip:user@host` or `tel:+…`; the text itself when it is neither. */
export const identityKey = (uri: string): string => addressOfRecord(uri) ?? uri;

export const sameIdentity = (a: string, b: string): boolean => a === b || identityKey(a) === identityKey(b);

/** User part of a SIP URI, or undefined. */
export function userOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  return parsed?.kind === 'sip' ? parsed.user : undefined;
}

/** The URI to which a request goes next: its topmost Route, or else its Request-URI (RFC 3261 §16.6). Empty for a Route that cannot be read. */
export function nextHopOf({ headers, uri }: SipRequest): string {
  const route = headers.first('Route');
  return route === undefined ? uri : (uriOf(route) ?? '');
}

export const nextHostOf = (request: SipRequest): string | undefined => hostOf(nextHopOf(request));
