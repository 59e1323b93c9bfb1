/** Content in chunks (RFC 9112 §6.1: everybody has to be able to read it), as one message that arrived whole. Chunk extensions and trailer fields are read over. Nobody here sends it. */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8 } from '#base/utf8.ts';

/** Bytes of a line that says a size or is a trailer field [choice]. */
const MAX_LINE = 1024;

/** What the chunks hold together; `too-large` when that is more than `most` bytes, undefined when they are none. */
export function readChunks(bytes: Uint8Array, most: number): Uint8Array | 'too-large' | undefined {
  const chunks: Uint8Array[] = [];
  let [at, length] = [0, 0];
  for (;;) {
    const line = lineAt(bytes, at);
    const size = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line ?? '');
    if (line === undefined || size === null) return undefined;
    at += line.length + 2;
    const count = parseInt(size[1] ?? '', 16);
    if (count === 0) return endsAfterTrailers(bytes, at) ? concatBytes(...chunks) : undefined;
    length += count;
    if (length > most) return 'too-large';
    if (bytes[at + count] !== 13 || bytes[at + count + 1] !== 10) return undefined;
    chunks.push(bytes.subarray(at, at + count));
    at += count + 2;
  }
}

function endsAfterTrailers(bytes: Uint8Array, from: number): boolean {
  for (let at = from; ;) {
    const line = lineAt(bytes, at);
    if (line === undefined) return false;
    at += line.length + 2;
    if (line === '') return at === bytes.length;
    if (line.indexOf(':') < 1) return false;
  }
}

/** The ASCII line that begins there, without its end. */
function lineAt(bytes: Uint8Array, from: number): string | undefined {
  for (let i = from; i < Math.min(bytes.length - 1, from + MAX_LINE); i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 13) return bytes[i + 1] === 10 ? decodeUtf8(bytes.subarray(from, i)) : undefined;
    if (byte === 10 || byte > 126) return undefined;
  }
  return undefined;
}
