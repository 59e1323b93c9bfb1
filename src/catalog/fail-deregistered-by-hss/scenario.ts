/** The home network takes a registration away: RTR from the HSS, and everybody who counts is told (TS 29.228 §6.1.3; RFC 3680 §4.7.1; TS 23.218 §6.3). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { WITH_REGISTRATIONS } from '../shared-criteria.ts';
import { PUBLICATION, regEventNotify, registration, termination, thirdParty } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-deregistered-by-hss',
  title: 'The network ends a registration',
  summary:
    'The operator ends the registration of the presentity: the HSS tells the S-CSCF (RTR), which tells terminal, P-CSCF and presence server; whether the terminal may register again depends on the reason.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.3.1', checked: true },
    { document: 'RFC 3680', clause: '4.7.1', checked: true },
  ],
  until: 40,
  network: { users: [{ role: 'ue2', filterCriteria: WITH_REGISTRATIONS }] },
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'termination', title: 'The HSS ends it', at: 20 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    {
      at: 20,
      who: 'hss2',
      do: { kind: 'deregister-user', user: 'sip:user2_public1@home2.net', reason: 'permanent-termination', info: 'The subscription was cancelled' },
    },
  ],
  changes: [
    {
      name: 'reason',
      title: 'Why the HSS ends it',
      values: [
        { value: 'termination', title: 'the subscription is over (PERMANENT_TERMINATION)', patches: [] },
        {
          value: 'server-change',
          title: 'another S-CSCF is to be chosen (SERVER_CHANGE)',
          patches: [
            { path: '/timeline/4/do/reason', value: 'server-change' },
            { path: '/timeline/4/do/info', value: 'Please register again' },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'RTR and RTA; presence server, terminal and P-CSCF are told',
      source: { document: 'TS 29.228', clause: '6.1.3.1', checked: true },
      chapter: 'termination',
      flows: [termination(2), thirdParty(), regEventNotify(2, 'ue'), regEventNotify(2, 'pcscf')],
    },
    {
      title: 'The terminal registers again at once, and publishes anew',
      source: { document: 'RFC 3680', clause: '4.7.1', checked: true },
      chapter: 'termination',
      flows: [
        [...termination(2), ...regEventNotify(2, 'ue').slice(0, 2), ...registration(undefined, 2), ...PUBLICATION],
        [...thirdParty(), ...thirdParty()],
      ],
      match: 'contains',
      when: { reason: 'server-change' },
    },
  ],
} satisfies Scenario;
