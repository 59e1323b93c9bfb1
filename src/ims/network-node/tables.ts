/** What a subscriber's phone can be to the nodes that report of it, as tables (states of TS 23.141 §4.3.9 to §4.3.11). */
import { type StateTable, compileTable } from '#base/state-table.ts';

/** At the MSC Server/VLR. */
export const CIRCUIT_SWITCHED: StateTable<'detached' | 'attached' | 'busy' | 'not-reachable'> = {
  name: 'circuit-switched (MSC)',
  states: ['detached', 'attached', 'busy', 'not-reachable'],
  initial: 'detached',
  final: [],
  rows: [
    { from: ['detached', 'not-reachable'], on: 'attach', to: 'attached', clause: 'TS 23.141 §4.3.10' },
    { from: 'attached', on: 'begin-call', to: 'busy', clause: 'TS 23.141 §4.3.10' },
    { from: 'busy', on: 'end-call', to: 'attached', clause: 'TS 23.141 §4.3.10' },
    { from: ['attached', 'busy'], on: 'lose-coverage', to: 'not-reachable', clause: 'TS 23.141 §4.3.10' },
    { from: ['attached', 'busy', 'not-reachable'], on: 'detach', to: 'detached', clause: 'TS 23.141 §4.3.10' },
  ],
};

/** At the SGSN. */
export const PACKET_SWITCHED: StateTable<'detached' | 'attached' | 'not-reachable'> = {
  name: 'packet-switched (SGSN)',
  states: ['detached', 'attached', 'not-reachable'],
  initial: 'detached',
  final: [],
  rows: [
    { from: ['detached', 'not-reachable'], on: 'attach', to: 'attached', clause: 'TS 23.141 §4.3.9' },
    { from: 'attached', on: 'lose-coverage', to: 'not-reachable', clause: 'TS 23.141 §4.3.9' },
    { from: ['attached', 'not-reachable'], on: 'detach', to: 'detached', clause: 'TS 23.141 §4.3.9' },
  ],
};

/** At the GGSN: whether the terminal has an IP address. */
export const IP_CONTEXT: StateTable<'no-context' | 'context-active'> = {
  name: 'PDP context (GGSN)',
  states: ['no-context', 'context-active'],
  initial: 'no-context',
  final: [],
  rows: [
    { from: 'no-context', on: 'activate-context', to: 'context-active', clause: 'TS 23.141 §4.3.11' },
    { from: 'context-active', on: 'deactivate-context', to: 'no-context', clause: 'TS 23.141 §4.3.11' },
  ],
};

/** At the GMLC. */
export const LOCATION: StateTable<'unknown' | 'located'> = {
  name: 'location (GMLC)',
  states: ['unknown', 'located'],
  initial: 'unknown',
  final: [],
  rows: [
    { from: ['unknown', 'located'], on: 'locate', to: 'located', clause: 'TS 23.141 §4.3.8' },
    { from: 'located', on: 'lose-sight', to: 'unknown', clause: 'TS 23.141 §4.3.8' },
  ],
};

export const TABLES = {
  Pc: compileTable(CIRCUIT_SWITCHED),
  Pg: compileTable(PACKET_SWITCHED),
  Pk: compileTable(IP_CONTEXT),
  Pl: compileTable(LOCATION),
} as const;
