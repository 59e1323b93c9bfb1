/** What people see of a P-CSCF: who is registered through it, over which security associations, and the dialogs it stays in. */
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { associationsTable, type SaPairs } from '#ims/node/security-associations.ts';
import { remainingSeconds } from './access-table.ts';
import type { Registered } from './state.ts';

export function pCscfTables(all: readonly Registered[], pairs: readonly SaPairs[], now: SimTime): readonly ViewTable[] {
  return [
    {
      title: 'Registered users',
      columns: ['Identity', 'Contact', 'Service-Route', 'For (s)'],
      rows: all.filter((r) => !r.leaving).map((r) => [r.identities[0] ?? '', r.contact, r.serviceRoute.join(', '), String(remainingSeconds(r.expiresAt, now))]),
      empty: 'Nobody is registered through this P-CSCF.',
    },
    associationsTable(pairs, now),
    {
      title: 'Dialogs recorded',
      columns: ['User', 'With', 'Event', 'Call-ID'],
      rows: all.flatMap((r) => [...r.dialogs].map(([callId, dialog]) => [r.identities[0] ?? '', dialog.remote, dialog.event, callId])),
      empty: 'No dialog goes through this P-CSCF.',
    },
  ];
}
