/** The two pairs of security associations: how they are agreed, replaced and ended (TS 33.203 §7; RFC 3329 §2.3.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ANSWERED, CHALLENGED, TOLD, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'auth-security-agreement',
  title: 'Two pairs of security associations',
  summary: 'UE and P-CSCF agree on algorithms, ports and indices; a new authentication brings new ones, and the old end when the new are used.',
  sources: [
    { document: 'TS 33.203', clause: '7.1', checked: true },
    { document: 'TS 33.203', clause: '7.2', checked: true },
    { document: 'TS 33.203', clause: '7.4', checked: true },
    { document: 'RFC 3329', clause: '2.3.1', checked: true },
  ],
  until: 50,
  network: { authentication: { everyTime: true } },
  chapters: [
    { id: 'agree', title: 'Offer, list, and two pairs on trial', at: 0 },
    { id: 'renew', title: 'Authenticated again: other client ports, other indices', at: 12 },
    { id: 'use', title: 'Traffic on the new ones: the old end', at: 24 },
    { id: 'leave', title: 'Deregistration ends them all', at: 36 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 12, who: 'ue1', do: { kind: 'register' } },
    { at: 24, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 36, who: 'ue1', do: { kind: 'deregister' } },
  ],
  changes: [
    {
      name: 'offer',
      title: 'What the UE can do',
      values: [
        { value: 'both', title: 'encryption and none', patches: [] },
        {
          value: 'no-encryption',
          title: 'integrity only',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', device: { algorithms: ['hmac-sha-1-96/null'] } }] }],
        },
        {
          value: 'withdrawn',
          title: 'withdrawn algorithms only: 494',
          patches: [{ path: '/network/users', value: [{ role: 'ue1', device: { algorithms: ['hmac-md5-96/des-ede3-cbc'] } }] }],
        },
        {
          value: 'none',
          title: 'no security agreement at all: 421',
          patches: [
            { path: '/network/users', value: [{ role: 'ue1', device: { algorithms: [] } }] },
            { path: '/network/authentication/ipsecOnly', value: true },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Set up with the registration',
      source: { document: 'TS 33.203', clause: '7.2', checked: true },
      chapter: 'agree',
      flows: [[...CHALLENGED, ...ANSWERED], ...WATCHED],
    },
    {
      title: 'Replaced by a new authentication',
      source: { document: 'TS 33.203', clause: '7.4', checked: true },
      chapter: 'renew',
      flows: [[...CHALLENGED, ...ANSWERED], ...TOLD],
    },
    {
      title: 'Used by the next request',
      source: { document: 'TS 33.203', clause: '7.4.2a', checked: true },
      chapter: 'use',
      flows: [SUBSCRIPTION, NOTIFICATION],
      match: 'contains',
    },
    {
      title: 'Nothing in common: refused at once',
      source: { document: 'TS 33.203', clause: '7.3.2.1', checked: true },
      chapter: 'agree',
      flows: [['ue1 > pcscf1: REGISTER', 'pcscf1 > ue1: 494 Security Agreement Required (REGISTER)']],
      when: { offer: 'withdrawn' },
    },
    {
      title: 'Nothing offered: refused at once',
      source: { document: 'RFC 3329', clause: '2.3.1', checked: true },
      chapter: 'agree',
      flows: [['ue1 > pcscf1: REGISTER', 'pcscf1 > ue1: 421 Extension Required (REGISTER)']],
      when: { offer: 'none' },
    },
  ],
} satisfies Scenario;
