/**
 * Domain names between text and wire (RFC 1035 §2.3.4, §3.1, §4.1.4): labels of at most 63 octets, 255 in all, compression read and written.
 * In text a name has no final dot and the root is the empty string; odd octets are written as RFC 1035 §5.1 does (`\.`, `\\`, `\032`).
 * Omitted: internationalised names (a name is its ASCII form).
 */
import type { DnsFault } from './fault.ts';

const DOT = 46;
const BACKSLASH = 92;
const POINTER = 0xc0;
const MAX_LABEL = 63;
const MAX_NAME = 255;

/** The name's labels as octets (one character each), or undefined when it is no domain name. One final dot is allowed. */
export function labelsOf(name: string): string[] | undefined {
  if (name === '' || name === '.') return [];
  const labels = name.includes('\\') ? unescapedLabels(name) : (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  if (labels === undefined) return undefined;
  let length = 1;
  for (const label of labels) {
    if (label === '' || label.length > MAX_LABEL) return undefined;
    for (let i = 0; i < label.length; i++) if (label.charCodeAt(i) > 255) return undefined;
    length += label.length + 1;
  }
  return length > MAX_NAME ? undefined : labels;
}

function unescapedLabels(name: string): string[] | undefined {
  const labels: string[] = [];
  let label = '';
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code === DOT) {
      labels.push(label);
      label = '';
    } else if (code !== BACKSLASH) {
      label += name.charAt(i);
    } else if (/^\d\d\d$/.test(name.slice(i + 1, i + 4)) && Number(name.slice(i + 1, i + 4)) < 256) {
      label += String.fromCharCode(Number(name.slice(i + 1, i + 4)));
      i += 3;
    } else if (i + 1 < name.length) {
      label += name.charAt(++i);
    } else {
      return undefined;
    }
  }
  if (label !== '' || !name.endsWith('.')) labels.push(label);
  return labels;
}

export const isDomainName = (name: string): boolean => labelsOf(name) !== undefined;

/** The form in which names are compared and kept in tables: lower case, no final dot (RFC 1035 §2.3.3). */
export function canonicalName(name: string): string {
  const text = name.toLowerCase();
  return text.endsWith('.') && !text.endsWith('\\.') ? text.slice(0, -1) : text;
}

/** Whether `name` is `origin` or lies below it; both canonical. */
export const isWithin = (name: string, origin: string): boolean =>
  origin === '' || (name.endsWith(origin) && (name.length === origin.length || name.charCodeAt(name.length - origin.length - 1) === DOT));

function escapeOctet(code: number): string {
  if (code === DOT || code === BACKSLASH) return '\\' + String.fromCharCode(code);
  return code > 32 && code < 127 ? String.fromCharCode(code) : '\\' + code.toString().padStart(3, '0');
}

export interface ReadName {
  readonly name: string;
  /** First octet after the name where it was met. */
  readonly end: number;
}

/** Reads the name at `at`. A pointer has to lead to before the run of labels it ends, so that no name can loop. */
export function readName(bytes: Uint8Array, at: number): ReadName | DnsFault {
  let name = '';
  let end = -1;
  let runStart = at;
  let position = at;
  let length = 1;
  for (;;) {
    const size = bytes[position];
    if (size === undefined) return 'cut-short';
    if (size === 0) return { name, end: end < 0 ? position + 1 : end };
    if ((size & POINTER) === POINTER) {
      const low = bytes[position + 1];
      if (low === undefined) return 'cut-short';
      const target = ((size & 0x3f) << 8) | low;
      if (end < 0) end = position + 2;
      // RFC 1035 §4.1.4: a pointer names a prior occurrence of the same name; anything else could loop. The header holds no names.
      if (target >= runStart || target < 12) return 'pointer-not-backwards';
      runStart = target;
      position = target;
      continue;
    }
    if (size > MAX_LABEL) return 'unknown-label-type';
    length += size + 1;
    // RFC 1035 §2.3.4 limits a name to 255 octets.
    if (length > MAX_NAME) return 'name-too-long';
    const stop = position + 1 + size;
    if (stop > bytes.length) return 'cut-short';
    if (name !== '') name += '.';
    for (let i = position + 1; i < stop; i++) {
      const code = bytes[i] as number;
      name += code > 32 && code < 127 && code !== DOT && code !== BACKSLASH ? String.fromCharCode(code) : escapeOctet(code);
    }
    position = stop;
  }
}
