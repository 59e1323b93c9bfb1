/** Several entries of one network: the next one is tried when the first answers 503, is silent or cannot be reached (RFC 3263 §4.3; RFC 3261 §21.5.4). */
import type { Scenario } from '#scenario/scenario.ts';
import { throughEntry } from '../finding-ladders.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { NOTIFICATION, SUBSCRIPTION } from '../standard-ladders.ts';

const REQUEST = SUBSCRIPTION.slice(0, 2);
const BUSY = (entry: string): string[] => [`scscf1 > ${entry}: SUBSCRIBE`, `${entry} > scscf1: 503 Service Unavailable (SUBSCRIBE)`];
const THROUGH_SECOND = throughEntry('icscf2b');
const CUT = [{ between: ['scscf1', 'icscf2'], lossPerMille: 1000, from: 9.5 }];
/** Somebody has waited so long that the next one behind says that the request has not been lost (RFC 4320 §4.1). */
const TRYING = 'scscf1 > pcscf1: 100 Trying (SUBSCRIBE)';
const REFUSED = ['scscf1 > pcscf1: 500 Server Internal Error (SUBSCRIBE)', 'pcscf1 > ue1: 500 Server Internal Error (SUBSCRIBE)'];
const WORKS = { path: '/timeline/3/do', value: { kind: 'relieve' } };

export default {
  format: 1,
  id: 'resolve-failover',
  title: 'The first entry fails, the second one serves',
  summary: 'The DNS offers three I-CSCFs in order; the first one is overloaded, so the S-CSCF tries the next, and remembers for a while whom not to ask.',
  sources: [
    { document: 'RFC 3263', clause: '4.3', checked: true },
    { document: 'RFC 3261', clause: '21.5.4', checked: true },
  ],
  tells: ['DNS'],
  until: 75,
  network: {
    with: ['icscf2b', 'icscf2c'],
    dns: {
      entries: [
        { role: 'icscf2', priority: 1, weight: 0 },
        { role: 'icscf2b', priority: 2, weight: 0 },
        { role: 'icscf2c', priority: 3, weight: 0 },
      ],
    },
  },
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'failover', title: 'The next entry', at: 10 },
    { id: 'again', title: 'Asked again', at: 60 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 9, who: 'icscf2', do: { kind: 'overload', retryAfter: 120 } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 60, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'trouble',
      title: 'What is wrong with the first entry',
      values: [
        { value: 'busy', title: 'it is overloaded and answers 503', patches: [] },
        { value: 'silent', title: 'nothing gets through to it: UDP, so nobody says so', patches: [WORKS, { path: '/network/links', value: CUT }] },
        {
          value: 'unreachable',
          title: 'nothing gets through to it: TCP, which gives up and says so',
          patches: [WORKS, { path: '/network/links', value: CUT }, { path: '/network/dns/entriesByTcp', value: true }],
        },
        {
          value: 'all-busy',
          title: 'all three entries are overloaded',
          patches: [
            { path: '/timeline/6', value: { at: 9, who: 'icscf2b', do: { kind: 'overload', retryAfter: 120 } } },
            { path: '/timeline/7', value: { at: 9, who: 'icscf2c', do: { kind: 'overload', retryAfter: 120 } } },
          ],
        },
      ],
    },
    {
      name: 'choice',
      title: 'How the DNS offers the entries',
      values: [
        { value: 'by-priority', title: 'one after the other', patches: [] },
        {
          value: 'by-weight',
          title: 'the first two share the load, 60 to 40',
          patches: [
            {
              path: '/network/dns/entries',
              value: [
                { role: 'icscf2', priority: 1, weight: 60 },
                { role: 'icscf2b', priority: 1, weight: 40 },
                { role: 'icscf2c', priority: 2, weight: 0 },
              ],
            },
          ],
        },
      ],
    },
    ROAMING,
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'A 503 sends the request to the next entry',
      source: { document: 'RFC 3263', clause: '4.3', checked: true },
      chapter: 'failover',
      flows: [[...REQUEST, ...BUSY('icscf2'), ...THROUGH_SECOND.slice(2)], NOTIFICATION],
    },
    {
      title: 'Until the time that the 503 named has passed, the overloaded entry is not asked',
      source: { document: 'RFC 3261', clause: '21.5.4', checked: true },
      chapter: 'again',
      flows: [THROUGH_SECOND, NOTIFICATION],
    },
    {
      title: 'A broken connection sends the request to the next entry',
      source: { document: 'RFC 3263', clause: '4.3', checked: true },
      chapter: 'failover',
      flows: [[...REQUEST, 'scscf1 > icscf2: SUBSCRIBE', ...THROUGH_SECOND.slice(2)], [TRYING], NOTIFICATION],
      when: { trouble: 'unreachable' },
    },
    {
      // The proxies in front have given up when the second entry is tried (all wait 32 s), so the 200 gets no further than the S-CSCF; the NOTIFY makes the dialog.
      title: 'Silence sends the request to the next entry, so late that the NOTIFY arrives and the 200 does not',
      source: { document: 'RFC 4320', clause: '4.2', checked: true },
      chapter: 'failover',
      flows: [['ue1 > pcscf1: SUBSCRIBE', 'scscf1 > icscf2: SUBSCRIBE', 'scscf1 > icscf2b: SUBSCRIBE', 'icscf2b > scscf1: 200 OK (SUBSCRIBE)'], NOTIFICATION],
      match: 'contains',
      when: { trouble: 'silent' },
    },
    {
      title: 'All three say 503: a proxy passes none of them on, but answers 500 for itself',
      source: { document: 'RFC 3261', clause: '16.7', checked: true },
      chapter: 'failover',
      flows: [[...REQUEST, ...BUSY('icscf2'), ...BUSY('icscf2b'), ...BUSY('icscf2c'), ...REFUSED]],
      when: { trouble: 'all-busy' },
    },
  ],
} satisfies Scenario;
