/**
 * SIP messages: their shape, how one is read, made, copied and written.
 * RFC 3261 §7, §8.2.6, §18.3 and §25.1; the answers to malformed messages follow RFC 4475.
 * Deviation: a line may end with LF alone, and a status line may lack the space before an absent reason phrase.
 * Omitted: SigComp; values of header fields that no element needs to route or match are kept as they came and not checked here.
 */
import { decodeUtf8, decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import { findHeaderEnd } from './header-end.ts';
import { HeaderFields, type HeaderField } from './header-fields.ts';
import { canonicalName } from './header-names.ts';
import { readHeaderFields, type HeaderRead } from './header-reader.ts';
import { MAX_BODY_BYTES, MAX_HEADER_BYTES } from './limits.ts';
import { missingRole, nameOfRole } from './mandatory-fields.ts';
import { tagOf } from './name-addr.ts';
import { reasonPhraseOf } from './reason-phrases.ts';
import { skipToken } from './scan.ts';
import { readStartLine, type StartLine } from './start-line.ts';

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  uri: string;
  readonly headers: HeaderFields;
  body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderFields;
  body: Uint8Array;
}

export type SipMessage = SipRequest | SipResponse;

/** Why a message was not taken. */
export interface SipError {
  readonly kind: 'sip-error';
  /** What a generic server answers; 0: silence (nothing can be answered, or must not be: responses, ACK). */
  readonly status: number;
  /** One sentence. */
  readonly reason: string;
  /** Canonical name of the field at fault. */
  readonly header?: string;
  /** From 1, the start line being 1. */
  readonly line?: number;
  /** From 1, in characters. */
  readonly column?: number;
  /** What could be read. With a status other than 0 it is a request with a Via to answer to; `createResponse` copies what else there is. */
  readonly partial?: SipMessage;
}

export const NO_BODY = new Uint8Array(0);

const COPIED = ['From', 'To', 'Call-ID', 'CSeq'];

export const reasonPhrase = (status: number): string => reasonPhraseOf(status);

/** Header fields in the order given; names in any form. No header field is added. */
export function createRequest(method: string, uri: string, headers: readonly (readonly [string, string])[], body: Uint8Array = NO_BODY): SipRequest {
  const lines = headers.map(([name, value]) => ({ name: canonicalName(name), value }));
  return { kind: 'request', method, uri, headers: new HeaderFields(lines), body };
}

/**
 * RFC 3261 §8.2.6: Via, From, To, Call-ID and CSeq of the request, and a tag in To where there is none and one is given.
 * What the request lacks the response lacks too. Record-Route is not copied (§12.1.1 is the business of who makes a dialog).
 */
export function createResponse(request: SipRequest, status: number, reason: string = reasonPhraseOf(status), toTag?: string): SipResponse {
  const lines: HeaderField[] = [];
  for (const via of request.headers.lines('Via')) lines.push({ name: 'Via', value: via });
  for (const name of COPIED) {
    const value = request.headers.get(name);
    if (value === undefined) continue;
    // RFC 3261 §8.2.6.2: a To with a tag is copied as it is; otherwise the tag is added.
    const own = name === 'To' && toTag !== undefined && tagOf(value) === undefined ? `${value};tag=${toTag}` : value;
    lines.push({ name, value: own });
  }
  return { kind: 'response', status, reason, headers: new HeaderFields(lines), body: NO_BODY };
}

/** A copy whose header fields can be changed apart; the body's bytes are shared. */
export const cloneRequest = (r: SipRequest): SipRequest => ({ kind: 'request', method: r.method, uri: r.uri, headers: r.headers.clone(), body: r.body });

/** Start line and header fields; Content-Length stands last and tells the body's bytes, whatever the message carried before. */
function formatHead(message: SipMessage): string {
  const start = message.kind === 'request' ? message.method + ' ' + message.uri + ' SIP/2.0\r\n' : 'SIP/2.0 ' + message.status + ' ' + message.reason + '\r\n';
  return message.headers.format(start) + 'Content-Length: ' + message.body.length + '\r\n\r\n';
}

/** Writes Content-Length itself, as the last header field, replacing any. */
export function encodeSipMessage(message: SipMessage): Uint8Array {
  return encodeUtf8(formatHead(message), message.body);
}

/** The message as people read it; bytes of the body that are not UTF-8 show as U+FFFD. */
export const formatSipMessage = (message: SipMessage): string => formatHead(message) + decodeUtf8(message.body);

/**
 * A whole message out of a datagram, a WebSocket frame or a framed segment: start line, header, mandatory fields, body.
 * Never throws. Work is linear in the number of bytes. Bytes after the body are discarded (RFC 3261 §18.3).
 */
