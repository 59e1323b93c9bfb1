/**
 * Parameters of header fields: `;name=value`, names in lower case, quoted values kept with their quotes undone.
 * RFC 3261 §25.1 (generic-param). Values that a peer should have quoted are taken where they cannot be misread.
 */
import { isTokenText, skipBlanks, skipLooseValue, skipQuoted, skipToken } from './scan.ts';

/** Names in lower case; undefined where a parameter has no value. */
export type Params = ReadonlyMap<string, string | undefined>;

/** Undoes a quoted-string (`"a\"b"` gives `a"b`); gives any other text as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 34) return text;
  const inner = text.slice(1, -1);
  return inner.indexOf('\\') < 0 ? inner : inner.replace(/\\([\s\S])/g, '$1');
}

/** A quoted-string of `text`. */
export const quote = (text: string): string => (/["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`);

/** Where the parameter stands that `nextParam` passed over last; `from` is -1 when it has no value. Valid until the next call. */
const passed = { name: 0, nameEnd: 0, from: -1, to: -1 };

/** `at` is on the semicolon of a parameter: gives the position of what follows it (blanks passed over), or -1 when it is malformed. */
export function nextParam(text: string, at: number, end: number): number {
  const start = skipBlanks(text, at + 1, end);
  const stop = skipToken(text, start, end);
  if (stop === start) return -1;
  passed.name = start;
  passed.nameEnd = stop;
  passed.from = -1;
  at = skipBlanks(text, stop, end);
  if (at === end || text.charCodeAt(at) !== 61) return at;
  const from = skipBlanks(text, at + 1, end);
  const to = from < end && text.charCodeAt(from) === 34 ? skipQuoted(text, from, end) : skipLooseValue(text, from, end);
  if (to <= from) return -1;
  passed.from = from;
  passed.to = to;
  return skipBlanks(text, to, end);
}

/** Whether the parameter passed over last has this name, given in lower case. */
export const isPassed = (text: string, name: string): boolean =>
  passed.nameEnd - passed.name === name.length &&
  (text.startsWith(name, passed.name) || text.slice(passed.name, passed.nameEnd).toLowerCase() === name);

/** The value of the parameter passed over last, with its quotes undone; undefined when it has none. */
export const passedValue = (text: string): string | undefined => (passed.from < 0 ? undefined : unquote(text.slice(passed.from, passed.to)));

/**
 * Passes over `*( SEMI param )` from `at`: gives the position of what follows (blanks passed over), or -1 when a parameter is malformed.
 * `into` receives the parameters; of equal names the first stands.
 */
export function skipParams(text: string, at: number, end: number, into?: Map<string, string | undefined>): number {
  at = skipBlanks(text, at, end);
  while (at >= 0 && at < end && text.charCodeAt(at) === 59) {
    at = nextParam(text, at, end);
    if (at < 0 || into === undefined) continue;
    const name = text.slice(passed.name, passed.nameEnd).toLowerCase();
    if (!into.has(name)) into.set(name, passedValue(text));
  }
  return at;
}

/** `;a=1;b` (the leading semicolon may be missing). Undefined when malformed. */
export function parseParams(text: string): Params | undefined {
  const params = new Map<string, string | undefined>();
  const start = skipBlanks(text, 0, text.length);
  if (start === text.length) return params;
  const whole = text.charCodeAt(start) === 59 ? text : `;${text}`;
  return skipParams(whole, 0, whole.length, params) === whole.length ? params : undefined;
}

/** The value of one parameter, with its quotes undone, without building a map; undefined when absent, without value, or malformed before it or itself. */
export function paramOf(text: string, at: number, name: string): string | undefined {
  const end = text.length;
  at = skipBlanks(text, at, end);
  while (at >= 0 && at < end && text.charCodeAt(at) === 59) {
    at = nextParam(text, at, end);
    if (at >= 0 && isPassed(text, name)) return passedValue(text);
  }
  return undefined;
}

/** What stands without quotes: a token, or an IPv6 address with or without brackets (Via's `received` has none). */
const isBare = (value: string): boolean => isTokenText(value) || /^(?:[0-9a-fA-F:.]+|\[[0-9a-fA-F:.]+\])$/.test(value);

/** Each `;name=value`; values that cannot stand bare are quoted. */
export function formatParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) {
    if (value === undefined) text += `;${name}`;
    else text += isBare(value) ? `;${name}=${value}` : `;${name}=${quote(value)}`;
  }
  return text;
}
