/**
 * The price of presence: two networks watch each other (draft-ietf-simple-interdomain-scaling-analysis, an expired draft; spec/presence-flows.md section 7). Scaled down in users, for what a watcher costs does
 * not hang on how many there are, and to two hours; `session=whole` is the analysis's eight. `sim price` and the page's view of it run all cases whole and print them beside the formula.
 */
import { basicSession, caseValue, endOf, savingValue, WHOLE_HOURS } from '#scenario/price/price-scenario.ts';
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';

const SHORT_HOURS = 2;
const draft = (clause: string) => ({ document: 'draft-ietf-simple-interdomain-scaling-analysis', clause, checked: false });

/** There, across the border and on to the server that tells; back the same way. */
const there = (way: readonly string[]): string[] => way.slice(1).map((to, i) => `${way[i] ?? ''} > ${to}: SUBSCRIBE`);
const back = (way: readonly string[], label: string): string[] => way.slice(1).map((to, i) => `${way[i] ?? ''} > ${to}: ${label}`);
const opening = (...way: string[]): string[] => [...there(way), ...back(way.toReversed(), '200 OK (SUBSCRIBE)')];

export default {
  ...basicSession(SHORT_HOURS),
  sources: [draft('2')],
  chapters: [
    { id: 'prologue', title: 'Registrations and first publications', at: 0, prologue: true },
    { id: 'session', title: 'Each network watches the other', at: 20 },
  ],
  changes: [
    {
      name: 'case',
      title: 'How many, and how lively',
      values: [{ ...caseValue('basic'), patches: [] }, caseValue('wide'), caseValue('peered'), caseValue('very-large')],
    },
    {
      name: 'saving',
      title: 'What is done to need fewer messages',
      values: [
        { ...savingValue('none', 'nothing'), patches: [] },
        savingValue('suppressed', 'a refresh that would tell nothing new is answered by 204 alone (RFC 5839)'),
        savingValue('list', 'one subscription to a list of all contacts (RFC 4662)'),
        savingValue('list-suppressed', 'both: a list, and nothing told twice'),
        savingValue('common', 'a change is told once for all watchers, and told on behind the border (an experiment, no standard)'),
      ],
    },
    {
      name: 'session',
      title: 'How long the session lasts',
      values: [
        { value: 'short', title: `${SHORT_HOURS} hours`, patches: [] },
        {
          value: 'whole',
          title: `${WHOLE_HOURS} hours, as in the analysis`,
          patches: [
            { path: '/workload/hours', value: WHOLE_HOURS },
            { path: '/until', value: endOf(3600 * WHOLE_HOURS) },
          ],
        },
      ],
    },
    {
      name: 'watchers',
      title: 'Who watches',
      values: [
        { value: 'one', title: 'one user of each network', patches: [] },
        { value: 'all', title: 'everybody', patches: [{ path: '/workload/watchers', value: 'all' }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'From each network into the other, and to its presence server',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'session',
      match: 'contains',
      flows: [opening('ue1', 'pcscf1', 'scscf1', 'icscf2', 'scscf2', 'ps'), opening('ue2', 'pcscf2', 'scscf2', 'icscf1', 'scscf1', 'ps1')],
    },
    ...(['list', 'list-suppressed'] as const).map((saving) => ({
      title: 'One subscription from each network, to the list server of the other',
      source: { document: 'TS 23.228', clause: '5.4.12.2', checked: true },
      chapter: 'session',
      match: 'contains' as const,
      flows: [opening('ue1', 'pcscf1', 'scscf1', 'icscf2', 'rls2'), opening('ue2', 'pcscf2', 'scscf2', 'icscf1', 'rls1')],
      when: { saving },
    })),
  ],
} satisfies Scenario;
