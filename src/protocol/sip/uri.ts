/**
 * URIs as SIP uses them: sip and sips (RFC 3261 §19.1 and §25.1), tel (RFC 3966), pres and im (RFC 3859, 3860), any other scheme as text.
 * Parts keep their escapes as they came, so that formatting gives back what was read; comparison undoes them.
 * Omitted: names in other scripts (IDNA), checks of a tel URI's phone-context.
 */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { Params } from './params.ts';
import {
  hostText,
  isAlphaCode,
  isDigitCode,
  isHexCode,
  isUserCode,
  numberAt,
  skipDigits,
  skipHost,
  skipPassword,
  skipUriHeaders,
  skipUriParam,
  skipUser,
} from './scan.ts';

export interface SipUri {
  readonly kind: 'sip';
  readonly scheme: 'sip' | 'sips';
  /** With its escapes; may hold semicolons and slashes. */
  readonly user?: string;
  readonly password?: string;
  /** Lower case; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
  /** What follows `?`, as it came. */
  readonly headers?: string;
}

export interface TelUri {
  readonly kind: 'tel';
  /** As written, visual separators included: `+1-201-555-0123`. */
  readonly number: string;
  readonly params: Params;
}

export interface PresUri {
  readonly kind: 'pres' | 'im';
  readonly scheme: 'pres' | 'im';
  readonly user?: string;
  readonly host: string;
  readonly params: Params;
}

export interface OtherUri {
  readonly kind: 'other';
  /** Lower case. */
  readonly scheme: string;
  /** The whole URI, scheme included. */
  readonly text: string;
}

export type Uri = SipUri | TelUri | PresUri | OtherUri;

/** Where the last scan found the parts; valid until the next scan. -1: absent. */
const found = { colon: 0, sign: -1, password: -1, host: 0, hostEnd: 0, port: -1, params: 0, headers: -1 };

const lowerCode = (text: string, i: number): number => text.charCodeAt(i) | 32;

/** sip 1, sips 2, tel 3, pres 4, im 5, any other scheme 6, no scheme 0. Sets found.colon. */
function schemeAt(text: string, start: number, end: number): number {
  const colon = text.indexOf(':', start);
  if (colon <= start || colon >= end || !isAlphaCode(text.charCodeAt(start))) return 0;
  found.colon = colon;
  const length = colon - start;
  const first = lowerCode(text, start);
  if (first === 115 && lowerCode(text, start + 1) === 105 && lowerCode(text, start + 2) === 112) {
    if (length === 3) return 1;
    if (length === 4 && lowerCode(text, start + 3) === 115) return 2;
  }
  for (let i = start + 1; i < colon; i++) {
    const code = text.charCodeAt(i);
    if (!isAlphaCode(code) && !isDigitCode(code) && code !== 43 && code !== 45 && code !== 46) return 0;
  }
  if (length > 4) return 6;
  const scheme = text.slice(start, colon).toLowerCase();
  return scheme === 'tel' ? 3 : scheme === 'pres' ? 4 : scheme === 'im' ? 5 : 6;
}

/** [userinfo@]host[:port][;params][?headers] from `start` to `end`. */
function scanHostPart(text: string, start: number, end: number): boolean {
  let host = start;
  found.sign = -1;
  found.password = -1;
  const sign = text.indexOf('@', start);
  if (sign >= 0 && sign < end) {
    let stop = skipUser(text, start, sign);
    if (stop === start) return false;
    if (stop < sign && text.charCodeAt(stop) === 58) {
      found.password = stop + 1;
      stop = skipPassword(text, stop + 1, sign);
    }
    if (stop !== sign) return false;
    found.sign = sign;
    host = sign + 1;
  }
  found.host = host;
  let i = skipHost(text, host, end);
  if (i < 0) return false;
  found.hostEnd = i;
  found.port = -1;
  if (i < end && text.charCodeAt(i) === 58) {
    const stop = skipDigits(text, i + 1, end);
    if (stop === i + 1 || stop > i + 6) return false;
    found.port = numberAt(text, i + 1, stop);
    if (found.port > 65535) return false;
    i = stop;
  }
  found.params = i;
  found.headers = -1;
  i = skipUriParams(text, i, end);
  if (i >= 0 && i < end && text.charCodeAt(i) === 63) {
    found.headers = i + 1;
    return i + 1 < end && skipUriHeaders(text, i + 1, end) === end;
  }
  return i === end;
}

/** *( ";" name [ "=" value ] ); -1 when a name or a value is empty. */
function skipUriParams(text: string, i: number, end: number): number {
  while (i < end && text.charCodeAt(i) === 59) {
    const nameStart = i + 1;
    i = skipUriParam(text, nameStart, end);
    if (i === nameStart) return -1;
    if (i < end && text.charCodeAt(i) === 61) {
      const valueStart = i + 1;
      i = skipUriParam(text, valueStart, end);
      if (i === valueStart) return -1;
    }
  }
  return i;
}

