/** A registration that nobody refreshes: the S-CSCF's own timer ends it (TS 29.228 §6.1.2; RFC 3680 §4.7.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { WITH_REGISTRATIONS } from '../shared-criteria.ts';
import { expiry, regEventNotify, reRegistration, thirdParty } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-registration-expires',
  title: 'A registration runs out',
  summary: 'The terminal of the presentity does not refresh its registration of 60 s; the timer of the S-CSCF ends it, and everybody who counts is told.',
  sources: [
    { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
    { document: 'RFC 3680', clause: '4.7.1', checked: true },
  ],
  until: 100,
  network: { users: [{ role: 'ue2', filterCriteria: WITH_REGISTRATIONS }] },
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'expiry', title: 'Nobody refreshes', at: 20 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register', expires: 60, refresh: false } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'refresh',
      title: 'Whether the terminal refreshes',
      values: [
        { value: 'no', title: 'it does not', patches: [] },
        { value: 'yes', title: 'it does, at half time', patches: [{ path: '/timeline/0/do/refresh', value: true }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The HSS, the presence server, the terminal and the P-CSCF are told',
      source: { document: 'TS 29.228', clause: '6.1.2.1', checked: true },
      chapter: 'expiry',
      flows: [expiry(2), thirdParty(), regEventNotify(2, 'ue'), regEventNotify(2, 'pcscf')],
    },
    {
      title: 'Refreshed at half time, twice and again: over the security association, without a challenge',
      source: { document: 'TS 33.203', clause: '6.1.4', checked: true },
      chapter: 'expiry',
      flows: [
        [...reRegistration(2), ...reRegistration(2)],
        [...thirdParty(), ...thirdParty()],
      ],
      match: 'contains',
      when: { refresh: 'yes' },
    },
  ],
} satisfies Scenario;
