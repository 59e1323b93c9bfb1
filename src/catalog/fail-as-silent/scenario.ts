/** The presence server is silent: what its filter criterion says of that, default handling, decides (TS 23.218 §6.4.1; TS 29.228 §B.2.2). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { USUAL } from '../shared-criteria.ts';
import { SILENT_SERVER, SILENT_SERVER_PASSED_OVER, trying } from '../standard-ladders.ts';

/** Who has to wait says so (RFC 4320 §4.1). */
const TRYING = ['scscf1 > pcscf1', 'icscf2 > scscf1', 'scscf2 > icscf2'].map((hop) => trying('SUBSCRIBE', hop));

const withHandling = (handling: object): typeof USUAL =>
  USUAL.map(({ defaultHandling: _, ...criterion }) => ({ ...criterion, ...handling })) as unknown as typeof USUAL;

export default {
  format: 1,
  id: 'fail-as-silent',
  title: 'The presence server is silent',
  summary:
    'The presence server is down when somebody subscribes: after 8 s the S-CSCF asks the filter criterion what to do. It says that nothing goes on without the server, so the watcher gets 504.',
  sources: [
    { document: 'TS 23.218', clause: '6.4.1', checked: true },
    { document: 'TS 29.228', clause: 'B.2.2', checked: true },
  ],
  until: 60,
  chapters: [
    { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
    { id: 'subscribe', title: 'Subscribe', at: 20 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 15, who: 'ps', do: { kind: 'crash' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [
    {
      name: 'handling',
      title: 'Default handling of the criterion',
      values: [
        { value: 'terminated', title: 'SESSION_TERMINATED: nothing goes on without the server', patches: [] },
        {
          value: 'continued',
          title: 'SESSION_CONTINUED: go on without it',
          patches: [{ path: '/network/users', value: [{ role: 'ue2', filterCriteria: withHandling({ defaultHandling: 0 }) }] }],
        },
        {
          value: 'unsaid',
          title: 'none is given: go on without it',
          patches: [{ path: '/network/users', value: [{ role: 'ue2', filterCriteria: withHandling({}) }] }],
        },
      ],
    },
    {
      name: 'patience',
      title: 'How long the S-CSCF waits for the server',
      values: [
        { value: 'short', title: '8 s: the watcher can still be told', patches: [] },
        { value: 'timer-f', title: '32 s, as everywhere in the core: everybody gives up at once', patches: [{ path: '/network/patience/server', value: 32 }] },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The end: 504',
      source: { document: 'TS 23.218', clause: '6.4.1', checked: true },
      chapter: 'subscribe',
      flows: [SILENT_SERVER, ...TRYING],
    },
    {
      title: 'On without the server: the SUBSCRIBE reaches the terminal, which takes none',
      source: { document: 'TS 23.218', clause: '6.4.1', checked: true },
      chapter: 'subscribe',
      flows: [SILENT_SERVER_PASSED_OVER, ...TRYING],
      when: { handling: 'continued' },
    },
    {
      title: 'Without instruction it goes on too',
      source: { document: 'TS 23.218', clause: '6.4.1', checked: true },
      chapter: 'subscribe',
      flows: [SILENT_SERVER_PASSED_OVER, ...TRYING],
      when: { handling: 'unsaid' },
    },
  ],
} satisfies Scenario;
