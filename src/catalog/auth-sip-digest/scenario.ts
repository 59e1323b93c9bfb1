/** The other scheme: a password instead of a USIM, and no security associations (TS 33.203 §N.2; RFC 3261 §22.4). */
import type { Scenario } from '#scenario/scenario.ts';
import { ANSWERED, CHALLENGED, FAILED, RENEWED, STALE, TOLD, WATCHED } from '../auth-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const user = (device: { readonly password?: string }) => [{ role: 'ue1' as const, password: 'a long password', device }];

export default {
  format: 1,
  id: 'auth-sip-digest',
  title: 'A password instead of a USIM',
  summary:
    'On an access that is not 3GPP a user proves who they are by SIP digest: the S-CSCF judges with the hash that the HSS gave it, and proves itself in return.',
  sources: [
    { document: 'TS 33.203', clause: 'N.2.1.1', checked: true },
    { document: 'TS 33.203', clause: 'N.2.2.1', checked: true },
    { document: 'TS 33.203', clause: 'N.2.3', checked: true },
    { document: 'RFC 3261', clause: '22.4', checked: true },
  ],
  until: 60,
  network: { users: user({}) },
  chapters: [
    { id: 'register', title: 'Challenge and answer', at: 0 },
    { id: 'renew', title: 'Renewed: the nonce is used again', at: 12 },
    { id: 'subscribe', title: 'Known by the address', at: 24 },
    { id: 'leave', title: 'Deregistration', at: 40 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 12, who: 'ue1', do: { kind: 'register' } },
    { at: 24, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 40, who: 'ue1', do: { kind: 'deregister' } },
  ],
  changes: [
    {
      name: 'password',
      title: 'The password of the device',
      values: [
        { value: 'right', title: 'is that of the HSS', patches: [] },
        {
          value: 'wrong',
          title: 'is another',
          patches: [
            { path: '/network/users', value: user({ password: 'another password' }) },
            { path: '/timeline', value: [{ at: 1, who: 'ue1', do: { kind: 'register' } }] },
          ],
        },
      ],
    },
    {
      name: 'nonce',
      title: 'How long a nonce may be used',
      values: [
        { value: 'long', title: 'an hour', patches: [] },
        {
          value: 'short',
          title: 'five seconds: it is stale when the registration is renewed',
          patches: [{ path: '/network/authentication', value: { nonceLifetime: 5 } }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The ladder is that of AKA',
      source: { document: 'TS 33.203', clause: 'N.2.1.1', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...ANSWERED], ...WATCHED],
    },
    {
      title: 'A higher count, no new challenge',
      source: { document: 'TS 33.203', clause: 'N.2.3', checked: true },
      chapter: 'renew',
      flows: [RENEWED, ...TOLD],
    },
    {
      title: 'The address vouches for the rest',
      source: { document: 'TS 33.203', clause: 'N.2.1.2', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      match: 'contains',
    },
    {
      title: 'A wrong password is refused',
      source: { document: 'TS 33.203', clause: 'N.2.2.1', checked: true },
      chapter: 'register',
      flows: [[...CHALLENGED, ...FAILED]],
      when: { password: 'wrong' },
    },
    {
      title: 'A stale nonce: one more round, without the HSS',
      source: { document: 'TS 33.203', clause: 'N.2.3', checked: true },
      chapter: 'renew',
      flows: [[...STALE, ...RENEWED], ...TOLD],
      when: { nonce: 'short' },
    },
  ],
} satisfies Scenario;
