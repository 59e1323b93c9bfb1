/** Rules kept in an XDMS and changed over Ut (RFC 4825, RFC 5025): the presentity sees a watcher wait (TS 24.141 A.6) and answers by putting a rule. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { WITH_OWN_WATCHERS } from '../shared-criteria.ts';
import { NOTIFICATION, OWN_WATCHERS_NOTIFICATION, ownWatchers, SUBSCRIPTION } from '../standard-ladders.ts';

const DIFF = { document: 'RFC 5875', clause: '4.1', checked: true };
/** The first question is answered by one who wants to know who asks. */
const READ: string[] = ['ue2 > xdms: GET', 'xdms > ue2: 401 Unauthorized (GET)', 'ue2 > xdms: GET', 'xdms > ue2: 200 OK (GET)'];
/** The presence server hears of a change and fetches what has changed. */
const SPREAD: string[] = ['xdms > ps: NOTIFY', 'ps > xdms: 200 OK (NOTIFY)'];
const FETCH: string[] = ['ps > xdms: GET', 'xdms > ps: 200 OK (GET)'];
const put = (answer: string): string[] => ['ue2 > xdms: PUT', `xdms > ue2: ${answer} (PUT)`];

export default {
  format: 1,
  id: 'authorize-xcap',
  title: 'The presentity answers a watcher who waits',
  summary:
    'The rules are kept by a server of their own, which says that strangers have to be asked about. The presentity sees a watcher wait, puts a rule that allows it, and the presence server, which hears of the change, lets it in.',
  sources: [
    { document: 'RFC 4825', clause: '7', checked: true },
    DIFF,
    { document: 'TS 24.141', clause: 'A.6', checked: true },
    { document: 'RFC 3857', clause: '4.7', checked: true },
  ],
  until: 60,
  network: {
    with: ['xdms'],
    users: [{ role: 'ue2', filterCriteria: WITH_OWN_WATCHERS }],
    presence: {
      watcherInformation: true,
      default: 'block',
      ruleset: [{ id: 'everybody', identity: [{ many: {} }], handling: 'confirm' }],
    },
  },
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, and the presence server gets the rules', at: 0, prologue: true },
    { id: 'own', title: 'The presentity asks who watches', at: 10 },
    { id: 'watcher', title: 'A watcher comes and waits', at: 20 },
    { id: 'answer', title: 'The presentity allows it', at: 30 },
    { id: 'no-rules', title: 'What is no set of rules is refused', at: 45 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'In a meeting' } },
    { at: 10, who: 'ue2', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'presence.winfo' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 30, who: 'ue2', do: { kind: 'answer-watcher', handling: 'allow' } },
    { at: 45, who: 'ue2', do: { kind: 'write-rules', document: '<rules/>' } },
  ],
  changes: [
    {
      name: 'answer',
      title: 'What the presentity puts',
      values: [
        { value: 'rule', title: 'a rule that allows the watcher', patches: [] },
        { value: 'polite-block', title: 'a rule that blocks it politely', patches: [{ path: '/timeline/5/do/handling', value: 'polite-block' }] },
        {
          value: 'block',
          title: 'a rule that blocks it, and no other',
          patches: [
            {
              path: '/timeline/5/do',
              value: {
                kind: 'write-rules',
                document: '<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>',
              },
            },
          ],
        },
        { value: 'old', title: 'a rule under an entity-tag that is none any more (412)', patches: [{ path: '/timeline/5/do/ifMatch', value: 'wrong' }] },
        {
          value: 'broken',
          title: 'rules that break their schema (409)',
          patches: [
            {
              path: '/timeline/5/do',
              value: { kind: 'write-rules', document: '<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule/></ruleset>' },
            },
          ],
        },
      ],
    },
    {
      name: 'rules',
      title: 'What is kept already',
      values: [
        { value: 'some', title: 'a rule for everybody', patches: [] },
        {
          value: 'none',
          title: 'nothing (404): the first rule makes the document',
          patches: [{ path: '/network/presence', value: { watcherInformation: true, default: 'confirm' } }],
        },
      ],
    },
    {
      name: 'password',
      title: 'The password over Ut',
      values: [
        { value: 'right', title: 'is the one that was agreed on', patches: [] },
        {
          value: 'wrong',
          title: 'is another',
          patches: [{ path: '/network/users/0/device', value: { utPassword: 'guessed' } }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The presence server subscribes to the rules and fetches them',
      source: DIFF,
      chapter: 'prologue',
      flows: [
        ['ps > xdms: SUBSCRIBE', 'xdms > ps: 200 OK (SUBSCRIBE)'],
        [...SPREAD, ...FETCH],
      ],
      match: 'contains',
    },
    {
      title: 'The presentity is told of all its watchers',
      source: { document: 'TS 24.141', clause: 'A.6', checked: true },
      chapter: 'own',
      flows: [ownWatchers(), OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'One waits',
      source: { document: 'TS 24.141', clause: 'A.6', checked: true },
      chapter: 'watcher',
      flows: [SUBSCRIPTION, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'It is read before it is changed; what was put reaches the presence server, which lets the watcher in',
      source: { document: 'RFC 4825', clause: '7.11', checked: true },
      chapter: 'answer',
      flows: [[...READ, ...put('201 Created')], SPREAD, FETCH, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'What is no set of rules changes nothing',
      source: { document: 'RFC 4825', clause: '11.2', checked: true },
      chapter: 'no-rules',
      flows: [put('409 Conflict')],
    },
    {
      title: 'Blocked politely, the watcher is told that all is well',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'answer',
      flows: [[...READ, ...put('201 Created')], SPREAD, FETCH, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
      when: { answer: 'polite-block' },
    },
    {
      title: 'Where no rule is left everybody is blocked: the subscription ends',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'answer',
      flows: [[...READ, ...put('200 OK')], SPREAD, FETCH, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
      when: { answer: 'block' },
    },
    {
      title: 'Refused, the rules are read anew, and then the rule is put once more',
      source: { document: 'RFC 4825', clause: '7.11', checked: true },
      chapter: 'answer',
      flows: [
        [...READ, ...put('412 Precondition Failed'), 'ue2 > xdms: GET', 'xdms > ue2: 200 OK (GET)', ...put('201 Created')],
        SPREAD,
        FETCH,
        NOTIFICATION,
        OWN_WATCHERS_NOTIFICATION,
      ],
      when: { answer: 'old' },
    },
    {
      title: 'Refused whole: nothing reaches the presence server',
      source: { document: 'RFC 4825', clause: '11.2', checked: true },
      chapter: 'answer',
      flows: [[...READ, ...put('409 Conflict')]],
      when: { answer: 'broken' },
    },
    {
      title: 'There is no document: it is made whole',
      source: { document: 'RFC 4825', clause: '7.1', checked: true },
      chapter: 'answer',
      flows: [[...READ.slice(0, 3), 'xdms > ue2: 404 Not Found (GET)', ...put('201 Created')], SPREAD, FETCH, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
      when: { rules: 'none' },
    },
    {
      title: 'Whoever does not know the password learns and changes nothing',
      source: { document: 'RFC 4825', clause: '14', checked: true },
      chapter: 'answer',
      flows: [[...READ.slice(0, 3), 'xdms > ue2: 401 Unauthorized (GET)']],
      when: { password: 'wrong' },
    },
  ],
} satisfies Scenario;
