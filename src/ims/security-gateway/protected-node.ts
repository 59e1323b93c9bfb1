/**
 * A node whose own IPsec protects what it has with other networks on its way to the gateway of its network, and back (Zb; TS 33.210 §C.2 leaves it to the
 * operator; RFC 4301 §3.3: IPsec in the host itself). The node inside knows nothing of it: what it sends is put into ESP below it, what comes in ESP is
 * opened below it. What it has within its network goes as it is.
 * Omitted: transport mode, node to node without a gateway.
 */
import type { Effect, Endpoint, Input, Machine, SendEffect, Transport } from '#base/machine.ts';
import { earliest, type SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import type { SecurityGateway } from './security-gateway.ts';

export class ProtectedNode implements Machine {
  readonly node: Machine;
  readonly #ipsec: SecurityGateway;

  constructor(node: Machine, ipsec: SecurityGateway) {
    this.node = node;
    this.#ipsec = ipsec;
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    if (input.kind === 'bytes' && this.#ipsec.isForIpsec(input.transport, input.local)) return this.#opened(this.#ipsec.step(input, now), now);
    if (input.kind !== 'deadline') return this.#protected(this.node.step(input, now), now);
    const isDue = (at: SimTime | undefined): boolean => at !== undefined && at <= now;
    return [
      ...(isDue(this.#ipsec.deadline()) ? this.#opened(this.#ipsec.step(input, now), now) : []),
      ...(isDue(this.node.deadline()) ? this.#protected(this.node.step(input, now), now) : []),
    ];
  }

  deadline(): SimTime | undefined {
    return earliest(this.#ipsec.deadline(), this.node.deadline());
  }

  view(now: SimTime): EntityView {
    const [node, ipsec] = [this.node.view(now), this.#ipsec.view(now)];
    return {
      ...node,
      tables: [...node.tables, ...ipsec.tables],
      timers: [...node.timers, ...ipsec.timers],
      states: [...node.states, ...ipsec.states],
    };
  }

  /** What the node sends goes below, where the policy wants it. */
  #protected(effects: readonly Effect[], now: SimTime): readonly Effect[] {
    return effects.flatMap((effect) => (effect.kind === 'send' && this.#ipsec.isToProtect(effect) ? this.#ipsec.protect(effect, now) : [effect]));
  }

  /** What IPsec has opened is the node's; the rest is talk with the gateway. */
  #opened(effects: readonly Effect[], now: SimTime): readonly Effect[] {
    return effects.flatMap((effect) => {
      if (effect.kind !== 'send' || effect.protocol === 'IKE' || effect.protocol === 'ESP') return [effect];
      return [...effect.notes.map((note): Effect => ({ kind: 'note', note })), ...this.#protected(this.node.step(arrivalOf(effect), now), now)];
    });
  }
}

function arrivalOf({ bytes, transport, local, remote }: SendEffect): Input {
  const arrival = { kind: 'bytes' as const, bytes, transport, local: remote, remote: local };
  return transport === 'udp' ? arrival : { ...arrival, connection: connectionOf(transport, local, remote) };
}

/** The same name in both directions. */
function connectionOf(transport: Transport, local: Endpoint, remote: Endpoint): string {
  const [a, b] = [local, remote].map(({ address, port }) => `${address}#${port}`).sort();
  return `${transport} ${a ?? ''} ${b ?? ''}`;
}
