/**
 * Annex A of TS 23.141 and of TS 24.141, flow by flow in our words. A flow is shown by a run in which its requests passed these kinds of entities in this order (flow.ts). Where the number of a
 * subclause was not read the annex alone is named.
 */
import type { EntityKind } from '#trace/record.ts';
import type { CoverageItem } from './coverage-items.ts';
import { both, carries, endingNow, type FlowStep, lasting, outside, type RequestStep, stateIs, within } from './flow.ts';

const PIDF = carries('application/pidf+xml', 'application/pidf-diff+xml', 'message/external-body');
const LIST = carries('multipart/related');
const WATCHERS = carries('application/watcherinfo+xml');

const subscribe = (...through: readonly EntityKind[]): RequestStep => ({
  through,
  method: 'SUBSCRIBE',
  event: 'presence',
  dialog: 'a',
  where: both(outside, lasting),
});
const notify = (...through: readonly EntityKind[]): RequestStep => ({ through, method: 'NOTIFY', event: 'presence', dialog: 'a', where: PIDF });

/** The watcher's network, the entry of the other, and the presence server. */
const ACROSS = ['ue', 'p-cscf', 's-cscf', 'i-cscf', 's-cscf', 'presence-server'] as const;
const BACK = ['presence-server', 's-cscf', 'p-cscf', 'ue'] as const;
const OWN = ['ue', 'p-cscf', 's-cscf', 'presence-server'] as const;
const OWN_LIST = ['ue', 'p-cscf', 's-cscf', 'list-server'] as const;
const LIST_BACK = ['list-server', 's-cscf', 'p-cscf', 'ue'] as const;

const LOCATION = { by: 'i-cscf', of: 'hss', label: 'LIR' } as const;
const SUBSCRIPTION: RequestStep = { ...subscribe(...ACROSS), asks: LOCATION };
const NOTIFICATION = notify(...BACK);
const PUBLICATION: RequestStep = { through: OWN, method: 'PUBLISH', event: 'presence', where: (request) => request.body.length > 0 };
const BY_THE_NETWORK: RequestStep = { through: ['network-agent', 'presence-server'], method: 'PUBLISH', event: 'presence' };
const FROM_OUTSIDE: RequestStep = { through: ['external-agent', 'i-cscf', 's-cscf', 'presence-server'], method: 'PUBLISH', event: 'presence' };
const STOP: RequestStep = {
  through: ['ue', 'p-cscf', 's-cscf', 'presence-server'],
  method: 'SUBSCRIBE',
  event: 'presence',
  dialog: 'a',
  where: both(within, endingNow),
};
const OWN_WATCHERS: RequestStep = { through: OWN, method: 'SUBSCRIBE', event: 'presence.winfo', dialog: 'w', where: both(outside, lasting) };
const WATCHERS_TOLD: RequestStep = { through: BACK, method: 'NOTIFY', event: 'presence.winfo', dialog: 'w', where: WATCHERS };
const LIST_TOLD: RequestStep = { ...notify(...LIST_BACK), where: LIST };

const flow = (what: string, ...steps: readonly FlowStep[]) => ({ what, by: [], flow: steps });
const need = (what: string, ...by: readonly string[]) => ({ what, by });

const item = (clause: string, id: string, says: string, needs: CoverageItem['needs']): CoverageItem => ({
  part: 'Annex A',
  id: `${clause} ${id}`.trim(),
  clause,
  says,
  needs,
});

