/** A telephone number leads to an address by the directory of numbers, which is a part of the DNS (ENUM, RFC 6116). */
import type { Scenario } from '#scenario/scenario.ts';
import { refusedAtHome } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const listedAs = (value: string, title: string) => ({ value, title, patches: [{ path: '/network/dns/numbers', value }] });
const refusal = (title: string, when: { readonly [name: string]: string }) => ({
  title,
  source: { document: 'RFC 6116', clause: '5.2', checked: true },
  chapter: 'subscribe',
  flows: [refusedAtHome('404 Not Found')],
  when,
});
const found = (title: string, value: string, clause: string) => ({
  title,
  source: { document: 'RFC 6116', clause, checked: true },
  chapter: 'subscribe',
  flows: [SUBSCRIPTION, NOTIFICATION],
  when: { directory: value },
});

export default {
  format: 1,
  id: 'resolve-tel',
  title: 'The watcher knows only a telephone number',
  summary: 'The watcher subscribes to a number; the S-CSCF turns its digits round, asks the DNS whose it is, and goes on with the address that it learns.',
  sources: [
    { document: 'RFC 6116', clause: '3', checked: true },
    { document: 'TS 24.229', checked: false },
  ],
  tells: ['DNS'],
  until: 25,
  network: { with: ['enum1'] },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe to a number', at: 10 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'tel:+12125552222' } },
  ],
  changes: [
    {
      name: 'directory',
      title: 'How the directory lists the number',
      values: [
        { value: 'plain', title: 'with the address itself', patches: [] },
        listedAs('pattern', 'with a pattern that takes digits of the number'),
        listedAs('pres', 'with a pres address, which names no protocol'),
        listedAs('delegated', 'not by itself: it leads on to the network of the number'),
        listedAs('circle', 'in a circle: every rule leads to another one'),
      ],
    },
    {
      name: 'number',
      title: 'Which number',
      values: [
        { value: 'known', title: 'that of the presentity', patches: [] },
        { value: 'unknown', title: 'one that nobody has', patches: [{ path: '/timeline/3/do/to', value: 'tel:+12125550000' }] },
        { value: 'local', title: 'a local one, without a country', patches: [{ path: '/timeline/3/do/to', value: 'tel:5552222;phone-context=example.com' }] },
        {
          value: 'local-in-context',
          title: 'a local one that says where it holds',
          patches: [{ path: '/timeline/3/do/to', value: 'tel:555-2222;phone-context=+1-212' }],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The number leads to the address, and the address to its network',
      source: { document: 'RFC 6116', clause: '3', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    found('A pattern makes the same address of it', 'pattern', '3.4.3'),
    found('A pres address is resolved in its turn', 'pres', '3.4.3'),
    found('A rule without flag leads on, to the network that has the number', 'delegated', '3.4.2'),
    refusal('After five rules that lead on nobody asks any more', { directory: 'circle' }),
    refusal('A number that nobody has', { number: 'unknown' }),
    refusal('A local number that says nothing of its country', { number: 'local' }),
    {
      title: 'The context says where a local number holds; the dial plan of this network makes a global one of both',
      source: { document: 'RFC 3966', clause: '5.1.5', checked: true },
      chapter: 'subscribe',
      flows: [SUBSCRIPTION, NOTIFICATION],
      when: { number: 'local-in-context' },
    },
  ],
} satisfies Scenario;
