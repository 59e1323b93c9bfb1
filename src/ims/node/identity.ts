/** Public identities: when two texts name the same one, and where a request is headed. */
import { addressOfRecord, parseUri } from '#protocol/sip/uri.ts';

/** Canonical text of an identity for use as a key, `sip:user@host` or `tel:+…`; the text itself when it is neither. */
export const identityKey = (uri: string): string => addressOfRecord(uri) ?? uri;

export const sameIdentity = (a: string, b: string): boolean => a === b || identityKey(a) === identityKey(b);

/** User part of a SIP URI, or undefined. */
export function userOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  return parsed?.kind === 'sip' ? parsed.user : undefined;
}
