/** The network knows that somebody is there: its agent hears it from S-CSCF, HSS, MSC, SGSN, GGSN and GMLC, and publishes it (TS 23.141 §5.2.2; TS 24.141 §5.3.5). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES } from '../shared-changes.ts';
import { AGENT_TOLD, agentPublishes, deregistration, NOTIFICATION, regEventNotify, SUBSCRIPTION } from '../standard-ladders.ts';

const USER = 'sip:user2_public1@home2.net';
const AGENT = { document: 'TS 23.141', clause: '5.2.2.1', checked: true };

/** A report, what is made of it, and what the watcher hears. */
const told = (report: string): string[] => [report, ...agentPublishes(), ...NOTIFICATION];

export default {
  format: 1,
  id: 'network-agent',
  title: 'The network knows: presence without the terminal',
  summary:
    'The presentity publishes nothing, yet the watcher sees her register, call, move, leave coverage and switch off: the Presence Network Agent hears it from the nodes of the network and publishes it.',
  sources: [
    { document: 'TS 23.141', clause: '5.2.2', checked: true },
    { document: 'TS 24.141', clause: '5.3.5', checked: true },
    { document: 'TS 24.141', clause: 'A.7', checked: true },
  ],
  until: 90,
  network: { with: ['pna', 'msc2', 'sgsn2', 'ggsn2', 'gmlc2'] },
  chapters: [
    { id: 'prologue', title: 'The phone is switched on', at: 0, prologue: true },
    { id: 'registered', title: 'She registers (Pi)', at: 10 },
    { id: 'watched', title: 'Somebody watches her', at: 20 },
    { id: 'call', title: 'She is in a call (Pc)', at: 30 },
    { id: 'place', title: 'She moves (Pl)', at: 45 },
    { id: 'coverage', title: 'Out of coverage and back (Pg)', at: 55 },
    { id: 'off', title: 'She switches off', at: 70 },
  ],
  timeline: [
    { at: 1, who: 'ue1', do: { kind: 'register' } },
    { at: 4, who: 'msc2', do: { kind: 'attach', user: USER } },
    { at: 5, who: 'sgsn2', do: { kind: 'attach', user: USER } },
    { at: 6, who: 'ggsn2', do: { kind: 'activate-context', user: USER } },
    { at: 7, who: 'gmlc2', do: { kind: 'locate', user: USER, place: 'Central station', placeType: 'train-station' } },
    { at: 10, who: 'ue2', do: { kind: 'register' } },
    { at: 20, who: 'ue1', do: { kind: 'subscribe', to: USER } },
    { at: 30, who: 'msc2', do: { kind: 'begin-call', user: USER } },
    { at: 38, who: 'msc2', do: { kind: 'end-call', user: USER } },
    { at: 45, who: 'gmlc2', do: { kind: 'locate', user: USER, place: 'Airport', placeType: 'airport' } },
    { at: 55, who: 'sgsn2', do: { kind: 'lose-coverage', user: USER } },
    { at: 62, who: 'sgsn2', do: { kind: 'attach', user: USER } },
    { at: 70, who: 'ue2', do: { kind: 'deregister' } },
    { at: 72, who: 'ggsn2', do: { kind: 'deactivate-context', user: USER } },
    { at: 72.5, who: 'sgsn2', do: { kind: 'detach', user: USER } },
    { at: 73, who: 'msc2', do: { kind: 'detach', user: USER } },
  ],
  changes: [
    {
      name: 'reports',
      title: 'Which sources report',
      values: [
        { value: 'all', title: 'all of them', patches: [] },
        { value: 'calls', title: 'the MSC only', patches: [{ path: '/network/agent', value: { reports: ['Pc'] } }] },
        { value: 'none', title: 'none: only the S-CSCF tells', patches: [{ path: '/network/agent', value: { reports: [] } }] },
      ],
    },
    {
      name: 'agent',
      title: 'What becomes of the agent',
      values: [
        { value: 'runs', title: 'it runs', patches: [] },
        {
          value: 'restarts',
          title: 'it restarts, and takes up again what it did',
          patches: [{ path: '/timeline/16', value: { at: 34, who: 'pna', do: { kind: 'restart' } } }],
        },
        {
          value: 'down',
          title: 'it is down during the call',
          patches: [
            { path: '/timeline/16', value: { at: 26, who: 'pna', do: { kind: 'crash' } } },
            { path: '/timeline/17', value: { at: 42, who: 'pna', do: { kind: 'restart' } } },
          ],
        },
      ],
    },
    {
      name: 'list',
      title: 'Whether the presence server has the agent on its list',
      values: [
        { value: 'yes', title: 'it has: the agent may publish', patches: [] },
        { value: 'no', title: 'it has not: the agent is refused', patches: [{ path: '/network/agent', value: { trusted: false } }] },
      ],
    },
    {
      name: 'terminal',
      title: 'What the terminal says itself',
      values: [
        { value: 'nothing', title: 'nothing', patches: [] },
        {
          value: 'publishes',
          title: 'it publishes as well, and takes it back in the end',
          patches: [
            { path: '/timeline/16', value: { at: 14, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'On my way' } } },
            { path: '/timeline/17', value: { at: 69, who: 'ue2', do: { kind: 'unpublish' } } },
          ],
        },
      ],
    },
    ADDRESSES,
  ],
  expectations: [
    {
      title: 'The S-CSCF tells the agent, which subscribes and publishes what it knows',
      source: { document: 'TS 24.141', clause: 'A.7', checked: true },
      chapter: 'registered',
      flows: [
        AGENT_TOLD,
        ['pna > hss2: UDR', 'hss2 > pna: UDA', 'pna > gmlc2: Pl request', 'gmlc2 > pna: Pl report: located'],
        ...Array.from({ length: 5 }, () => agentPublishes()),
      ],
      match: 'contains',
    },
    {
      title: 'A watcher is sent to the presence server, where all of it is composed already',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'watched',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
    {
      title: 'The MSC reports the call, and its end',
      source: AGENT,
      chapter: 'call',
      flows: [told('msc2 > pna: Pc report: busy'), told('msc2 > pna: Pc report: attached')],
    },
    { title: 'The GMLC reports another place', source: AGENT, chapter: 'place', flows: [told('gmlc2 > pna: Pl report: located')] },
    {
      title: 'The SGSN cannot page the terminal, then it can',
      source: AGENT,
      chapter: 'coverage',
      flows: [told('sgsn2 > pna: Pg report: not-reachable'), told('sgsn2 > pna: Pg report: attached')],
    },
    {
      title: 'An agent that is not on the list is refused',
      source: { document: 'RFC 3903', clause: '14.1', checked: true },
      chapter: 'call',
      when: { list: 'no' },
      flows: ['busy', 'attached'].map((state) => [`msc2 > pna: Pc report: ${state}`, ...agentPublishes('403 Forbidden')]),
    },
    {
      title: 'Back again, the agent subscribes and publishes anew',
      source: { document: 'TS 24.141', clause: '5.3.5.2', checked: true },
      chapter: 'call',
      when: { agent: 'restarts' },
      flows: [AGENT_TOLD.slice(2), ...Array.from({ length: 5 }, () => agentPublishes())],
      match: 'contains',
    },
    {
      title: 'Deregistered, then detached: the agent says of the IMS that she is not there, and of the rest that it is off',
      source: AGENT,
      chapter: 'off',
      flows: [
        deregistration(2),
        ['scscf2 > pna: REGISTER', 'pna > scscf2: 200 OK (REGISTER)'],
        regEventNotify(2, 'ue'),
        regEventNotify(2, 'pcscf'),
        ['scscf2 > pna: NOTIFY', 'pna > scscf2: 200 OK (NOTIFY)', ...agentPublishes(), ...NOTIFICATION],
        ['ggsn2 > pna: Pk report: no-context', ...agentPublishes()],
        ['sgsn2 > pna: Pg report: detached', ...agentPublishes()],
        ['msc2 > pna: Pc report: detached', ...agentPublishes(), ...NOTIFICATION],
      ],
    },
  ],
} satisfies Scenario;
