/**
 * Addresses in From, To, Contact, Route, P-Asserted-Identity and their like: `"Name" <uri>;params` or `uri;params`.
 * RFC 3261 §20.10 and §25.1 (name-addr, addr-spec).
 */
import { formatParams, paramOf, quote, skipParams, unquote, type Params } from './params.ts';
import { skipBlanks, skipQuoted, skipToken } from './scan.ts';
import { isUriAt } from './uri.ts';

export interface NameAddr {
  /** Without quotes and their escapes. Absent when there was none; empty when it was `""`. */
  readonly displayName?: string;
  /** As it came. */
  readonly uri: string;
  /** Parameters of the field, not of the URI. */
  readonly params: Params;
}

/** Where the last scan found the parts; valid until the next scan. */
const at = { nameStart: 0, nameEnd: 0, uri: 0, uriEnd: 0, params: 0 };

/** Finds the parts of the address from `start` on; checks everything but the parameters after it. */
function scanAddress(text: string, start: number, end: number): boolean {
  start = skipBlanks(text, start, end);
  at.nameStart = start;
  at.nameEnd = start;
  if (start === end) return false;
  let open = start;
  const first = text.charCodeAt(start);
  if (first === 34) {
    open = skipQuoted(text, start, end);
    if (open < 0) return false;
    at.nameEnd = open;
    open = skipBlanks(text, open, end);
  } else if (first !== 60) {
    // A display name without quotes is tokens and blanks; whatever else there is must be a bare URI.
    for (;;) {
      const stop = skipToken(text, open, end);
      if (stop === open) break;
      at.nameEnd = stop;
      open = skipBlanks(text, stop, end);
    }
    if (open === end || text.charCodeAt(open) !== 60) return scanBare(text, start, end);
  }
  if (open === end || text.charCodeAt(open) !== 60) return false;
  at.uri = open + 1;
  const close = text.indexOf('>', open);
  if (close < 0 || close >= end) return false;
  at.uriEnd = close;
  at.params = close + 1;
  return isUriAt(text, open + 1, close);
}

/** RFC 3261 §20.10: without angle brackets a semicolon begins the field's parameters, and the URI may hold neither comma nor question mark. */
function scanBare(text: string, start: number, end: number): boolean {
  at.nameEnd = at.nameStart;
  let stop = start;
  for (; stop < end; stop++) {
    const code = text.charCodeAt(stop);
    if (code === 59 || code === 32 || code === 9) break;
    if (code === 44 || code === 63 || code === 60 || code === 34) return false;
  }
  at.uri = start;
  at.uriEnd = stop;
  at.params = stop;
  return isUriAt(text, start, stop);
}

/** The characters from `start` to `end` are one address with parameters: checked without building anything. */
export const isNameAddrAt = (text: string, start: number, end: number): boolean => scanAddress(text, start, end) && skipParams(text, at.params, end) === end;

export function parseNameAddr(value: string): NameAddr | undefined {
  if (!scanAddress(value, 0, value.length)) return undefined;
  const uri = value.slice(at.uri, at.uriEnd);
  const displayName = at.nameEnd > at.nameStart ? unquote(value.slice(at.nameStart, at.nameEnd)) : undefined;
  const params = new Map<string, string | undefined>();
  if (skipParams(value, at.params, value.length, params) !== value.length) return undefined;
  return displayName === undefined ? { uri, params } : { displayName, uri, params };
}

/** The URI of an address, as it came, without building the rest. */
export const uriOf = (value: string): string | undefined => (scanAddress(value, 0, value.length) ? value.slice(at.uri, at.uriEnd) : undefined);

/** Always with angle brackets; a display name always in quotes. */
export function formatNameAddr(nameAddr: NameAddr): string {
  const name = nameAddr.displayName === undefined ? '' : `${quote(nameAddr.displayName)} `;
  return `${name}<${nameAddr.uri}>${formatParams(nameAddr.params)}`;
}

/** The `tag` parameter of a From or To value. */
export function tagOf(value: string): string | undefined {
  return scanAddress(value, 0, value.length) ? paramOf(value, at.params, 'tag') : undefined;
}

/** The same address with this tag, replacing any; the rest stays as it came. */
export function withTag(value: string, tag: string): string {
  if (tagOf(value) === undefined) return `${value};tag=${tag}`;
  const nameAddr = parseNameAddr(value);
  return nameAddr === undefined ? value : formatNameAddr({ ...nameAddr, params: new Map([...nameAddr.params, ['tag', tag]]) });
}
