/** A list in another network, with an address of its own: from the entry straight to its server (TS 24.141 §A.3.1 names the flow; TS 23.228 §5.4.12.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { LIST_ELSEWHERE, LIST_ELSEWHERE_IN_DIALOG, LIST_ELSEWHERE_NOTIFICATION, memberInDialog, memberNotification, memberOf } from '../list-ladders.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { PUBLICATION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'list-psi',
  title: 'A list in another network',
  summary:
    'The list belongs to a club in the other network; the HSS there names its server, so no S-CSCF of that network is asked, and the server itself looks for the members.',
  sources: [
    { document: 'TS 24.141', clause: 'A.3.1', checked: true },
    { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
  ],
  until: 65,
  network: {
    with: ['rls2'],
    subscribers: [{ home: 'home2', name: 'user3', presence: true }],
    lists: [
      {
        at: 'rls2',
        identity: 'sip:user2_list1@home2.net',
        name: 'Chess club',
        members: [{ uri: 'sip:user2_public1@home2.net', name: 'Jane Roe' }, { uri: 'sip:user3_public1@home2.net' }],
      },
    ],
  },
  chapters: [
    { id: 'prologue', title: 'Registration and first publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe to the list', at: 12 },
    { id: 'change', title: 'A member changes', at: 30 },
    { id: 'unsubscribe', title: 'Nobody is watched any more', at: 45 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'ue2', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 12, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_list1@home2.net', lists: true } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 45, who: 'ue1', do: { kind: 'unsubscribe', to: 'sip:user2_list1@home2.net' } },
  ],
  changes: [ADDRESSES],
  expectations: [
    {
      title: 'From the entry straight to the list server (Ma), which asks for the members by itself',
      source: { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
      chapter: 'subscribe',
      flows: [
        LIST_ELSEWHERE,
        LIST_ELSEWHERE_NOTIFICATION,
        LIST_ELSEWHERE_NOTIFICATION,
        memberOf('rls2', true),
        memberOf('rls2', false),
        memberNotification('rls2'),
        memberNotification('rls2'),
      ],
    },
    {
      title: 'A change of one member',
      source: { document: 'RFC 4662', clause: '4.5', checked: true },
      chapter: 'change',
      flows: [PUBLICATION, memberNotification('rls2'), LIST_ELSEWHERE_NOTIFICATION],
    },
    {
      title: 'The end of the list is the end of every subscription behind it',
      source: { document: 'RFC 4662', clause: '4.5', checked: true },
      chapter: 'unsubscribe',
      flows: [LIST_ELSEWHERE_IN_DIALOG, LIST_ELSEWHERE_NOTIFICATION, ...[1, 2].flatMap(() => [memberInDialog('rls2'), memberNotification('rls2')])],
    },
  ],
} satisfies Scenario;
