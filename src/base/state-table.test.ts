import { describe, expect, it } from 'vitest';
import { compileTable, type StateTable, transition } from './state-table.ts';

const DOOR: StateTable<'open' | 'closed' | 'gone', 'push' | 'lock' | 'fire', 'has key', 'ring'> = {
  name: 'door',
  states: ['open', 'closed', 'gone'],
  initial: 'closed',
  final: ['gone'],
  rows: [
    { from: 'closed', on: 'push', guard: 'has key', to: 'open', actions: ['ring'], clause: 'RFC 3261 §1' },
    { from: 'closed', on: 'push', to: 'same' },
    { from: ['open', 'closed'], on: 'lock', to: 'closed' },
    { from: '*', on: 'fire', to: 'gone' },
  ],
};
const RULES = compileTable(DOOR);

describe('a state table', () => {
  it('takes the first row whose guard holds', () => {
    expect(transition(RULES, 'closed', 'push', () => true)).toEqual({ from: 'closed', to: 'open', actions: ['ring'], clause: 'RFC 3261 §1' });
    expect(transition(RULES, 'closed', 'push', () => false)).toEqual({ from: 'closed', to: 'closed', actions: [] });
  });
  it('knows lists of states and any state', () => {
    for (const state of ['open', 'closed'] as const) expect(transition(RULES, state, 'lock', () => true)?.to).toBe('closed');
    for (const state of DOOR.states) expect(transition(RULES, state, 'fire', () => true)?.to).toBe('gone');
  });
  it('says nothing about an event that means nothing', () => {
    expect(transition(RULES, 'open', 'push', () => true)).toBeUndefined();
  });
  it('that names a state it does not have is refused', () => {
    for (const row of [
      { from: 'ajar', on: 'push', to: 'open' },
      { from: 'open', on: 'push', to: 'ajar' },
    ] as const) {
      expect(() => compileTable({ ...DOOR, rows: [row as never] })).toThrow('ajar');
    }
  });
});
