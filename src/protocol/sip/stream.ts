/**
 * Cuts a TCP stream into SIP messages (RFC 3261 §18.3): header up to the empty line, then as many bytes as Content-Length tells.
 * Line ends between messages are keep-alives (RFC 5626 §3.5.1) and are passed over; the answer to one is the host's business.
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { findHeaderEnd } from './header-end.ts';
import { readHeaderFields } from './header-reader.ts';
import { MAX_BODY_BYTES, MAX_HEADER_BYTES } from './limits.ts';

/** What a connection has received and not yet used up. */
export interface SipStream {
  /** Bytes of an unfinished message. */
  readonly rest: Uint8Array;
  /** Why the stream can no longer be followed: the connection is to be closed. Later chunks are ignored. */
  readonly broken?: string;
}

export const NEW_SIP_STREAM: SipStream = { rest: new Uint8Array(0) };

export interface Framed {
  /** Whole messages, each for `parseSipMessage`. */
  readonly messages: readonly Uint8Array[];
  readonly stream: SipStream;
}

/** Takes the next bytes of a connection; gives the messages that are now whole and what to hand in with the next bytes. Never throws. */
export function frameSipStream(stream: SipStream, chunk: Uint8Array): Framed {
  if (stream.broken !== undefined) return { messages: [], stream };
  const bytes = stream.rest.length === 0 ? chunk : concatBytes(stream.rest, chunk);
  const messages: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    while (bytes[at] === 13 || bytes[at] === 10) at++;
    const headerEnd = findHeaderEnd(bytes, at, MAX_HEADER_BYTES);
    if (headerEnd < 0) {
      if (bytes.length - at >= MAX_HEADER_BYTES) return broken(messages, `No header ends within ${MAX_HEADER_BYTES} bytes.`);
      return { messages, stream: { rest: bytes.slice(at) } };
    }
    const length = bodyLength(bytes.subarray(at, headerEnd));
    if (typeof length === 'string') {
      // The message is handed on so that its sender gets an answer; what follows it cannot be told apart.
      messages.push(bytes.slice(at, headerEnd));
      return broken(messages, length);
    }
    if (headerEnd + length > bytes.length) return { messages, stream: { rest: bytes.slice(at) } };
    messages.push(bytes.slice(at, headerEnd + length));
    at = headerEnd + length;
  }
}

function bodyLength(header: Uint8Array): number | string {
  const text = decodeUtf8(header);
  const length = readHeaderFields(text, header, text.indexOf('\n') + 1).contentLength;
  // RFC 3261 §20.14: over a stream Content-Length is needed; what lacks it is taken to have no body, as peers do for requests without one.
  if (length === undefined) return 0;
  // RFC 4475 §3.1.2.3 and §3.3.9: where the message ends cannot be known any more.
  if (length < 0) return 'Content-Length is no number, or stands more than once.';
  return length > MAX_BODY_BYTES ? `The body exceeds ${MAX_BODY_BYTES} bytes.` : length;
}

const broken = (messages: readonly Uint8Array[], reason: string): Framed => ({ messages, stream: { rest: new Uint8Array(0), broken: reason } });
