/** Binary messages as a tree of names and values, for reading. */
export interface Leaf {
  readonly name: string;
  readonly value: string;
  /** XML and the like, shown as it is. */
  readonly document?: string;
  readonly members?: readonly Leaf[];
}

/** Sixteen octets a line: place, hexadecimal, characters. */
export function formatHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0'));
    const left = hex.slice(0, 8).join(' ').padEnd(23);
    const right = hex.slice(8).join(' ').padEnd(23);
    const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${left}  ${right}  ${text}`);
  }
  return lines.join('\n');
}
