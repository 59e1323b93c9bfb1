/**
 * HTTP/1.1 messages as bytes and back (RFC 9112; methods and status codes of RFC 9110). One message is one segment here, so it is read whole or not at all.
 * Omitted: transfer codings but chunked (501), trailers, upgrades, obsolete line folding (a fault), HTTP/1.0 and HTTP/2 (505), TLS.
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { readChunks } from './chunked.ts';
import { HTTP_PHRASES } from './phrases.ts';

export type HttpFields = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly kind: 'request';
  readonly method: string;
  /** As it stands in the request line: a path with its query, or a whole URI. */
  readonly target: string;
  readonly fields: HttpFields;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly fields: HttpFields;
  readonly body: Uint8Array;
}

/** Why bytes are no message, and what a server answers to them. */
export interface HttpError {
  readonly kind: 'http-error';
  readonly status: 400 | 413 | 414 | 431 | 501 | 505;
  /** A sentence. */
  readonly reason: string;
  readonly clause: string;
}

export type HttpMessage = HttpRequest | HttpResponse;

/** Bytes of the longest start line, of all header fields, and of a body that are taken [choice]. */
const MAX_START_LINE = 4096;
const MAX_FIELDS = 16_384;
export const MAX_HTTP_BODY = 131_072;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NO_BODY = new Uint8Array(0);

/** The first value of that field; names are alike in any case (RFC 9110 §5.1). */
export function fieldOf({ fields }: Pick<HttpMessage, 'fields'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return fields.find(([each]) => each.toLowerCase() === wanted)?.[1];
}

