/** What people may see of a network agent: whom it knows, and what each source said last. */
import type { ViewTable } from '#base/view.ts';
import { SUPPLIERS } from '#presence/network-report/report.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import type { AgentUser, Knowledge } from './knowledge.ts';
import type { Source } from './translate.ts';

/** By whether somebody is registered. */
const SAID: Readonly<Record<string, string>> = { true: 'registered', false: 'not registered', undefined: 'nothing yet' };

/** `published`: the state of the publication that a source has brought about; undefined where it has brought about none. */
export function agentTables(known: Knowledge, published: (user: AgentUser, source: Source) => string | undefined): readonly ViewTable[] {
  const publicationOf = (user: AgentUser, source: Source): string =>
    published(user, source) ?? (source === 'Pi' && user.registered === undefined ? 'none yet' : 'none: it says nothing that watchers could be shown');
  return [
    {
      title: 'Users of whom the S-CSCF has told',
      columns: ['User', 'S-CSCF', 'Registered', 'Number'],
      rows: known
        .users()
        .map(({ identity, server, registered, number }) => [
          identity,
          hostOf(server) ?? server,
          registered === undefined ? 'not known yet' : registered ? 'yes' : 'no',
          number ?? '–',
        ]),
      empty: 'The S-CSCF has told of nobody.',
    },
    {
      title: 'What each source said last',
      columns: ['Source', 'About', 'Said', 'At', 'Publication'],
      rows: [
        ...known.users().map((user) => ['S-CSCF (Pi)', user.identity, SAID[String(user.registered)] ?? '', '–', publicationOf(user, 'Pi')]),
        ...known.all().map((report) => {
          const user = known.byNumber(report.subscriber);
          return [
            `${SUPPLIERS[report.point].node} (${report.point})`,
            user?.identity ?? report.subscriber,
            report.place === undefined ? report.state : `${report.state}, ${report.place}`,
            report.at.slice(11, 19),
            user === undefined ? 'nobody has this number yet' : publicationOf(user, report.point),
          ];
        }),
      ],
      empty: 'Nothing has been said.',
    },
  ];
}
