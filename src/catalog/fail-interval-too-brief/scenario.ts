/** Everybody asks for too short an interval: 423 with Min-Expires from registrar, notifier and compositor (RFC 3261 §10.3; RFC 6665 §4.2.1.1; RFC 3903 §6). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, publication, PUBLICATION, registration, subscription, SUBSCRIPTION } from '../standard-ladders.ts';

const TOO_BRIEF = '423 Interval Too Brief';

export default {
  format: 1,
  id: 'fail-interval-too-brief',
  title: 'Too brief: 423 and Min-Expires',
  summary:
    'Registration, subscription and publication are asked for 30 s each; registrar and presence server grant no less than 60 s, say so, and are asked again for that.',
  sources: [
    { document: 'RFC 3261', clause: '10.3', checked: true },
    { document: 'RFC 6665', clause: '4.2.1.1', checked: true },
    { document: 'RFC 3903', clause: '6', checked: true },
  ],
  until: 28,
  chapters: [
    { id: 'prologue', title: 'The presentity registers', at: 0, prologue: true },
    { id: 'register', title: 'A registration of 30 s', at: 3 },
    { id: 'subscribe', title: 'A subscription of 30 s', at: 10 },
    { id: 'publish', title: 'A publication of 30 s', at: 20 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register', expires: 30 } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', expires: 30 } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open', expires: 30 } },
  ],
  changes: [ADDRESSES],
  expectations: [
    {
      title: 'The registrar refuses before it challenges, and is asked for 60 s',
      source: { document: 'RFC 3261', clause: '10.3', checked: true },
      chapter: 'register',
      flows: [[...registration(TOO_BRIEF)], registration()],
      match: 'contains',
    },
    {
      title: 'The presence server refuses, and is asked for 60 s',
      source: { document: 'RFC 6665', clause: '4.2.1.1', checked: true },
      chapter: 'subscribe',
      flows: [subscription(TOO_BRIEF), SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The compositor refuses, and is asked for 60 s',
      source: { document: 'RFC 3903', clause: '6', checked: true },
      chapter: 'publish',
      flows: [publication(`${TOO_BRIEF} (PUBLISH)`), PUBLICATION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