/** The media type without its parameters, in lower case. */
export const mediaTypeIn = (message: Pick<HttpMessage, 'fields'>): string | undefined =>
  fieldOf(message, 'Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();

export const createHttpRequest = (method: string, target: string, fields: HttpFields, body: Uint8Array = NO_BODY): HttpRequest => ({
  kind: 'request',
  method,
  target,
  fields,
  body,
});

export const createHttpResponse = (status: number, fields: HttpFields = [], body: Uint8Array = NO_BODY): HttpResponse => ({
  kind: 'response',
  status,
  reason: HTTP_PHRASES[status] ?? 'Unknown',
  fields,
  body,
});

/** Whether its length has to be said: of every answer but these, and of every request that has, or should have, content. */
function saysLength(message: HttpMessage): boolean {
  // RFC 9110 §8.6: not in 1xx and 204; a 304 would name the length of what it does not carry.
  if (message.kind === 'response') return message.status >= 200 && message.status !== 204 && message.status !== 304;
  return message.body.length > 0 || message.method === 'PUT' || message.method === 'POST';
}

/** Content-Length is added here. Throws when a field could not be written (our mistake). */
export function encodeHttpMessage(message: HttpMessage): Uint8Array {
  const start = message.kind === 'request' ? `${message.method} ${message.target} HTTP/1.1` : `HTTP/1.1 ${message.status} ${message.reason}`;
  const length: HttpFields = saysLength(message) ? [['Content-Length', String(message.body.length)]] : [];
  const lines = [...message.fields, ...length].map(([name, value]) => {
    if (!TOKEN.test(name) || /[\r\n\0]/.test(value)) throw new Error(`no field line can be made of ${name}`);
    return `${name}: ${value}\r\n`;
  });
  return concatBytes(encodeUtf8(`${start}\r\n${lines.join('')}\r\n`), message.body);
}

/** The one message that the bytes are. Never throws. */
export function parseHttpMessage(bytes: Uint8Array): HttpMessage | HttpError {
  const end = endOfFields(bytes);
  if (end === undefined)
    return bytes.length > MAX_START_LINE + MAX_FIELDS
      ? error(431, 'The header fields do not end.', 'RFC 9112 §2.2')
      : error(400, 'No empty line ends the header fields.', 'RFC 9112 §2.2');
  const [start = '', ...lines] = decodeUtf8(bytes.subarray(0, end)).split('\r\n');
  if (start.length > MAX_START_LINE) return error(414, 'The start line is too long.', 'RFC 9112 §3');
  if (end > MAX_START_LINE + MAX_FIELDS) return error(431, 'The header fields are too long.', 'RFC 6585 §5');
  const fields: (readonly [string, string])[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    // RFC 9112 §5.1: no white space in front of the colon; and none at the start of a line, which would fold it.
    if (colon < 1 || !TOKEN.test(line.slice(0, colon)) || /[\r\n\0]/.test(line))
      return error(400, 'A line of the header fields has no name and value.', 'RFC 9112 §5.1');
    fields.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  const body = readBody(fields, bytes.subarray(end + 4));
  return body instanceof Uint8Array ? readStart(start, fields, body) : body;
}

export const isHttpError = (value: HttpMessage | HttpError): value is HttpError => value.kind === 'http-error';

const error = (status: HttpError['status'], reason: string, clause: string): HttpError => ({ kind: 'http-error', status, reason, clause });

/** Where the empty line begins that ends the fields. */
function endOfFields(bytes: Uint8Array): number | undefined {
  const last = Math.min(bytes.length, MAX_START_LINE + MAX_FIELDS + 4) - 4;
  for (let i = 0; i <= last; i++) if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i;
  return undefined;
}

const tooLong = (): HttpError => error(413, `The content is longer than ${MAX_HTTP_BODY} bytes.`, 'RFC 9110 §15.5.14');

function readBody(fields: HttpFields, body: Uint8Array): Uint8Array | HttpError {
  const [lengths, codings] = ['content-length', 'transfer-encoding'].map((wanted) =>
    fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value),
  ) as [string[], string[]];
  if (codings.length > 0) {
    // RFC 9112 §6.1: a transfer coding that is not understood is answered 501; who says a length too may be smuggling.
    if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') return error(501, 'No transfer coding but chunked is understood here.', 'RFC 9112 §6.1');
    if (lengths.length > 0) return error(400, 'The content is chunked, and a length is said too.', 'RFC 9112 §6.1');
    const content = readChunks(body, MAX_HTTP_BODY);
    return content === 'too-large' ? tooLong() : (content ?? error(400, 'The chunks cannot be read.', 'RFC 9112 §2.2'));
  }
  const [length = '0'] = lengths;
  // RFC 9112 §6.3: lengths that differ, or are none, cannot be recovered from.
  if (new Set(lengths).size > 1 || !/^\d{1,15}$/.test(length)) return error(400, 'Content-Length is not one number.', 'RFC 9112 §6.3');
  if (Number(length) > MAX_HTTP_BODY) return tooLong();
  if (Number(length) !== body.length) return error(400, `The content has ${body.length} bytes, not ${length}.`, 'RFC 9112 §6.3');
  return body;
}

function readStart(start: string, fields: HttpFields, body: Uint8Array): HttpMessage | HttpError {
  const answer = /^HTTP\/(\d\.\d) (\d{3})(?: (.*))?$/.exec(start);
  const question = answer === null ? /^(\S+) (\S+) HTTP\/(\d\.\d)$/.exec(start) : null;
  const version = answer?.[1] ?? question?.[3];
  if (version === undefined) return error(400, 'The start line is neither of a request nor of a response.', 'RFC 9112 §2.2');
  if (version !== '1.1') return error(505, `HTTP/${version} is not spoken here.`, 'RFC 9112 §2.3');
  if (answer !== null) return { kind: 'response', status: Number(answer[2]), reason: answer[3] ?? '', fields, body };
  const [, method = '', target = ''] = question ?? [];
  if (!TOKEN.test(method)) return error(400, 'The method is no token.', 'RFC 9112 §3');
  // RFC 9112 §3.2: a request without Host, or with two of them, is answered 400.
  if (fields.filter(([name]) => name.toLowerCase() === 'host').length !== 1) return error(400, 'There is not exactly one Host.', 'RFC 9112 §3.2');
  return { kind: 'request', method, target, fields, body };
}
