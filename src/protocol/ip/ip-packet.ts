/**
 * IP packets around messages, such as a capture at the sender shows them: UDP, TCP segments, SCTP DATA chunks, ESP; and read back. One for each message; only
 * what a reliable transport carries may be larger than a packet, and is then several.
 */
import { hashText } from '#base/chance.ts';
import { largestDatagram } from '#base/datagram.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import { crc32c, internetChecksum, sumWords } from './checksum.ts';

/** The trace cannot be written as a capture; the message says why. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

export interface Socket {
  readonly address: Uint8Array;
  readonly port: number;
}

/** Reads `[2001:db8::1]:5060` or `192.0.2.1:5060`. Throws CaptureError. */
export function parseSocket(text: string): Socket {
  const colon = text.lastIndexOf(':');
  const address = parseIpAddress(text.slice(0, colon).replace(/^\[|\]$/g, ''));
  const port = Number(text.slice(colon + 1));
  if (address === undefined || !Number.isInteger(port) || port < 0 || port > 0xffff) throw new CaptureError(`${text} is not an IP address with a port`);
  return { address, port };
}

const UDP = 17;
const TCP = 6;
const SCTP = 132;

export function udpPacket(from: Socket, to: Socket, payload: Uint8Array): Uint8Array {
  return ipPacket(from, to, UDP, 8 + payload.length, (segment, pseudoSum) => {
    const view = ports(segment, from, to);
    view.setUint16(4, segment.length);
    segment.set(payload, 8);
    // RFC 768: a checksum of zero means that there is none, so zero is sent as all ones.
    view.setUint16(6, internetChecksum(sumWords(segment, pseudoSum)) || 0xffff);
  });
}

/** The most that one packet of a reliable transport carries here: a large segment, and room for every header around it (that of ESP too). */
export const LARGEST_PART = 65_280;

/** The parts in which a message travels, in order: one for nearly all of them. */
function partsOf(payload: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += LARGEST_PART) parts.push(payload.subarray(at, at + LARGEST_PART));
  return parts;
}

/** What one direction of a TCP connection or SCTP association remembers from frame to frame. */
export interface Direction {
  /** TCP: bytes sent so far. */
  sent: number;
  /** TCP: when each segment arrived and how many bytes had been sent with it, in order; the first `taken` of them the other side has seen. */
  readonly arrivals: { readonly at: number; readonly sent: number }[];
  taken: number;
  seen: number;
  /** SCTP: chunks and messages sent so far. */
  chunks: number;
  messages: number;
  /** First sequence number, first TSN, and the tag that the receiver expects. */
  readonly start: number;
}

export const createDirection = (name: string): Direction => ({
  sent: 0,
  arrivals: [],
  taken: 0,
  seen: 0,
  chunks: 0,
  messages: 0,
  start: (hashText(name) & 0x3fffffff) + 1,
});

const ACK = 0x10;
const PUSH = 0x08;
const WINDOW = 65535;

/** The segments of a message, mostly one; `now` is when it is sent, `arrivesAt` when the other side has it (Infinity: never). */
export function tcpPackets(from: Socket, to: Socket, payload: Uint8Array, own: Direction, other: Direction, now: number, arrivesAt: number): Uint8Array[] {
  const parts = partsOf(payload);
  const packets = parts.map((part, i) => {
    const packet = ipPacket(from, to, TCP, 20 + part.length, (segment, pseudoSum) => {
      const view = ports(segment, from, to);
      view.setUint32(4, own.start + own.sent);
      view.setUint32(8, other.start + seenBy(other, now));
      view.setUint8(12, 5 << 4);
      view.setUint8(13, i === parts.length - 1 ? PUSH | ACK : ACK);
      view.setUint16(14, WINDOW);
      segment.set(part, 20);
      view.setUint16(16, internetChecksum(sumWords(segment, pseudoSum)));
    });
    own.sent += part.length;
    return packet;
  });
  own.arrivals.push({ at: arrivesAt, sent: own.sent });
  return packets;
}

/** `now` never goes back from call to call. */
function seenBy(direction: Direction, now: number): number {
  for (let next = direction.arrivals[direction.taken]; next !== undefined && next.at <= now; next = direction.arrivals[++direction.taken])
    direction.seen = next.sent;
  return direction.seen;
}

