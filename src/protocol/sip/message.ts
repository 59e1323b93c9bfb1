/**
 * SIP messages: their shape, how one is read, made, copied and written.
 * RFC 3261 sections 7, 8.2.6, 18.3 and 25.1; the answers to malformed messages follow RFC 4475.
 * Deviation: a line may end with LF alone, and a status line may lack the space before an absent reason phrase.
 * Omitted: SigComp; values of header fields that no element needs to route or match are kept as they came and not checked here.
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { findHeaderEnd } from './header-end.ts';
import { HeaderFields } from './header-fields.ts';
import { canonicalName } from './header-names.ts';
import { readHeaderFields } from './header-reader.ts';
import { MAX_BODY_BYTES, MAX_HEADER_BYTES } from './limits.ts';
import { checkMandatoryFields, readContentLength } from './mandatory-fields.ts';
import { tagOf } from './name-addr.ts';
import { reasonPhraseOf } from './reason-phrases.ts';
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

export const reasonPhrase = (status: number): string => reasonPhraseOf(status);

/** Header fields in the order given; names in any form. No header field is added. */
export function createRequest(method: string, uri: string, headers: readonly (readonly [string, string])[], body: Uint8Array = NO_BODY): SipRequest {
  const names: string[] = [];
  const values: string[] = [];
  for (const [name, value] of headers) {
    names.push(canonicalName(name));
    values.push(value);
  }
  return { kind: 'request', method, uri, headers: new HeaderFields(names, values), body };
}

/**
 * RFC 3261 §8.2.6: Via, From, To, Call-ID and CSeq of the request, and a tag in To where there is none and one is given.
 * What the request lacks the response lacks too. Record-Route is not copied (§12.1.1 is the business of who makes a dialog).
 */
export function createResponse(request: SipRequest, status: number, reason: string = reasonPhraseOf(status), toTag?: string): SipResponse {
  const names: string[] = [];
  const values: string[] = [];
  for (const via of request.headers.lines('Via')) {
    names.push('Via');
    values.push(via);
  }
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    const value = request.headers.get(name);
    if (value === undefined) continue;
    names.push(name);
    // RFC 3261 §8.2.6.2: a To with a tag is copied as it is; otherwise the tag is added.
    values.push(name === 'To' && toTag !== undefined && tagOf(value) === undefined ? `${value};tag=${toTag}` : value);
  }
  return { kind: 'response', status, reason, headers: new HeaderFields(names, values), body: NO_BODY };
}

/** A copy whose header fields can be changed apart; the body's bytes are shared. */
export const cloneRequest = (r: SipRequest): SipRequest => ({ kind: 'request', method: r.method, uri: r.uri, headers: r.headers.clone(), body: r.body });
export const cloneResponse = (r: SipResponse): SipResponse => ({ kind: 'response', status: r.status, reason: r.reason, headers: r.headers.clone(), body: r.body });

/** Start line and header fields; Content-Length stands last and tells the body's bytes, whatever the message carried before. */
function formatHead(message: SipMessage): string {
  const start = message.kind === 'request' ? message.method + ' ' + message.uri + ' SIP/2.0\r\n' : 'SIP/2.0 ' + message.status + ' ' + message.reason + '\r\n';
  return message.headers.format(start) + 'Content-Length: ' + message.body.length + '\r\n\r\n';
}

/** Writes Content-Length itself, as the last header field, replacing any. */
export function encodeSipMessage(message: SipMessage): Uint8Array {
  const head = encodeUtf8(formatHead(message));
  return message.body.length === 0 ? head : concatBytes(head, message.body);
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
  const headerEnd = findHeaderEnd(bytes, start, MAX_HEADER_BYTES);
  const length = (headerEnd < 0 ? Math.min(bytes.length, start + MAX_HEADER_BYTES) : headerEnd) - start;
  const text = decodeUtf8(bytes.subarray(start, start + length));
  const startLine = readStartLine(text);
  const read = readHeaderFields(text, startLine.end);
  const broken = startLine.fault ?? read.fault;
  const message = assemble(startLine, read.headers, NO_BODY);
  if (message === undefined) return failure(undefined, broken ?? { reason: 'The start line is neither of a request nor of a response.' }, text);
  if (headerEnd < 0) {
    return length >= MAX_HEADER_BYTES
      ? failure(message, { reason: `The header exceeds ${MAX_HEADER_BYTES} bytes.`, status: 513 }, text)
      : failure(message, broken ?? { reason: 'The header does not end with an empty line.', at: text.length }, text);
  }
  if (broken !== undefined) return failure(message, broken, text);
  const fault = checkMandatoryFields(message.headers, message.kind === 'request' ? message.method : undefined);
  if (fault !== undefined) return failure(message, fault, text);
  return withBody(message, bytes.subarray(headerEnd), text);
}

function withBody(message: SipMessage, rest: Uint8Array, text: string): SipMessage | SipError {
  const length = readContentLength(message.headers) ?? rest.length;
  if (typeof length !== 'number') return failure(message, length, text);
  // RFC 3261 §18.3: a body shorter than Content-Length is an error; a request is answered 400, a response dropped.
  if (length > rest.length) {
    return failure(message, { header: 'Content-Length', reason: `Content-Length tells ${length} bytes, but ${rest.length} came.` }, text);
  }
  if (length > MAX_BODY_BYTES) return failure(message, { header: 'Content-Length', reason: `The body exceeds ${MAX_BODY_BYTES} bytes.`, status: 513 }, text);
  if (length > 0) message.body = rest.subarray(0, length);
  return message;
}

function assemble(startLine: StartLine, headers: HeaderFields, body: Uint8Array): SipMessage | undefined {
  if (startLine.method !== '') return { kind: 'request', method: startLine.method, uri: startLine.uri, headers, body };
  if (startLine.status !== 0) return { kind: 'response', status: startLine.status, reason: startLine.reason, headers, body };
  return undefined;
}

interface Fault {
  readonly reason: string;
  readonly header?: string;
  /** Position in the header text. */
  readonly at?: number;
  /** 400 unless told. */
  readonly status?: number;
}

function failure(partial: SipMessage | undefined, fault: Fault, text: string): SipError {
  // RFC 3261 §17.1.1.3 and §8.1.3: ACK and responses are never answered; without Via nobody knows where to.
  const answerable = partial !== undefined && partial.kind === 'request' && partial.method !== 'ACK' && partial.headers.has('Via');
  const at = fault.at ?? (fault.header === undefined ? -1 : positionOf(text, fault.header));
  const lineStart = at < 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return {
    kind: 'sip-error',
    status: answerable ? (fault.status ?? 400) : 0,
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

/** Where the last line of that field begins (of a repeated one the repetition is the fault); -1 when it is missing. */
function positionOf(text: string, header: string): number {
  let position = -1;
  for (let nl = text.indexOf('\n'); nl >= 0; nl = text.indexOf('\n', nl + 1)) {
    const colon = text.indexOf(':', nl);
    if (colon < 0) break;
    const next = text.indexOf('\n', nl + 1);
    if ((next < 0 || colon < next) && canonicalName(text.slice(nl + 1, colon).trimEnd()) === header) position = nl + 1;
  }
  return position;
}
