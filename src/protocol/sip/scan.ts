/**
 * Character classes and small scanners of the SIP grammar, over positions in a text: no substrings, no regular expressions.
 * Governed by RFC 3261 §25.1 (basic rules, token, word, quoted-string, host).
 * Omitted: `comment` (only Server, User-Agent and the like have it; they are kept as they came).
 */

const TOKEN = 1;
const WORD = 2;
const USER = 4;
const PASSWORD = 256;
const URI_PARAM = 8;
const URI_HEADER = 16;
const HOST = 32;
const HEX = 64;
const LOOSE_VALUE = 128;

const ALPHA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHANUM = `${ALPHA}0123456789`;
const UNRESERVED = `${ALPHANUM}-_.!~*'()`;

const CLASSES = new Uint16Array(128);
const mark = (characters: string, bit: number): void => {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    CLASSES[code] = (CLASSES[code] as number) | bit;
  }
};
const TOKEN_CHARACTERS = `${ALPHANUM}-.!%*_+\`'~`;
mark(TOKEN_CHARACTERS, TOKEN);
mark(`${TOKEN_CHARACTERS}()<>:\\"/[]?{}`, WORD);
mark(`${UNRESERVED}&=+$,;?/`, USER);
mark(`${UNRESERVED}&=+$,`, PASSWORD);
mark(`${UNRESERVED}[]/:&+$`, URI_PARAM);
mark(`${UNRESERVED}[]/?:+$&=`, URI_HEADER);
mark(`${ALPHANUM}-.`, HOST);
mark('0123456789abcdefABCDEF', HEX);
// Peers put more than a token into parameter values without quoting (icid-value, utran-cell-id-3gpp, base64): whatever cannot end the value is taken.
mark(`${TOKEN_CHARACTERS}()[]{}:/?@&$=|#^`, LOOSE_VALUE);

const is = (code: number, bit: number): boolean => code < 128 && ((CLASSES[code] as number) & bit) !== 0;

export const isHexCode = (code: number): boolean => is(code, HEX);
export const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;
export const isAlphaCode = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
export const isUserCode = (code: number): boolean => is(code, USER);

function skipClass(text: string, at: number, end: number, bit: number): number {
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code >= 128 || ((CLASSES[code] as number) & bit) === 0) break;
    at++;
  }
  return at;
}

/** Each of these gives the position after the longest run from `at`; `at` itself when there is none. */
export const skipToken = (text: string, at: number, end: number): number => skipClass(text, at, end, TOKEN);
export const skipWord = (text: string, at: number, end: number): number => skipClass(text, at, end, WORD);
export const skipLooseValue = (text: string, at: number, end: number): number => skipClass(text, at, end, LOOSE_VALUE);

/** The same where `%HH` stands for a character (`escaped`); a percent sign that begins no escape ends the run. */
function skipEscapable(text: string, at: number, end: number, bit: number): number {
  for (;;) {
    at = skipClass(text, at, end, bit);
    if (at >= end || text.charCodeAt(at) !== 37 || !isEscape(text, at, end)) return at;
    at += 3;
  }
}

export const skipUser = (text: string, at: number, end: number): number => skipEscapable(text, at, end, USER);
export const skipPassword = (text: string, at: number, end: number): number => skipEscapable(text, at, end, PASSWORD);
export const skipUriParam = (text: string, at: number, end: number): number => skipEscapable(text, at, end, URI_PARAM);
export const skipUriHeaders = (text: string, at: number, end: number): number => skipEscapable(text, at, end, URI_HEADER);

export function skipDigits(text: string, at: number, end: number): number {
  while (at < end && isDigitCode(text.charCodeAt(at))) at++;
  return at;
}

/** The number that the digits from `at` to `end` say; exact up to 2^53. */
export function numberAt(text: string, at: number, end: number): number {
  let number = 0;
  for (; at < end; at++) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

export function skipBlanks(text: string, at: number, end: number): number {
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9) break;
    at++;
  }
  return at;
}

/** `at` is on the opening quote; gives the position after the closing one, or -1 when it is missing. A backslash protects the next character. */
export function skipQuoted(text: string, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code === 92) i++;
  }
  return -1;
}

/** `%` at `at` begins an escape of two hexadecimal digits. */
export const isEscape = (text: string, at: number, end: number): boolean =>
  at + 2 < end && isHexCode(text.charCodeAt(at + 1)) && isHexCode(text.charCodeAt(at + 2));

export const isTokenText = (text: string): boolean => text !== '' && skipToken(text, 0, text.length) === text.length;

/**
 * A host from `at`: hostname, IPv4 address, or IPv6 reference in brackets. Gives the position after it, or -1.
 * Of a hostname only the characters, empty labels and hyphens at the edges are checked; of an IPv6 address its groups.
 */
export function skipHost(text: string, at: number, end: number): number {
  if (at >= end) return -1;
  if (text.charCodeAt(at) === 91) {
    const close = text.indexOf(']', at);
    return close < 0 || close >= end || !isIpv6(text, at + 1, close) ? -1 : close + 1;
  }
  // The character before: a full stop at the beginning stands for the edge.
  let before = 46;
  let i = at;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!is(code, HOST)) break;
    if ((before === 46 && (code === 46 || code === 45)) || (before === 45 && code === 46)) return -1;
    before = code;
  }
  return i === at || before === 45 ? -1 : i;
}

/** The characters from `at` to `end` are an IPv6 address (RFC 4291 §2.2), an IPv4 tail included; no zone, no brackets. */
export function isIpv6(text: string, at: number, end: number): boolean {
  let groups = 0;
  let compressed = false;
  let i = at;
  if (text.charCodeAt(i) === 58) {
    if (end - i < 2 || text.charCodeAt(i + 1) !== 58) return false;
    compressed = true;
    i += 2;
  }
  while (i < end) {
    let stop = i;
    while (stop < end && isHexCode(text.charCodeAt(stop))) stop++;
    if (stop < end && text.charCodeAt(stop) === 46) {
      if (!isIpv4(text, i, end)) return false;
      groups += 2;
      break;
    }
    if (stop === i || stop - i > 4) return false;
    groups++;
    i = stop;
    if (i === end) break;
    if (text.charCodeAt(i) !== 58) return false;
    i++;
    if (i === end) return false;
    if (text.charCodeAt(i) === 58) {
      if (compressed) return false;
      compressed = true;
      i++;
      // RFC 5118 §4.10: three colons before an IPv4 tail, a slip of RFC 3261's grammar, are tolerated.
      if (text.charCodeAt(i) === 58 && isIpv4(text, i + 1, end)) return groups < 6;
    }
  }
  return compressed ? groups < 8 : groups === 8;
}

/** The host from `at` to `end` as it is compared and stored: lower case, IPv6 without brackets and with two colons at most. */
export function hostText(text: string, at: number, end: number): string {
  const bracket = text.charCodeAt(at) === 91 ? 1 : 0;
  const host = text.slice(at + bracket, end - bracket).toLowerCase();
  return bracket === 0 ? host : host.replace(':::', '::');
}

/** The characters from `at` to `end` are an IPv4 address: four numbers of at most 255. */
export function isIpv4(text: string, at: number, end: number): boolean {
  for (let part = 0; part < 4; part++) {
    const stop = skipDigits(text, at, Math.min(end, at + 3));
    if (stop === at || numberAt(text, at, stop) > 255) return false;
    if (part === 3) return stop === end;
    if (text.charCodeAt(stop) !== 46) return false;
    at = stop + 1;
  }
  return false;
}
