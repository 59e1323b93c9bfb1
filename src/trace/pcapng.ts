/**
 * A trace as a capture file (pcapng, draft-ietf-opsawg-pcapng): one frame per transmission, taken at its sender, in the order of steps, so that
 * frame n is step n of the whole run (prologue included). Entities appear under their names.
 *
 * Read it with `tshark -r run.pcapng -N n` (or Wireshark: View > Name Resolution > Resolve Network Addresses); no other option is needed, but `-d tcp.port==5269,xmpp`
 * for XMPP between servers, whose port Wireshark does not know. SIP on other ports than 5060 is found
 * by Wireshark's own heuristic, provided that neither port is claimed by another protocol (7531 and 1357 are free).
 * A report of stage 2 (no protocol of its own is computed) is a frame too: its text behind an IP header of the protocol number for experiments, which Wireshark shows as data.
 * SIP over WebSocket is written as plain SIP over TCP and says so: without the HTTP upgrade, which is no transmission of the trace, Wireshark does not see a WebSocket.
 */
import { concatBytes } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import { barePacket, createDirection, espPacket, parseSocket, sctpPacket, tcpPacket, udpPacket, type Direction } from '#protocol/ip/ip-packet.ts';
import type { MessageRecord, Trace } from './record.ts';
import { stepsOf, type Step } from './steps.ts';

export { CaptureError } from '#protocol/ip/ip-packet.ts';

/** Throws CaptureError when an address is no IP address or a message does not fit into a packet. */
export function tracePcapng(trace: Trace): Uint8Array {
  const startsAt = Date.parse(trace.startsAt) * 1000;
  const protectedPairs = new Set(trace.links.filter((l) => l.referencePoint === 'Gm').flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const directions = new Map<string, Direction>();
  const blocks = [sectionHeader(trace), interfaceDescription(), nameResolution(trace)];
  for (const step of stepsOf(trace)) {
    const { message } = step;
    const handshake = opensStream(message, directions) ? [`The handshake of ${message.transport.toUpperCase()} before it is not simulated.`] : [];
    blocks.push(enhancedPacket(startsAt + message.sentAt, packetOf(message, directions), [...handshake, ...commentsOn(step, protectedPairs)]));
  }
  return joined(blocks);
}

/** As concatBytes, for more parts than a call has room for arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function packetOf(message: MessageRecord, directions: Map<string, Direction>): Uint8Array {
  const from = parseSocket(message.src);
  const to = parseSocket(message.dst);
  if (message.transport === 'udp') return udpPacket(from, to, message.bytes);
  if (message.transport === 'esp') return espPacket(from, to, message.bytes);
  if (message.transport === 'none') return barePacket(from, to, message.bytes);
  const own = directionOf(directions, `${message.transport} ${message.src} ${message.dst}`);
  const other = directionOf(directions, `${message.transport} ${message.dst} ${message.src}`);
  if (message.transport === 'sctp') return sctpPacket(from, to, message.bytes, own, other);
  // What is discarded at the receiver's door was received as far as TCP is concerned.
  return tcpPacket(from, to, message.bytes, own, other, message.sentAt, message.arrivedAt ?? message.lostAt ?? Infinity);
}

/** The first packet of a TCP connection or an SCTP association. */
const opensStream = ({ transport, src, dst }: MessageRecord, directions: ReadonlyMap<string, Direction>): boolean =>
  (transport === 'tcp' || transport === 'sctp') && !directions.has(`${transport} ${src} ${dst}`) && !directions.has(`${transport} ${dst} ${src}`);

function directionOf(directions: Map<string, Direction>, name: string): Direction {
  let direction = directions.get(name);
  if (direction === undefined) {
    direction = createDirection(name);
    directions.set(name, direction);
  }
  return direction;
}

/** The registered port, outside every security association. */
const SIP_PORT = /:5060$/;

function commentsOn({ message, retransmissionOf }: Step, protectedPairs: ReadonlySet<string>): string[] {
  const comments: string[] = [];
  if (message.lostAt !== undefined) comments.push(message.transport === 'udp' ? 'Lost on the way.' : "Discarded at the receiver's door.");
  // Frames count all steps from 1.
  if (retransmissionOf !== undefined) comments.push(`Retransmission of frame ${retransmissionOf.index + 1}.`);
  if (
    message.protocol === 'SIP' &&
    message.transport !== 'ws' &&
    protectedPairs.has(`${message.from} ${message.to}`) &&
    !SIP_PORT.test(message.src) &&
    !SIP_PORT.test(message.dst)
  ) {
    comments.push('Taken above IPsec: SIP in clear between the protected ports.');
  }
  if (message.transport === 'ws') comments.push('Travelled in a WebSocket frame; shown without its framing.');
  if (message.protocol === 'Report')
    comments.push('A report of stage 2: only what it says is computed, and not the protocol that would carry it. Here it is text behind an IP header.');
  return comments;
}

const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IDB_NAME = 2;

function sectionHeader(trace: Trace): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // Length of the section: not said.
  body.fill(0xff, 8, 16);
  return block(0x0a0d0d0a, body, [
    [OPT_COMMENT, `${trace.title}. Computed by a simulator: scenario ${trace.scenario}, seed ${trace.seed}. ${trace.summary}`],
    [SHB_USERAPPL, `Presence network simulator ${trace.engine}`],
  ]);
}

/** LINKTYPE_RAW: frames begin with the IP header. Time stamps are in microseconds unless an option says otherwise. */
function interfaceDescription(): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, 101, true);
  return block(1, body, [[IDB_NAME, 'simulated']]);
}

function nameResolution(trace: Trace): Uint8Array {
  const records: Uint8Array[] = [];
  for (const { id, addresses } of trace.entities) {
    for (const text of addresses) {
      const address = parseIpAddress(text);
      if (address !== undefined) records.push(option(address.length === 4 ? 1 : 2, concatBytes(address, encodeUtf8(`${id}\0`))));
    }
  }
  records.push(new Uint8Array(4));
  return block(4, concatBytes(...records), []);
}

function enhancedPacket(microseconds: number, packet: Uint8Array, comments: readonly string[]): Uint8Array {
  const body = new Uint8Array(20 + padded(packet.length));
  const view = new DataView(body.buffer);
  view.setUint32(4, Math.floor(microseconds / 0x1_0000_0000), true);
  view.setUint32(8, microseconds % 0x1_0000_0000, true);
  view.setUint32(12, packet.length, true);
  view.setUint32(16, packet.length, true);
  body.set(packet, 20);
  return block(
    6,
    body,
    comments.map((comment) => [OPT_COMMENT, comment]),
  );
}

/** `body` is a multiple of four bytes long. */
function block(type: number, body: Uint8Array, options: readonly (readonly [number, string])[]): Uint8Array {
  const parts = options.map(([code, text]) => option(code, encodeUtf8(text)));
  if (parts.length > 0) parts.push(new Uint8Array(4));
  const content = concatBytes(body, ...parts);
  const length = 12 + content.length;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  out.set(content, 8);
  view.setUint32(length - 4, length, true);
  return out;
}

/** Options and name records have the same form: code, length, value, padding. */
function option(code: number, value: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + padded(value.length));
  const view = new DataView(out.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  out.set(value, 4);
  return out;
}

const padded = (length: number): number => (length + 3) & ~3;
