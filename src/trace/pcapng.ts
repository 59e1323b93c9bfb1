/**
 * A trace as a capture file (pcapng, draft-ietf-opsawg-pcapng): one frame per transmission, taken at its sender, in the order of steps, so that
 * frame n is step n of the whole run (prologue included). Entities appear under their names.
 * Only what is larger than an IP packet is different: on a reliable transport it is several frames, which Wireshark puts together in the last of them; a datagram
 * of that size was never sent, has no frame, and is named in the comment of the file. And a packet that gateways pass on as it is stands there once, as it left
 * its sender, with a comment on its way: to Wireshark, which does not know at which link it looks, a second frame of it would be a retransmission.
 *
 * Read it with `tshark -r run.pcapng -N n` (or Wireshark: View > Name Resolution > Resolve Network Addresses); no other option is needed, but `-d tcp.port==5269,xmpp`
 * for XMPP between servers, whose port Wireshark does not know. SIP on other ports than 5060 is found
 * by Wireshark's own heuristic, provided that neither port is claimed by another protocol (7531 and 1357 are free).
 * A report of stage 2 (no protocol of its own is computed) is a frame too: its text behind an IP header of the protocol number for experiments, which Wireshark shows as data.
 * SIP over WebSocket is written as plain SIP over TCP and says so: without the HTTP upgrade, which is no transmission of the trace, Wireshark does not see a WebSocket.
 */
import { concatBytes, equalBytes } from '#base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import {
  barePackets,
  createDirection,
  espPacket,
  fitsDatagram,
  parseSocket,
  sctpPackets,
  tcpPackets,
  udpPacket,
  type Direction,
} from '#protocol/ip/ip-packet.ts';
import type { MessageRecord, RecordId, Trace } from './record.ts';
import { stepsOf, type Step } from './steps.ts';

export { CaptureError } from '#protocol/ip/ip-packet.ts';

