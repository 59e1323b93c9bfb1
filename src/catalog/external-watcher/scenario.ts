/** A watcher outside of IMS with plain SIP (TS 23.141 §5.3.2; TS 24.229 §5.3.1): what it claims counts for nothing, unless the operator trusts its network. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { publication } from '../standard-ladders.ts';

const SUBSCRIPTION: string[] = [
  'ext > icscf2: SUBSCRIBE',
  'icscf2 > hss2: LIR',
  'hss2 > icscf2: LIA',
  'icscf2 > scscf2: SUBSCRIBE',
  'scscf2 > ps: SUBSCRIBE',
  'ps > scscf2: 200 OK (SUBSCRIBE)',
  'scscf2 > icscf2: 200 OK (SUBSCRIBE)',
  'icscf2 > ext: 200 OK (SUBSCRIBE)',
];
const NOTIFICATION: string[] = ['ps > ext: NOTIFY', 'ext > ps: 200 OK (NOTIFY)'];
const REFUSED: string[] = [
  ...SUBSCRIPTION.slice(0, 5),
  'ps > scscf2: 403 Forbidden (SUBSCRIBE)',
  'scscf2 > icscf2: 403 Forbidden (SUBSCRIBE)',
  'icscf2 > ext: 403 Forbidden (SUBSCRIBE)',
];

export default {
  format: 1,
  id: 'external-watcher',
  title: 'A stranger claims to be somebody',
  summary:
    'A plain SIP agent outside asks for presence under a borrowed name. The entry of the network takes the claim off, the presence server answers politely and says nothing, and registering from there is refused.',
  sources: [
    { document: 'TS 23.141', clause: '5.3.2', checked: true },
    { document: 'TS 24.229', clause: '5.3.1', checked: true },
    { document: 'RFC 3325', clause: '5', checked: true },
  ],
  until: 70,
  network: {
    with: ['ext'],
    presence: { default: 'block', rules: [{ watcher: 'sip:user1_public1@home1.net', handling: 'allow' }], unidentified: 'polite-block' },
  },
  chapters: [
    { id: 'prologue', title: 'Registration and publication', at: 0, prologue: true },
    { id: 'claim', title: 'Subscribe under a borrowed name', at: 10 },
    { id: 'publish', title: 'The presentity publishes', at: 25 },
    { id: 'unsubscribe', title: 'Unsubscribe', at: 40 },
    { id: 'register', title: 'Try to register', at: 50 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ext', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', claim: 'sip:user1_public1@home1.net' } },
    { at: 25, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting' } },
    { at: 40, who: 'ext', do: { kind: 'unsubscribe' } },
    { at: 50, who: 'ext', do: { kind: 'register', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'trust',
      title: 'Whether the network outside is trusted',
      values: [
        { value: 'untrusted', title: 'nobody outside is trusted', patches: [] },
        { value: 'trusted', title: 'it is trusted, and every claim with it', patches: [{ path: '/network/trust', value: { outside: true } }] },
      ],
    },
    {
      name: 'unidentified',
      title: 'What the presentity says of watchers without a name',
      values: [
        { value: 'polite-block', title: 'they are to believe that all is well', patches: [] },
        { value: 'block', title: 'refuses them', patches: [{ path: '/network/presence/unidentified', value: 'block' }] },
        { value: 'allow', title: 'lets them see everything', patches: [{ path: '/network/presence/unidentified', value: 'allow' }] },
        {
          value: 'rule',
          title: 'a rule for them shows services only (RFC 5025)',
          patches: [{ path: '/network/presence/ruleset', value: [{ id: 'strangers', anonymous: true, handling: 'allow', services: 'all' }] }],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Straight to the entry of the presentity\u2019s network, which takes the claim off; the NOTIFY comes back past everybody',
      source: { document: 'TS 23.141', clause: '5.3.2', checked: true },
      chapter: 'claim',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'Nothing is told of a publication to somebody who is blocked politely',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'publish',
      flows: [publication('200 OK (PUBLISH)')],
    },
    {
      title: 'A REGISTER from a network that is not trusted ends at the I-CSCF',
      source: { document: 'TS 24.229', clause: '5.3.1', checked: true },
      chapter: 'register',
      flows: [['ext > icscf2: REGISTER', 'icscf2 > ext: 403 Forbidden (REGISTER)']],
    },
    {
      title: 'Believed, the claim opens every door: the publication goes to the stranger',
      source: { document: 'RFC 3325', clause: '5', checked: true },
      chapter: 'publish',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
      when: { trust: 'trusted' },
    },
    {
      title: 'The presence server refuses whoever has no name',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'claim',
      flows: [REFUSED],
      when: { unidentified: 'block' },
    },
    {
      title: 'A rule shows services to whoever has no name: what is published of the person is no news to them',
      source: { document: 'RFC 5025', clause: '3.3.1', checked: true },
      chapter: 'publish',
      flows: [publication('200 OK (PUBLISH)')],
      when: { unidentified: 'rule' },
    },
  ],
} satisfies Scenario;
