/**
 * Values of header fields that entities read: CSeq, numbers, `value;params` (Event, Subscription-State, Content-Type, ...).
 * RFC 3261 §20 and §25.1. Addresses are in name-addr.ts, Via in via.ts, digest in credentials.ts, parameters in params.ts, comma lists in lists.ts.
 */
import { formatParams, skipParams, type Params } from './params.ts';
import { numberAt, skipBlanks, skipDigits, skipToken } from './scan.ts';

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** RFC 3261 §8.1.1.5: a sequence number is less than 2^31. */
export const CSEQ_LIMIT = 2 ** 31;

/** The characters from `at` to `end` are a sequence number in its range, space, and a method. */
export function isCSeqAt(text: string, at: number, end: number): boolean {
  const stop = skipDigits(text, at, end);
  const method = skipBlanks(text, stop, end);
  if (stop === at || method === stop || method === end || skipToken(text, method, end) !== end) return false;
  return stop - at < 10 || numberAt(text, at, stop) < CSEQ_LIMIT;
}

export function parseCSeq(value: string): CSeq | undefined {
  if (!isCSeqAt(value, 0, value.length)) return undefined;
  const stop = skipDigits(value, 0, value.length);
  return { number: numberAt(value, 0, stop), method: value.slice(skipBlanks(value, stop, value.length)) };
}

/** A whole number without sign; undefined when the text is anything else or exceeds `limit`. */
export function parseNumber(value: string | undefined, limit = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === undefined || value === '' || skipDigits(value, 0, value.length) !== value.length) return undefined;
  const number = numberAt(value, 0, value.length);
  return number <= limit ? number : undefined;
}

/** RFC 3261 §20.19: 2^32 - 1 seconds at most; larger values and garbage are undefined. A comment or parameters after the number (Retry-After) are passed over. */
export function parseDeltaSeconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const stop = skipDigits(value, 0, value.length);
  const next = value.charCodeAt(skipBlanks(value, stop, value.length));
  if (stop === 0 || (stop < value.length && next !== 59 && next !== 40)) return undefined;
  const number = numberAt(value, 0, stop);
  return number < 2 ** 32 ? number : undefined;
}

export interface Parameterized {
  /** What stands before the first semicolon, trimmed, as it came: `presence`, `active`, `application/pidf+xml`, an address is not meant. */
  readonly value: string;
  readonly params: Params;
}

/** `presence;id=7` and the like. Undefined when the value is empty or the parameters are malformed. */
export function parseParameterized(value: string): Parameterized | undefined {
  const semicolon = value.indexOf(';');
  const head = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  if (head === '') return undefined;
  const params = new Map<string, string | undefined>();
  return semicolon < 0 || skipParams(value, semicolon, value.length, params) === value.length ? { value: head, params } : undefined;
}

export const formatParameterized = (item: Parameterized): string => item.value + formatParams(item.params);

/** `type/subtype` in lower case without parameters, or undefined when it is not a media type. */
export function mediaTypeOf(value: string): string | undefined {
  const end = value.length;
  const start = skipBlanks(value, 0, end);
  const stop = skipToken(value, start, end);
  const slash = skipBlanks(value, stop, end);
  if (stop === start || value.charCodeAt(slash) !== 47) return undefined;
  const sub = skipBlanks(value, slash + 1, end);
  const subEnd = skipToken(value, sub, end);
  const rest = skipBlanks(value, subEnd, end);
  if (subEnd === sub || (rest < end && value.charCodeAt(rest) !== 59)) return undefined;
  return `${value.slice(start, stop)}/${value.slice(sub, subEnd)}`.toLowerCase();
}
