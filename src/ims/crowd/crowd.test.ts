/** Many UEs behind one name: each for itself. */
import { describe, expect, it } from 'vitest';
import type { Effect, Input, Machine } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import { Crowd } from './crowd.ts';

/** Notes what it is given; wants to be woken at `due`. */
function listener(due?: number): { readonly machine: Machine; readonly heard: Input[] } {
  const heard: Input[] = [];
  const machine: Machine = {
    step: (input): readonly Effect[] => {
      heard.push(input);
      return [];
    },
    deadline: () => due as SimTime | undefined,
    view: () => ({ tables: [{ title: 'Subscriptions', columns: ['To'], rows: [['x']], empty: '' }], timers: [], states: [], mark: 'registered' }),
  };
  return { machine, heard };
}

const NOW = 5 as SimTime;

describe('a crowd', () => {
  const setUp = () => {
    const [one, other] = [listener(9), listener(4)];
    const crowd = new Crowd([
      { name: 'user3', address: '2001:db8::3', ue: one.machine },
      { name: 'user4', address: '2001:db8::4', ue: other.machine },
    ]);
    return { crowd, one: one.heard, other: other.heard };
  };

  it('a wish is for the one whom it names, without the name', () => {
    const { crowd, one, other } = setUp();
    crowd.step({ kind: 'intent', intent: { kind: 'publish', user: 'user4', basic: 'open' } }, NOW);
    expect([one, other]).toEqual([[], [{ kind: 'intent', intent: { kind: 'publish', basic: 'open' } }]]);
  });

  it('a wish that names nobody is for everybody, and one for a stranger is refused', () => {
    const { crowd, one, other } = setUp();
    crowd.step({ kind: 'intent', intent: { kind: 'register' } }, NOW);
    expect([one.length, other.length]).toEqual([1, 1]);
    expect(crowd.step({ kind: 'intent', intent: { kind: 'register', user: 'user9' } }, NOW)).toMatchObject([{ kind: 'note', note: { op: 'rejected' } }]);
  });

  it('what arrives is for the one with that address; anything else is for nobody', () => {
    const { crowd, one, other } = setUp();
    const at = (address: string): Input => ({
      kind: 'bytes',
      bytes: new Uint8Array(),
      transport: 'udp',
      local: { address, port: 5060 },
      remote: { address: '2001:db8::1', port: 5060 },
    });
    crowd.step(at('2001:db8::3'), NOW);
    expect(crowd.step(at('2001:db8::9'), NOW)).toEqual([]);
    expect([one.length, other.length]).toEqual([1, 0]);
  });

  it('wakes those whose time has come, and asks for the earliest', () => {
    const { crowd, one, other } = setUp();
    expect(crowd.deadline()).toBe(4);
    crowd.step({ kind: 'deadline' }, NOW);
    expect([one.length, other.length]).toEqual([0, 1]);
  });

  it('shows who they are, and what each of them holds', () => {
    const { tables } = setUp().crowd.view(NOW);
    expect(tables[0]?.rows).toEqual([
      ['user3', '2001:db8::3', 'registered'],
      ['user4', '2001:db8::4', 'registered'],
    ]);
    expect(tables.map(({ title }) => title)).toEqual(['Users', 'Subscriptions of user3', 'Subscriptions of user4']);
  });
});
