/** Runs of the catalog by functions, held against the flows of stage 2: TS 23.141 A.1 (enquiry) and A.2 (spec sections 1.3 to 1.5), as literal text. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '#scenario/run.ts';
import { isScenarioError, validateScenario, type NetworkOptions } from '#scenario/scenario.ts';
import { stage2Lines } from '#testing/stage2-lines.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { Change, Trace } from '#trace/record.ts';
import { readStage2 } from '#trace/stage2.ts';
import { formatStage2Ladder } from '#trace/stage2-text.ts';
import { isMessage, stepsOf } from '#trace/steps.ts';
import { CATALOG, findScenario } from './catalog.ts';

function run(id: string, changes: readonly Change[] = [], network: NetworkOptions = {}): Trace {
  const found = findScenario(id);
  const scenario = validateScenario({ ...found, network: { ...found?.network, ...network } });
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  const trace = runScenario(scenario, { seed: 1, changes });
  if ('kind' in trace) throw new Error(trace.message);
  return trace;
}
const set = (name: string, value: string): Change => ({ kind: 'set', name, value });
/** The remarks in parentheses are ours; stage 2 lists bare names. */
const bare = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/ \(.*\)$/, ''));
const only = (lines: readonly string[], name: RegExp): readonly string[] => lines.filter((line) => name.test(line));

/** Steps 3 to 10 of A.1 in the messages of A.2.1: the enquiry goes from proxy to proxy, the second one asks where the server is, everybody acknowledges. */
const ENQUIRY = [
  'Watcher > WPP: SubscribePres',
  'WPP > PPP: SubscribePres',
  'PPP > HSS: Query',
  'HSS > PPP: Resp',
  'PPP > PS: SubscribePres',
  'PS > PPP: MsgAck',
  'PPP > WPP: MsgAck',
  'WPP > Watcher: MsgAck',
];
/** A.2.4: past the presentity's proxy, whose CSCFs did not record their way. */
const UPDATE = ['PS > WPP: NotifyPresUp', 'WPP > Watcher: NotifyPresUp', 'Watcher > WPP: MsgAck', 'WPP > PS: MsgAck'];
/** A.2.3.1. */
const SUPPLY = ['PUA > PPP: PresUpdateMsg', 'PPP > PS: PresUpdateMsg', 'PS > PPP: MsgAck', 'PPP > PUA: MsgAck'];

describe('the principal flow at stage 2', () => {
  const trace = run('subscribe-across-networks');

  it('is the enquiry of A.1 in the messages of A.2, then the update', () => {
    expect(bare(stage2Lines(trace, 'subscribe'))).toEqual([...ENQUIRY, ...UPDATE]);
  });

  it('publishes through the proxy of the presentity alone, and the watcher is told', () => {
    const lines = bare(stage2Lines(trace, 'publish'));
    expect(lines.filter((line) => !UPDATE.includes(line))).toEqual(SUPPLY);
    expect(lines.filter((line) => UPDATE.includes(line))).toEqual(UPDATE);
  });

  it('prints as a ladder of functions', () => {
    const text = formatStage2Ladder(trace, { chapters: ['subscribe'] });
    // Without the moments, which jitter draws.
    expect(text.replace(/^( *\d+ +)\d+\.\d{3}/gm, '$1')).toBe(
      [
        'A watcher subscribes across two networks: stage 2 (seed 1)',
        '',
        '               home1.net         home2.net',
        '               Watcher  WPP      PPP      HSS      PS',
        '== 1. Subscribe (12 messages)',
        '  1      |------->|        |        |        |  SubscribePres (for 7 200 s)',
        '  2      |        |------->|        |        |  SubscribePres (for 7 200 s)',
        '  3      |        |        |------->|        |  Query',
        '  4      |        |        |<-------|        |  Resp',
        '  5      |        |        |--------+------->|  SubscribePres (for 7 200 s)',
        '  6      |        |        |<-------+--------|  MsgAck',
        '  7      |        |<-------|        |        |  MsgAck',
        '  8      |<-------|        |        |        |  MsgAck',
        '  9      |        |<-------+--------+--------|  NotifyPresUp (active)',
        ' 10      |<-------|        |        |        |  NotifyPresUp (active)',
        ' 11      |------->|        |        |        |  MsgAck',
        ' 12      |        |--------+--------+------->|  MsgAck',
        '',
        'Without a name at stage 2: 24 REGISTER, 42 DNS, 4 CER, 4 CEA, 4 UAR, 4 UAA, 2 MAR, 2 MAA, 2 SAR, 2 SAA, 16 SUBSCRIBE of registrations, 2 LIR, 2 LIA, 12 NOTIFY of registrations.',
        '',
      ].join('\n'),
    );
  });

  it('knows which CSCFs played which proxy, as figure 5.3.4-1 has it', () => {
    const members = readStage2(trace).functions.map((each) => [each.label, each.network, each.members]);
    expect(members).toEqual([
      ['Watcher', 'home1.net', ['ue1']],
      ['WPP', 'home1.net', ['pcscf1.visited1.net', 'scscf1.home1.net']],
      ['PPP', 'home2.net', ['scscf2.home2.net', 'icscf2-s.home2.net']],
      ['HSS', 'home2.net', ['hss2.home2.net']],
      ['PS', 'home2.net', ['ps.home2.net']],
      ['PUA', 'home2.net', ['ue2']],
    ]);
  });
});

