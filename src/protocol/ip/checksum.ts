/** The checksums of captures: the Internet checksum (RFC 1071) and CRC32c (RFC 9260 appendix A). */

/** Sum of 16-bit words in network order; an odd last byte counts as the high one. Feed the result back as `start` to go on after an even length. */
export function sumWords(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

export function internetChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

const CRC32C = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  CRC32C[i] = crc >>> 0;
}

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC32C[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}
