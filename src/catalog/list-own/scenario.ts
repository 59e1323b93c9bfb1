/** The watcher subscribes to the own list: one subscription for everybody on it (TS 24.141, list subscription; RFC 4662). */
import type { NamedChange, Scenario } from '#scenario/scenario.ts';
import { memberNotification, memberOf, memberRefused, membersNotify, OWN_LIST_NOTIFICATION, ownList, ownListBegins, ownListEnds } from '../list-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { PUBLICATION } from '../standard-ladders.ts';

const LIST = 'sip:user1_list1@home1.net';
const MEMBERS = ['sip:user2_public1@home2.net', 'sip:user3_public1@home2.net', 'sip:user4_public1@home2.net'];
const RFC_4662 = { document: 'RFC 4662', clause: '4.5', checked: true };

const PROLOGUE = { id: 'prologue', title: 'Registration and first publication', at: 0, prologue: true };

const rule = (handling: 'block' | 'confirm') => ({
  path: '/network/presence',
  value: { rules: [{ watcher: 'sip:user1_public1@home1.net', presentity: 'sip:user3_public1@home2.net', handling }] },
});
const user4 = { home: 'home2', name: 'user4', presence: true };

const RICHARD: NamedChange = {
  name: 'member',
  title: 'What becomes of one member of the list',
  values: [
    { value: 'unregistered', title: 'is not registered; presence works without', patches: [] },
    { value: 'denied', title: 'blocks the watcher', patches: [rule('block')] },
    { value: 'pending', title: 'wants to be asked first', patches: [rule('confirm')] },
    { value: 'unknown', title: 'nobody has the address', patches: [{ path: '/network/subscribers', value: [user4] }] },
    {
      value: 'without-presence',
      title: 'is not registered, and has no service for that case',
      patches: [{ path: '/network/subscribers', value: [{ home: 'home2', name: 'user3' }, user4] }],
    },
  ],
};

const SILENT: NamedChange = {
  name: 'presence-server',
  title: 'The presence server of the members',
  values: [
    { value: 'answers', title: 'answers', patches: [] },
    {
      value: 'silent',
      title: 'is silent for a while: nobody on the list can be reached',
      patches: [
        { path: '/until', value: 95 },
        {
          path: '/timeline',
          value: [
            { at: 3, who: 'ue1', do: { kind: 'register' } },
            { at: 4, who: 'ue2', do: { kind: 'register' } },
            { at: 10, who: 'ps', do: { kind: 'crash' } },
            { at: 12, who: 'ue1', do: { kind: 'subscribe', to: LIST, lists: true } },
            { at: 30, who: 'ps', do: { kind: 'restart' } },
          ],
        },
      ],
    },
  ],
};

const NESTED: NamedChange = {
  name: 'nested',
  title: 'A list on the list',
  values: [
    { value: 'no', title: 'none', patches: [] },
    {
      value: 'own',
      title: 'another one of the same server',
      patches: [
        { path: '/network/lists/0/members', value: [{ uri: MEMBERS[0] ?? '' }, { uri: 'sip:user1_list2@home1.net', name: 'Family' }] },
        {
          path: '/network/lists/1',
          value: { at: 'rls1', identity: 'sip:user1_list2@home1.net', owner: 'ue1', members: [{ uri: MEMBERS[1] ?? '' }, { uri: MEMBERS[2] ?? '' }] },
        },
      ],
    },
    {
      value: 'elsewhere',
      title: 'one of another network',
      patches: [
        { path: '/network/with', value: ['rls1', 'rls2'] },
        { path: '/network/lists/0/members', value: [{ uri: MEMBERS[0] ?? '' }, { uri: 'sip:user2_list1@home2.net', name: 'Club' }] },
        {
          path: '/network/lists/1',
          value: { at: 'rls2', identity: 'sip:user2_list1@home2.net', members: [{ uri: MEMBERS[1] ?? '' }, { uri: MEMBERS[2] ?? '' }] },
        },
      ],
    },
  ],
};

