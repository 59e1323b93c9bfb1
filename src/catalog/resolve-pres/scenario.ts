/** A pres address names a person and no protocol: the DNS says whether and where presence is taken by SIP there (RFC 3859, RFC 3861 §3, §4). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedAtHome } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'resolve-pres',
  title: 'An address that names no protocol',
  summary:
    'The watcher subscribes to a pres address; the DNS tells who takes it by SIP, and the I-CSCF of that network knows which of its identities is meant.',
  sources: [
    { document: 'RFC 3861', clause: '3', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  tells: ['DNS'],
  until: 25,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe to a pres address', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'pres:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'srv',
      title: 'What the domain says of pres addresses',
      values: [
        { value: 'listed', title: 'it names its servers for them', patches: [] },
        { value: 'none', title: 'nothing: it is taken as a SIP domain', patches: [{ path: '/network/dns/pres', value: false }] },
      ],
    },
    {
      name: 'address',
      title: 'Whose presence is asked for',
      values: [
        { value: 'known', title: 'a user of the other network', patches: [] },
        {
          value: 'unknown-domain',
          title: 'somebody in a domain that does not exist',
          patches: [{ path: '/timeline/3/do/to', value: 'pres:somebody@no-such-network.example' }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The servers for pres addresses lead in',
      source: { document: 'RFC 3861', clause: '3', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Without such servers the domain itself leads in',
      source: { document: 'RFC 3861', clause: '4', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { srv: 'none' },
    },
    {
      title: 'A domain that does not exist',
      source: { document: 'RFC 3263', clause: '4', checked: true },
      chapter: 'subscribe',
      flows: [refusedAtHome('404 Not Found')],
      when: { address: 'unknown-domain' },
    },
  ],
} satisfies Scenario;
