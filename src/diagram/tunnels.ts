/** Which tunnels between security gateways stand at a moment: told from the states that the gateways report (TS 33.210, clause unchecked). */
import type { EntityId, Trace } from '#trace/record.ts';

/** `gateway domain` for each gateway and each network to which it holds a tunnel that is up. */
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

/** Whether both gateways hold the tunnel between them. */
export const isTunnelUp = (tunnels: Tunnels, a: Gateway, b: Gateway): boolean => tunnels.has(`${a.id} ${b.network}`) && tunnels.has(`${b.id} ${a.network}`);
