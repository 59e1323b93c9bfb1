/** Where the header of a SIP message ends: the empty line (RFC 3261 §7). Found in the bytes, so that a binary body is never decoded. */

/**
 * The position of the first byte after the empty line, or -1 when there is none within `limit` bytes from `start`.
 * Every empty line holds two line feeds at most two apart, so that looking at every second byte finds one of CR LF CR LF or LF LF.
 */
export function findHeaderEnd(bytes: Uint8Array, start: number, limit: number): number {
  const end = Math.min(bytes.length, start + limit);
  for (let i = start; i < end; i += 2) {
    const byte = bytes[i] as number;
    if (byte > 13) continue;
    const lf = byte === 10 ? i : byte === 13 && bytes[i + 1] === 10 ? i + 1 : -1;
    if (lf < 0) continue;
    const before = bytes[lf - 1] === 13 ? lf - 2 : lf - 1;
    if (before >= start && bytes[before] === 10) return lf + 1;
    const after = bytes[lf + 1] === 13 ? lf + 2 : lf + 1;
    if (after < bytes.length && bytes[after] === 10) return after + 1;
  }
  return -1;
}
