import { expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { StateRecord } from '#trace/record.ts';
import { isTunnelUp, tunnelsAt } from './tunnels.ts';

it('a tunnel stands while both of its gateways say so', () => {
  const [a, b] = [
    { id: 'seg1', network: 'one.test' },
    { id: 'seg2', network: 'two.test' },
  ];
  const state = (at: number, entity: string, key: string, to: string): StateRecord => ({
    kind: 'state',
    id: 100_000 + at,
    at,
    entity,
    machine: 'tunnel',
    key,
    from: 'negotiating',
    on: 'x',
    to,
  });
  const trace = {
    ...createFixtureTrace(),
    records: [state(10, 'seg1', 'two.test', 'up'), state(20, 'seg2', 'one.test', 'up'), state(30, 'seg1', 'two.test', 'down')],
  };
  expect([0, 10, 20, 29, 30].map((t) => isTunnelUp(tunnelsAt(trace, t), a, b))).toEqual([false, false, true, true, false]);
  expect(tunnelsAt(trace, 21)).toBe(tunnelsAt(trace, 29));
});
