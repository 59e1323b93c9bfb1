/** Text and bytes. The core has no DOM library: the two encoders that every engine has are declared here and nowhere else. */

declare const TextEncoder: new () => {
  encode(text: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number };
};
declare const TextDecoder: new (label: string, options: { fatal?: boolean; ignoreBOM?: boolean }) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Messages are written one behind the other into slabs: a buffer of its own costs each of them more than its bytes do. */
const SLAB_BYTES = 32 * 1024;
/** The most that one text takes of a slab. */
const LARGEST_PIECE = SLAB_BYTES / 8;
const NOTHING = new Uint8Array(0);
const scratch = new Uint8Array(LARGEST_PIECE);
let slab = new Uint8Array(SLAB_BYTES);
/** Where in the slab the next text may be written. */
let free = 0;

/** The text's bytes, and `tail` behind them. They share a buffer with others: whoever hands them on hands on the view, not its buffer. */
export function encodeUtf8(text: string, tail: Uint8Array = NOTHING): Uint8Array {
  const least = text.length + tail.length;
  if (least > LARGEST_PIECE) return joined(encoder.encode(text), tail);
  if (free + least > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    free = 0;
  }
  const bytes = new Uint8Array(slab.buffer, free, least);
  // Nearly all messages are ASCII: as many bytes as characters.
  const { read, written } = encoder.encodeInto(text, bytes);
  if (read < text.length || written > text.length) return joined(encoder.encode(text), tail);
  if (tail.length > 0) bytes.set(tail, text.length);
  free += least;
  return bytes;
}

function joined(bytes: Uint8Array, tail: Uint8Array): Uint8Array {
  if (tail.length === 0) return bytes;
  const out = new Uint8Array(bytes.length + tail.length);
  out.set(bytes);
  out.set(tail, bytes.length);
  return out;
}

/** Apart from all others, for what outlives a message. */
export const encodeUtf8Apart = (text: string): Uint8Array => encoder.encode(text);
/** The same text in memory of its own, by way of its bytes; lone surrogates become U+FFFD. */
export function copyText(text: string): string {
  if (text.length > LARGEST_PIECE) return lenient.decode(encoder.encode(text));
  const { read, written } = encoder.encodeInto(text, scratch);
  return read < text.length ? lenient.decode(encoder.encode(text)) : lenient.decode(scratch.subarray(0, written));
}

/** Bytes that are not UTF-8 become U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => lenient.decode(bytes);
/** Undefined when the bytes are not UTF-8. */
export function decodeUtf8Strictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
