/**
 * Multipart bodies (RFC 2046 §5.1), as far as SIP carries them: parts with header fields and bytes.
 * Omitted: nested multiparts are parts like any other (parse their body again); transfer encodings (SIP bodies are binary).
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { HeaderFields } from './header-fields.ts';
import { readHeaderFields } from './header-reader.ts';
import { MAX_HEADER_BYTES, MAX_PARTS } from './limits.ts';
import { findHeaderEnd } from './header-end.ts';
import { parseParameterized } from './values.ts';

export interface BodyPart {
  readonly headers: HeaderFields;
  readonly body: Uint8Array;
}

/** The boundary that a Content-Type value names, or undefined when it is not multipart. */
export function boundaryOf(contentType: string): string | undefined {
  const type = parseParameterized(contentType);
  if (type === undefined || !type.value.toLowerCase().startsWith('multipart/')) return undefined;
  const boundary = type.params.get('boundary');
  return boundary === undefined || boundary === '' || boundary.length > 70 ? undefined : boundary;
}

/** The parts of a body; undefined when the delimiters or the header of a part are malformed, or there are more than MAX_PARTS. */
export function parseMultipart(contentType: string, body: Uint8Array): readonly BodyPart[] | undefined {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  const delimiter = encodeUtf8(`--${boundary}`);
  const parts: BodyPart[] = [];
  let delimiterAt = findDelimiter(body, delimiter, 0);
  while (delimiterAt >= 0) {
    let at = delimiterAt + delimiter.length;
    if (body[at] === 45 && body[at + 1] === 45) return parts;
    while (body[at] === 32 || body[at] === 9) at++;
    if (body[at] === 13) at++;
    if (body[at] !== 10 || parts.length === MAX_PARTS) return undefined;
    at++;
    delimiterAt = findDelimiter(body, delimiter, at);
    if (delimiterAt < 0) return undefined;
    const part = readPart(body, at, delimiterAt);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return undefined;
}

/** The line end before a delimiter belongs to the delimiter. */
function readPart(body: Uint8Array, start: number, delimiterAt: number): BodyPart | undefined {
  let end = Math.max(start, delimiterAt - 1);
  if (end > start && body[end - 1] === 13) end--;
  const first = body[start];
  if (first === 10 || (first === 13 && body[start + 1] === 10))
    return { headers: new HeaderFields(), body: body.subarray(Math.min(end, start + (first === 10 ? 1 : 2)), end) };
  const headerEnd = findHeaderEnd(body, start, MAX_HEADER_BYTES);
  if (headerEnd < 0 || headerEnd > delimiterAt) return undefined;
  const header = body.subarray(start, headerEnd);
  const read = readHeaderFields(decodeUtf8(header), header, 0);
  return read.fault === undefined
    ? { headers: read.headers, body: body.subarray(Math.min(headerEnd, Math.max(end, start)), Math.max(end, Math.min(headerEnd, end))) }
    : undefined;
}

/** The next delimiter at the beginning of a line. */
function findDelimiter(body: Uint8Array, delimiter: Uint8Array, from: number): number {
  for (let at = body.indexOf(45, from); at >= 0; at = body.indexOf(45, at + 1)) {
    if (at > 0 && body[at - 1] !== 10) continue;
    let same = 0;
    while (same < delimiter.length && body[at + same] === delimiter[same]) same++;
    if (same === delimiter.length) return at;
  }
  return -1;
}

/** The body that goes with `multipart/...;boundary=<boundary>`. The caller chooses a boundary that no part holds. */
export function formatMultipart(parts: readonly BodyPart[], boundary: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    let head = `--${boundary}\r\n`;
    for (const { name, value } of part.headers.fields()) head += `${name}: ${value}\r\n`;
    pieces.push(encodeUtf8(`${head}\r\n`), part.body, encodeUtf8('\r\n'));
  }
  pieces.push(encodeUtf8(`--${boundary}--\r\n`));
  return concatBytes(...pieces);
}
