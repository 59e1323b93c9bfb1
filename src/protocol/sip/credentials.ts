/**
 * WWW-Authenticate, Proxy-Authenticate, Authorization, Proxy-Authorization and Authentication-Info: a scheme and comma-separated name=value pairs.
 * RFC 3261 §20.7, §20.44 and §25.1; RFC 2617. Any scheme is read; what Digest asks for is digest.ts's matter.
 * Deviation: an empty `response=""` is accepted, as the first REGISTER of an IMS UE carries it (TS 24.229 §5.1.1.2).
 */
import { quote, unquote } from './params.ts';
import { isTokenText, skipBlanks, skipQuoted, skipToken } from './scan.ts';

export interface AuthParams {
  /** As it came: `Digest`. */
  readonly scheme: string;
  /** Names in lower case, values without quotes, in order. */
  readonly params: ReadonlyMap<string, string>;
}

/** Name=value pairs between commas from `at` on; undefined when malformed. Empty elements are passed over. */
export function parsePairs(text: string, at = 0): Map<string, string> | undefined {
  const end = text.length;
  const params = new Map<string, string>();
  let i = at;
  for (;;) {
    i = skipBlanks(text, i, end);
    while (i < end && text.charCodeAt(i) === 44) i = skipBlanks(text, i + 1, end);
    if (i >= end) return params;
    const stop = skipToken(text, i, end);
    const equals = skipBlanks(text, stop, end);
    if (stop === i || text.charCodeAt(equals) !== 61) return undefined;
    const from = skipBlanks(text, equals + 1, end);
    let to: number;
    if (text.charCodeAt(from) === 34) to = skipQuoted(text, from, end);
    else for (to = from; to < end && !isPairEnd(text.charCodeAt(to));) to++;
    if (to <= from) return undefined;
    const name = text.slice(i, stop).toLowerCase();
    if (!params.has(name)) params.set(name, unquote(text.slice(from, to)));
    i = skipBlanks(text, to, end);
    if (i < end && text.charCodeAt(i) !== 44) return undefined;
  }
}

const isPairEnd = (code: number): boolean => code === 44 || code === 32 || code === 9 || code === 34;

function parseAuth(value: string): AuthParams | undefined {
  const start = skipBlanks(value, 0, value.length);
  const stop = skipToken(value, start, value.length);
  if (stop === start || skipBlanks(value, stop, value.length) === stop) return undefined;
  const params = parsePairs(value, stop);
  return params === undefined || params.size === 0 ? undefined : { scheme: value.slice(start, stop), params };
}

export const parseChallenge = (value: string): AuthParams | undefined => parseAuth(value);
export const parseCredentials = (value: string): AuthParams | undefined => parseAuth(value);

/** RFC 3261 §25.1: these stand without quotes; in a challenge `qop` is a quoted list, in credentials one token. */
const BARE = new Set(['algorithm', 'stale', 'nc']);

function formatAuth(auth: AuthParams, bareQop: boolean): string {
  let text = auth.scheme;
  let separator = ' ';
  for (const [name, value] of auth.params) {
    const bare = (BARE.has(name) || (bareQop && name === 'qop')) && isTokenText(value);
    text += `${separator}${name}=${bare ? value : quote(value)}`;
    separator = ', ';
  }
  return text;
}

export const formatChallenge = (challenge: AuthParams): string => formatAuth(challenge, false);
export const formatCredentials = (credentials: AuthParams): string => formatAuth(credentials, true);
