/** A scenario to copy: one sentence on what it shows, and the clauses that govern it. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  // The name of the folder; then add it to ../catalog.ts.
  id: 'template',
  title: 'What a person sees, in a few words',
  summary: 'One sentence: who does what, and what the network does of itself.',
  // `checked` only when you have read the wording there.
  sources: [{ document: 'TS 24.141', clause: 'A.3.2.1', checked: true }],
  // Seconds; long enough for the last answer, and for a Timer F when something may get lost.
  until: 30,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  // What people and operators do. Never a message: those follow.
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  // What a person may turn over; the first value is how the scenario stands.
  changes: [ADDRESSES],
  // What the standard lists, flow by flow, in roles. Flows run beside each other.
  expectations: [
    {
      title: 'The subscription',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
