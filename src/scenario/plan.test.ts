import { describe, expect, it } from 'vitest';
import { planNetwork } from './plan.ts';
import { ROLES } from './roles.ts';
import { STANDINGS } from './standings.ts';

describe.each(['ipv6', 'ipv4'] as const)('a network with everybody who may stand in it, over %s', (family) => {
  const plan = planNetwork({ family, charging: true, with: ROLES.filter((role) => STANDINGS[role].optional === true) });

  it('has them all', () => {
    expect([...plan.entities.keys()].toSorted()).toEqual([...ROLES].toSorted());
  });

  it.each(['address', 'id'] as const)('gives each its own %s', (what) => {
    const values = [...plan.entities.values()].map((entity) => entity[what]);
    expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
  });
});
