/** Writes the octets of one DNS message, compressing names against those written before (RFC 1035 §4.1.4). */
import { labelsOf } from './name.ts';

export class DnsWriter {
  #bytes = new Uint8Array(512);
  #at = 0;
  readonly #offsets = new Map<string, number>();

  get length(): number {
    return this.#at;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  u16(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new Error(`DNS: ${value} is no 16-bit number`);
    this.#room(2);
    this.#bytes[this.#at++] = value >> 8;
    this.#bytes[this.#at++] = value & 0xff;
  }

  u32(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new Error(`DNS: ${value} is no 32-bit number`);
    this.u16(Math.floor(value / 0x10000));
    this.u16(value % 0x10000);
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A character-string: one octet of length, then the octets. */
  text(bytes: Uint8Array): void {
    if (bytes.length > 255) throw new Error('DNS: a character-string holds at most 255 octets');
    this.#room(1);
    this.#bytes[this.#at++] = bytes.length;
    this.bytes(bytes);
  }

  /** With `compress`, the longest known tail becomes a pointer; the new tails are remembered in either case. */
  name(name: string, compress: boolean): void {
    const labels = labelsOf(name);
    if (labels === undefined) throw new Error(`DNS: ${name} is no domain name`);
    for (let i = 0; i < labels.length; i++) {
      const tail = i === 0 ? labels.join('\0') : labels.slice(i).join('\0');
      const offset = this.#offsets.get(tail);
      if (offset !== undefined && compress) {
        this.u16(0xc000 | offset);
        return;
      }
      if (offset === undefined && this.#at < 0x4000) this.#offsets.set(tail, this.#at);
      const label = labels[i] as string;
      this.#room(label.length + 1);
      this.#bytes[this.#at++] = label.length;
      for (let k = 0; k < label.length; k++) this.#bytes[this.#at++] = label.charCodeAt(k);
    }
    this.#room(1);
    this.#bytes[this.#at++] = 0;
  }

  /** Leaves room for a 16-bit length and says where. */
  reserveLength(): number {
    this.u16(0);
    return this.#at - 2;
  }

  /** Fills in how many octets followed the place that `reserveLength` left. */
  setLength(lengthAt: number): void {
    const end = this.#at;
    this.#at = lengthAt;
    this.u16(end - lengthAt - 2);
    this.#at = end;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }
}