/** Throws CaptureError when an address is no IP address. */
export function tracePcapng(trace: Trace): Uint8Array {
  const startsAt = Date.parse(trace.startsAt) * 1000;
  const protectedPairs = new Set(trace.links.filter((l) => l.referencePoint === 'Gm').flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const directions = new Map<string, Direction>();
  const blocks = [interfaceDescription(), nameResolution(trace)];
  /** Of each step the frame that shows its message; nothing of what was never sent. */
  const frames: (number | undefined)[] = [];
  const neverSent: MessageRecord[] = [];
  let frame = 0;
  const passings = passingsOf(trace);
  for (const step of stepsOf(trace)) {
    const { message } = step;
    if (passings.legs.has(message.id)) {
      frames.push(undefined);
      continue;
    }
    const opening = opensStream(message, directions) ? [`The handshake of ${message.transport.toUpperCase()} before it is not simulated.`] : [];
    const packets = packetsOf(message, directions);
    frame += packets.length;
    frames.push(packets.length === 0 ? undefined : frame);
    if (packets.length === 0) neverSent.push(message);
    packets.forEach((packet, i) => {
      const isLast = i === packets.length - 1;
      const said = isLast
        ? [...commentsOn(step, frames, protectedPairs), ...(passings.of.get(message.id) ?? []).map(passingText)]
        : [`Part ${i + 1} of ${packets.length} of the message in frame ${frame}.`];
      blocks.push(enhancedPacket(startsAt + message.sentAt, packet, [...(i === 0 ? opening : []), ...said]));
    });
  }
  return joined([sectionHeader(trace, neverSent), ...blocks]);
}

interface Passings {
  /** Transmissions by which gateways passed a packet on as it was. */
  readonly legs: ReadonlySet<RecordId>;
  /** Those of a packet, by its first transmission. */
  readonly of: ReadonlyMap<RecordId, readonly MessageRecord[]>;
}

/** What has no frame of its own, because a gateway did nothing but pass on what is in another frame. */
export function passingsOf(trace: Pick<Trace, 'entities' | 'records'>): Passings {
  const gateways = new Set(trace.entities.flatMap(({ id, kind }) => (kind === 'security-gateway' ? [id] : [])));
  const origins = new Map<RecordId, RecordId>();
  const of = new Map<RecordId, MessageRecord[]>();
  if (gateways.size === 0) return { legs: new Set(), of };
  const messages = new Map(trace.records.flatMap((record) => (record.kind === 'message' ? [[record.id, record] as const] : [])));
  // Causes come before their effects.
  for (const message of messages.values()) {
    const before = message.causedBy === undefined ? undefined : messages.get(message.causedBy);
    if (before === undefined || !gateways.has(message.from) || !isSamePacket(before, message)) continue;
    const origin = origins.get(before.id) ?? before.id;
    origins.set(message.id, origin);
    of.set(origin, [...(of.get(origin) ?? []), message]);
  }
  return { legs: new Set(origins.keys()), of };
}

const isSamePacket = (a: MessageRecord, b: MessageRecord): boolean =>
  a.to === b.from && a.src === b.src && a.dst === b.dst && a.transport === b.transport && equalBytes(a.bytes, b.bytes);

const passingText = ({ from, to, sentAt, lostAt }: MessageRecord): string =>
  `Passed on as it is by ${from} to ${to} at ${sentAt / 1_000_000} s${lostAt === undefined ? '' : ', and lost there'}.`;

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

/** None for a datagram that is larger than datagrams can be. */
function packetsOf(message: MessageRecord, directions: Map<string, Direction>): readonly Uint8Array[] {
  const from = parseSocket(message.src);
  const to = parseSocket(message.dst);
  const { transport, bytes } = message;
  if (transport === 'none') return barePackets(from, to, bytes);
  if (transport === 'udp' || transport === 'esp')
    return fitsDatagram(transport, from, to, bytes) ? [transport === 'udp' ? udpPacket(from, to, bytes) : espPacket(from, to, bytes)] : [];
  const own = directionOf(directions, `${transport} ${message.src} ${message.dst}`);
  const other = directionOf(directions, `${transport} ${message.dst} ${message.src}`);
  if (transport === 'sctp') return sctpPackets(from, to, bytes, own, other);
  // What is discarded at the receiver's door was received as far as TCP is concerned.
  return tcpPackets(from, to, bytes, own, other, message.sentAt, message.arrivedAt ?? message.lostAt ?? Infinity);
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

function commentsOn({ message, retransmissionOf }: Step, frames: readonly (number | undefined)[], protectedPairs: ReadonlySet<string>): string[] {
  const comments: string[] = [];
  if (message.lostAt !== undefined) comments.push(message.transport === 'udp' ? 'Lost on the way.' : "Discarded at the receiver's door.");
  if (retransmissionOf !== undefined) {
    const first = frames[retransmissionOf.index];
    comments.push(first === undefined ? 'Sent again: the first time is not in this capture.' : `Retransmission of frame ${first}.`);
  }
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

function sectionHeader(trace: Trace, neverSent: readonly MessageRecord[]): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // Length of the section: not said.
  body.fill(0xff, 8, 16);
  return block(0x0a0d0d0a, body, [
    [OPT_COMMENT, `${trace.title}. Computed by a simulator: scenario ${trace.scenario}, seed ${trace.seed}. ${trace.summary}`],
    ...neverSent.slice(0, MOST_NAMED).map((message): [number, string] => [OPT_COMMENT, neverSentText(message)]),
    [SHB_USERAPPL, `Presence network simulator ${trace.engine}`],
  ]);
}

/** What is named in the comment of the file, lest it be longer than the capture. */
const MOST_NAMED = 100;

const neverSentText = ({ label, from, to, bytes, sentAt }: MessageRecord): string =>
  `Not in this capture, because no datagram holds its ${bytes.length} bytes: ${label} from ${from} to ${to} at ${sentAt / 1_000_000} s.`;

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

/** Options and name records have the same form: code, length (16 bits, so that a longer text ends early), value, padding. */
function option(code: number, given: Uint8Array): Uint8Array {
  const value = given.length > 0xffff ? encodeUtf8(decodeUtf8(given.subarray(0, 0xffff - 3)).replace(/\ufffd+$/, '')) : given;
  const out = new Uint8Array(4 + padded(value.length));
  const view = new DataView(out.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  out.set(value, 4);
  return out;
}

const padded = (length: number): number => (length + 3) & ~3;
