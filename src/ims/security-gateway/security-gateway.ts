/**
 * Security gateway (SEG) at the border of a network (TS 33.210 §C.2; RFC 4301 for the processing): everything that leaves or enters passes it. Its policy
 * database says what is protected; the tunnel on Za is set up by IKEv2 when the first packet needs it, and carries whole packets in ESP. It looks at
 * addresses and ports, never into a message.
 * A node of the own network may have a tunnel to the gateway as well (Zb, where the operator wants it): what it sends is opened here, judged like anything
 * else, and sealed again for Za. The same machine is the IPsec of such a node (`protected-node.ts`).
 * Omitted: fragments and path MTU (what is larger than a packet does not cross), ICMP, several gateways of one network, manual keys; packets of a reliable transport that are lost on Za are not sent again.
 */
import { type Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Endpoint, Input, Machine, SendEffect, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { compileTable, transition } from '#base/state-table.ts';
import { after, earliest, seconds, type SimTime, START } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { decapsulate, encapsulate, readEspHeader } from '#protocol/ipsec/esp.ts';
import type { AddressRange } from '#protocol/ike/payloads.ts';
import { type Association, spiText } from './association.ts';
import { IkeEndpoint } from './ike-endpoint.ts';
import { describePayload, InnerPackets } from './inner-packet.ts';
import { findPolicy, isWithin, type Policy } from './policy.ts';
import { associationTable, policyTable, TUNNEL, TUNNEL_INSIDE, type TunnelEvent, type TunnelState } from './tables.ts';

export interface GatewayPeer {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  readonly secret: Uint8Array;
  readonly remote: AddressRange;
  /** The addresses on the own side; left out: those of the own network. */
  readonly local?: AddressRange;
  /** The other end is a node of the same network, or its gateway (Zb). */
  readonly inside?: boolean;
  readonly lifetime: number;
  readonly agreedUntil: SimTime | undefined;
}

export interface GatewayConfig {
  readonly host: string;
  readonly address: string;
  /** The addresses of the own network. */
  readonly local: AddressRange;
  readonly policies: readonly Policy[];
  readonly peers: readonly GatewayPeer[];
}

type Passing = Extract<Input, { kind: 'passing' }> & {
  /** What its sender did to it, where that is the node above. */
  readonly notes?: readonly Note[];
};

interface Tunnel {
  readonly peer: GatewayPeer;
  readonly ike: IkeEndpoint;
  state: TunnelState;
  /** What waits for it to come up, in order. */
  waiting: Passing[];
  /** After a failure: not tried again before, and why it failed. */
  retryAt: SimTime;
  failure: string;
}

/** What it is called: a network by its domain, a node by its name. */
const nameOf = ({ peer }: Tunnel): string => (peer.inside === true ? peer.host : peer.domain);
const machineOf = ({ peer }: Tunnel): string => (peer.inside === true ? TUNNEL_INSIDE : TUNNEL).name;

const IKE_PORT = 500;
/** Packets that wait for a tunnel at most (our choice). */
const MAX_WAITING = 64;
/** After a failure nothing is tried for so long (our choice). */
const PAUSE = seconds(60);
const TUNNEL_RULES = compileTable(TUNNEL);

export class SecurityGateway implements Machine {
  readonly #config: GatewayConfig;
  readonly #chance: Chance;
  readonly #tunnels = new Map<string, Tunnel>();
  readonly #inner = new InnerPackets();
  #now: SimTime = START;
  #out: Effect[] = [];

  constructor(config: GatewayConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
    for (const peer of config.peers) this.#tunnels.set(peer.host, this.#createTunnel(peer));
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#now = now;
    this.#out = [];
    if (input.kind === 'passing') this.#passing(input);
    else if (input.kind === 'deadline') for (const { ike } of this.#tunnels.values()) ike.fire(now);
    else if (input.kind === 'bytes') this.#received(input);
    else if (input.kind === 'intent') this.#note({ op: 'rejected', reason: `Nothing is known here of the wish "${input.intent.kind}".` });
    return this.#out;
  }

  deadline(): SimTime | undefined {
    let next: SimTime | undefined;
    for (const { ike } of this.#tunnels.values()) next = earliest(next, ike.deadline());
    return next;
  }

  view(now: SimTime): EntityView {
    const tunnels = [...this.#tunnels.values()];
    return {
      tables: [
        policyTable(this.#config.policies),
        associationTable(
          tunnels.flatMap(({ peer, ike }) => ike.associations.map((association) => ({ peer: peer.host, association }))),
          now,
        ),
      ],
      timers: tunnels.flatMap(({ peer, ike }) =>
        ike.associations.map((one) => ({ name: 'Lifetime', subject: `${spiText(one.inboundSpi)} with ${peer.host}`, firesAt: one.endsAt })),
      ),
      states: tunnels.map((tunnel) => ({ machine: machineOf(tunnel), key: nameOf(tunnel), state: tunnel.state })),
    };
  }

  /** All associations, for a test that lets somebody else decrypt what travels. */
  get associations(): readonly Association[] {
    return [...this.#tunnels.values()].flatMap(({ ike }) => ike.associations);
  }

  // For the node whose IPsec this is.

  /** Whether it arrives for IPsec, and not for the node above. */
  isForIpsec(transport: Transport, local: Endpoint): boolean {
    return transport === 'esp' || (transport === 'udp' && local.port === IKE_PORT);
  }

  isToProtect({ transport, local, remote }: SendEffect): boolean {
    return transport !== 'esp' && findPolicy(this.#config.policies, remote, local)?.action.kind === 'protect';
  }

  /** What becomes of something that the node sends: ESP, or nothing yet. */
  protect({ bytes, transport, local, remote, notes }: SendEffect, now: SimTime): readonly Effect[] {
    this.#now = now;
    this.#out = [];
    this.#judge({ kind: 'passing', bytes, transport, source: local, destination: remote, notes });
    return this.#out;
  }

  #createTunnel(peer: GatewayPeer): Tunnel {
    const ike = new IkeEndpoint(
      {
        own: this.#config.host,
        peer: peer.host,
        secret: peer.secret,
        local: peer.local ?? this.#config.local,
        remote: peer.remote,
        lifetime: peer.lifetime,
        agreedUntil: peer.agreedUntil,
      },
      this.#chance,
      {
        send: (bytes, label, notes) =>
          this.#out.push({
            kind: 'send',
            bytes,
            protocol: 'IKE',
            label,
            transport: 'udp',
            local: { address: this.#config.address, port: IKE_PORT },
            remote: { address: peer.address, port: IKE_PORT },
            notes,
          }),
        note: (note) => this.#note(note),
        installed: (association, old) => this.#installed(tunnel, association, old),
        removed: (association, why) => this.#removed(tunnel, association, why),
        failed: (why) => this.#failed(tunnel, why),
      },
    );
    const tunnel: Tunnel = { peer, ike, state: 'down', waiting: [], retryAt: START, failure: '' };
    return tunnel;
  }

  // Packets in clear, in both directions.

  #passing(packet: Passing): void {
    if (this.#insideTunnel(packet.source) === undefined) this.#judge(packet);
    else this.#reject('It came in clear from a node whose packets must come protected: dropped.', 'RFC 4301 §5.2');
  }

  /** The tunnel to the node of the own network that has this address, if it has one. */
  #insideTunnel({ address }: Endpoint): Tunnel | undefined {
    for (const tunnel of this.#tunnels.values()) if (tunnel.peer.inside === true && isWithin(tunnel.peer.remote, address)) return tunnel;
    return undefined;
  }

  #judge(packet: Passing): void {
    const { source, destination } = packet;
    const isLeaving = isWithin(this.#config.local, source.address);
    const [remote, local] = isLeaving ? [destination, source] : [source, destination];
    const policy = findPolicy(this.#config.policies, remote, local);
    if (policy?.action.kind === 'bypass') {
      this.#onward(packet, { op: 'routed', reason: `The policy "${policy.name}" lets it through as it is.`, clause: 'RFC 4301 §4.4.1' });
      return;
    }
    if (policy === undefined || policy.action.kind === 'discard') {
      const why = policy === undefined ? 'No policy covers it' : `The policy "${policy.name}" forbids it`;
      this.#reject(`${why}: it does not cross the border, and nobody tells its sender.`, policy?.clause ?? 'RFC 4301 §4.4.1');
      return;
    }
    if (!isLeaving) {
      this.#note({ op: 'rejected', reason: 'It came in clear from a network whose traffic must come through the tunnel: dropped.', clause: 'RFC 4301 §5.2' });
      return;
    }
    const tunnel = this.#tunnels.get(policy.action.peer);
    if (tunnel === undefined) throw new Error(`the policy "${policy.name}" names a peer that is none: ${policy.action.peer}`);
    this.#protect(tunnel, packet);
  }

  /** To whoever it is for: the last leg may be protected as well. */
  #onward(packet: Passing, note: Note): void {
    // What is for the node above has arrived.
    const tunnel = packet.destination.address === this.#config.address ? undefined : this.#insideTunnel(packet.destination);
    if (tunnel === undefined) this.#forward(packet.transport, packet.source, packet.destination, packet.bytes, [note]);
    else this.#protect(tunnel, { ...packet, notes: [note] });
  }

  #protect(tunnel: Tunnel, packet: Passing): void {
    const association = tunnel.ike.current;
    if (association !== undefined) {
      this.#sendEsp(tunnel, association, packet);
      return;
    }
    if (!tunnel.ike.isNegotiating && this.#now < tunnel.retryAt) {
      this.#note({ op: 'rejected', reason: `There is no tunnel to ${nameOf(tunnel)}: ${tunnel.failure}. The packet is dropped.`, clause: 'RFC 4301 §5.1' });
      return;
    }
    if (tunnel.waiting.length >= MAX_WAITING) {
      this.#note({ op: 'rejected', reason: 'Too much waits for the tunnel already: the packet is dropped.', clause: 'RFC 4301 §5.1' });
      return;
    }
    tunnel.waiting.push(packet);
    this.#note({ op: 'decided', reason: `The policy wants it protected; it waits until the tunnel to ${nameOf(tunnel)} is up.`, clause: 'RFC 4301 §5.1' });
    if (tunnel.ike.isNegotiating) return;
    this.#move(tunnel, 'traffic');
    tunnel.ike.begin(this.#now);
  }

  #sendEsp(tunnel: Tunnel, association: Association, { transport, source, destination, bytes, notes = [] }: Passing): void {
    const packet = this.#inner.build(transport, source, destination, bytes, this.#now);
    if (packet === undefined) {
      const reason = `With ${bytes.length} bytes it is more than one packet holds, and nothing is cut up here: it is dropped, and nobody tells its sender.`;
      this.#note({ op: 'rejected', reason });
      return;
    }
    const sequence = ++association.sent;
    const reason = `The policy wants it protected: the whole packet is encrypted and numbered ${sequence} under ${spiText(association.outboundSpi)}, ${tunnel.peer.inside === true ? `as far as ${tunnel.peer.host}` : 'from gateway to gateway'}.`;
    const payload = tunnel.peer.inside === true ? describePayload(transport, [source.port, destination.port], bytes) : undefined;
    this.#out.push({
      kind: 'send',
      bytes: encapsulate(association.outboundSpi, sequence, association.outboundKeys, this.#chance.bytes('esp-iv', 16), packet),
      protocol: 'ESP',
      label: payload === undefined ? 'ESP' : `ESP with ${payload.label}`,
      transport: 'esp',
      local: { address: this.#config.address, port: 0 },
      remote: { address: tunnel.peer.address, port: 0 },
      notes: [...notes, { op: 'decided', reason, clause: 'RFC 4303 §3.3' }],
      ...(payload === undefined ? {} : { inside: { bytes, transport, local: source, remote: destination, ...payload } }),
    });
    tunnel.ike.sent(this.#now);
  }

  #forward(transport: Transport, source: Endpoint, destination: Endpoint, bytes: Uint8Array, notes: readonly Note[]): void {
    const { protocol, label } = describePayload(transport, [source.port, destination.port], bytes);
    this.#out.push({ kind: 'send', bytes, protocol, label, transport, local: source, remote: destination, notes });
  }

  // What is addressed to the gateway itself.

  #received({ bytes, transport, local, remote }: BytesInput): void {
    const tunnel = [...this.#tunnels.values()].find(({ peer }) => peer.address === remote.address);
    if (tunnel === undefined) this.#note({ op: 'rejected', reason: `Nobody at ${remote.address} is a peer of this gateway.`, clause: 'RFC 4301 §4.4.3' });
    else if (transport === 'esp') this.#receivedEsp(tunnel, bytes);
    else if (transport === 'udp' && local.port === IKE_PORT) tunnel.ike.receive(bytes, this.#now);
    else this.#note({ op: 'rejected', reason: 'A gateway speaks IKE and ESP only.', clause: 'RFC 4301 §5.2' });
  }

  #receivedEsp(tunnel: Tunnel, bytes: Uint8Array): void {
    const header = readEspHeader(bytes);
    const association = tunnel.ike.associations.find((one) => one.inboundSpi === header?.spi);
    if (header === undefined || association === undefined) {
      this.#reject(`No association stands for ${header === undefined ? 'it' : spiText(header.spi)}: dropped.`, 'RFC 4303 §3.4.2');
      return;
    }
    const packet = decapsulate(bytes, association.inboundKeys);
    if (typeof packet === 'string') {
      this.#reject(packet === 'wrong-icv' ? 'Its check value is wrong: somebody changed it on the way.' : 'Nothing sensible is inside.', 'RFC 4303 §3.4.4');
      return;
    }
    if (!association.window.take(header.sequence)) {
      this.#reject(`Number ${header.sequence} was here before, or is too old: a replay is dropped.`, 'RFC 4303 §3.4.3');
      return;
    }
    association.received++;
    tunnel.ike.heard();
    const inner = this.#inner.read(packet, this.#now);
    if (
      inner === undefined ||
      !isWithin(tunnel.peer.remote, inner.source.address) ||
      !isWithin(tunnel.peer.local ?? this.#config.local, inner.destination.address)
    ) {
      this.#reject('What was inside does not belong into this tunnel: its addresses are not those of the two networks.', 'RFC 4301 §5.2');
      return;
    }
    const opened: Passing = { kind: 'passing', bytes: inner.payload, transport: inner.transport, source: inner.source, destination: inner.destination };
    const reason = `It came through the tunnel from ${nameOf(tunnel)}, is whole and new: what was inside goes on as it was.`;
    if (isWithin(this.#config.local, inner.destination.address)) this.#onward(opened, { op: 'routed', reason, clause: 'RFC 4301 §5.2' });
    else this.#judge(opened);
  }

  // What becomes of a tunnel.

  #installed(tunnel: Tunnel, association: Association, old: Association | undefined): void {
    this.#move(tunnel, old === undefined ? 'established' : 'renewed');
    if (old === undefined) {
      const reason =
        tunnel.peer.inside === true
          ? `The operator wants the way within the network protected as well: the tunnel to ${tunnel.peer.host} is up.`
          : `The tunnel to ${tunnel.peer.domain} is up: what crosses from now on is encrypted, and nobody changes it unnoticed.`;
      this.#note({ op: 'decided', reason, clause: 'TS 33.210 §C.2' });
    }
    const { waiting } = tunnel;
    tunnel.waiting = [];
    for (const packet of waiting) this.#sendEsp(tunnel, association, packet);
  }

  #removed(tunnel: Tunnel, association: Association, why: 'expired' | 'deleted' | 'peer silent'): void {
    if (tunnel.ike.current !== undefined) return;
    this.#move(tunnel, why);
    this.#note({
      op: 'decided',
      reason: `The association ${spiText(association.inboundSpi)} is gone (${why}): the tunnel to ${nameOf(tunnel)} is down.`,
      clause: 'RFC 4301 §4.4.2',
    });
  }

  #failed(tunnel: Tunnel, why: string): void {
    this.#move(tunnel, 'failed');
    tunnel.failure = why;
    tunnel.retryAt = after(this.#now, PAUSE);
    const lost = tunnel.waiting.length;
    tunnel.waiting = [];
    const drop =
      lost === 0
        ? ''
        : ` ${lost === 1 ? 'The packet that waited for it is' : `${lost} packets that waited for it are`} dropped; their senders learn nothing of it.`;
    this.#reject(`No tunnel to ${nameOf(tunnel)}: ${why}.${drop}`, 'RFC 7296 §2.21');
  }

  #move(tunnel: Tunnel, on: TunnelEvent): void {
    const step = transition(TUNNEL_RULES, tunnel.state, on, () => true);
    if (step === undefined) return;
    this.#out.push({ kind: 'emit', event: { kind: 'state', machine: machineOf(tunnel), key: nameOf(tunnel), from: tunnel.state, on, to: step.to } });
    tunnel.state = step.to;
  }

  #reject(reason: string, clause: string): void {
    this.#note({ op: 'rejected', reason, clause });
  }

  #note(note: Note): void {
    this.#out.push({ kind: 'note', note });
  }
}