function telNumberEnd(text: string, start: number, end: number): number {
  let i = text.charCodeAt(start) === 43 ? start + 1 : start;
  const global = i > start;
  let digits = 0;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isDigitCode(code) || (!global && (isHexCode(code) || code === 42 || code === 35))) digits++;
    else if (code !== 45 && code !== 46 && code !== 40 && code !== 41) break;
  }
  return digits === 0 ? -1 : i;
}

function isOpaque(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === 34 || code === 60 || code === 62 || code === 127) return false;
  }
  return end > start;
}

/** A URI that may stand in a request line: one without the headers part (RFC 3261 §19.1.1). */
export const isRequestUriAt = (text: string, start: number, end: number): boolean => {
  found.headers = -1;
  return isUriAt(text, start, end) && found.headers < 0;
};

/** The characters from `start` to `end` are a URI: checked without cutting it. */
export function isUriAt(text: string, start: number, end: number): boolean {
  const scheme = schemeAt(text, start, end);
  const from = found.colon + 1;
  if (scheme === 0) return false;
  if (scheme === 3) {
    const stop = telNumberEnd(text, from, end);
    return stop >= 0 && skipUriParams(text, stop, end) === end;
  }
  return scheme === 6 ? isOpaque(text, from, end) : scanHostPart(text, from, end);
}

const NO_PARAMS: Params = new Map();
/** What nearly every URI of a route has, and nothing else. */
const LOOSE_ROUTE: Params = new Map([['lr', undefined]]);

function readParams(text: string, start: number, end: number): Params {
  if (start >= end) return NO_PARAMS;
  if (end - start === 3 && text.startsWith(';lr', start)) return LOOSE_ROUTE;
  const params = new Map<string, string | undefined>();
  while (start < end) {
    const semicolon = text.indexOf(';', start + 1);
    const stop = semicolon < 0 || semicolon > end ? end : semicolon;
    const equals = text.indexOf('=', start + 1);
    const hasValue = equals >= 0 && equals < stop;
    const name = text.slice(start + 1, hasValue ? equals : stop).toLowerCase();
    if (!params.has(name)) params.set(name, hasValue ? text.slice(equals + 1, stop) : undefined);
    start = stop;
  }
  return params;
}

/** Undefined when the text is not a URI, or not a well-formed one of a scheme known here. */
export function parseUri(text: string): Uri | undefined {
  const end = text.length;
  const scheme = schemeAt(text, 0, end);
  const from = found.colon + 1;
  switch (scheme) {
    case 0:
      return undefined;
    case 3: {
      if (!isUriAt(text, 0, end)) return undefined;
      const stop = telNumberEnd(text, from, end);
      return { kind: 'tel', number: text.slice(from, stop), params: readParams(text, stop, end) };
    }
    case 6:
      return isOpaque(text, from, end) ? { kind: 'other', scheme: text.slice(0, from - 1).toLowerCase(), text } : undefined;
    default:
      return scanHostPart(text, from, end) ? hostUri(text, scheme, from) : undefined;
  }
}

function hostUri(text: string, scheme: number, from: number): Uri {
  const host = hostText(text, found.host, found.hostEnd);
  const params = readParams(text, found.params, found.headers < 0 ? text.length : found.headers - 1);
  const user = found.sign < 0 ? undefined : text.slice(from, found.password < 0 ? found.sign : found.password - 1);
  if (scheme > 2) {
    const name = scheme === 4 ? 'pres' : 'im';
    return { kind: name, scheme: name, host, params, ...(user === undefined ? {} : { user }) };
  }
  const name = scheme === 1 ? 'sip' : 'sips';
  const { port } = found;
  // Nearly every URI is one of four plain shapes; spreading its parts together costs several objects more.
  if (found.password < 0 && found.headers < 0) {
    if (user === undefined) return port < 0 ? { kind: 'sip', scheme: name, host, params } : { kind: 'sip', scheme: name, host, port, params };
    return port < 0 ? { kind: 'sip', scheme: name, user, host, params } : { kind: 'sip', scheme: name, user, host, port, params };
  }
  return {
    kind: 'sip',
    scheme: name,
    ...(user === undefined ? {} : { user }),
    ...(found.password < 0 ? {} : { password: text.slice(found.password, found.sign) }),
    host,
    ...(port < 0 ? {} : { port }),
    params,
    ...(found.headers < 0 ? {} : { headers: text.slice(found.headers) }),
  };
}

/** A host as it stands in URIs and Via: IPv6 in brackets. */
export const formatHost = (host: string): string => (host.indexOf(':') < 0 ? host : `[${host}]`);

function formatUriParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

export function formatUri(uri: Uri): string {
  if (uri.kind === 'other') return uri.text;
  if (uri.kind === 'tel') return `tel:${uri.number}${formatUriParams(uri.params)}`;
  const password = uri.kind === 'sip' && uri.password !== undefined ? `:${uri.password}` : '';
  const user = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const port = uri.kind === 'sip' && uri.port !== undefined ? `:${uri.port}` : '';
  const headers = uri.kind === 'sip' && uri.headers !== undefined ? `?${uri.headers}` : '';
  return `${uri.scheme}:${user}${formatHost(uri.host)}${port}${formatUriParams(uri.params)}${headers}`;
}

/** Undoes %HH escapes; bytes that are not UTF-8 become U+FFFD, lone percent signs stay. */
export function unescapeUri(text: string): string {
  if (text.indexOf('%') < 0) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => decodeUtf8(Uint8Array.from(run.slice(1).split('%'), (hex) => parseInt(hex, 16))));
}

/** Escapes whatever may not stand in the user part of a SIP URI. */
export function escapeUser(text: string): string {
  let out = '';
  for (const byte of encodeUtf8(text)) {
    out += isUserCode(byte) ? String.fromCharCode(byte) : `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return out;
}

/** RFC 3261 §19.1.4: these never match when only one of the URIs has them; `transport` is among them by that section's examples. */
const DECISIVE = ['user', 'ttl', 'method', 'maddr', 'transport'];

function equalParams(a: Params, b: Params): boolean {
  for (const name of DECISIVE) if (a.has(name) !== b.has(name)) return false;
  for (const [name, value] of a) {
    if (b.has(name) && unescapeUri(value ?? '').toLowerCase() !== unescapeUri(b.get(name) ?? '').toLowerCase()) return false;
  }
  return true;
}

/** The headers part as a sorted list: their order does not matter, their presence does. */
const comparableHeaders = (headers: string | undefined): string =>
  (headers ?? '')
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return `${pair.slice(0, equals).toLowerCase()}=${unescapeUri(pair.slice(equals + 1))}`;
    })
    .sort()
    .join('&');

const digitsOf = (number: string): string => number.replace(/[-.()]/g, '').toLowerCase();

/** RFC 3261 §19.1.4 for sip and sips (absent port is not 5060), RFC 3966 §4 for tel; user parts are case-sensitive, escapes undone. */
export function equalUris(a: Uri, b: Uri): boolean {
  if (a.kind === 'sip') {
    if (b.kind !== 'sip' || a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port) return false;
    if (unescapeUri(a.user ?? '') !== unescapeUri(b.user ?? '') || (a.user === undefined) !== (b.user === undefined)) return false;
    if (unescapeUri(a.password ?? '') !== unescapeUri(b.password ?? '') || (a.password === undefined) !== (b.password === undefined)) return false;
    return equalParams(a.params, b.params) && comparableHeaders(a.headers) === comparableHeaders(b.headers);
  }
  if (a.kind === 'tel') {
    if (b.kind !== 'tel' || digitsOf(a.number) !== digitsOf(b.number) || a.params.size !== b.params.size) return false;
    for (const [name, value] of a.params) if (!b.params.has(name) || (value ?? '').toLowerCase() !== (b.params.get(name) ?? '').toLowerCase()) return false;
    return true;
  }
  if (a.kind === 'other') return b.kind === 'other' && a.text === b.text;
  return b.kind === a.kind && a.host === b.host && unescapeUri(a.user ?? '') === unescapeUri(b.user ?? '');
}

/**
 * The key of an identity in tables: `sip:user@host` without port, password, parameters and headers, escapes undone where they are needless
 * (RFC 3261 §10.3 step 5), host in lower case; `sips` counts as `sip`; `tel:+12015550123` without separators. Undefined when the text is no such URI.
 */
export function addressOfRecord(text: string): string | undefined {
  const uri = parseUri(text);
  if (uri === undefined || uri.kind === 'other') return undefined;
  if (uri.kind === 'tel') return `tel:${digitsOf(uri.number)}`;
  const scheme = uri.kind === 'sip' ? 'sip' : uri.scheme;
  if (uri.user === undefined) return `${scheme}:${formatHost(uri.host)}`;
  const user = uri.user.indexOf('%') < 0 ? uri.user : escapeUser(unescapeUri(uri.user));
  return `${scheme}:${user}@${formatHost(uri.host)}`;
}

/** Host of the URI of somebody or of a node, in lower case; undefined where it has none. */
export function hostOf(uri: string | undefined): string | undefined {
  const parsed = uri === undefined ? undefined : parseUri(uri);
  return parsed?.kind === 'sip' || parsed?.kind === 'pres' || parsed?.kind === 'im' ? parsed.host : undefined;
}