export const ANNEX_A: readonly CoverageItem[] = [
  item('TS 23.141 A.1', '(a)', 'A presence enquiry for the current state: it is told once.', [
    flow(
      'a fetch: one NOTIFY, and it is over',
      { ...subscribe(...ACROSS), where: both(outside, endingNow), asks: LOCATION },
      { ...NOTIFICATION, where: both(PIDF, stateIs('terminated')) },
    ),
  ]),
  item('TS 23.141 A.1', '(b)', 'For all changes of the next hours: what is told repeats.', [
    flow('a subscription, and a NOTIFY for what changes', SUBSCRIPTION, NOTIFICATION, PUBLICATION, NOTIFICATION),
  ]),
  item('TS 23.141 A.1', '(c)', 'For the next change.', [
    need('the subscription ends by itself after the first change', 'TS 23.141 §A.1'),
    flow('it is stopped when the change was told', SUBSCRIPTION, NOTIFICATION, PUBLICATION, NOTIFICATION, STOP),
  ]),
  item('TS 23.141 A.1', '(d)', 'To stop.', [
    flow('the end of a subscription, which is told too', SUBSCRIPTION, NOTIFICATION, STOP, { ...NOTIFICATION, where: stateIs('terminated') }),
  ]),
  item('TS 23.141 A.1', '1-11', 'The watcher presence proxy derives the network, the presentity presence proxy the server; the enquiry is charged.', [
    need('the domain of the presentity leads to its network', 'RFC 3263 §4.1', 'RFC 3263 §4.2'),
    flow('the proxies pass it on to the presence server', SUBSCRIPTION),
    flow('the presence server has it charged', SUBSCRIPTION, { from: ['presence-server'], to: ['charging-data-function'], label: /^ACR/ }),
  ]),
  item('TS 23.141 A.2.1', 'SubscribePres, MsgAck', 'A watcher asks, and is told whether that was accepted.', [
    flow('a SUBSCRIBE and its 2xx', SUBSCRIPTION),
    flow('a SUBSCRIBE that is denied with a reason', { ...subscribe(...ACROSS), answer: 'refusal' }),
  ]),
  item('TS 23.141 A.2.1', 'Query, Resp', 'The presentity presence proxy asks the HSS for what it needs to find the presence server.', [
    flow('LIR and LIA before the SUBSCRIBE goes on', SUBSCRIPTION),
    need('the answer names the S-CSCF, or what one must be able to do', 'TS 29.228 §6.1.4', 'TS 29.228 §6.1.4.1'),
  ]),
  item('TS 23.141 A.2.1', 'NotifyPresUp, MsgAck', 'The presence server tells the watcher, in the body or by a pointer.', [
    flow('a NOTIFY with the document', SUBSCRIPTION, { ...NOTIFICATION, where: carries('application/pidf+xml') }),
    flow(
      'a NOTIFY with a URL, and its content fetched',
      SUBSCRIPTION,
      { ...NOTIFICATION, where: carries('message/external-body') },
      {
        from: ['ue'],
        to: ['content-server'],
        label: /^GET/,
      },
    ),
  ]),
  item('TS 23.141 A.2.1', 'PresUpdateMsg, MsgAck', 'An agent tells the presence server all that it knows, or a part.', [
    flow('a PUBLISH of the whole', PUBLICATION),
    flow('a PUBLISH of what has changed', { ...PUBLICATION, where: carries('application/pidf-diff+xml') }),
  ]),
  item('TS 23.141 A.2', 'external watcher', 'A watcher outside of IMS asks at the entry of the presentity’s network.', [
    flow(
      'a plain SIP agent',
      { ...subscribe('external-watcher', 'i-cscf', 's-cscf', 'presence-server'), asks: LOCATION },
      notify('presence-server', 'external-watcher'),
    ),
    flow('a user of another protocol, through the gateway', subscribe('watcher-gateway', 'i-cscf', 's-cscf', 'presence-server')),
  ]),
  item('TS 23.141 A.2', 'external agent', 'An agent outside of the network publishes what it knows, once it has shown who it is.', [
    flow(
      'read outside, refused by the presence server first, and then believed',
      { from: ['external-agent'], to: ['calendar-server'], label: /^GET/ },
      { ...FROM_OUTSIDE, answer: 'refusal' },
      FROM_OUTSIDE,
    ),
    flow('a watcher who is told of it', SUBSCRIPTION, FROM_OUTSIDE, NOTIFICATION),
  ]),
  item('TS 24.141 A.3.2.1', '', 'Watcher and presentity in different networks: a successful subscription.', [
    need('the ladder of the standard holds', 'TS 24.141 §A.3.2.1'),
    flow('from the watcher to the presence server, and the first NOTIFY back', SUBSCRIPTION, NOTIFICATION),
  ]),
  item('TS 24.141 A.3.3', 'own list', 'The watcher subscribes to the own resource list, kept in the home network.', [
    flow('the criteria lead to the list server, which tells the list', subscribe(...OWN_LIST), LIST_TOLD),
  ]),
  item('TS 24.141 A.3.3.2', '', 'The watcher subscribes to a list of another network: the I-CSCF sends it straight to the list server.', [
    flow('past every S-CSCF of that network', { ...subscribe('ue', 'p-cscf', 's-cscf', 'i-cscf', 'list-server'), asks: LOCATION }, LIST_TOLD),
  ]),
  item('TS 24.141 A.3', 'list server', 'The list server subscribes to the presentities on the list, in different networks.', [
    flow(
      'in the watcher’s name, through the S-CSCF that serves the watcher',
      subscribe(...OWN_LIST),
      { ...subscribe('list-server', 's-cscf', 'i-cscf', 's-cscf', 'presence-server'), dialog: 'b', asks: LOCATION },
      { ...notify('presence-server', 's-cscf', 'list-server'), dialog: 'b' },
    ),
    flow('by itself, for a list that no S-CSCF serves', subscribe('ue', 'p-cscf', 's-cscf', 'i-cscf', 'list-server'), {
      ...subscribe('list-server', 'i-cscf', 's-cscf', 'presence-server'),
      dialog: 'b',
    }),
  ]),
  item('TS 24.141 A.4.2.1', '', 'The UE publishes for the first time, or something new.', [
    need('the ladder of the standard holds', 'TS 24.141 §A.4.2.1'),
    flow('a first publication', { ...PUBLICATION, where: ({ headers, body }) => body.length > 0 && !headers.has('SIP-If-Match') }),
    flow('a modification by its entity-tag', { ...PUBLICATION, where: ({ headers, body }) => body.length > 0 && headers.has('SIP-If-Match') }),
  ]),
  item('TS 24.141 A.4', 'refresh', 'The UE refreshes what it has published.', [
    flow('a PUBLISH with the entity-tag and no body', {
      ...PUBLICATION,
      where: (request) => request.body.length === 0 && request.headers.has('SIP-If-Match') && lasting(request),
    }),
  ]),
  item('TS 24.141 A.5.2.1', '', 'The presence server tells the watcher of an update, in different networks.', [
    need('the ladder of the standard holds', 'TS 24.141 §A.5.2.1'),
    flow('a publication, and the NOTIFY past everybody who did not record itself', SUBSCRIPTION, PUBLICATION, NOTIFICATION),
    flow('as changes alone, for a watcher who takes them', SUBSCRIPTION, PUBLICATION, { ...NOTIFICATION, where: carries('application/pidf-diff+xml') }),
  ]),
  item('TS 24.141 A.5', 'list', 'A watcher of a list is told of an update by the list server.', [
    flow(
      'a NOTIFY of the presence server, and one of the list server after it',
      subscribe(...OWN_LIST),
      PUBLICATION,
      { ...notify('presence-server', 's-cscf', 'list-server'), dialog: 'b' },
      LIST_TOLD,
    ),
  ]),
  item('TS 24.141 A.6.2', '', 'The presentity subscribes to its own watchers, and is told of a watcher that is new.', [
    need('the ladder of the standard holds', 'TS 24.141 §A.6'),
    flow('told at once, and again when somebody comes', OWN_WATCHERS, WATCHERS_TOLD, SUBSCRIPTION, WATCHERS_TOLD),
  ]),
  item('TS 24.141 A.7', 'network agent', 'The network agent is told of registrations, and publishes what the network knows of a user.', [
    flow(
      'a registration over Pi: told by the S-CSCF, followed by the reg event, and published',
      { through: ['s-cscf', 'network-agent'], method: 'REGISTER' },
      { through: ['network-agent', 's-cscf'], method: 'SUBSCRIBE', event: 'reg', dialog: 'r' },
      { through: ['s-cscf', 'network-agent'], method: 'NOTIFY', event: 'reg', dialog: 'r' },
      BY_THE_NETWORK,
    ),
    ...(['Pc', 'Pg', 'Pk', 'Pl'] as const).map((point) =>
      flow(
        `a report over ${point}, and what comes of it`,
        { from: ['msc', 'sgsn', 'ggsn', 'gmlc'], to: ['network-agent'], label: new RegExp(`^${point} report`) },
        BY_THE_NETWORK,
      ),
    ),
    flow('a watcher who is told of it', SUBSCRIPTION, BY_THE_NETWORK, NOTIFICATION),
  ]),
  item('TS 24.141 Annex A', 'policy over Ut', 'The UE changes its rules in the XDMS, and the presence server goes by them.', [
    flow(
      'read, put, spread, and told to the watcher',
      { from: ['ue'], to: ['xdms'], label: /^GET/ },
      { from: ['ue'], to: ['xdms'], label: /^PUT/ },
      { from: ['xdms'], to: ['ue'], label: /^20[01] .*\(PUT\)/ },
      { through: ['xdms', 'presence-server'], method: 'NOTIFY', event: 'xcap-diff', dialog: 'x' },
      { from: ['presence-server'], to: ['xdms'], label: /^GET/ },
      NOTIFICATION,
    ),
  ]),
];