describe('other flows at stage 2', () => {
  it('unsubscribe: SubscribePres once more, in the dialog, acknowledged and told to be over', () => {
    const lines = stage2Lines(run('subscribe-across-networks'), 'unsubscribe');
    expect(only(lines, /SubscribePres/)).toEqual(['Watcher > WPP: SubscribePres (stop)', 'WPP > PS: SubscribePres (stop)']);
    expect(only(lines, /NotifyPresUp/)).toEqual(['PS > WPP: NotifyPresUp (terminated, timeout)', 'WPP > Watcher: NotifyPresUp (terminated, timeout)']);
    expect(lines).toHaveLength(8);
  });

  it('fetch: the same enquiry, once', () => {
    const lines = stage2Lines(run('fetch'), 'fetch');
    expect(bare(lines)).toEqual([...ENQUIRY, ...UPDATE]);
    expect(lines[0]).toBe('Watcher > WPP: SubscribePres (once)');
    expect(lines[8]).toBe('PS > WPP: NotifyPresUp (terminated, timeout)');
  });

  it('the enquiry of A.1 in its four kinds: now, for so long, the next change, stop', () => {
    const trace = run('enquiry');
    const opening = (chapter: string): string | undefined => stage2Lines(trace, chapter)[0];
    for (const chapter of ['now', 'for-an-hour', 'next-change', 'again'])
      expect(bare(stage2Lines(trace, chapter)).toSorted()).toEqual([...ENQUIRY, ...UPDATE].toSorted());
    expect(['now', 'for-an-hour', 'next-change', 'stop'].map(opening)).toEqual([
      'Watcher > WPP: SubscribePres (once)',
      'Watcher > WPP: SubscribePres (for 3 600 s)',
      'Watcher > WPP: SubscribePres (for 3 600 s)',
      'Watcher > WPP: SubscribePres (stop)',
    ]);
    // NOTE 1 of A.1: the answer is repeated as the kind of enquiry wants it.
    expect(only(stage2Lines(trace, 'in-the-hour'), /NotifyPresUp/)).toEqual(['PS > WPP: NotifyPresUp (active)', 'WPP > Watcher: NotifyPresUp (active)']);
    expect(bare(stage2Lines(trace, 'hour-over'))).toEqual(UPDATE);
    expect(only(stage2Lines(trace, 'the-change'), /^Watcher|^PUA/)).toEqual([
      'PUA > PPP: PresUpdateMsg (change)',
      'Watcher > WPP: MsgAck',
      'Watcher > WPP: SubscribePres (stop)',
      'Watcher > WPP: MsgAck',
    ]);
  });

  it('an unregistered presentity: the proxy asks a second time, for the profile that names the server', () => {
    expect(bare(stage2Lines(run('unregistered-presentity'), 'subscribe'))).toEqual([
      ...ENQUIRY.slice(0, 4),
      'PPP > HSS: Query',
      'HSS > PPP: Resp',
      ...ENQUIRY.slice(4),
      ...UPDATE,
    ]);
  });

  it('publications: begun, prolonged, changed, refused with its reason, removed', () => {
    const trace = run('publish');
    for (const chapter of ['initial', 'refresh', 'modify', 'remove']) expect(bare(stage2Lines(trace, chapter))).toEqual(SUPPLY);
    expect(stage2Lines(trace).filter((line) => line.startsWith('PUA') || line.includes('MsgAck:'))).toEqual([
      'PUA > PPP: PresUpdateMsg (first)',
      'PUA > PPP: PresUpdateMsg (refresh)',
      'PUA > PPP: PresUpdateMsg (change)',
      'PUA > PPP: PresUpdateMsg (refresh)',
      'PS > PPP: MsgAck: 412 Conditional Request Failed',
      'PPP > PUA: MsgAck: 412 Conditional Request Failed',
      'PUA > PPP: PresUpdateMsg (first)',
      'PUA > PPP: PresUpdateMsg (remove)',
    ]);
  });

  it('the way of a publication has no Watcher Presence Proxy: the P-CSCF is only on the way', () => {
    expect(readStage2(run('publish')).functions.map((each) => [each.label, each.members])).toEqual([
      ['PPP', ['scscf2.home2.net']],
      ['PS', ['ps.home2.net']],
      ['PUA', ['ue2']],
    ]);
  });

  it('a watcher who is blocked gets a negative acknowledgement with its reason', () => {
    const lines = stage2Lines(run('subscribe-across-networks', [set('rule', 'block')]), 'subscribe');
    expect(only(lines, /MsgAck/).slice(0, 3)).toEqual([
      'PS > PPP: MsgAck: 403 Forbidden',
      'PPP > WPP: MsgAck: 403 Forbidden',
      'WPP > Watcher: MsgAck: 403 Forbidden',
    ]);
  });

  it.each([
    ['none', ['PS > WPP: NotifyPresUp', 'WPP > Watcher: NotifyPresUp']],
    ['both', ['PS > PPP: NotifyPresUp', 'PPP > WPP: NotifyPresUp', 'WPP > Watcher: NotifyPresUp']],
  ])('with Record-Route by %s the update passes those who stayed in the path (NOTE 2)', (value, notify) => {
    const lines = bare(stage2Lines(run('subscribe-across-networks', [set('record-route', value)]), 'subscribe'));
    expect(only(lines, /NotifyPresUp/)).toEqual(notify);
  });

  it('without a criterion that names a server the enquiry reaches the terminal, past its P-CSCF, which plays no proxy', () => {
    const trace = run('subscribe-across-networks', [], { users: [{ role: 'ue2', filterCriteria: [] }] });
    expect(bare(stage2Lines(trace, 'subscribe')).slice(4, 7)).toEqual([
      'PPP > PUA: SubscribePres',
      'PUA > PPP: MsgAck: 405 Method Not Allowed',
      'PPP > WPP: MsgAck: 405 Method Not Allowed',
    ]);
  });

  it('repetitions are one arrow, and what never arrives is lost there', () => {
    const trace = run('lossy-link');
    const stage2 = readStage2(trace);
    expect(bare(stage2Lines(trace, 'retransmission'))).toEqual([...ENQUIRY, ...UPDATE]);
    const most = Math.max(...Array.from(stage2.standsFor.values(), (records) => records.length));
    expect(most).toBeGreaterThan(4);
    expect(stepsOf(stage2.trace).at(-1)?.message).toMatchObject({ label: 'SubscribePres (once)', to: 'ppp/home2.net' });
    expect(stepsOf(stage2.trace).at(-1)?.message.lostAt).toBeDefined();
  });

  it('a registration has no name at stage 2', () => {
    const trace = run('registration');
    expect(stage2Lines(trace)).toEqual([]);
    expect(readStage2(trace).leftOut).toHaveLength(trace.records.filter(isMessage).length);
  });
});

