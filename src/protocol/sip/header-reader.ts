/**
 * Reads the lines between start line and empty line: names, folding, values (RFC 3261 section 7.3.1 and 25.1).
 * One pass of `indexOf` over the text; values are substrings of it.
 */
import { HeaderFields } from './header-fields.ts';
import { canonicalNameAt, isCanonical } from './header-names.ts';
import { MAX_HEADER_LINES } from './limits.ts';
import { isTokenText } from './scan.ts';

export interface HeaderRead {
  readonly headers: HeaderFields;
  readonly fault: { readonly reason: string; readonly at: number; readonly status: number; readonly header?: string } | undefined;
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Reads from `start` to the empty line or the end of the text. After a fault the following lines are still read, so that the request can be answered. */
export function readHeaderFields(text: string, start: number): HeaderRead {
  const names: string[] = [];
  const values: string[] = [];
  let fault: HeaderRead['fault'];
  const end = text.length;
  let at = start;
  let cr = text.indexOf('\r', start);
  while (at < end) {
    let nl = text.indexOf('\n', at);
    if (nl < 0) nl = end;
    let lineEnd = nl;
    if (cr >= 0) {
      if (cr < at) cr = text.indexOf('\r', at);
      if (cr === nl - 1) lineEnd = cr;
      else if (cr >= 0 && cr < nl) fault ??= { reason: 'A carriage return stands alone within a line.', at: cr, status: 400 };
    }
    if (lineEnd === at) break;
    let folded = false;
    // RFC 3261 §7.3.1: a line that begins with space continues the one before.
    while (nl + 1 < end && isBlank(text.charCodeAt(nl + 1))) {
      folded = true;
      nl = text.indexOf('\n', nl + 1);
      if (nl < 0) nl = end;
      lineEnd = nl > at && text.charCodeAt(nl - 1) === 13 ? nl - 1 : nl;
    }
    const colon = text.indexOf(':', at);
    let nameEnd = colon;
    while (nameEnd > at && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--;
    if (colon < 0 || colon >= lineEnd || nameEnd <= at || isBlank(text.charCodeAt(at))) {
      fault ??= { reason: 'A header line is not `name: value`.', at, status: 400 };
    } else if (names.length === MAX_HEADER_LINES) {
      return { headers: new HeaderFields(names, values), fault: fault ?? { reason: `There are more than ${MAX_HEADER_LINES} header lines.`, at, status: 513 } };
    } else {
      const name = canonicalNameAt(text, at, nameEnd);
      let from = colon + 1;
      while (from < lineEnd && isBlank(text.charCodeAt(from))) from++;
      let to = lineEnd;
      while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
      if (!isCanonical(name) && !isTokenText(name)) fault ??= { reason: 'The name of a header field is not a token.', at, status: 400 };
      else {
        names.push(name);
        values.push(folded ? unfold(text.slice(from, to)) : text.slice(from, to));
      }
    }
    at = nl + 1;
  }
  return { headers: new HeaderFields(names, values), fault };
}

/** RFC 3261 §7.3.1: a line end with the space around it counts as one space. */
const unfold = (value: string): string => value.replace(/[ \t]*\r?\n[ \t]+/g, ' ').trim();
