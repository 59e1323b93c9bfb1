/** Rules whose conditions change under a subscription (RFC 4745, RFC 5025): while the presentity is at work the watcher sees it, otherwise it has to wait. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, publication, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'authorize-sphere',
  title: 'Allowed at work, asked about at home',
  summary:
    'A rule holds only while the presentity is at work. The watcher who asked too early waits, is let in when work begins, and waits again when it ends.',
  sources: [
    { document: 'RFC 5025', clause: '3.2.1', checked: true },
    { document: 'RFC 4745', clause: '7.3', checked: true },
    { document: 'RFC 4745', clause: '7.4', checked: true },
  ],
  startsAt: '2026-01-05T08:59:30Z',
  until: 75,
  network: {
    presence: {
      default: 'block',
      ruleset: [
        { id: 'everybody', identity: [{ many: {} }], handling: 'confirm' },
        { id: 'colleagues', identity: [{ many: { domain: 'home1' } }], sphere: 'work', handling: 'allow', services: 'all', persons: 'all', attributes: 'all' },
      ],
    },
  },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'early', title: 'Subscribe too early', at: 10 },
    { id: 'work', title: 'Work begins', at: 29 },
    { id: 'home', title: 'Work is over', at: 59 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'home' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 30, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'work', activities: ['working'] } },
    { at: 60, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'home' } },
  ],
  changes: [
    {
      name: 'condition',
      title: 'What the rule hangs on',
      values: [
        { value: 'sphere', title: 'the sphere that the presentity publishes', patches: [] },
        {
          value: 'validity',
          title: 'the time of day',
          patches: [
            {
              path: '/network/presence/ruleset/1',
              value: {
                id: 'colleagues',
                identity: [{ many: { domain: 'home1' } }],
                validity: [{ from: '2026-01-05T09:00:00Z', until: '2026-01-05T09:00:30Z' }],
                handling: 'allow',
                services: 'all',
                persons: 'all',
                attributes: 'all',
              },
            },
            { path: '/timeline/4/at', value: 45 },
            { path: '/timeline/5/at', value: 46 },
          ],
        },
      ],
    },
    {
      name: 'otherwise',
      title: 'What holds for everybody else',
      values: [
        { value: 'confirm', title: 'the presentity is asked', patches: [] },
        { value: 'polite-block', title: 'a polite block', patches: [{ path: '/network/presence/ruleset/0/handling', value: 'polite-block' }] },
        { value: 'block', title: 'a block', patches: [{ path: '/network/presence/ruleset/0/handling', value: 'block' }] },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Too early: the subscription waits',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'early',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The presentity says that it is at work: the rule holds, and the watcher is let in',
      source: { document: 'RFC 5025', clause: '3.1.2', checked: true },
      chapter: 'work',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
    },
    {
      title: 'The subscription goes back to waiting: one NOTIFY says so, and nothing more is told',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'home',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
    },
    {
      title: 'The clock lets the watcher in',
      source: { document: 'RFC 4745', clause: '7.4', checked: true },
      chapter: 'work',
      flows: [NOTIFICATION],
      match: 'contains',
      when: { condition: 'validity' },
    },
    {
      title: 'And the clock lets it wait again',
      source: { document: 'RFC 4745', clause: '7.4', checked: true },
      chapter: 'home',
      flows: [NOTIFICATION],
      when: { condition: 'validity' },
    },
    {
      title: 'Blocked politely again, it is shown the neutral state and stays',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'home',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
      when: { otherwise: 'polite-block' },
    },
  ],
} satisfies Scenario;
