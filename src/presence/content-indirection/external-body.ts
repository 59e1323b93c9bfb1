/**
 * Content by reference (RFC 4483): a body that says where its content is, until when, how long it is, and what its hash is. Plain values, written and read, and what is fetched
 * held against them. Omitted: several references in one body, other schemes than http, optional content (RFC 3459).
 */
import { sha1Hex } from '#base/crypto.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { mediaTypeOf, parseNumber, parseParameterized } from '#protocol/sip/values.ts';

export const EXTERNAL_BODY_TYPE = 'message/external-body';

export interface ContentReference {
  /** Where the content is: http. */
  readonly url: string;
  /** Until when it can be had there: milliseconds since 1970. */
  readonly expiresAt: number;
  /** Octets. */
  readonly size?: number;
  /** SHA-1, 40 hexadecimal digits in lower case. */
  readonly hash?: string;
  /** Of the content. */
  readonly contentType?: string;
  /** Changes with the content (RFC 4483 §5.6); without angle brackets. */
  readonly contentId?: string;
}

export interface ReferenceError {
  readonly kind: 'reference-error';
  /** A sentence. */
  readonly reason: string;
  readonly clause: string;
}

export const isReferenceError = (value: ContentReference | ReferenceError): value is ReferenceError => 'kind' in value;

/** The reference to content that is known here. `expiresAt` in milliseconds since 1970. */
export function referenceTo(
  content: Uint8Array,
  about: { readonly url: string; readonly expiresAt: number; readonly contentType: string; readonly contentId: string },
): ContentReference {
  return { ...about, size: content.length, hash: sha1Hex(content) };
}

/** Content type and body of a message that holds the reference alone. */
export function formatReference(reference: ContentReference): { readonly contentType: string; readonly bytes: Uint8Array } {
  const { url, expiresAt, size, hash, contentType, contentId } = reference;
  const params = [
    'access-type="URL"',
    // RFC 4483 §5.7: when it ends must be said, in GMT.
    `expiration="${new Date(expiresAt).toUTCString()}"`,
    `URL="${url}"`,
    ...(size === undefined ? [] : [`size=${size}`]),
    ...(hash === undefined ? [] : [`hash=${hash}`]),
  ];
  const lines = [
    ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
    ...(contentId === undefined ? [] : [`Content-ID: <${contentId}>`]),
    // RFC 4483 §5.10: what the content is for must be said.
    'Content-Disposition: render',
  ];
  return { contentType: [EXTERNAL_BODY_TYPE, ...params].join(';'), bytes: encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`) };
}

const LONGEST_URL = 2000;
const MOST_LINES = 20;

/** Reads such a body. Never throws. */
export function readReference(contentType: string, body: Uint8Array): ContentReference | ReferenceError {
  if (mediaTypeOf(contentType) !== EXTERNAL_BODY_TYPE) return fault('The body is no reference to content.', 'RFC 4483 §5.4');
  const params = parseParameterized(contentType)?.params;
  const named = new Map([...(params ?? [])].map(([name, value]) => [name.toLowerCase(), value]));
  if (named.get('access-type')?.toLowerCase() !== 'url') return fault('The reference is none by URL.', 'RFC 4483 §5.4');
  const url = named.get('url');
  if (url === undefined || url.length > LONGEST_URL || !/^http:\/\/[^\s"<>]+$/i.test(url)) return fault('The reference has no http URL.', 'RFC 4483 §5.4');
  const expiration = named.get('expiration');
  const expiresAt = expiration === undefined ? Number.NaN : readDate(expiration);
  if (Number.isNaN(expiresAt)) return fault('The reference does not say until when the content can be had.', 'RFC 4483 §5.7');
  const size = named.get('size');
  const octets = parseNumber(size);
  if (size !== undefined && octets === undefined) return fault('The size of the content is no number.', 'RFC 4483 §5.9');
  const hash = named.get('hash')?.toLowerCase();
  if (hash !== undefined && !/^[0-9a-f]{40}$/.test(hash)) return fault('The hash of the content is no SHA-1 in hexadecimal digits.', 'RFC 4483 §5.12');
  const fields = fieldsOf(decodeUtf8(body));
  if (fields === undefined) return fault('What the body says of the content cannot be read.', 'RFC 4483 §5.8');
  const type = fields.get('content-type');
  const id = fields.get('content-id')?.replace(/^<(.*)>$/, '$1');
  return {
    url,
    expiresAt,
    ...(octets === undefined ? {} : { size: octets }),
    ...(hash === undefined ? {} : { hash }),
    ...(type === undefined ? {} : { contentType: type }),
    ...(id === undefined ? {} : { contentId: id }),
  };
}

/** RFC 1123 in GMT: `Mon, 05 Jan 2026 09:00:00 GMT`. */
const readDate = (text: string): number => (/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d:\d\d GMT$/.test(text) ? Date.parse(text) : Number.NaN);

function fieldsOf(text: string): ReadonlyMap<string, string> | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length > MOST_LINES) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return undefined;
    fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

/** What is wrong with content that was fetched by a reference; undefined: it is what was meant. */
export function contentFault(reference: ContentReference, content: Uint8Array, contentType: string | undefined): ReferenceError | undefined {
  if (reference.contentType !== undefined && (contentType === undefined || mediaTypeOf(contentType) !== mediaTypeOf(reference.contentType)))
    return fault(`The content is ${contentType ?? 'of no type'}, and ${reference.contentType} was said.`, 'RFC 4483 §5.8');
  if (reference.size !== undefined && content.length !== reference.size)
    return fault(`The content has ${content.length} octets, and ${reference.size} were said.`, 'RFC 4483 §5.9');
  // RFC 4483 §7: the recipient checks the hash and says so when it is another.
  if (reference.hash !== undefined && sha1Hex(content) !== reference.hash)
    return fault('The hash of the content is another than was said: somebody has changed it.', 'RFC 4483 §7');
  return undefined;
}

const fault = (reason: string, clause: string): ReferenceError => ({ kind: 'reference-error', reason, clause });
