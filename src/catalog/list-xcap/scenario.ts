/** The own list kept in an XDMS and changed over Ut (RFC 4826, RFC 4825): its server follows the document, while the watcher is subscribed. */
import type { Scenario } from '#scenario/scenario.ts';
import { memberInDialog, memberNotification, memberOf, membersEnd, membersNotify, OWN_LIST_NOTIFICATION, ownListBegins, ownListEnds } from '../list-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

const LIST = 'sip:user1_list1@home1.net';
const [JANE, RICHARD, MARY] = ['sip:user2_public1@home2.net', 'sip:user3_public1@home2.net', 'sip:user4_public1@home2.net'];
const RFC_4662 = { document: 'RFC 4662', clause: '4.5', checked: true };
const XCAP = { document: 'RFC 4825', clause: '7', checked: true };

/** The services document with that one list. */
const listOf = (...members: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists">
  <service uri="${LIST}">
    <list>
      <rl:display-name>Friends</rl:display-name>
${members.map((uri) => `      <rl:entry uri="${uri}"/>\n`).join('')}    </list>
    <packages>
      <package>presence</package>
    </packages>
  </service>
</rls-services>
`;

/** The same list, of what stands in the document of resource lists at first: the whole list and somebody, then one entry of it and somebody. */
const ELSEWHERE = 'resource-lists/users/sip:user1_public1@home1.net/friends/~~/resource-lists/list%5B@name=%22list1%22%5D';
const referring = (...children: readonly string[]): string =>
  listOf().replace('    </list>', `${children.map((child) => `      ${child}\n`).join('')}    </list>`);
const ALL_THERE = `<rl:external anchor="http://xdms.home1.net/xcap-root/${ELSEWHERE}"/>`;
const ONE_THERE = `<rl:entry-ref ref="${ELSEWHERE}/entry%5B@uri=%22${JANE}%22%5D"/>`;

/** The first question is answered by one who wants to know who asks; the document is read before it is changed. */
const READ: string[] = ['ue1 > xdms1: GET', 'xdms1 > ue1: 401 Unauthorized (GET)', 'ue1 > xdms1: GET', 'xdms1 > ue1: 200 OK (GET)'];
const put = (answer: string): string[] => ['ue1 > xdms1: PUT', `xdms1 > ue1: ${answer} (PUT)`];
/** The list server hears of a change and fetches what has changed. */
const FOLLOWED: string[] = ['xdms1 > rls1: NOTIFY', 'rls1 > xdms1: 200 OK (NOTIFY)'];
const FETCHED: string[] = ['rls1 > xdms1: GET', 'xdms1 > rls1: 200 OK (GET)'];

export default {
  format: 1,
  id: 'list-xcap',
  title: 'The watcher changes his list',
  summary:
    'The own list is a document of its owner. He puts somebody on it, and takes somebody off it: the list server, which follows the document, asks for who is new, lets go who is gone, and tells the whole list each time.',
  sources: [{ document: 'RFC 4826', clause: '4.4', checked: true }, XCAP, { document: 'RFC 5875', clause: '4.1', checked: true }],
  until: 75,
  network: {
    with: ['rls1', 'xdms1'],
    subscribers: [
      { home: 'home2', name: 'user3', presence: true },
      { home: 'home2', name: 'user4', presence: true },
    ],
    lists: [{ at: 'rls1', identity: LIST, name: 'Friends', owner: 'ue1', members: [{ uri: JANE }, { uri: RICHARD }] }],
  },
  chapters: [
    { id: 'prologue', title: 'Registration, first publication, and the list server gets the lists', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe to the list', at: 12 },
    { id: 'add', title: 'Somebody more on the list', at: 30 },
    { id: 'remove', title: 'Somebody less', at: 45 },
    { id: 'unsubscribe', title: 'Nobody is watched any more', at: 60 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'ue2', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 12, who: 'ue1', do: { kind: 'subscribe', to: LIST, lists: true } },
    { at: 30, who: 'ue1', do: { kind: 'write-lists', document: listOf(JANE, RICHARD, MARY) } },
    { at: 45, who: 'ue1', do: { kind: 'write-lists', document: listOf(JANE, MARY) } },
    { at: 60, who: 'ue1', do: { kind: 'unsubscribe', to: LIST } },
  ],
  changes: [
    {
      name: 'document',
      title: 'What the watcher puts',
      values: [
        { value: 'list', title: 'his list with somebody more', patches: [] },
        {
          value: 'broken',
          title: 'what is no list (409)',
          patches: [{ path: '/timeline/4/do/document', value: '<rls-services xmlns="urn:ietf:params:xml:ns:rls-services"><service/></rls-services>' }],
        },
        { value: 'gone', title: 'nothing: he takes his lists away', patches: [{ path: '/timeline/4/do', value: { kind: 'delete-lists' } }] },
      ],
    },
    {
      name: 'entries',
      title: 'Where the entries of the list stand',
      values: [
        { value: 'inside', title: 'in the service itself', patches: [] },
        {
          value: 'elsewhere',
          title: 'in another document of the watcher, to which the service refers',
          patches: [
            { path: '/network/lists/0/apart', value: true },
            { path: '/timeline/4/do/document', value: referring(ALL_THERE, `<rl:entry uri="${MARY}"/>`) },
            { path: '/timeline/5/do/document', value: referring(ONE_THERE, `<rl:entry uri="${MARY}"/>`) },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The list server subscribes to the lists and fetches them',
      source: { document: 'RFC 5875', clause: '4.1', checked: true },
      chapter: 'prologue',
      flows: [
        ['rls1 > xdms1: SUBSCRIBE', 'xdms1 > rls1: 200 OK (SUBSCRIBE)'],
        [...FOLLOWED, ...FETCHED],
      ],
      match: 'contains',
    },
    {
      title: 'The document to which the lists refer is fetched as well',
      source: { document: 'RFC 4826', clause: '4.5', checked: true },
      chapter: 'prologue',
      flows: [FOLLOWED, FETCHED, FETCHED],
      match: 'contains',
      when: { entries: 'elsewhere' },
    },
    {
      title: 'What stands in the document is asked for',
      source: RFC_4662,
      chapter: 'subscribe',
      flows: [...ownListBegins(), ...membersNotify(2)],
    },
    {
      title: 'What was put reaches the list server: it asks for who is new, and tells the whole list',
      source: RFC_4662,
      chapter: 'add',
      flows: [
        [...READ, ...put('200 OK')],
        FOLLOWED,
        FETCHED,
        memberOf('rls1', false),
        memberNotification('rls1'),
        OWN_LIST_NOTIFICATION,
        OWN_LIST_NOTIFICATION,
      ],
    },
    {
      title: 'Who is off the list is not watched any more, and the whole list tells nothing of him',
      source: RFC_4662,
      chapter: 'remove',
      flows: [put('200 OK'), FOLLOWED, FETCHED, memberInDialog('rls1'), memberNotification('rls1'), OWN_LIST_NOTIFICATION],
    },
    {
      title: 'The end of the list is the end of every subscription behind it',
      source: RFC_4662,
      chapter: 'unsubscribe',
      flows: ownListEnds(2),
    },
    {
      title: 'What is no list changes nothing',
      source: { document: 'RFC 4825', clause: '11.2', checked: true },
      chapter: 'add',
      flows: [[...READ, ...put('409 Conflict')]],
      when: { document: 'broken' },
    },
    {
      title: 'The list is no more: its subscription ends, and so do those behind it',
      source: { document: 'RFC 6665', clause: '4.1.3', checked: true },
      chapter: 'add',
      flows: [[...READ, 'ue1 > xdms1: DELETE', 'xdms1 > ue1: 200 OK (DELETE)'], FOLLOWED, OWN_LIST_NOTIFICATION, ...membersEnd(2)],
      when: { document: 'gone' },
    },
  ],
} satisfies Scenario;