describe('every run of the catalog', () => {
  it.each(CATALOG.map(({ id }) => ({ id })))('$id: every transmission of presence is in one arrow, in its time, and every note keeps its place', ({ id }) => {
    const trace = run(id);
    const { trace: told, arrowOf, standsFor, leftOut, functions } = readStage2(trace);
    const steps = stepsOf(trace);
    expect(arrowOf.size + leftOut.length).toBe(steps.length);
    expect([...standsFor.values()].flat().length).toBe(arrowOf.size);
    for (const { message } of steps) {
      const event = factsOf(message).sip?.event;
      if (event === 'presence') expect(arrowOf.has(message.id), `${message.label} ${message.id}`).toBe(true);
    }
    for (const { message } of stepsOf(told)) {
      expect(message.from).not.toBe(message.to);
      expect(functions.some((each) => each.id === message.from)).toBe(true);
      expect(functions.some((each) => each.id === message.to)).toBe(true);
      const [first] = standsFor.get(message.id) ?? [];
      expect(first).toBe(message.id);
      if (message.arrivedAt !== undefined) expect(message.arrivedAt).toBeGreaterThanOrEqual(message.sentAt);
    }
    for (const record of told.records) if (record.kind === 'note' && record.message !== undefined) expect(standsFor.has(record.message)).toBe(true);
  });
});
