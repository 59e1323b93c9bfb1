/** What people see of an S-CSCF: its registrations, and the filter criteria that it evaluates. */
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { ServicePointTrigger } from '#protocol/diameter/cx-user-data.ts';
import { openIdentities, type ServedUser } from './served-users.ts';

const SESSION_CASES = ['originating', 'terminating registered', 'terminating unregistered', 'originating unregistered', 'originating after diversion'];

/** A trigger in words: `Method is SUBSCRIBE`, `not Event matches ^presence`. */
export function describeTrigger(spt: ServicePointTrigger): string {
  const not = spt.negated ? 'not ' : '';
  switch (spt.kind) {
    case 'method':
      return `${not}method ${spt.method}`;
    case 'request-uri':
      return `${not}Request-URI matches ${spt.requestUri}`;
    case 'header':
      return `${not}${spt.header.name}${spt.header.content === undefined ? ' present' : ` matches ${spt.header.content}`}`;
    case 'session-case':
      return `${not}${SESSION_CASES[spt.sessionCase] ?? `session case ${spt.sessionCase}`}`;
    case 'session-description':
      return `${not}SDP line ${spt.sessionDescription.line}`;
  }
}

function describeTriggers(spts: readonly ServicePointTrigger[], cnf: boolean): string {
  const groups = [...new Set(spts.flatMap((spt) => spt.groups))].sort((a, b) => a - b);
  return groups
    .map(
      (group) =>
        `(${spts
          .filter((spt) => spt.groups.includes(group))
          .map(describeTrigger)
          .join(cnf ? ' or ' : ' and ')})`,
    )
    .join(cnf ? ' and ' : ' or ');
}

export function sCscfTables(users: readonly ServedUser[], now: SimTime): readonly ViewTable[] {
  return [
    {
      title: 'Served users',
      columns: ['Identities', 'State', 'Contact', 'Path', 'For (s)'],
      rows: users.map((user) => [
        openIdentities(user).join(', '),
        user.state,
        user.binding?.contact ?? '–',
        user.binding?.path.join(', ') ?? '–',
        user.binding === undefined ? '–' : String(Math.max(0, Math.round((user.binding.expiresAt - now) / 1_000_000))),
      ]),
      empty: 'No user is served here.',
    },
    {
      title: 'Initial filter criteria',
      columns: ['User', 'Priority', 'When', 'Application server', 'If it fails'],
      rows: users.flatMap((user) =>
        user.criteria.map(({ criterion }) => [
          openIdentities(user)[0] ?? '',
          String(criterion.priority),
          criterion.triggerPoint === undefined ? 'always' : describeTriggers(criterion.triggerPoint.spts, criterion.triggerPoint.cnf),
          criterion.applicationServer.serverName,
          criterion.applicationServer.defaultHandling === 1 ? 'end' : 'go on',
        ]),
      ),
      empty: 'The profiles hold no filter criteria.',
    },
  ];
}
