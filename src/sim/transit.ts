/** A packet between its sender and its receiver, as the kernel changes it; and what it is when it arrives. */
import { largestDatagram } from '#base/datagram.ts';
import type { ConnectionId, Endpoint, Input, SendEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { EntityId, LossReason, Packet, RecordNumber } from './packet.ts';

export const NO_REMARKS: Packet['remarks'] = [];

/** A class: what a literal makes V8 puts among the old things from then on, once many of them have lived long, as in a recording they do. */
export class PacketOnTheWay implements Packet {
  readonly record: RecordNumber;
  readonly cause: RecordNumber;
  readonly from: EntityId;
  readonly to: EntityId | undefined;
  readonly send: SendEffect;
  readonly passing: boolean;
  connection: ConnectionId | undefined = undefined;
  readonly sentAt: SimTime;
  arriving: Uint8Array;
  remarks: Packet['remarks'] = NO_REMARKS;
  arrivesAt: SimTime | undefined = undefined;
  duplicateArrivesAt: SimTime | undefined = undefined;
  lostAt: SimTime | undefined = undefined;
  lostBecause: LossReason | undefined = undefined;

  constructor(record: RecordNumber, cause: RecordNumber, from: EntityId, to: EntityId | undefined, send: SendEffect, passing: boolean, sentAt: SimTime) {
    this.record = record;
    this.cause = cause;
    this.from = from;
    this.to = to;
    this.send = send;
    this.passing = passing;
    this.sentAt = sentAt;
    this.arriving = send.bytes;
  }
}

export function lose(packet: PacketOnTheWay, at: SimTime, because: LossReason): void {
  packet.arrivesAt = undefined;
  packet.duplicateArrivesAt = undefined;
  packet.lostAt = at;
  packet.lostBecause = because;
}

/** No datagram of any kind holds less: up to here nobody needs to look closer. */
export const ALWAYS_FITS = largestDatagram('udp', true);

/** Why these bytes cannot be a datagram, or undefined. */
export function oversizeOf({ arriving, send: { transport, local, remote } }: Packet): Note | undefined {
  const isVersion6 = local.address.includes(':') || remote.address.includes(':');
  const most = largestDatagram(transport === 'udp' ? 'udp' : 'esp', !isVersion6);
  if (arriving.length <= most) return undefined;
  const what = `${transport === 'udp' ? 'a UDP datagram' : 'a packet'} over ${isVersion6 ? 'IPv6' : 'IPv4'}`;
  return { op: 'rejected', reason: `With ${arriving.length} bytes it is more than ${what} holds (${most}): it cannot be sent, and nothing of it arrives.` };
}

export function revive(packet: PacketOnTheWay, at: SimTime): void {
  packet.arrivesAt = at;
  packet.duplicateArrivesAt = undefined;
  packet.lostAt = undefined;
  packet.lostBecause = undefined;
}

export function arrivalOf(packet: Packet): Input {
  const { send, connection } = packet;
  const { transport, local, remote, seal } = send;
  if (packet.passing) return { kind: 'passing', bytes: packet.arriving, transport, source: local, destination: remote };
  return { kind: 'bytes', bytes: packet.arriving, transport, local: remote, remote: local, connection, seal };
}

/** The same name at both ends: the pair of endpoints, whichever of them sends. */
export function connectionOf({ transport, local, remote }: SendEffect): ConnectionId {
  const a = endpointText(local);
  const b = endpointText(remote);
  return a < b ? `${transport} ${a} ${b}` : `${transport} ${b} ${a}`;
}

const endpointText = ({ address, port }: Endpoint): string => `${address}#${port}`;
