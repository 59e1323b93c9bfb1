/** A SIP address leads to its network by its domain: NAPTR, SRV, address (RFC 3263 §4), or to nobody at all. */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedAtHome, refusedByEntry } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'resolve-sip',
  title: 'A SIP address leads to its network',
  summary:
    "The watcher's S-CSCF asks the DNS which transports the domain offers, which servers stand behind them and where those are; an unknown domain ends there.",
  sources: [{ document: 'RFC 3263', clause: '4', checked: true }],
  tells: ['DNS'],
  until: 25,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'address',
      title: 'Whose presence is asked for',
      values: [
        { value: 'known', title: 'a user of the other network', patches: [] },
        {
          value: 'unknown-domain',
          title: 'somebody in a domain that does not exist',
          patches: [{ path: '/timeline/3/do/to', value: 'sip:somebody@no-such-network.example' }],
        },
        {
          value: 'unknown-user',
          title: 'nobody: the domain exists, the user does not',
          patches: [{ path: '/timeline/3/do/to', value: 'sip:no-such-user@home2.net' }],
        },
      ],
    },
    {
      name: 'transport',
      title: 'What the domain prefers',
      values: [
        { value: 'udp', title: 'UDP before TCP', patches: [] },
        { value: 'tcp', title: 'TCP before UDP', patches: [{ path: '/network/dns/entriesByTcp', value: true }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The domain leads to the entry of its network',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The same over the other transport',
      source: { document: 'RFC 3263', clause: '4.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { transport: 'tcp' },
    },
    {
      title: "A domain that does not exist: the watcher's own S-CSCF refuses",
      source: { document: 'RFC 3263', clause: '4', checked: true },
      chapter: 'subscribe',
      flows: [refusedAtHome('404 Not Found')],
      when: { address: 'unknown-domain' },
    },
    {
      title: 'A user who does not exist: only the other network can tell',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [refusedByEntry('404 Not Found')],
      when: { address: 'unknown-user' },
    },
  ],
} satisfies Scenario;
