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

/**
 * Passes over `*( SEMI param )` from `at`: gives the position of what follows (blanks passed over), or -1 when a parameter is malformed.
 * `into` receives the parameters; of equal names the first stands.
 */
export function skipParams(text: string, at: number, end: number, into?: Map<string, string | undefined>): number {
  at = skipBlanks(text, at, end);
  while (at < end && text.charCodeAt(at) === 59) {
    const start = skipBlanks(text, at + 1, end);
    const stop = skipToken(text, start, end);
    if (stop === start) return -1;
    at = skipBlanks(text, stop, end);
    let from = -1;
    let to = -1;
    if (at < end && text.charCodeAt(at) === 61) {
      from = skipBlanks(text, at + 1, end);
      to = from < end && text.charCodeAt(from) === 34 ? skipQuoted(text, from, end) : skipLooseValue(text, from, end);
      if (to <= from) return -1;
      at = skipBlanks(text, to, end);
    }
    if (into !== undefined) {
      const name = text.slice(start, stop).toLowerCase();
      if (!into.has(name)) into.set(name, from < 0 ? undefined : unquote(text.slice(from, to)));
    }
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

/** Where the value of the parameter that was found last stands; `from` is -1 when it has none. Valid until the next search. */
const found = { from: -1, to: -1 };

/** False when absent, or malformed before it. */
function findParam(text: string, at: number, name: string): boolean {
  const end = text.length;
  at = skipBlanks(text, at, end);
  while (at < end && text.charCodeAt(at) === 59) {
    const start = skipBlanks(text, at + 1, end);
    const stop = skipToken(text, start, end);
    if (stop === start) return false;
    const isIt = stop - start === name.length && (text.startsWith(name, start) || text.slice(start, stop).toLowerCase() === name);
    at = skipBlanks(text, stop, end);
    found.from = -1;
    if (at < end && text.charCodeAt(at) === 61) {
      found.from = skipBlanks(text, at + 1, end);
      found.to = text.charCodeAt(found.from) === 34 ? skipQuoted(text, found.from, end) : skipLooseValue(text, found.from, end);
      if (found.to <= found.from) return false;
      at = skipBlanks(text, found.to, end);
    }
    if (isIt) return true;
  }
  return false;
}

/** The value of one parameter, with its quotes undone, without building a map; undefined when absent, without value, or malformed before it. */
export const paramOf = (text: string, at: number, name: string): string | undefined =>
  findParam(text, at, name) && found.from >= 0 ? unquote(text.slice(found.from, found.to)) : undefined;

/** Whether a parameter is there, with or without a value. */
export const hasParam = (text: string, at: number, name: string): boolean => findParam(text, at, name);

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
