/**
 * Diameter messages between octets and values: header and AVPs with padding, vendor ids and groups (RFC 6733 §3, §4.1, §4.4).
 * Only AVPs known as grouped (avp.ts) are taken apart; all others stay octets.
 * Omitted: framing in a TCP stream (peers here speak SCTP, which keeps messages apart).
 */
import { definitionOf, type Avp } from './avp.ts';

export type { Avp } from './avp.ts';

export interface DiameterMessage {
  readonly kind: 'diameter';
  readonly request: boolean;
  readonly proxiable: boolean;
  readonly error: boolean;
  /** The T bit. */
  readonly retransmitted: boolean;
  readonly command: number;
  readonly application: number;
  readonly hopByHop: number;
  readonly endToEnd: number;
  readonly avps: readonly Avp[];
}

export type DiameterFault =
  | 'cut-short' // fewer octets than a header
  | 'unsupported-version'
  | 'message-length-lies' // the header's length is not that of the message, or no multiple of four
  | 'avp-length-lies' // an AVP shorter than its own header, or longer than what holds it
  | 'error-bit-in-request'
  | 'too-deep'; // groups within groups without end

/** Why octets are no Diameter message. */
export interface DiameterError {
  readonly kind: 'diameter-error';
  readonly fault: DiameterFault;
  /** Octet at which the reading stopped. */
  readonly at: number;
  /** The Result-Code that tells the sender, RFC 6733 §7.1. */
  readonly resultCode: number;
  /** The header where one could be read (no AVPs): enough to answer a request. */
  readonly header?: DiameterMessage;
}

const HEADER_OCTETS = 20;
const MAX_DEPTH = 8;
const RESULT_CODES: Readonly<Record<DiameterFault, number>> = {
  'cut-short': 5015,
  'unsupported-version': 5011,
  'message-length-lies': 5015,
  'avp-length-lies': 5014,
  'error-bit-in-request': 3008,
  'too-deep': 5004,
};

const u24 = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
const u32 = (bytes: Uint8Array, at: number): number => (((bytes[at] as number) << 24) | u24(bytes, at + 1)) >>> 0;
const padded = (length: number): number => (length + 3) & ~3;

/** Reads one whole message. Never throws. The AVPs refer to `bytes`, which therefore must not change afterwards. */
export function parseDiameterMessage(bytes: Uint8Array): DiameterMessage | DiameterError {
  const wrong = (fault: DiameterFault, at: number, header?: DiameterMessage): DiameterError => {
    const error = { kind: 'diameter-error' as const, fault, at, resultCode: RESULT_CODES[fault] };
    return header === undefined ? error : { ...error, header };
  };
  if (bytes.length < HEADER_OCTETS) return wrong('cut-short', bytes.length);
  const flags = bytes[4] as number;
  const avps: Avp[] = [];
  const message: DiameterMessage = {
    kind: 'diameter',
    request: (flags & 0x80) !== 0,
    proxiable: (flags & 0x40) !== 0,
    error: (flags & 0x20) !== 0,
    retransmitted: (flags & 0x10) !== 0,
    command: u24(bytes, 5),
    application: u32(bytes, 8),
    hopByHop: u32(bytes, 12),
    endToEnd: u32(bytes, 16),
    avps,
  };
  // RFC 6733 §3: the version is 1.
  if (bytes[0] !== 1) return wrong('unsupported-version', 0, message);
  // RFC 6733 §3: the length counts header and padded AVPs, and is a multiple of four.
  if (u24(bytes, 1) !== bytes.length || bytes.length % 4 !== 0) return wrong('message-length-lies', 1, message);
  // RFC 6733 §3: the E bit is never set in a request.
  if (message.request && message.error) return wrong('error-bit-in-request', 4, message);
  const end = readAvps(bytes, HEADER_OCTETS, bytes.length, avps, 0);
  if (end < 0) return wrong(end === TOO_DEEP ? 'too-deep' : 'avp-length-lies', faultAt, { ...message, avps: [] });
  return message;
}

const LENGTH_LIES = -1;
const TOO_DEEP = -2;
/** Where the last reading that failed stopped: kept aside so that reading needs no objects for its success. */
let faultAt = 0;

/** Reads AVPs from `at` up to exactly `end`. Returns `end`, or which fault it met. */
function readAvps(bytes: Uint8Array, from: number, end: number, into: Avp[], depth: number): number {
  let at = from;
  faultAt = at;
  if (depth > MAX_DEPTH) return TOO_DEEP;
  while (at < end) {
    faultAt = at;
    if (at + 8 > end) return LENGTH_LIES;
    const code = u32(bytes, at);
    const flags = bytes[at + 4] as number;
    const length = u24(bytes, at + 5);
    const hasVendor = (flags & 0x80) !== 0;
    const start = at + (hasVendor ? 12 : 8);
    const next = at + padded(length);
    // RFC 6733 §4.1: the length counts the AVP's header and content but not the padding, which must be there too.
    if (at + length < start || next > end) return LENGTH_LIES;
    const mandatory = (flags & 0x40) !== 0;
    const vendor = hasVendor ? u32(bytes, at + 8) : undefined;
    let data: Uint8Array | Avp[];
    if (definitionOf(code, vendor)?.type === 'grouped') {
      data = [];
      // RFC 6733 §4.4: a group is a sequence of whole AVPs with their padding.
      const read = readAvps(bytes, start, at + length, data, depth + 1);
      if (read < 0) return read;
    } else {
      data = bytes.subarray(start, at + length);
    }
    into.push(vendor === undefined ? { code, mandatory, data } : { code, vendor, mandatory, data });
    at = next;
  }
  return at;
}

const isGroup = (data: Uint8Array | readonly Avp[]): data is readonly Avp[] => Array.isArray(data);

function lengthOf(avp: Avp): number {
  let length = avp.vendor === undefined ? 8 : 12;
  if (isGroup(avp.data)) for (const member of avp.data) length += padded(lengthOf(member));
  else length += avp.data.length;
  return length;
}

/** Writes the message. Throws when it is longer than 2^24 octets: messages to send are ours. */
export function encodeDiameterMessage(message: DiameterMessage): Uint8Array {
  let length = HEADER_OCTETS;
  for (const avp of message.avps) length += padded(lengthOf(avp));
  if (length > 0xffffff) throw new Error('Diameter: the message is longer than its length field can say');
  const out = new Uint8Array(length);
  putU32(out, 0, 0x01000000 | length);
  const flags = (message.request ? 0x80 : 0) | (message.proxiable ? 0x40 : 0) | (message.error ? 0x20 : 0) | (message.retransmitted ? 0x10 : 0);
  putU32(out, 4, (flags << 24) | message.command);
  putU32(out, 8, message.application);
  putU32(out, 12, message.hopByHop);
  putU32(out, 16, message.endToEnd);
  let at = HEADER_OCTETS;
  for (const avp of message.avps) at = writeAvp(out, at, avp);
  return out;
}

function putU32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}

function writeAvp(out: Uint8Array, from: number, avp: Avp): number {
  putU32(out, from, avp.code);
  let at = from + 8;
  if (avp.vendor !== undefined) {
    putU32(out, at, avp.vendor);
    at += 4;
  }
  if (isGroup(avp.data)) {
    for (const member of avp.data) at = writeAvp(out, at, member);
  } else {
    out.set(avp.data, at);
    at += avp.data.length;
  }
  const flags = (avp.vendor === undefined ? 0 : 0x80) | (avp.mandatory ? 0x40 : 0);
  putU32(out, from + 4, (flags << 24) | (at - from));
  return from + padded(at - from);
}