const OPENING = [
  { at: 3, who: 'ue1', do: { kind: 'register' } },
  { at: 4, who: 'ue2', do: { kind: 'register' } },
  { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
] satisfies Scenario['timeline'];

const SINGLES: NamedChange = {
  name: 'by',
  title: 'How the watcher asks',
  values: [
    { value: 'list', title: 'by his list', patches: [] },
    {
      value: 'once',
      title: 'by his list, and only once (a fetch)',
      patches: [
        {
          path: '/timeline',
          value: [...OPENING, { at: 12, who: 'ue1', do: { kind: 'fetch', to: LIST, lists: true } }],
        },
        { path: '/until', value: 35 },
        { path: '/chapters', value: [PROLOGUE, { id: 'subscribe', title: 'Ask for the list once', at: 12 }] },
      ],
    },
    {
      value: 'singles',
      title: 'for every member by a subscription of its own',
      patches: [
        {
          path: '/timeline',
          value: [
            ...OPENING,
            ...MEMBERS.map((to) => ({ at: 12, who: 'ue1', do: { kind: 'subscribe', to } })),
            { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'] } },
            ...MEMBERS.map((to) => ({ at: 45, who: 'ue1', do: { kind: 'refresh', to } })),
            ...MEMBERS.map((to) => ({ at: 60, who: 'ue1', do: { kind: 'unsubscribe', to } })),
          ],
        },
      ],
    },
  ],
};

const UNDERSTOOD: NamedChange = {
  name: 'eventlist',
  title: 'Whether the terminal can take lists',
  values: [
    { value: 'yes', title: 'it can, and says so', patches: [] },
    { value: 'no', title: 'it cannot', patches: [{ path: '/timeline/3/do/lists', value: false }] },
  ],
};

export default {
  format: 1,
  id: 'list-own',
  title: 'One subscription for a whole list',
  summary: 'The watcher subscribes to his own list; its server asks for every member in his name and tells him of all of them in one NOTIFY.',
  sources: [
    { document: 'RFC 4662', clause: '4', checked: true },
    { document: 'TS 24.141', checked: false },
  ],
  until: 75,
  network: {
    with: ['rls1'],
    subscribers: [
      { home: 'home2', name: 'user3', presence: true },
      { home: 'home2', name: 'user4', presence: true },
    ],
    lists: [
      {
        at: 'rls1',
        identity: 'sip:user1_list1@home1.net',
        name: 'Friends',
        owner: 'ue1',
        members: [
          { uri: 'sip:user2_public1@home2.net', name: 'Jane Roe' },
          { uri: 'sip:user3_public1@home2.net', name: 'Richard' },
          { uri: 'sip:user4_public1@home2.net' },
        ],
      },
    ],
  },
  chapters: [
    PROLOGUE,
    { id: 'subscribe', title: 'Subscribe to the list', at: 12 },
    { id: 'change', title: 'A member changes', at: 30 },
    { id: 'refresh', title: 'The watcher asks again', at: 45 },
    { id: 'unsubscribe', title: 'Nobody is watched any more', at: 60 },
  ],
  timeline: [
    ...OPENING,
    { at: 12, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user1_list1@home1.net', lists: true } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'] } },
    { at: 45, who: 'ue1', do: { kind: 'refresh', to: 'sip:user1_list1@home1.net' } },
    { at: 60, who: 'ue1', do: { kind: 'unsubscribe', to: 'sip:user1_list1@home1.net' } },
  ],
  changes: [RICHARD, NESTED, SILENT, UNDERSTOOD, SINGLES, ROAMING, ADDRESSES],
  plainRun: { change: 'by', value: 'singles', title: 'A subscription for every member' },
  expectations: [
    {
      title: 'One subscription of the watcher; the server tells at once who is on the list, asks for everybody, and tells of all together',
      source: RFC_4662,
      chapter: 'subscribe',
      flows: [...ownListBegins(), memberOf('rls1', false), ...membersNotify(3)],
    },
    {
      title: 'A change of one member is one NOTIFY more',
      source: RFC_4662,
      chapter: 'change',
      flows: [PUBLICATION, memberNotification('rls1'), OWN_LIST_NOTIFICATION],
    },
    {
      title: 'A refresh is answered with the whole list, and no member is asked',
      source: { document: 'RFC 4662', clause: '5.2', checked: true },
      chapter: 'refresh',
      flows: [ownList(), OWN_LIST_NOTIFICATION],
    },
    {
      title: 'The end of the list is the end of every subscription behind it',
      source: RFC_4662,
      chapter: 'unsubscribe',
      flows: ownListEnds(3),
    },
    {
      title: 'Who blocks the watcher does so for the list too',
      source: RFC_4662,
      chapter: 'subscribe',
      flows: [...ownListBegins(), memberOf('rls1', false, '403 Forbidden'), ...membersNotify(2)],
      when: { member: 'denied' },
    },
    ...(['unknown', 'without-presence'] as const).map((value) => ({
      title: 'Who cannot be had is told of with the others',
      source: RFC_4662,
      chapter: 'subscribe',
      flows: [...ownListBegins(), memberRefused(value === 'unknown' ? '404 Not Found' : '480 Temporarily Unavailable'), ...membersNotify(2)],
      when: { member: value },
    })),
    {
      title: 'A list of another network is asked for like anybody else',
      source: { document: 'RFC 4662', clause: '4', checked: true },
      chapter: 'subscribe',
      match: 'contains',
      flows: [
        ['rls1 > scscf1: SUBSCRIBE', 'scscf1 > icscf2: SUBSCRIBE', 'icscf2 > hss2: LIR', 'hss2 > icscf2: LIA', 'icscf2 > rls2: SUBSCRIBE'],
        ['rls2 > scscf1: NOTIFY', 'scscf1 > rls1: NOTIFY', 'rls1 > scscf1: NOTIFY'],
        memberOf('rls2', false),
        memberOf('rls2', false),
      ],
      when: { nested: 'elsewhere' },
    },
    {
      title: 'Asked once, the server asks everybody once before it answers, and its one NOTIFY tells of all',
      source: { document: 'RFC 4662', clause: '4.6', checked: true },
      chapter: 'subscribe',
      flows: [
        ownList(),
        OWN_LIST_NOTIFICATION,
        memberOf('rls1', true),
        memberOf('rls1', false),
        memberOf('rls1', false),
        ...[1, 2, 3].map(() => memberNotification('rls1')),
      ],
      when: { by: 'once' },
    },
    {
      title: 'Without the extension no list',
      source: { document: 'RFC 4662', clause: '4.1', checked: true },
      chapter: 'subscribe',
      flows: [ownList('421 Extension Required')],
      when: { eventlist: 'no' },
    },
  ],
} satisfies Scenario;
