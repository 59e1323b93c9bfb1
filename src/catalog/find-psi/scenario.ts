/** A service has an address of its own: the HSS names its application server, and no S-CSCF is needed (TS 23.228 §5.4.12.2; TS 29.228 §6.1.4.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedByEntry, SERVICE_NOTIFICATION, SERVICE_SUBSCRIPTION, SERVICE_THROUGH_SERVING } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';

export default {
  format: 1,
  id: 'find-psi',
  title: 'The address of a service',
  summary:
    'The watcher subscribes to an address that no person has; the HSS names the application server behind it, and the entry sends the request straight there.',
  sources: [
    { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
    { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
  ],
  until: 25,
  network: { with: ['psi'], service: { identity: 'sip:presence-info@home2.net' } },
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe to a service', at: 10 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:presence-info@home2.net' } },
  ],
  changes: [
    {
      name: 'service',
      title: 'How the network leads to the service',
      values: [
        { value: 'direct', title: 'the HSS names its application server', patches: [] },
        { value: 's-cscf', title: 'an S-CSCF serves it, like a user who never registers', patches: [{ path: '/network/service/routing', value: 's-cscf' }] },
        { value: 'off', title: 'not at all: it is switched off', patches: [{ path: '/network/service/active', value: false }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'From the entry straight to the application server (Ma)',
      source: { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
      chapter: 'subscribe',
      flows: [SERVICE_SUBSCRIPTION, SERVICE_NOTIFICATION],
    },
    {
      title: 'Through an S-CSCF that serves the address like a user',
      source: { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
      chapter: 'subscribe',
      flows: [SERVICE_THROUGH_SERVING, SERVICE_NOTIFICATION],
      when: { service: 's-cscf' },
    },
    {
      title: 'A service that is switched off does not exist for others',
      source: { document: 'TS 29.228', clause: '6.1.4.1', checked: true },
      chapter: 'subscribe',
      flows: [refusedByEntry('404 Not Found')],
      when: { service: 'off' },
    },
  ],
} satisfies Scenario;
