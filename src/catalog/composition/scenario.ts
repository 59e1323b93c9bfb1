/** Several sources (terminals, the network, a calendar outside) speak of one presentity and contradict each other: what her presence server makes of it is a policy, which its operator changes while it runs (RFC 4479 §3.5). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { agentPublishes, deregistration, NOTIFICATION, outsidePublishes, PUBLICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const USER = 'sip:user2_public1@home2.net';
const RESOLVE = { document: 'RFC 4479', clause: '3.5', checked: true };
const CLOSED = { document: 'RFC 4479', clause: '3.3.4', checked: true };
const PUBLISHED = { document: 'RFC 3903', clause: '6', checked: true };

/** One person whose activities are joined; one service per address; the network's word closes; what nobody here understands is passed on. */
const JOINED = {
  persons: 'all',
  services: 'uri',
  conflict: 'precedence',
  attributes: { activities: 'union', 'place-type': 'precedence' },
  closes: ['network-agent'],
  unknown: 'pass',
};
const policy = (value: string, title: string, wish: { [key: string]: string | string[] | { [key: string]: string } }) => ({
  value,
  title,
  patches: [
    { path: '/timeline/10/do/policy', value: wish },
    { path: '/timeline/13/do/policy', value: { ...wish, staleAfter: { 'external-agent': 7200 } } },
  ],
});

export default {
  format: 1,
  id: 'composition',
  title: 'Several sources, one presence document',
  summary:
    'Phone, tablet, the network itself and an agent that reads the calendar publish about one person, and contradict each other. The presence server makes one document of it by a policy; its operator changes the policy, and a watcher hears of it only when the document is another.',
  sources: [{ document: 'TS 23.141', clause: '5.1', checked: true }, RESOLVE, PUBLISHED],
  until: 95,
  network: { with: ['pna', 'msc2', 'pea', 'cal'], presence: { composition: true } },
  chapters: [
    { id: 'prologue', title: 'Registrations, and what the phone says', at: 0, prologue: true },
    { id: 'subscribe', title: 'Somebody watches her', at: 12 },
    { id: 'sources', title: 'Three more sources', at: 19 },
    { id: 'policy', title: 'The operator changes the policy', at: 39 },
    { id: 'unreachable', title: 'Gone from the IMS, and then switched off', at: 49 },
    { id: 'same', title: 'Another policy, the same document', at: 64 },
    { id: 'expires', title: 'A publication runs out', at: 74 },
  ],
  timeline: [
    { at: 0.2, who: 'ps', do: { kind: 'change-policy', policy: {} } },
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'msc2', do: { kind: 'attach', user: USER } },
    { at: 5, who: 'cal', do: { kind: 'enter-event', event: 'budget', from: 36, until: 1800, summary: 'Budget for the spring', location: 'Room 5', others: 3 } },
    { at: 6, who: 'pea', do: { kind: 'follow-calendar' } },
    { at: 7, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['working'], note: 'At my desk' } },
    { at: 12, who: 'ue1', do: { kind: 'subscribe', to: USER } },
    {
      at: 20,
      who: 'ue2',
      do: {
        kind: 'publish',
        device: 'tablet',
        basic: 'open',
        activities: ['presentation'],
        note: 'Showing slides',
        more: { namespace: 'urn:example:slides', name: 'slide', text: '12' },
        expires: 60,
        refresh: false,
      },
    },
    { at: 30, who: 'msc2', do: { kind: 'begin-call', user: USER } },
    { at: 40, who: 'ps', do: { kind: 'change-policy', policy: JOINED } },
    { at: 50, who: 'ue2', do: { kind: 'deregister' } },
    { at: 55, who: 'msc2', do: { kind: 'detach', user: USER } },
    { at: 65, who: 'ps', do: { kind: 'change-policy', policy: { ...JOINED, staleAfter: { 'external-agent': 7200 } } } },
  ],
  changes: [
    {
      name: 'policy',
      title: 'How the operator wants presence composed',
      values: [
        { value: 'joined', title: 'one person, activities of all joined; the network closes', patches: [] },
        policy('plain', 'as before: side by side, of one id the last', {}),
        policy('network-first', 'the network counts most, then the user', {
          precedence: ['network-agent', 'user'],
          persons: 'all',
          services: 'uri',
          conflict: 'precedence',
        }),
        policy('calendar-first', 'the calendar counts most, then the user', {
          precedence: ['external-agent', 'user', 'network-agent'],
          persons: 'all',
          services: 'uri',
          conflict: 'precedence',
        }),
        policy('apart', 'everything side by side, for the watcher to judge', { persons: 'all', services: 'uri', conflict: 'apart', unknown: 'pass' }),
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    { title: 'A watcher gets one document', source: RESOLVE, chapter: 'subscribe', flows: [SUBSCRIPTION, NOTIFICATION] },
    {
      title: 'Each source changes the document',
      source: PUBLISHED,
      chapter: 'sources',
      flows: [
        [...PUBLICATION],
        ['msc2 > pna: Pc report: busy', ...agentPublishes()],
        // Nobody vouches for the agent outside: it is asked who it is.
        ['pea > cal: GET', 'cal > pea: 304 Not Modified (GET)', ...outsidePublishes('401 Unauthorized'), ...outsidePublishes()],
        [...NOTIFICATION, ...NOTIFICATION, ...NOTIFICATION],
      ],
    },
    { title: 'Another policy, another document: the watcher is told, and nobody had published', source: RESOLVE, chapter: 'policy', flows: [NOTIFICATION] },
    {
      title:
        'She leaves the IMS and has taken nothing back: what she left open at her SIP address is closed, because the network knows; her telephone only when that is off too',
      source: CLOSED,
      chapter: 'unreachable',
      flows: [
        deregistration(2),
        ['scscf2 > pna: NOTIFY', 'pna > scscf2: 200 OK (NOTIFY)', ...agentPublishes(), ...NOTIFICATION],
        ['msc2 > pna: Pc report: detached', ...agentPublishes(), ...NOTIFICATION],
      ],
      match: 'contains',
    },
    { title: 'A policy that changes nothing of the document: nobody hears of it', source: RESOLVE, chapter: 'same', flows: [], when: '*' },
    { title: 'The publication of the tablet runs out: the document falls back to what is left', source: PUBLISHED, chapter: 'expires', flows: [NOTIFICATION] },
  ],
} satisfies Scenario;
