/** Presence rules (RFC 4745, RFC 5025): two of them hold for the watcher, the more generous one decides, and what it does not show is not seen. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, publication, SUBSCRIPTION, subscription } from '../standard-ladders.ts';

const WATCHER = 'sip:user1_public1@home1.net';

export default {
  format: 1,
  id: 'authorize-rules',
  title: 'What the rules of the presentity let a watcher see',
  summary:
    'One rule asks about everybody from the watcher\u2019s network, another allows this watcher and shows services and activities: together they allow. A new note goes unheard, a new activity does not.',
  sources: [
    { document: 'RFC 5025', clause: '3.2.1', checked: true },
    { document: 'RFC 4745', clause: '10.2', checked: true },
  ],
  until: 60,
  network: {
    presence: {
      default: 'block',
      ruleset: [
        { id: 'friends', identity: [{ one: WATCHER }], handling: 'allow', services: 'all', persons: 'all', attributes: ['activities'] },
        { id: 'strangers', identity: [{ many: { domain: 'home1' } }], handling: 'confirm' },
      ],
    },
  },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 10 },
    { id: 'unseen', title: 'A note that the watcher does not see', at: 25 },
    { id: 'seen', title: 'An activity that it sees', at: 40 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'With the board' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 25, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'It takes longer' } },
    { at: 40, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['on-the-phone'], note: 'It takes longer' } },
  ],
  changes: [
    {
      name: 'rules',
      title: 'What the rule about this watcher says',
      values: [
        { value: 'allow', title: 'allows it', patches: [] },
        { value: 'confirm', title: 'asks as well', patches: [{ path: '/network/presence/ruleset/0/handling', value: 'confirm' }] },
        { value: 'polite-block', title: 'blocks it politely', patches: [{ path: '/network/presence/ruleset/0/handling', value: 'polite-block' }] },
        {
          value: 'block',
          title: 'blocks it, and nobody else is named',
          patches: [
            {
              path: '/network/presence/ruleset',
              value: [{ id: 'nobody', identity: [{ one: WATCHER }], handling: 'block' }],
            },
          ],
        },
        {
          value: 'others',
          title: 'allows everybody of that network but this watcher: no rule holds',
          patches: [
            {
              path: '/network/presence/ruleset',
              value: [{ id: 'others', identity: [{ many: { domain: 'home1', except: [{ id: WATCHER }] } }], handling: 'allow', services: 'all' }],
            },
          ],
        },
      ],
    },
    {
      name: 'shown',
      title: 'What the rule shows',
      values: [
        { value: 'activities', title: 'services, and of the person activities', patches: [] },
        { value: 'all', title: 'everything', patches: [{ path: '/network/presence/ruleset/0/attributes', value: 'all' }] },
        {
          value: 'services',
          title: 'services only',
          patches: [{ path: '/network/presence/ruleset/0/persons', value: [] }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'Two rules hold: the highest handling counts',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'What the rules do not show is no reason for a NOTIFY',
      source: { document: 'RFC 5025', clause: '3.3', checked: true },
      chapter: 'unseen',
      flows: [publication('200 OK (PUBLISH)')],
    },
    {
      title: 'What they show is',
      source: { document: 'RFC 5025', clause: '3.3.2.1', checked: true },
      chapter: 'seen',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
    },
    {
      title: 'A watcher who waits is accepted, and hears of nothing',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { rules: 'confirm' },
    },
    {
      title: 'Nor does a publication change that',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'seen',
      flows: [publication('200 OK (PUBLISH)')],
      when: { rules: 'confirm' },
    },
    {
      title: 'Blocked politely, the watcher sees the same messages as one who is allowed',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { rules: 'polite-block' },
    },
    {
      title: 'A rule that blocks, and no other',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [subscription('403 Forbidden')],
      when: { rules: 'block' },
    },
    {
      title: 'No rule holds: nobody is let in whom nobody named',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'subscribe',
      flows: [subscription('403 Forbidden')],
      when: { rules: 'others' },
    },
    {
      title: 'Where everything is shown a note is news as well',
      source: { document: 'RFC 5025', clause: '3.3.2.15', checked: true },
      chapter: 'unseen',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION],
      when: { shown: 'all' },
    },
    {
      title: 'Where only services are shown nothing of the person is',
      source: { document: 'RFC 5025', clause: '3.3.1', checked: true },
      chapter: 'seen',
      flows: [publication('200 OK (PUBLISH)')],
      when: { shown: 'services' },
    },
  ],
} satisfies Scenario;
