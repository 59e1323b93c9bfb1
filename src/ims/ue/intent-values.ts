/** Values out of an intent, which is JSON that a person or a file wrote. */
import type { Intent, Json } from '#base/machine.ts';
import { bringsHeaders } from '#protocol/sip/address-headers.ts';
import { parseUri } from '#protocol/sip/uri.ts';

/** Whole seconds as header fields can say them (RFC 3261 §20.19: up to 2^32-1). */
export const secondsOr = (value: Json | undefined, otherwise: number): number => wholeSeconds(value) ?? otherwise;
export const wholeSeconds = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && value >= 0 ? Math.min(Math.floor(value), 0xffff_ffff) : undefined;
/** An address that can be asked for presence; undefined for anything else. */
export function addressOf(value: Json | undefined): string | undefined {
  const uri = typeof value === 'string' ? parseUri(value) : undefined;
  // RFC 3261 §19.1.1: header fields in an address have no place in a request line.
  return uri === undefined || uri.kind === 'other' || bringsHeaders(value as string) ? undefined : (value as string);
}
/** A token (RFC 3261 §25.1), or `otherwise`. */
export const tokenOr = (value: Json | undefined, otherwise: string): string =>
  typeof value === 'string' && /^[\w.!%*+`'~-]+$/.test(value) ? value : otherwise;
export const textOr = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
export const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
/** A person wants a request in the clear. */
export const isOutside = (intent: Intent): boolean => intent.kind === 'subscribe' && intent['protected'] === false;
