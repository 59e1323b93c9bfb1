/** A calendar outside tells of a meeting: the Presence External Agent on Pex (TS 23.141 (clause unchecked)), challenged by the presence server (RFC 3903 §14.1), against the publication of the phone. */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { NOTIFICATION, outsidePublishes } from '../standard-ladders.ts';

const CHALLENGED = outsidePublishes('401 Unauthorized');
const ACCEPTED = outsidePublishes('200 OK');
const REFUSED = outsidePublishes('403 Forbidden');
const SAME = ['pea > cal: GET', 'cal > pea: 304 Not Modified (GET)'];
const READ = ['pea > cal: GET', 'cal > pea: 200 OK (GET)'];
const LAST = 'ends';

const MEETING = { kind: 'enter-event', event: 'budget', from: 600, until: 1680, summary: 'Budget for the spring', location: 'Room 5', others: 3 };

export default {
  format: 1,
  id: 'external-agent',
  title: 'The calendar says: in a meeting',
  summary:
    'An agent outside of IMS reads the presentity\u2019s calendar and publishes what goes on, until when. Nobody vouches for it, so the presence server asks for its password; the watcher sees a meeting, although the phone only said that it can be reached.',
  sources: [
    { document: 'TS 23.141', clause: '5.1', checked: true },
    { document: 'RFC 3903', clause: '14.1', checked: true },
    { document: 'RFC 4480', clause: '3.2', checked: true },
    { document: 'RFC 5545', clause: '3.8.1.3', checked: true },
  ],
  until: 2000,
  network: { with: ['pea', 'cal'] },
  chapters: [
    { id: 'prologue', title: 'Registration, and what the phone says', at: 0, prologue: true },
    { id: 'subscribe', title: 'The watcher subscribes', at: 20 },
    { id: 'follow', title: 'The agent reads the calendar', at: 35 },
    { id: 'begins', title: 'The meeting begins', at: 590 },
    { id: 'moved', title: 'The presentity makes it longer', at: 890 },
    { id: 'lasts', title: 'The calendar is still the same', at: 1190 },
    { id: LAST, title: 'The meeting ends', at: 1790 },
  ],
  timeline: [
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'ue2', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 36, who: 'cal', do: MEETING },
    { at: 40, who: 'pea', do: { kind: 'follow-calendar' } },
    { at: 900, who: 'cal', do: { kind: 'move-event', event: 'budget', until: 1800 } },
  ],
  changes: [
    {
      name: 'password',
      title: 'The password that the agent holds',
      values: [
        { value: 'right', title: 'is the one that was agreed on', patches: [] },
        { value: 'wrong', title: 'is another', patches: [{ path: '/network/externalAgent', value: { password: 'another password' } }] },
      ],
    },
    {
      name: 'agent',
      title: 'What the presence server knows of the agent',
      values: [
        { value: 'known', title: 'it may publish for this presentity', patches: [] },
        { value: 'unknown', title: 'nothing', patches: [{ path: '/network/externalAgent', value: { known: false } }] },
        {
          value: 'not-for-him',
          title: 'it may publish for somebody else only',
          patches: [{ path: '/network/externalAgent', value: { mayPublishFor: ['sip:user3_public1@home2.net'] } }],
        },
      ],
    },
    {
      name: 'class',
      title: 'Whether the meeting is for others to know',
      values: [
        { value: 'public', title: 'it is', patches: [] },
        { value: 'private', title: 'it is private', patches: [{ path: '/timeline/4/do', value: { ...MEETING, class: 'private' } }] },
      ],
    },
    {
      name: 'calendar',
      title: 'What becomes of the calendar during the meeting',
      values: [
        { value: 'there', title: 'it is there', patches: [] },
        { value: 'unreachable', title: 'nobody answers', patches: [{ path: '/timeline/7', value: { at: 700, who: 'cal', do: { kind: 'crash' } } }] },
        {
          value: 'malformed',
          title: 'it breaks off in the midst of a line',
          patches: [{ path: '/timeline/7', value: { at: 700, who: 'cal', do: { kind: 'spoil-calendar' } } }],
        },
      ],
    },
    {
      name: 'plans',
      title: 'What the presentity does in the midst of the meeting',
      values: [
        { value: 'longer', title: 'makes it longer', patches: [] },
        { value: 'cancelled', title: 'cancels it', patches: [{ path: '/timeline/6/do', value: { kind: 'cancel-event', event: 'budget' } }] },
        {
          value: 'hidden',
          title: 'makes it private',
          patches: [{ path: '/timeline/6/do', value: { kind: 'classify-event', event: 'budget', class: 'private' } }],
        },
      ],
    },
    {
      name: 'nonce',
      title: 'How long a nonce is good',
      values: [
        { value: 'long', title: 'an hour', patches: [] },
        { value: 'short', title: 'a minute: it is stale at the next publication', patches: [{ path: '/network/externalAgent', value: { nonceLifetime: 60 } }] },
      ],
    },
    {
      name: 'claim',
      title: 'What the agent says of itself',
      values: [
        { value: 'none', title: 'its name', patches: [] },
        {
          value: 'presentity',
          title: 'that a network vouches for it as the presentity',
          patches: [{ path: '/network/externalAgent', value: { claims: true } }],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The agent reads the calendar, and has nothing to tell yet',
      source: { document: 'TS 23.141', checked: false },
      chapter: 'follow',
      flows: [READ, SAME],
    },
    {
      title: 'A publication from outside is challenged, then accepted, and the watcher is told',
      source: { document: 'RFC 3903', clause: '14.1', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...ACCEPTED], NOTIFICATION, SAME],
    },
    {
      title: 'The calendar is another: the publication is modified',
      source: { document: 'RFC 3903', clause: '4.4', checked: true },
      chapter: 'moved',
      flows: [[...READ, ...ACCEPTED], NOTIFICATION],
    },
    {
      title: 'What the calendar confirms is prolonged, and nobody is told',
      source: { document: 'RFC 3903', clause: '4.3', checked: true },
      chapter: 'lasts',
      flows: [[...SAME, ...SAME, ...ACCEPTED]],
    },
    {
      title: 'At the end it is taken back, and the watcher is told',
      source: { document: 'RFC 3903', clause: '4.5', checked: true },
      chapter: LAST,
      flows: [[...SAME, ...ACCEPTED, ...SAME], NOTIFICATION],
    },
    {
      title: 'A wrong password is asked for once more, and the agent gives up',
      source: { document: 'RFC 3261', clause: '22.2', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...CHALLENGED], SAME],
      when: { password: 'wrong' },
    },
    {
      title: 'An agent of whom nobody knows is refused',
      source: { document: 'RFC 3903', clause: '14.1', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...REFUSED], SAME],
      when: { agent: 'unknown' },
    },
    {
      title: 'An agent that may not publish for this user is refused',
      source: { document: 'RFC 3903', clause: '14.1', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...REFUSED], SAME],
      when: { agent: 'not-for-him' },
    },
    {
      title: 'A private meeting is published as well, without a word about it',
      source: { document: 'RFC 5545', clause: '3.8.1.3', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...ACCEPTED], NOTIFICATION, SAME],
      when: { class: 'private' },
    },
    {
      title: 'Nobody confirms what was published: it runs out, and the watcher is told',
      source: { document: 'RFC 3903', clause: '4.2', checked: true },
      chapter: 'lasts',
      flows: [NOTIFICATION],
      match: 'contains',
      when: { calendar: 'unreachable' },
    },
    {
      title: 'What cannot be read changes nothing of what is known',
      source: { document: 'RFC 5545', clause: '3.1', checked: true },
      chapter: 'moved',
      flows: [READ],
      when: { calendar: 'malformed' },
    },
    {
      title: 'A meeting that is cancelled is over',
      source: { document: 'RFC 3903', clause: '4.5', checked: true },
      chapter: 'moved',
      flows: [[...READ, ...ACCEPTED], NOTIFICATION],
      when: { plans: 'cancelled' },
    },
    {
      title: 'What becomes private is taken back from the watchers',
      source: { document: 'RFC 5545', clause: '3.8.1.3', checked: true },
      chapter: 'moved',
      flows: [[...READ, ...ACCEPTED], NOTIFICATION],
      when: { plans: 'hidden' },
    },
    {
      title: 'A stale nonce costs one more round, not the password',
      source: { document: 'RFC 2617', clause: '3.2.1', checked: true },
      chapter: 'moved',
      flows: [[...READ, ...CHALLENGED, ...ACCEPTED], NOTIFICATION],
      when: { nonce: 'short' },
    },
    {
      title: 'A claim from outside counts for nothing: it is challenged all the same',
      source: { document: 'RFC 3325', clause: '5', checked: true },
      chapter: 'begins',
      flows: [[...SAME, ...CHALLENGED, ...ACCEPTED], NOTIFICATION, SAME],
      when: { claim: 'presentity' },
    },
  ],
} satisfies Scenario;
