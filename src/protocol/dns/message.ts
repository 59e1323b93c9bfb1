/**
 * DNS messages between octets and values: RFC 1035 §4.1, with the record types of record.ts.
 * Omitted: EDNS (an OPT record is kept as `other` and means nothing), the AD and CD bits, DNSSEC, dynamic update.
 */
import type { DnsError, DnsFault } from './fault.ts';
import { readName } from './name.ts';
import { codeOfType, readRecordContent, typeOfCode, writeRecord, type DnsRecord, type QuestionType } from './record.ts';
import { DnsWriter } from './writer.ts';

export type { DnsError, DnsFault } from './fault.ts';
export type { DnsRecord, QuestionType, RecordType } from './record.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: QuestionType;
  /** Absent: IN. */
  readonly class?: number;
}

export interface DnsMessage {
  readonly kind: 'dns';
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** Response code, RFC 1035 §4.1.1: see `RCODE`. */
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** Response codes, RFC 1035 §4.1.1. */
export const RCODE = { noError: 0, formatError: 1, serverFailure: 2, noSuchDomain: 3, notImplemented: 4, refused: 5 } as const;
const RCODE_NAMES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
export const rcodeName = (rcode: number): string => RCODE_NAMES[rcode] ?? `RCODE${rcode}`;

/** DNS over UDP without EDNS carries at most this many octets (RFC 1035 §4.2.1). */
export const MAX_UDP_OCTETS = 512;

const HEADER_OCTETS = 12;

/** A recursive question for one name and type. */
export const createQuery = (id: number, name: string, type: QuestionType): DnsMessage => ({
  kind: 'dns',
  id,
  response: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  rcode: RCODE.noError,
  questions: [{ name, type }],
  answers: [],
  authority: [],
  additional: [],
});

/** `DNS NAPTR home2.net`, `DNS answer (NAPTR home2.net)`, `DNS NXDOMAIN (NAPTR home2.net)`. */
export function labelOfDns(message: DnsMessage): string {
  const question = message.questions[0];
  const subject = question === undefined ? 'no question' : `${question.type} ${question.name}`;
  if (!message.response) return `DNS ${subject}`;
  return `DNS ${message.rcode === RCODE.noError ? 'answer' : rcodeName(message.rcode)} (${subject})`;
}

/** Reads a whole datagram. Never throws: bytes that are no message give a `DnsError`. */
export function parseDnsMessage(bytes: Uint8Array): DnsMessage | DnsError {
  if (bytes.length < HEADER_OCTETS) return { kind: 'dns-error', fault: 'cut-short', at: bytes.length };
  const u16 = (at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  const id = u16(0);
  const flags = u16(2);
  let at = HEADER_OCTETS;
  const wrong = (fault: DnsFault): DnsError => ({ kind: 'dns-error', fault, at, id });

  const questions: DnsQuestion[] = [];
  for (let left = u16(4); left > 0; left--) {
    const read = readName(bytes, at);
    if (typeof read === 'string') return wrong(read);
    if (read.end + 4 > bytes.length) return wrong('cut-short');
    const type = typeOfCode(u16(read.end));
    const cls = u16(read.end + 2);
    questions.push(cls === 1 ? { name: read.name, type } : { name: read.name, type, class: cls });
    at = read.end + 4;
  }
  const sections: [DnsRecord[], DnsRecord[], DnsRecord[]] = [[], [], []];
  for (let section = 0; section < 3; section++) {
    for (let left = u16(6 + 2 * section); left > 0; left--) {
      const read = readName(bytes, at);
      if (typeof read === 'string') return wrong(read);
      const start = read.end + 10;
      if (start > bytes.length) return wrong('cut-short');
      const end = start + u16(start - 2);
      if (end > bytes.length) return wrong('cut-short');
      const ttl = u16(start - 6) * 0x10000 + u16(start - 4);
      const record = readRecordContent(bytes, start, end, read.name, u16(read.end), u16(read.end + 2), ttl);
      if (typeof record === 'string') return wrong(record);
      (sections[section] as DnsRecord[]).push(record);
      at = end;
    }
  }
  if (at !== bytes.length) return wrong('bytes-left-over');
  const [answers, authority, additional] = sections;
  return {
    kind: 'dns',
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x400) !== 0,
    truncated: (flags & 0x200) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    recursionAvailable: (flags & 0x80) !== 0,
    rcode: flags & 15,
    questions,
    answers,
    authority,
    additional,
  };
}

/**
 * Writes the message. Throws when it holds what the wire cannot carry: messages to send are ours.
 * With `limit` (octets, for UDP) records are left out from the end: the additional section silently, any other with the TC bit (RFC 2181 §9).
 */
export function encodeDnsMessage(message: DnsMessage, limit?: number): Uint8Array {
  const whole = write(message);
  if (limit === undefined || whole.length <= limit) return whole;
  let { answers, authority, additional } = message;
  let truncated = message.truncated;
  for (;;) {
    if (additional.length > 0) {
      additional = dropLastSet(additional);
    } else if (authority.length > 0) {
      authority = dropLastSet(authority);
      truncated = true;
    } else if (answers.length > 0) {
      answers = answers.slice(0, -1);
      truncated = true;
    } else {
      throw new Error(`DNS: the question alone exceeds ${limit} octets`);
    }
    const bytes = write({ ...message, answers, authority, additional, truncated });
    if (bytes.length <= limit) return bytes;
  }
}

/** RFC 2181 §5.2: a set of records of one name and type is left out whole, as half a set would be taken for all of it. */
function dropLastSet(records: readonly DnsRecord[]): readonly DnsRecord[] {
  const last = records[records.length - 1] as DnsRecord;
  return records.filter((record) => record.name !== last.name || record.type !== last.type);
}

function write(message: DnsMessage): Uint8Array {
  const writer = new DnsWriter();
  writer.u16(message.id);
  writer.u16(
    (message.response ? 0x8000 : 0) |
      ((message.opcode & 15) << 11) |
      (message.authoritative ? 0x400 : 0) |
      (message.truncated ? 0x200 : 0) |
      (message.recursionDesired ? 0x100 : 0) |
      (message.recursionAvailable ? 0x80 : 0) |
      (message.rcode & 15),
  );
  writer.u16(message.questions.length);
  writer.u16(message.answers.length);
  writer.u16(message.authority.length);
  writer.u16(message.additional.length);
  for (const question of message.questions) {
    writer.name(question.name, true);
    writer.u16(codeOfType(question.type));
    writer.u16(question.class ?? 1);
  }
  for (const record of message.answers) writeRecord(writer, record);
  for (const record of message.authority) writeRecord(writer, record);
  for (const record of message.additional) writeRecord(writer, record);
  return writer.finish();
}
