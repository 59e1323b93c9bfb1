/** No scenario leans on names: with other users, domains, addresses and ports the ladder is the same. What changes it changes it as the rule says. */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import { linesOf } from '#scenario/expectations.ts';
import { planNetwork } from '#scenario/plan.ts';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, type NetworkOptions, type Role, type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import { stage2Lines } from '#testing/stage2-lines.ts';
import { isMessage, stepsOf } from '#trace/steps.ts';
import type { Change, Trace } from '#trace/record.ts';
import { CATALOG, findScenario } from './catalog.ts';

function run(scenario: ValidScenario, changes: readonly Change[] = []): Trace {
  const trace = runScenario(scenario, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}

function scenarioOf(id: string, network: NetworkOptions = {}): ValidScenario {
  const found = findScenario(id);
  if (found === undefined) throw new Error(id);
  const valid = validateScenario({ ...found, network: { ...found.network, ...network } });
  if (isScenarioError(valid)) throw new Error(valid.message);
  return valid;
}

/** The two roles of every link in the network. */
function pairsOf(network: NetworkOptions): readonly [Role, Role][] {
  const { entities, links } = planNetwork(network);
  const roles = new Map([...entities.values()].map((entity) => [entity.id, entity.scenarioRole]));
  return links.map(({ a, b }) => [roles.get(a) ?? 'ps', roles.get(b) ?? 'ps']);
}

/** Delays are drawn by name: without jitter only names are left to differ. */
const steady = ({ network, ...scenario }: ValidScenario): ValidScenario => ({
  ...scenario,
  network: { ...network, links: [...pairsOf(network ?? {}).map((between) => ({ between, jitterMs: 0 })), ...(network?.links ?? [])] },
});

const OTHERS: NetworkOptions = {
  visited1: 'alpine.example',
  home1: 'harbour.example',
  home2: 'ims.mnc001.mcc001.3gppnetwork.org',
  outside: 'chat.example',
  addressOffset: 7,
  protectedPorts: { client: 6666, server: 6667 },
  hosts: { scscf1: 'north.harbour.example', ps: 'quiet.ims.mnc001.mcc001.3gppnetwork.org' },
};
const ANNA = ['sip:anna@harbour.example', 'sip:a.berg@harbour.example', 'tel:+4612345'];
const BO = ['sip:bo@ims.mnc001.mcc001.3gppnetwork.org', 'sip:b@ims.mnc001.mcc001.3gppnetwork.org', 'tel:+4698765'];

function renamed(scenario: ValidScenario, family: 'ipv4' | 'ipv6'): ValidScenario {
  const network = scenario.network ?? {};
  const more = (role: 'ue1' | 'ue2') => network.users?.find((user) => user.role === role);
  const text = JSON.stringify({
    ...scenario,
    network: {
      ...network,
      ...OTHERS,
      family,
      users: [
        {
          ...more('ue1'),
          role: 'ue1',
          displayName: 'Anna Berg',
          privateIdentity: 'anna.sim@harbour.example',
          publicIdentities: ANNA,
          clientPort: 3010,
          serverPort: 3011,
        },
        {
          ...more('ue2'),
          role: 'ue2',
          displayName: 'Bo',
          privateIdentity: 'bo.sim@ims.mnc001.mcc001.3gppnetwork.org',
          publicIdentities: BO,
          clientPort: 3020,
          serverPort: 3021,
        },
      ],
    },
  })
    .replaceAll('sip:user2_public1@home2.net', BO[0] ?? '')
    .replaceAll('sip:user2_public2@home2.net', BO[1] ?? '')
    .replaceAll('tel:+12125552222', BO[2] ?? '')
    .replaceAll('pres:user2_public1@home2.net', (BO[0] ?? '').replace('sip:', 'pres:'))
    .replaceAll('sip:presence-info@home2.net', `sip:presence-info@${OTHERS.home2 ?? ''}`)
    .replaceAll('sip:no-such-user@home2.net', `sip:no-such-user@${OTHERS.home2 ?? ''}`)
    // An answer about several servers with long names does not fit into 512 octets, and the rest has to be asked for: longer names, more questions.
    .replaceAll(OTHERS.home2 ?? '', network.dns?.entries === undefined ? (OTHERS.home2 ?? '') : 'lake.example')
    .replaceAll('sip:user1_public1@home1.net', ANNA[0] ?? '')
    .replaceAll('sip:user1_list1@home1.net', 'sip:anna-list@harbour.example')
    .replaceAll('sip:user2_list1@home2.net', `sip:club@${OTHERS.home2 ?? ''}`)
    .replaceAll(
      /sip:(user\d+_public1|everybody)@home([12])\.net/g,
      (_, user: string, home: string) => `sip:${user}@${(home === '1' ? OTHERS.home1 : OTHERS.home2) ?? ''}`,
    )
    .replaceAll('@example.org', '@chat.example');
  const valid = validateScenario(JSON.parse(text));
  if (isScenarioError(valid)) throw new Error(valid.message);
  return valid;
}

/** Where two networks have the same function, stage 2 tells them apart by domain: here by their place among the networks. */
const byPlace =
  ({ networks }: Trace) =>
  (line: string): string =>
    networks.reduce((text, { domain }, i) => text.replaceAll(domain, `network ${i + 1}`), line);

/** The ladder in roles: time, who to whom, what. DNS labels lose their names. */
function ladder(scenario: ValidScenario, trace: Trace): readonly string[] {
  const roles = new Map([...planNetwork(scenario.network ?? {}).entities.values()].map((entity) => [entity.id, entity.scenarioRole]));
  // Whether something is sent again, or a 100 says that it need not be, hangs on whether it fits a datagram: on the length of names.
  return stepsOf(trace)
    .filter(({ retransmissionOf, message }) => retransmissionOf === undefined && !message.label.startsWith('100 '))
    .map(({ message }) => message)
    .map(
      (m) =>
        `${m.sentAt} ${roles.get(m.from) ?? m.from} > ${roles.get(m.to) ?? m.to}: ${m.protocol === 'DNS' ? m.label.replace(/(NAPTR|SRV|AAAA|A) [^)]+/, '$1').replaceAll('AAAA', 'A') : m.label}`,
    );
}

/** How the scenario runs under its usual names: the ladder, and stage 2. The same for either family of the other names. */
function usualRun(scenario: ValidScenario): { readonly stage3: readonly string[]; readonly stage2: readonly string[] } {
  const usual = steady(scenario);
  const trace = run(usual);
  return { stage3: ladder(usual, trace), stage2: stage2Lines(trace).map(byPlace(trace)) };
}

describe('other names', () => {
  let last: { readonly id: string; readonly usual: ReturnType<typeof usualRun> } | undefined;

  it.each(CATALOG.flatMap((scenario) => (['ipv4', 'ipv6'] as const).map((family) => ({ id: scenario.id, scenario, family }))))(
    '$id maps one to one, times included, with others on $family',
    ({ scenario, family }) => {
      if (last?.id !== scenario.id) last = { id: scenario.id, usual: usualRun(scenario) };
      const other = steady(renamed(scenario, family));
      const trace = run(other);
      expect(ladder(other, trace)).toEqual(last.usual.stage3);
      expect(stage2Lines(trace).map(byPlace(trace))).toEqual(last.usual.stage2);
      expect(checkTrace(trace)).toEqual([]);
      expect(JSON.stringify(trace.records.filter(isMessage).map(({ from, to, label, src, dst }) => [from, to, label, src, dst]))).not.toMatch(
        /home[12]\.net|visited1|example\.org/,
      );
    },
  );
});

const linesIn = (scenario: ValidScenario, trace: Trace, chapter: string): readonly string[] =>
  linesOf(scenario, planNetwork(scenario.network ?? {}), trace, chapter);

describe('what changes the ladder', () => {
  it('no criterion for presence: the SUBSCRIBE goes to the contact of the presentity, whose UE takes none', () => {
    const scenario = scenarioOf('subscribe-across-networks', { users: [{ role: 'ue2', filterCriteria: [] }] });
    const trace = run(scenario);
    const lines = linesIn(scenario, trace, 'subscribe');
    expect(lines.slice(5, 10)).toEqual([
      'icscf2 > scscf2: SUBSCRIBE',
      'scscf2 > pcscf2: SUBSCRIBE',
      'pcscf2 > ue2: SUBSCRIBE',
      'ue2 > pcscf2: 405 Method Not Allowed (SUBSCRIBE)',
      'pcscf2 > scscf2: 405 Method Not Allowed (SUBSCRIBE)',
    ]);
    expect(lines.at(-1)).toBe('pcscf1 > ue1: 405 Method Not Allowed (SUBSCRIBE)');
    expect(checkTrace(trace)).toEqual([]);
  });

  it('a domain that prefers TCP is reached by TCP', () => {
    const scenario = scenarioOf('subscribe-across-networks', { preferTcp: ['home2.net'] });
    const trace = run(scenario);
    const border = (t: Trace) =>
      t.records.filter(isMessage).filter((m) => m.from === 'scscf1.home1.net' && m.to === 'icscf2-s.home2.net' && m.protocol === 'SIP');
    expect(border(trace).map(({ transport }) => transport)).toEqual(['tcp']);
    expect(border(run(scenarioOf('subscribe-across-networks'))).map(({ transport }) => transport)).toEqual(['udp']);
    expect(checkTrace(trace)).toEqual([]);
  });

  it.each([
    ['none', ['ps > pcscf1: NOTIFY', 'pcscf1 > ue1: NOTIFY'], ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > ps: SUBSCRIBE']],
    [
      'watcher',
      ['ps > scscf1: NOTIFY', 'scscf1 > pcscf1: NOTIFY', 'pcscf1 > ue1: NOTIFY'],
      ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > ps: SUBSCRIBE'],
    ],
    [
      'both',
      ['ps > scscf2: NOTIFY', 'scscf2 > scscf1: NOTIFY', 'scscf1 > pcscf1: NOTIFY', 'pcscf1 > ue1: NOTIFY'],
      ['ue1 > pcscf1: SUBSCRIBE', 'pcscf1 > scscf1: SUBSCRIBE', 'scscf1 > scscf2: SUBSCRIBE', 'scscf2 > ps: SUBSCRIBE'],
    ],
  ])('peers C3: with Record-Route by %s, NOTIFY and unsubscription pass exactly those', (value, notify, unsubscribe) => {
    const scenario = scenarioOf('subscribe-across-networks');
    const trace = run(scenario, [{ kind: 'set', name: 'record-route', value }]);
    expect(linesIn(scenario, trace, 'subscribe').filter((line) => line.endsWith(': NOTIFY'))).toEqual(notify);
    expect(linesIn(scenario, trace, 'unsubscribe').filter((line) => line.endsWith(': SUBSCRIBE'))).toEqual(unsubscribe);
  });

  it('a watcher at home: the same hops, one network less', () => {
    const scenario = scenarioOf('subscribe-across-networks');
    const atHome = scenarioOf('subscribe-across-networks', { watcherAtHome: true });
    const trace = run(atHome);
    expect(trace.networks.map(({ domain }) => domain)).toEqual(['home1.net', 'home2.net']);
    const sorted = (lines: readonly string[]): readonly string[] => lines.toSorted();
    for (const chapter of ['subscribe', 'publish', 'unsubscribe']) {
      expect(sorted(linesIn(atHome, trace, chapter))).toEqual(sorted(linesIn(scenario, run(scenario), chapter)));
    }
  });
});
