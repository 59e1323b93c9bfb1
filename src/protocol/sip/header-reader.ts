/**
 * Reads the lines between start line and empty line: names, folding, values (RFC 3261 §7.3.1 and §25.1).
 * One pass: line ends are searched for in the text, names read from the codes of the characters, which costs less than asking a string for each.
 * Values are substrings of the text; the fields that every element needs are checked in place.
 */
import { HeaderFields, type HeaderField } from './header-fields.ts';
import { CONTENT_LENGTH, exactNameAt, knownName, NO_ROLE } from './header-names.ts';
import { MAX_HEADER_LINES } from './limits.ts';
import { fieldFault, nameOfRole } from './mandatory-fields.ts';
import { numberAt, skipBlanks, skipToken } from './scan.ts';

export interface HeaderFault {
  readonly reason: string;
  /** Position in the text. */
  readonly at: number;
  readonly status: number;
  readonly header?: string;
}

export interface HeaderRead {
  readonly headers: HeaderFields;
  /** The first thing wrong. */
  readonly fault: HeaderFault | undefined;
  /** Position after the empty line; -1 when there is none. */
  readonly end: number;
  /** The bit `1 << role` of every field with a role that was there. */
  readonly seen: number;
  /** Undefined when absent, -1 when no number or told twice. */
  readonly contentLength: number | undefined;
}

const CR = 13;
const COLON = 58;
const isBlank = (code: number): boolean => code === 32 || code === 9;

/** One code for each character of the text that these bytes were decoded to: the bytes themselves where there are as many; else 255 stands for what is not ASCII. */
const codesOf = (text: string, bytes: Uint8Array): Uint8Array =>
  bytes.length === text.length ? bytes : Uint8Array.from(text.split(''), (character) => Math.min(255, character.charCodeAt(0)));

/** Reads `text`, decoded from `bytes`, from `start` on. After a fault the following lines are still read, so that the request can be answered. */
export function readHeaderFields(text: string, bytes: Uint8Array, start: number): HeaderRead {
  const codes = codesOf(text, bytes);
  const lines: HeaderField[] = [];
  let asWritten = true;
  const total = text.length;
  let fault: HeaderFault | undefined;
  let seen = 0;
  let count = 0;
  let contentLength: number | undefined;
  let cr = text.indexOf('\r', start);
  let at = start;
  while (at < total) {
    let nl = text.indexOf('\n', at);
    if (nl < 0) nl = total;
    if (cr >= 0 && cr < at) cr = text.indexOf('\r', at);
    let lineEnd = nl;
    if (cr >= 0 && cr < nl) {
      if (cr === nl - 1) lineEnd = cr;
      else fault ??= { reason: 'A carriage return stands alone within a line.', at: cr, status: 400 };
    }
    if (lineEnd === at) return { headers: headersOf(text, lines, asWritten && fault === undefined, start), fault, end: nl + 1, seen, contentLength };
    let colon = at;
    while (colon < lineEnd && codes[colon] !== COLON) colon++;
    let folded = false;
    // RFC 3261 §7.3.1: a line that begins with space continues the one before.
    while (nl + 1 < total && isBlank(codes[nl + 1] as number)) {
      folded = true;
      nl = text.indexOf('\n', nl + 1);
      if (nl < 0) nl = total;
      lineEnd = codes[nl - 1] === CR ? nl - 1 : nl;
    }
    // Broken lines count too: each costs a search for the colon.
    if (++count > MAX_HEADER_LINES) {
      fault ??= { reason: `There are more than ${MAX_HEADER_LINES} header lines.`, at, status: 513 };
      break;
    }
    const named = codes[colon] === COLON;
    let nameEnd = colon;
    const exact = named ? exactNameAt(codes, at, colon) : undefined;
    if (exact === undefined) {
      while (nameEnd > at && isBlank(codes[nameEnd - 1] as number)) nameEnd--;
      if (!named || nameEnd === at || skipToken(text, at, nameEnd) !== nameEnd) {
        fault ??= { reason: 'A header line is not `name: value`.', at, status: 400 };
        at = nl + 1;
        continue;
      }
    }
    let from = colon + 1;
    while (from < lineEnd && isBlank(codes[from] as number)) from++;
    let to = lineEnd;
    while (to > from && isBlank(codes[to - 1] as number)) to--;
    const known = exact ?? knownName(text.slice(at, nameEnd));
    const name = known === undefined ? text.slice(at, nameEnd) : known.name;
    const value = folded ? unfold(text.slice(from, to)) : text.slice(from, to);
    lines.push({ name, value });
    if (folded && value.indexOf('\r') >= 0) fault ??= { reason: 'A carriage return stands alone within a line.', at, status: 400 };
    if (asWritten && (known !== exact || folded || colon !== nameEnd || from !== colon + 2 || to !== nl - 1 || codes[colon + 1] !== 32)) asWritten = false;
    if (known !== undefined && known.role !== NO_ROLE) {
      const reason = folded ? fieldFault(known.role, seen, value, 0, value.length) : fieldFault(known.role, seen, text, from, to);
      seen |= 1 << known.role;
      if (reason !== undefined) fault ??= { reason, at: from, status: 400, header: nameOfRole(known.role) };
      if (known.role === CONTENT_LENGTH) contentLength = reason === undefined ? numberAt(value, 0, value.length) : -1;
    }
    at = nl + 1;
  }
  return { headers: new HeaderFields(lines), fault, end: -1, seen, contentLength };
}

/** Lines that all stand as we would write them are written back later as pieces of the text. A header with a fault does not go out as it came. */
const headersOf = (text: string, lines: HeaderField[], asWritten: boolean, start: number): HeaderFields =>
  asWritten ? new HeaderFields(lines, { text, start, lines }) : new HeaderFields(lines);

/** RFC 3261 §7.3.1: a line end with the space around it counts as one space. */
function unfold(value: string): string {
  let text = '';
  for (const line of value.split('\n')) {
    const from = skipBlanks(line, 0, line.length);
    let to = line.endsWith('\r') ? line.length - 1 : line.length;
    while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
    if (to > from) text += text === '' ? line.slice(from, to) : ' ' + line.slice(from, to);
  }
  return text;
}
