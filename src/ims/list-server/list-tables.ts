/** The lists of a list server and what it knows of their members, for people. */
import type { ViewTable } from '#base/view.ts';
import type { ResourceState } from '#presence/lists/virtual-list.ts';
import type { ServedList } from './back-ends.ts';
import type { FollowedLists } from './followed-lists.ts';

export const listsTable = (lists: FollowedLists): ViewTable => ({
  title: 'Lists',
  columns: ['List', 'Name', 'Members', 'Open to', 'From'],
  rows: lists
    .all()
    .map(({ service: { uri, name, entries }, owners, keeper }) => [
      uri,
      name ?? '–',
      entries.map((entry) => entry.uri).join(', ') || '–',
      owners?.join(', ') ?? 'everybody',
      keeper === undefined ? 'the operator' : `the document of ${keeper}`,
    ]),
  empty: 'There are no lists.',
});

export const membersTable = (served: readonly ServedList[]): ViewTable => ({
  title: 'What is known of members',
  columns: ['Watcher', 'List', 'Member', 'State'],
  rows: served.flatMap(({ watcher, list }) => list.summary().map(({ uri, list: of, known }) => [watcher, of, uri, inWords(known)])),
  empty: 'No list is watched.',
});

function inWords(known: ResourceState | undefined): string {
  if (known === undefined) return 'nothing is known yet';
  if (known.reason !== undefined) return `${known.state}: ${known.reason}`;
  return known.table === undefined ? known.state : `${known.state}, a list on another server`;
}
