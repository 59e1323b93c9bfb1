/** What goes into a tunnel and comes out of it: whole IP packets. TCP and SCTP numbers are counted by the gateway, from the packets that it has seen. */
import type { Endpoint, Protocol, Transport } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import { labelOfDns, parseDnsMessage } from '#protocol/dns/message.ts';
import { parseIpAddress } from '#protocol/dns/ip-address.ts';
import { createDirection, type Direction, fitsDatagram, LARGEST_PART, sctpPackets, type Socket, tcpPackets, udpPacket } from '#protocol/ip/ip-packet.ts';
import { type ReadPacket, readPacket } from '#protocol/ip/read-packet.ts';
import { labelOf } from '#protocol/sip/label.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';

const socketOf = ({ address, port }: Endpoint): Socket => ({ address: parseIpAddress(address) ?? new Uint8Array(16), port });

export class InnerPackets {
  readonly #directions = new Map<string, Direction>();

  /** The packet as it stands on the wire; undefined when one packet does not hold it. */
  build(transport: Transport, source: Endpoint, destination: Endpoint, payload: Uint8Array, now: SimTime): Uint8Array | undefined {
    const [from, to] = [socketOf(source), socketOf(destination)];
    if (transport === 'udp') return fitsDatagram(transport, from, to, payload) ? udpPacket(from, to, payload) : undefined;
    if (payload.length > LARGEST_PART) return undefined;
    const own = this.#direction(transport, source, destination);
    const other = this.#direction(transport, destination, source);
    const [packet] = transport === 'sctp' ? sctpPackets(from, to, payload, own, other) : tcpPackets(from, to, payload, own, other, now, now);
    return packet;
  }

  read(packet: Uint8Array, now: SimTime): ReadPacket | undefined {
    const inner = readPacket(packet);
    if (inner?.transport === 'tcp') {
      const direction = this.#direction('tcp', inner.source, inner.destination);
      direction.sent += inner.payload.length;
      direction.arrivals.push({ at: now, sent: direction.sent });
    }
    return inner;
  }

  #direction(transport: Transport, from: Endpoint, to: Endpoint): Direction {
    const key = `${transport} ${from.address} ${from.port} ${to.address} ${to.port}`;
    let direction = this.#directions.get(key);
    if (direction === undefined) {
      direction = createDirection(key);
      this.#directions.set(key, direction);
    }
    return direction;
  }
}

/** What a packet in clear is, for people: the gateway itself looks no further than addresses and ports. */
export function describePayload(transport: Transport, ports: readonly number[], payload: Uint8Array): { readonly protocol: Protocol; readonly label: string } {
  if (transport === 'udp' && ports.includes(53)) {
    const message = parseDnsMessage(payload);
    return { protocol: 'DNS', label: message.kind === 'dns-error' ? 'DNS' : labelOfDns(message) };
  }
  if (transport === 'sctp') return { protocol: 'Diameter', label: 'Diameter' };
  const message = parseSipMessage(payload);
  return { protocol: 'SIP', label: message.kind === 'sip-error' ? 'SIP' : labelOf(message) };
}
