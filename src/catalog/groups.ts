/**
 * The groups in which people choose a scenario: by the functions that clause 5.3 of TS 23.141 gives to the two proxies, in its order, with the service in front and
 * what may befall any network behind. Data of the catalog, so that page and command line need not guess. A test holds that every scenario stands in one group.
 */
export interface ScenarioGroup {
  readonly id: string;
  readonly title: string;
  /** The function whose part it is. */
  readonly of?: string;
}

interface Members extends ScenarioGroup {
  /** In the order in which a learner would take them. */
  readonly scenarios: readonly string[];
}

const WATCHER_PROXY = 'Watcher Presence Proxy';
const PRESENTITY_PROXY = 'Presentity Presence Proxy';

export const GROUPS: readonly Members[] = [
  {
    id: 'service',
    title: 'The principal flow and the service',
    scenarios: ['subscribe-across-networks', 'registration', 'publish', 'fetch', 'enquiry', 'refresh-and-unsubscribe'],
  },
  { id: 'authorization', title: 'Who may see what', scenarios: ['authorize-rules', 'authorize-sphere', 'watcher-information', 'authorize-xcap'] },
  { id: 'resolution', of: WATCHER_PROXY, title: 'Address resolution', scenarios: ['resolve-sip', 'resolve-tel', 'resolve-pres', 'resolve-failover'] },
  {
    id: 'authentication',
    of: WATCHER_PROXY,
    title: 'Authentication of watchers',
    scenarios: [
      'auth-security-agreement',
      'auth-wrong-response',
      'auth-wrong-keys',
      'auth-network-mac-wrong',
      'auth-sqn-out-of-range',
      'auth-no-answer',
      'auth-other-call-id',
      'auth-unknown-user',
      'auth-roaming-not-allowed',
      'auth-tampered-security-verify',
      'auth-outside-sa',
      'auth-sip-digest',
    ],
  },
  {
    id: 'interworking',
    of: WATCHER_PROXY,
    title: 'Interworking',
    scenarios: ['external-watcher', 'interwork-xmpp-watcher', 'interwork-xmpp-presentity'],
  },
  { id: 'accounting', of: WATCHER_PROXY, title: 'Accounting', scenarios: ['charging'] },
  { id: 'lists', of: WATCHER_PROXY, title: 'Lists', scenarios: ['list-own', 'list-psi', 'list-xcap'] },
  { id: 'agents', title: 'Agents of the network and outside', scenarios: ['network-agent', 'external-agent', 'composition'] },
  { id: 'content', title: 'Content by reference', scenarios: ['content-indirection'] },
  { id: 'lean', title: 'Fewer and smaller notifications', scenarios: ['conditional-notify', 'throttle', 'partial-notify', 'filters'] },
  { id: 'price', title: 'What it costs', scenarios: ['interdomain-traffic'] },
  {
    id: 'finding',
    of: PRESENTITY_PROXY,
    title: 'Finding the presence server',
    scenarios: ['find-registered', 'find-unregistered', 'unregistered-presentity', 'find-again', 'find-unknown', 'find-barred', 'find-psi', 'find-slf'],
  },
  { id: 'border', of: PRESENTITY_PROXY, title: 'Security at the border', scenarios: ['border-protected', 'border-down', 'border-expired', 'border-untrusted'] },
  { id: 'hiding', of: PRESENTITY_PROXY, title: 'Configuration hiding', scenarios: ['topology-hiding'] },
  { id: 'path', of: PRESENTITY_PROXY, title: 'Who stays in the path', scenarios: ['record-route-policy'] },
  {
    id: 'life',
    title: 'Life and death',
    scenarios: [
      'subscription-expires',
      'fail-deregister',
      'fail-deregistered-by-hss',
      'fail-profile-changed',
      'fail-registration-expires',
      'fail-publication-expires',
      'fail-interval-too-brief',
      'fail-subscribe-refused',
      'fail-watcher-vanished',
      'fail-ps-restart',
      'fail-scscf-restart',
      'fail-hss-silent',
      'fail-as-silent',
    ],
  },
  { id: 'links', title: 'Links that lose, delay and reorder', scenarios: ['lossy-link', 'notify-before-200'] },
];

/** For a scenario that is not one of ours. */
const OTHERS: ScenarioGroup = { id: 'others', title: 'Others' };

export function groupOf(scenario: string): ScenarioGroup {
  const found = GROUPS.find(({ scenarios }) => scenarios.includes(scenario));
  if (found === undefined) return OTHERS;
  const { id, title, of } = found;
  return { id, title, ...(of === undefined ? {} : { of }) };
}

const PLACES: ReadonlyMap<string, number> = new Map(GROUPS.flatMap(({ scenarios }) => scenarios).map((id, place) => [id, place]));

/** Group after group; what stands in none comes last. */
export const inGroups = <T extends { readonly id: string }>(scenarios: readonly T[]): readonly T[] =>
  [...scenarios].sort((a, b) => (PLACES.get(a.id) ?? PLACES.size) - (PLACES.get(b.id) ?? PLACES.size));