const DATA = 0;
const BEGINNING = 0x02;
const ENDING = 0x01;
/** RFC 6733 §11.4: Diameter in an SCTP DATA chunk, in clear. */
const PPID_DIAMETER = 46;

/** A message on stream 0: mostly one DATA chunk, else several, a packet each (RFC 9260 §6.9). */
export function sctpPackets(from: Socket, to: Socket, payload: Uint8Array, own: Direction, other: Direction): Uint8Array[] {
  const parts = partsOf(payload);
  const packets = parts.map((part, i) => {
    const chunk = 16 + part.length;
    const packet = ipPacket(from, to, SCTP, 12 + ((chunk + 3) & ~3), (segment) => {
      const view = ports(segment, from, to);
      view.setUint32(4, other.start);
      view.setUint8(12, DATA);
      view.setUint8(13, (i === 0 ? BEGINNING : 0) | (i === parts.length - 1 ? ENDING : 0));
      view.setUint16(14, chunk);
      view.setUint32(16, own.start + own.chunks);
      view.setUint16(20, 0);
      view.setUint16(22, own.messages & 0xffff);
      view.setUint32(24, PPID_DIAMETER);
      segment.set(part, 28);
      // The only little-endian field: RFC 9260 appendix A.
      view.setUint32(8, crc32c(segment), true);
    });
    own.chunks++;
    return packet;
  });
  own.messages++;
  return packets;
}

function ports(segment: Uint8Array, from: Socket, to: Socket): DataView {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  return view;
}

/** Whether a datagram of this many bytes is an IP packet between these two at all. */
export const fitsDatagram = (transport: 'udp' | 'esp', from: Socket, to: Socket, payload: Uint8Array): boolean =>
  payload.length <= largestDatagram(transport, isVersion4(from, to));

const isVersion4 = (from: Socket, to: Socket): boolean => from.address.length === 4 && to.address.length === 4;

/** `fill` writes the segment of `length` bytes behind the IP header; it gets the sum of the pseudo-header. */
function ipPacket(from: Socket, to: Socket, protocol: number, length: number, fill: (segment: Uint8Array, pseudoSum: number) => void): Uint8Array {
  const version4 = isVersion4(from, to);
  const source = version4 ? from.address : asIpv6(from.address);
  const destination = version4 ? to.address : asIpv6(to.address);
  const header = version4 ? 20 : 40;
  if (length + (version4 ? header : 0) > 0xffff) throw new CaptureError(`a message of ${length} bytes does not fit into one IP packet`);
  const packet = new Uint8Array(header + length);
  const view = new DataView(packet.buffer);
  if (version4) {
    packet[0] = 0x45;
    view.setUint16(2, packet.length);
    // Don't fragment: then the identification may stay 0 (RFC 6864).
    packet[6] = 0x40;
    packet[8] = 64;
    packet[9] = protocol;
    packet.set(source, 12);
    packet.set(destination, 16);
    view.setUint16(10, internetChecksum(sumWords(packet.subarray(0, 20))));
  } else {
    packet[0] = 0x60;
    view.setUint16(4, length);
    packet[6] = protocol;
    packet[7] = 64;
    packet.set(source, 8);
    packet.set(destination, 24);
  }
  fill(packet.subarray(header), sumWords(source) + sumWords(destination) + protocol + length);
  return packet;
}

/** An IPv4 address among IPv6 ones is written as IPv4-mapped (RFC 4291 §2.5.5.2). */
function asIpv6(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const mapped = new Uint8Array(16);
  mapped.fill(0xff, 10, 12);
  mapped.set(address, 12);
  return mapped;
}

const ESP = 50;

/** An ESP packet (RFC 4303) between two gateways; it has no ports. */
export const espPacket = (from: Socket, to: Socket, esp: Uint8Array): Uint8Array => ipPacket(from, to, ESP, esp.length, (segment) => segment.set(esp));

/** For experiments and tests (RFC 3692 §2.1): what stands behind the IP header is of no protocol that anybody would dissect. */
const EXPERIMENT = 253;

/** Content without a protocol of its own, which has no ports either. */
export const barePackets = (from: Socket, to: Socket, content: Uint8Array): Uint8Array[] =>
  partsOf(content).map((part) => ipPacket(from, to, EXPERIMENT, part.length, (segment) => segment.set(part)));
