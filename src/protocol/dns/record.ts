/**
 * Resource records of the types the IMS asks for: A, NS, CNAME, SOA (RFC 1035 §3.3, §3.4), AAAA (RFC 3596 §2), SRV (RFC 2782), NAPTR (RFC 3403 §4.1).
 * Every other type, and every class but IN, is kept as it came (`other`). Plain JSON (but for `other`), so that zones are written in it.
 */
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import type { DnsFault } from './fault.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import { readName } from './name.ts';
import type { DnsWriter } from './writer.ts';

/** What every record has. `ttl` in seconds. */
interface RecordBase {
  readonly name: string;
  readonly ttl: number;
}

export interface AddressRecord extends RecordBase {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
}

export interface NameRecord extends RecordBase {
  readonly type: 'NS' | 'CNAME';
  readonly target: string;
}

export interface SoaRecord extends RecordBase {
  readonly type: 'SOA';
  readonly primary: string;
  readonly mailbox: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** Seconds for which the absence of a record may be remembered (RFC 2308 §4). */
  readonly minimum: number;
}

export interface SrvRecord extends RecordBase {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface NaptrRecord extends RecordBase {
  readonly type: 'NAPTR';
  readonly order: number;
  readonly preference: number;
  /** `s`, `a`, `u` or empty, in the letter case that came. */
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

export interface OtherRecord extends RecordBase {
  readonly type: 'other';
  readonly code: number;
  readonly class: number;
  readonly content: Uint8Array;
}

export type DnsRecord = AddressRecord | NameRecord | SoaRecord | SrvRecord | NaptrRecord | OtherRecord;
export type RecordType = Exclude<DnsRecord['type'], 'other'>;
/** A type in a question; those not known by name in the form of RFC 3597 §5. */
export type QuestionType = RecordType | `TYPE${number}`;

const CODES: Readonly<Record<RecordType, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, NAPTR: 35 };
const NAMES = new Map<number, RecordType>(Object.entries(CODES).map(([name, code]) => [code, name as RecordType]));

export const typeOfCode = (code: number): QuestionType => NAMES.get(code) ?? `TYPE${code}`;
export const codeOfType = (type: QuestionType): number => (type in CODES ? CODES[type as RecordType] : Number(type.slice(4)));

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);

/** A name that has to end exactly where the record ends. */
function lastName(bytes: Uint8Array, at: number, end: number): string | DnsFault[] {
  const read = readName(bytes, at);
  if (typeof read === 'string') return [read];
  return read.end === end ? read.name : ['length-lies'];
}

/**
 * Reads a record's content, which lies at `at` and ends before `end` (within `bytes`).
 * A class other than IN and an unknown type give an `other` record.
 */
export function readRecordContent(bytes: Uint8Array, at: number, end: number, name: string, code: number, cls: number, ttl: number): DnsRecord | DnsFault {
  const type = cls === 1 ? NAMES.get(code) : undefined;
  switch (type) {
    case undefined:
      return { type: 'other', name, ttl, code, class: cls, content: bytes.slice(at, end) };
    case 'A':
    case 'AAAA':
      if (end - at !== (type === 'A' ? 4 : 16)) return 'length-lies';
      return { type, name, ttl, address: formatIpAddress(bytes.subarray(at, end)) };
    case 'NS':
    case 'CNAME': {
      const target = lastName(bytes, at, end);
      return typeof target === 'string' ? { type, name, ttl, target } : (target[0] as DnsFault);
    }
    case 'SRV': {
      if (end - at < 7) return 'length-lies';
      // RFC 3597 §4: names in SRV and NAPTR are never written compressed, yet read so when a peer did.
      const target = lastName(bytes, at + 6, end);
      if (typeof target !== 'string') return target[0] as DnsFault;
      return { type, name, ttl, priority: u16(bytes, at), weight: u16(bytes, at + 2), port: u16(bytes, at + 4), target };
    }
    case 'NAPTR':
      return readNaptr(bytes, at, end, name, ttl);
    case 'SOA':
      return readSoa(bytes, at, end, name, ttl);
  }
}

function readNaptr(bytes: Uint8Array, at: number, end: number, name: string, ttl: number): NaptrRecord | DnsFault {
  if (end - at < 8) return 'length-lies';
  const texts: string[] = [];
  let position = at + 4;
  for (let i = 0; i < 3; i++) {
    const stop = position + 1 + (bytes[position] ?? 0);
    if (stop > end) return 'length-lies';
    const text = decodeUtf8Strictly(bytes.subarray(position + 1, stop));
    if (text === undefined) return 'text-not-utf8';
    texts.push(text);
    position = stop;
  }
  const replacement = lastName(bytes, position, end);
  if (typeof replacement !== 'string') return replacement[0] as DnsFault;
  const [flags, service, regexp] = texts as [string, string, string];
  return { type: 'NAPTR', name, ttl, order: u16(bytes, at), preference: u16(bytes, at + 2), flags, service, regexp, replacement };
}

function readSoa(bytes: Uint8Array, at: number, end: number, name: string, ttl: number): SoaRecord | DnsFault {
  const primary = readName(bytes, at);
  if (typeof primary === 'string') return primary;
  const mailbox = readName(bytes, primary.end);
  if (typeof mailbox === 'string') return mailbox;
  const n = mailbox.end;
  if (n + 20 !== end) return 'length-lies';
  return {
    type: 'SOA',
    name,
    ttl,
    primary: primary.name,
    mailbox: mailbox.name,
    serial: u32(bytes, n),
    refresh: u32(bytes, n + 4),
    retry: u32(bytes, n + 8),
    expire: u32(bytes, n + 12),
    minimum: u32(bytes, n + 16),
  };
}

/** Appends a whole record. Throws when it holds what the wire cannot (a bad name, address or number): records to send are ours. */
export function writeRecord(writer: DnsWriter, record: DnsRecord): void {
  writer.name(record.name, true);
  writer.u16(record.type === 'other' ? record.code : CODES[record.type]);
  writer.u16(record.type === 'other' ? record.class : 1);
  writer.u32(record.ttl);
  const lengthAt = writer.reserveLength();
  switch (record.type) {
    case 'A':
    case 'AAAA': {
      const address = parseIpAddress(record.address);
      if (address?.length !== (record.type === 'A' ? 4 : 16)) throw new Error(`DNS: ${record.address} is no address for a record of type ${record.type}`);
      writer.bytes(address);
      break;
    }
    case 'NS':
    case 'CNAME':
      writer.name(record.target, true);
      break;
    case 'SRV':
      writer.u16(record.priority);
      writer.u16(record.weight);
      writer.u16(record.port);
      // RFC 2782: the target's name is not compressed.
      writer.name(record.target, false);
      break;
    case 'NAPTR':
      writer.u16(record.order);
      writer.u16(record.preference);
      for (const text of [record.flags, record.service, record.regexp]) writer.text(encodeUtf8(text));
      writer.name(record.replacement, false);
      break;
    case 'SOA':
      writer.name(record.primary, true);
      writer.name(record.mailbox, true);
      for (const n of [record.serial, record.refresh, record.retry, record.expire, record.minimum]) writer.u32(n);
      break;
    case 'other':
      writer.bytes(record.content);
  }
  writer.setLength(lengthAt);
}
