/** Reading an IP packet that was inside a tunnel: IPv4 (RFC 791) or IPv6 (RFC 8200) with UDP, one TCP segment or one SCTP DATA chunk. No fragments, no IPv6 extensions. */
import type { Endpoint, Transport } from '#base/machine.ts';
import { formatIpAddress } from '#protocol/dns/ip-address.ts';

export interface ReadPacket {
  readonly transport: Transport;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly payload: Uint8Array;
}

const TRANSPORTS: ReadonlyMap<number, Transport> = new Map([
  [17, 'udp'],
  [6, 'tcp'],
  [132, 'sctp'],
]);

/** Undefined when it is none of these or is cut short. */
export function readPacket(packet: Uint8Array): ReadPacket | undefined {
  const version = (packet[0] ?? 0) >> 4;
  const header = version === 4 ? ((packet[0] ?? 0) & 15) * 4 : 40;
  if ((version !== 4 && version !== 6) || header < 20 || packet.length < header + 8) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const end = version === 4 ? view.getUint16(2) : header + view.getUint16(4);
  if (end > packet.length || end < header + 8) return undefined;
  const transport = TRANSPORTS.get(view.getUint8(version === 4 ? 9 : 6));
  if (transport === undefined) return undefined;
  const [at, length] = version === 4 ? [12, 4] : [8, 16];
  const address = (start: number): string => formatIpAddress(packet.subarray(start, start + length));
  const payload = payloadOf(transport, view, header, end);
  if (payload === undefined) return undefined;
  return {
    transport,
    source: { address: address(at), port: view.getUint16(header) },
    destination: { address: address(at + length), port: view.getUint16(header + 2) },
    payload,
  };
}

function payloadOf(transport: Transport, view: DataView, start: number, end: number): Uint8Array | undefined {
  const bytes = (from: number, to: number): Uint8Array | undefined =>
    from > to || to > end ? undefined : new Uint8Array(view.buffer, view.byteOffset + from, to - from);
  if (transport === 'udp') return bytes(start + 8, start + view.getUint16(start + 4));
  if (transport === 'tcp') return end < start + 20 ? undefined : bytes(start + (view.getUint8(start + 12) >> 4) * 4, end);
  // One DATA chunk behind the common header (RFC 9260 §3.3.1).
  return end < start + 28 || view.getUint8(start + 12) !== 0 ? undefined : bytes(start + 28, start + 12 + view.getUint16(start + 14));
}
