/** The presence server takes the SUBSCRIBE and refuses it: unknown package (489), unknown presentity (404), a rule of the presentity (403). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { subscription } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-subscribe-refused',
  title: 'The presence server refuses',
  summary:
    'The filter criteria lead a SUBSCRIBE for dialog state to the presence server, which serves presence only: 489, and Allow-Events says what it serves.',
  sources: [
    { document: 'RFC 6665', clause: '4.2.1.1', checked: true },
    { document: 'RFC 6665', clause: '4.2.1.3', checked: true },
  ],
  until: 20,
  network: {
    users: [
      {
        role: 'ue2',
        filterCriteria: [
          {
            priority: 10,
            cnf: true,
            triggers: [
              { method: 'SUBSCRIBE', groups: [0] },
              { sessionCase: 1, groups: [1] },
            ],
            defaultHandling: 1,
          },
          { priority: 20, triggers: [{ method: 'PUBLISH' }, { sessionCase: 0 }], defaultHandling: 1 },
        ],
      },
    ],
  },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'dialog' } },
  ],
  changes: [
    {
      name: 'refusal',
      title: 'What the presence server does not like',
      values: [
        { value: 'package', title: 'the event package (489)', patches: [] },
        {
          value: 'presentity',
          title: 'the presentity has no presence there (404)',
          patches: [
            { path: '/timeline/2/do/event', value: 'presence' },
            { path: '/network/presence/presentities', value: [] },
          ],
        },
        {
          value: 'watcher',
          title: 'the watcher: a rule of the presentity blocks it (403)',
          patches: [
            { path: '/timeline/2/do/event', value: 'presence' },
            { path: '/network/presence/default', value: 'block' },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The event package is not served',
      source: { document: 'RFC 6665', clause: '4.2.1.1', checked: true },
      chapter: 'subscribe',
      flows: [subscription('489 Bad Event')],
    },
    {
      title: 'The presentity is not known to the presence server',
      source: { document: 'RFC 3261', clause: '21.4.5', checked: true },
      chapter: 'subscribe',
      flows: [subscription('404 Not Found')],
      when: { refusal: 'presentity' },
    },
    {
      title: 'The watcher is refused by rule',
      source: { document: 'RFC 6665', clause: '4.2.1.3', checked: true },
      chapter: 'subscribe',
      flows: [subscription('403 Forbidden')],
      when: { refusal: 'watcher' },
    },
  ],
} satisfies Scenario;
