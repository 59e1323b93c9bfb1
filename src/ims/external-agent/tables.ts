/** What a Presence External Agent makes of a calendar, as a table: AGENT. The states are ours; the standard has none. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type AgentState = 'apart' | 'free' | 'occupied' | 'refused';
export type AgentEvent = 'follow' | 'leave' | 'begins' | 'changes' | 'ends' | 'runs-out' | 'refused';
export type AgentAction = 'read-calendar' | 'publish' | 'remove' | 'give-up';

export const AGENT: StateTable<AgentState, AgentEvent, never, AgentAction> = {
  name: 'calendar (external agent)',
  states: ['apart', 'free', 'occupied', 'refused'],
  initial: 'apart',
  final: [],
  rows: [
    { from: ['apart', 'refused'], on: 'follow', to: 'free', actions: ['read-calendar'] },
    { from: 'free', on: 'begins', to: 'occupied', actions: ['publish'], clause: 'RFC 3903 §4.2' },
    { from: 'occupied', on: 'changes', to: 'same', actions: ['publish'], clause: 'RFC 3903 §4.4' },
    { from: 'occupied', on: 'ends', to: 'free', actions: ['remove'], clause: 'RFC 3903 §4.5' },
    // Nobody has confirmed for so long that it is so that the publication is over.
    { from: 'occupied', on: 'runs-out', to: 'free', actions: [], clause: 'RFC 3903 §4.2' },
    { from: ['free', 'occupied'], on: 'refused', to: 'refused', actions: ['give-up'] },
    { from: ['free', 'occupied', 'refused'], on: 'leave', to: 'apart', actions: ['remove'], clause: 'RFC 3903 §4.5' },
  ],
};

export const agentTable = compileTable(AGENT);
