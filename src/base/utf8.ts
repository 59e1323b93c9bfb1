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
let free = new Uint8Array(SLAB_BYTES);

/** The text's bytes, and `tail` behind them. They share a buffer with others: whoever hands them on hands on the view, not its buffer. */
export function encodeUtf8(text: string, tail: Uint8Array = NOTHING): Uint8Array {
  const least = text.length + tail.length;
  if (least > LARGEST_PIECE) return joined(encoder.encode(text), tail);
  if (least > free.length) free = new Uint8Array(SLAB_BYTES);
  const { read, written } = encoder.encodeInto(text, free);
  const total = written + tail.length;
  // Not every character takes a single byte, and the slab was too full for that.
  if (read < text.length || total > free.length) return joined(encoder.encode(text), tail);
  if (tail.length > 0) free.set(tail, written);
  const bytes = new Uint8Array(free.buffer, free.byteOffset, total);
  free = new Uint8Array(free.buffer, free.byteOffset + total, free.length - total);
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
