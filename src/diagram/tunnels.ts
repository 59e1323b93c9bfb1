/** Which tunnels stand at a moment, between security gateways (Za) and within a network (Zb): told from the states that their ends report (TS 33.210 §C.2). */
import type { EntityId, Trace } from '#trace/record.ts';

/** `gateway domain` for each gateway and each network to which it holds a tunnel that is up; `end end` for a tunnel within a network. */
export type Tunnels = ReadonlySet<string>;

const NONE: Tunnels = new Set();
const cache = new WeakMap<Trace, readonly { readonly at: number; readonly up: Tunnels }[]>();

/** The tunnels at simulated time `t`; the same reference as long as nothing changes. */
export function tunnelsAt(trace: Trace, t: number): Tunnels {
  let turns = cache.get(trace);
  if (turns === undefined) {
    const states = trace.records.filter((record) => record.kind === 'state').filter(({ machine }) => machine.startsWith('tunnel'));
    const up = new Set<string>();
    turns = states.map(({ at, entity, key, to }) => {
      if (to === 'up') up.add(`${entity} ${key}`);
      else up.delete(`${entity} ${key}`);
      return { at, up: new Set(up) };
    });
    cache.set(trace, turns);
  }
  return turns.findLast(({ at }) => at <= t)?.up ?? NONE;
}

interface Gateway {
  readonly id: EntityId;
  readonly network: string;
}

/** Whether both ends hold the tunnel between them. */
export const isTunnelUp = (tunnels: Tunnels, a: Gateway, b: Gateway): boolean => holds(tunnels, a, b) && holds(tunnels, b, a);

const holds = (tunnels: Tunnels, { id }: Gateway, peer: Gateway): boolean => tunnels.has(`${id} ${peer.network}`) || tunnels.has(`${id} ${peer.id}`);
