/** A presentity with two publications that are composed by a policy, and how what is told of it can be wrong. */
import { type Doctored, hop, rewrite, run } from './doctor.ts';

const USER = 'sip:user2_public1@home2.net';
const more = { namespace: 'urn:example:slides', name: 'slide', text: '12' };

export const composed = run({
  until: 50,
  network: { presence: { composition: true } },
  timeline: [
    { at: 0.2, who: 'ps', do: { kind: 'change-policy', policy: { persons: 'all', unknown: 'pass' } } },
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['working'] } },
    { at: 10, who: 'ue2', do: { kind: 'publish', device: 'tablet', basic: 'open', activities: ['presentation'], more } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: USER } },
    { at: 30, who: 'ps', do: { kind: 'change-policy', policy: { unknown: 'drop' } } },
  ],
});

const told = (after: number, edit: (text: string) => string) => () =>
  rewrite(composed, hop('ps.home2.net', 'scscf1.home1.net', 'NOTIFY', after), (text) => {
    const edited = edit(text);
    return edited.replace(/^Content-Length: \d+/m, `Content-Length: ${edited.length - edited.indexOf('\r\n\r\n') - 4}`);
  });
const SERVICE = /<tuple id="service-tablet">.*?<\/tuple>/s;

export const COMPOSITION_DOCTORED: Doctored = [
  ['composed-of-published', 'a service that nobody published', told(20, (text) => text.replace('id="service-tablet"', 'id="service-desk"'))],
  ['composed-by-policy', 'a service left out that the policy keeps', told(20, (text) => text.replace(SERVICE, ''))],
  [
    'composed-by-policy',
    'two persons where there is one',
    told(20, (text) => text.replace(/<dm:person id="person-tablet">.*?<\/dm:person>/s, (one) => one + one.replace('person-tablet', 'person-ua'))),
  ],
  ['composed-by-policy', 'a person left out', told(30, (text) => text.replace(/<dm:person id="person-ua">.*?<\/dm:person>/s, ''))],
  ['composed-by-policy', 'what nobody understands left out', told(20, (text) => text.replace(/<n1:slide>.*?<\/n1:slide>/s, ''))],
  [
    'composed-by-policy',
    'what nobody understands passed on against the policy',
    told(30, (text) => text.replace('</tuple>', '<x:slide xmlns:x="urn:example:slides">12</x:slide></tuple>')),
  ],
];
