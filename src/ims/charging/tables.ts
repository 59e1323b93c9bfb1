/** How an IMS node stands with its charging data function (TS 32.299 §6.1.3): it reports, or it keeps what it has to report until somebody takes it. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type ReportingState = 'reporting' | 'keeping';

export const REPORTING: StateTable<ReportingState, 'given up' | 'answered', never, 'send what was kept'> = {
  name: 'charging (trigger function)',
  states: ['reporting', 'keeping'],
  initial: 'reporting',
  final: [],
  rows: [
    { from: 'reporting', on: 'given up', to: 'keeping', clause: 'TS 32.299 §6.1.3.1' },
    { from: 'keeping', on: 'given up', to: 'same', clause: 'TS 32.299 §6.1.3.1' },
    { from: 'reporting', on: 'answered', to: 'same', clause: 'TS 32.299 §6.2.3' },
    { from: 'keeping', on: 'answered', to: 'reporting', actions: ['send what was kept'], clause: 'TS 32.299 §6.1.3.1' },
  ],
};
export const REPORTING_RULES = compileTable(REPORTING);