export function parseSipMessage(bytes: Uint8Array): SipMessage | SipError {
  let start = 0;
  // RFC 3261 §7.5: empty lines before the start line are passed over.
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  if (start === bytes.length) return { kind: 'sip-error', status: 0, reason: 'There is nothing but line ends (a keep-alive).' };
  if (start > 0) bytes = bytes.subarray(start);
  let text = decodeUtf8(bytes);
  // Of ASCII text the positions of characters are those of bytes; otherwise the header is decoded apart from the body.
  const ascii = text.length === bytes.length && text.indexOf('\ufffd') < 0;
  let headerEnd = -1;
  let utf8 = true;
  let header = bytes;
  if (!ascii) {
    headerEnd = findHeaderEnd(bytes, 0, MAX_HEADER_BYTES);
    header = bytes.subarray(0, headerEnd < 0 ? MAX_HEADER_BYTES : headerEnd);
    text = decodeUtf8(header);
    utf8 = headerEnd < 0 || text.indexOf('\ufffd') < 0 || decodeUtf8Strictly(header) !== undefined;
  }
  const startLine = readStartLine(text);
  const read = readHeaderFields(text, header, startLine.end);
  if (ascii) headerEnd = read.end;
  const message = assemble(startLine, read.headers, NO_BODY);
  const fault = startLine.fault ?? (utf8 ? undefined : NOT_UTF8) ?? headerFault(read, message, headerEnd, bytes.length, text);
  if (message === undefined || fault !== undefined) return failure(message, fault ?? NO_START, text);
  const rest = bytes.length - headerEnd;
  const length = read.contentLength ?? rest;
  // RFC 3261 §18.3: a body shorter than Content-Length is an error; a request is answered 400, a response dropped.
  if (length > rest)
    return failure(
      message,
      { header: 'Content-Length', reason: `Content-Length tells ${length} bytes, but ${rest} came.`, status: 400, at: positionOf(text, 'Content-Length') },
      text,
    );
  if (length > MAX_BODY_BYTES) return failure(message, { reason: `The body exceeds ${MAX_BODY_BYTES} bytes.`, status: 513 }, text);
  if (length > 0) message.body = bytes.subarray(headerEnd, headerEnd + length);
  return message;
}

/** RFC 3261 §7: SIP is UTF-8; what is not could not be passed on as it came. */
const NOT_UTF8: Fault = { reason: 'The header is not UTF-8.', status: 400 };
const NO_START: Fault = { reason: 'The start line is neither of a request nor of a response.', status: 400, at: 0 };

function headerFault(read: HeaderRead, message: SipMessage | undefined, headerEnd: number, size: number, text: string): Fault | undefined {
  if (headerEnd > MAX_HEADER_BYTES || (headerEnd < 0 && size >= MAX_HEADER_BYTES))
    return { reason: `The header exceeds ${MAX_HEADER_BYTES} bytes.`, status: 513 };
  if (read.fault !== undefined) return read.fault;
  if (headerEnd < 0) return { reason: 'The header does not end with an empty line.', status: 400, at: text.length };
  const missing = missingRole(read.seen);
  if (missing !== undefined) return { header: nameOfRole(missing), reason: `The ${nameOfRole(missing)} header field is missing.`, status: 400 };
  if (message?.kind !== 'request') return undefined;
  const cseq = read.headers.get('CSeq') as string;
  // RFC 3261 §8.1.1.5: the method in CSeq is that of the request.
  const before = cseq.charCodeAt(cseq.length - message.method.length - 1);
  if (cseq.endsWith(message.method) && (before === 32 || before === 9)) return undefined;
  return { header: 'CSeq', reason: `CSeq (${cseq}) does not name the method of the request, ${message.method}.`, status: 400, at: positionOf(text, 'CSeq') };
}

function assemble(startLine: StartLine, headers: HeaderFields, body: Uint8Array): SipMessage | undefined {
  if (startLine.method !== '') return { kind: 'request', method: startLine.method, uri: startLine.uri, headers, body };
  if (startLine.status !== 0) return { kind: 'response', status: startLine.status, reason: startLine.reason, headers, body };
  return undefined;
}

interface Fault {
  readonly reason: string;
  readonly status: number;
  readonly header?: string;
  /** Position in the text of the header. */
  readonly at?: number;
}

function failure(partial: SipMessage | undefined, fault: Fault, text: string): SipError {
  // RFC 3261 §17.1.1.3 and §8.1.3: ACK and responses are never answered; without Via nobody knows where to.
  const answerable = partial !== undefined && partial.kind === 'request' && partial.method !== 'ACK' && partial.headers.has('Via');
  const at = fault.at ?? -1;
  const lineStart = at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return {
    kind: 'sip-error',
    status: answerable ? fault.status : 0,
    reason: fault.reason,
    ...(fault.header === undefined ? {} : { header: fault.header }),
    ...(at < 0 ? {} : { line: countLines(text, lineStart), column: at - lineStart + 1 }),
    ...(partial === undefined ? {} : { partial }),
  };
}

function countLines(text: string, end: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** Where the first line of that field begins; -1 when it is missing. */
function positionOf(text: string, header: string): number {
  for (let nl = text.indexOf('\n'); nl >= 0; nl = text.indexOf('\n', nl + 1)) {
    if (canonicalName(text.slice(nl + 1, skipToken(text, nl + 1, text.length))) === header) return nl + 1;
  }
  return -1;
}
