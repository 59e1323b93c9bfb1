/** Watcher information (RFC 3857, RFC 3858; TS 24.141 A.6): the presentity watches its watchers, and sees one wait, be let in, and leave. Her rules are kept in an XDMS, so that she can answer herself while one waits. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { WITH_OWN_WATCHERS } from '../shared-criteria.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, OWN_WATCHERS_NOTIFICATION, ownWatchers, publication, SUBSCRIPTION, subscription } from '../standard-ladders.ts';

const A6 = { document: 'TS 24.141', clause: 'A.6', checked: true };
const RFC = { document: 'RFC 3857', clause: '4.7', checked: true };

export default {
  format: 1,
  id: 'watcher-information',
  title: 'The presentity sees who watches',
  summary:
    'The presentity subscribes to its own watchers: nobody at first, then one who waits, who is let in when work begins, and who leaves. Whoever waits can also be answered before that, by a rule in the XDMS. Only the first document tells of all, the others of changes.',
  sources: [A6, RFC, { document: 'RFC 3858', clause: '3', checked: true }],
  until: 70,
  network: {
    with: ['xdms'],
    users: [{ role: 'ue2', filterCriteria: WITH_OWN_WATCHERS }],
    presence: {
      watcherInformation: true,
      default: 'block',
      ruleset: [
        { id: 'everybody', identity: [{ many: {} }], handling: 'confirm' },
        { id: 'work', identity: [{ many: {} }], sphere: 'work', handling: 'allow', services: 'all', persons: 'all', attributes: 'all' },
      ],
    },
  },
  chapters: [
    { id: 'prologue', title: 'Registrations and publication', at: 0, prologue: true },
    { id: 'own', title: 'The presentity asks who watches', at: 10 },
    { id: 'watcher', title: 'A watcher comes', at: 20 },
    { id: 'decision', title: 'The presentity decides', at: 34 },
    { id: 'end', title: 'It leaves', at: 50 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'home' } },
    { at: 10, who: 'ue2', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'presence.winfo' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 35, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'work' } },
    { at: 50, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
  changes: [
    {
      name: 'decision',
      title: 'When anything is decided about the watcher',
      values: [
        { value: 'in-time', title: 'while it waits', patches: [] },
        {
          value: 'too-late',
          title: 'after its subscription has run out: it has to come again',
          patches: [
            { path: '/until', value: 140 },
            { path: '/timeline/4/do/expires', value: 60 },
            { path: '/timeline/4/do/refresh', value: false },
            { path: '/timeline/5/at', value: 95 },
            { path: '/timeline/6', value: { at: 110, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } } },
            { path: '/chapters/3', value: { id: 'decision', title: 'Its time runs out, and then it is let in', at: 75 } },
            { path: '/chapters/4', value: { id: 'end', title: 'It comes again', at: 110 } },
          ],
        },
        {
          value: 'never',
          title: 'never: it is given up',
          patches: [
            { path: '/network/presence/giveUpAfter', value: 18 },
            { path: '/timeline/5/at', value: 45 },
          ],
        },
      ],
    },
    {
      name: 'asker',
      title: 'Who asks for the watchers',
      values: [
        { value: 'presentity', title: 'the presentity', patches: [] },
        {
          value: 'watcher',
          title: 'the watcher, whom it does not concern',
          patches: [
            { path: '/timeline/3', value: { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'presence.winfo' } } },
          ],
        },
      ],
    },
    {
      name: 'otherwise',
      title: 'What the rules say outside of work',
      values: [
        { value: 'confirm', title: 'the presentity is asked', patches: [] },
        {
          value: 'polite-block',
          title: 'a polite block: the watcher counts as active',
          patches: [{ path: '/network/presence/ruleset/0/handling', value: 'polite-block' }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The presentity is an originating user of its own presence server, and is told of all watchers',
      source: A6,
      chapter: 'own',
      flows: [ownWatchers(), OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'Somebody waits: the presentity is told of the change',
      source: A6,
      chapter: 'watcher',
      flows: [SUBSCRIPTION, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'The rules let the watcher in: both are told',
      source: RFC,
      chapter: 'decision',
      flows: [publication('200 OK (PUBLISH)'), NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'The watcher leaves: the presentity is told of that, too',
      source: RFC,
      chapter: 'end',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
    },
    {
      title: 'Nobody has decided in time: the watcher waits on; let in then, it is over and has to come again',
      source: RFC,
      chapter: 'decision',
      flows: [NOTIFICATION, OWN_WATCHERS_NOTIFICATION, publication('200 OK (PUBLISH)'), OWN_WATCHERS_NOTIFICATION],
      when: { decision: 'too-late' },
    },
    {
      title: 'It comes again and is active at once',
      source: RFC,
      chapter: 'end',
      flows: [SUBSCRIPTION, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
      when: { decision: 'too-late' },
    },
    {
      title: 'Nobody decides: both are told that it is given up',
      source: RFC,
      chapter: 'decision',
      flows: [NOTIFICATION, OWN_WATCHERS_NOTIFICATION, publication('200 OK (PUBLISH)')],
      when: { decision: 'never' },
    },
    {
      title: 'Who watches is nobody else\u2019s business',
      source: { document: 'RFC 3857', clause: '4.6', checked: true },
      chapter: 'own',
      flows: [subscription('403 Forbidden')],
      when: { asker: 'watcher' },
    },
    {
      title: 'Even a watcher who sees nothing counts as active, and comes and goes as such',
      source: { document: 'RFC 5025', clause: '3.2.1', checked: true },
      chapter: 'watcher',
      flows: [SUBSCRIPTION, NOTIFICATION, OWN_WATCHERS_NOTIFICATION],
      when: { otherwise: 'polite-block' },
    },
  ],
} satisfies Scenario;
