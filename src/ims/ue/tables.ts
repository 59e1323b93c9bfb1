/** What people see of a UE: its registration, whom it watches, what it knows, what it has published. */
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { associationsTable } from '#ims/node/security-associations.ts';
import type { UeRegistration } from './registration.ts';

export function ueTables(
  registration: UeRegistration,
  watched: ViewTable,
  seen: ReadonlyMap<string, string>,
  published: string | undefined,
  now: SimTime,
): readonly ViewTable[] {
  const { state, serviceRoute, identities, security } = registration;
  return [
    {
      title: 'Registration',
      columns: ['State', 'Identities', 'Service-Route', 'Security'],
      rows: [[state, identities.join(', ') || '–', serviceRoute.join(', ') || '–', security?.securityServer ?? '–']],
      empty: '',
    },
    associationsTable(registration.associations.all(), now),
    watched,
    {
      title: 'What is known of others',
      columns: ['Presentity', 'State'],
      rows: [...seen].map(([resource, summary]) => [resource, summary]),
      empty: 'Nobody is watched.',
    },
    { title: 'What this user has published', columns: ['State'], rows: published === undefined ? [] : [[published]], empty: 'Nothing is published.' },
  ];
}
