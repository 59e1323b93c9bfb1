/**
 * IP addresses between text and bytes: dotted decimals for IPv4, RFC 4291 §2.2 in and the canonical text of RFC 5952 §4 out for IPv6.
 * Prefixes are for configuration. Omitted: zone identifiers (`%eth0`), which no message here carries.
 */

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const out = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = parts[i] as string;
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    out[i] = Number(part);
  }
  return out;
}

/** The group of one to four hexadecimal digits from `from` to `to`, or -1. */
function readGroup(text: string, from: number, to: number): number {
  if (to === from || to > from + 4) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    const letter = code | 32;
    if (code >= 48 && code <= 57) value = (value << 4) | (code - 48);
    else if (letter >= 97 && letter <= 102) value = (value << 4) | (letter - 87);
    else return -1;
  }
  return value;
}

/** Writes the colon-separated groups of one side of `::` (or of the whole address); false when they are not groups. */
function readGroups(text: string, from: number, to: number, mayEndInIpv4: boolean, into: number[]): boolean {
  while (from < to) {
    const colon = text.indexOf(':', from);
    const end = colon < 0 || colon > to ? to : colon;
    const dotted = mayEndInIpv4 && end === to && text.indexOf('.', from) >= 0 ? parseIpv4(text.slice(from)) : undefined;
    if (dotted !== undefined) {
      for (const byte of dotted) into.push(byte);
      return true;
    }
    const value = readGroup(text, from, end);
    if (value < 0) return false;
    into.push(value >> 8, value & 0xff);
    if (end === to) return true;
    from = end + 1;
    if (from === to) return false;
  }
  return true;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const gap = text.indexOf('::');
  const head: number[] = [];
  const tail: number[] = [];
  if (gap < 0) {
    if (!readGroups(text, 0, text.length, true, head) || head.length !== 16) return undefined;
  } else {
    if (!readGroups(text, 0, gap, false, head) || !readGroups(text, gap + 2, text.length, true, tail)) return undefined;
    if (head.length + tail.length > 14) return undefined;
  }
  const out = new Uint8Array(16);
  out.set(head);
  out.set(tail, 16 - tail.length);
  return out;
}

/** 4 or 16 bytes, or undefined when the text is no address. IPv6 comes without brackets. */
export const parseIpAddress = (text: string): Uint8Array | undefined => (text.includes(':') ? parseIpv6(text) : parseIpv4(text));

/** Cheap enough for every hop: most host names are told apart by their last character. */
export function isIpAddress(host: string): boolean {
  if (host.includes(':')) return parseIpv6(host) !== undefined;
  const last = host.charCodeAt(host.length - 1);
  return last >= 48 && last <= 57 && parseIpv4(host) !== undefined;
}

/** Text of 4 or 16 bytes; throws on any other length (its callers have checked). */
export function formatIpAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new Error('formatIpAddress: 4 or 16 bytes expected');
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  // RFC 5952 §4.2.3 asks for the longest run of zero groups, the first of equals, and never for a single group.
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > length) {
      start = i;
      length = run;
    }
    i += run;
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return start < 0 ? hex(0, 8) : `${hex(0, start)}::${hex(start + length, 8)}`;
}

/** The first `bits` bits of `base` are those of every address in it. */
export interface AddressPrefix {
  readonly base: Uint8Array;
  readonly bits: number;
}

/** `2001:db8:1::/48`, `192.0.2.0/24`; throws when it is neither. */
export function addressPrefix(text: string): AddressPrefix {
  const slash = text.indexOf('/');
  const base = parseIpAddress(text.slice(0, slash));
  const bits = Number(text.slice(slash + 1));
  if (slash < 0 || base === undefined || !(bits <= 8 * base.length)) throw new Error(`${text} is no prefix of IP addresses`);
  return { base, bits };
}
