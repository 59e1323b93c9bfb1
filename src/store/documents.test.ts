/** Questions and documents where the reader stands, on real runs: what is known, what is answered, what is sent, and what the network says to it. */
import { describe, expect, it } from 'vitest';
import xcap from '#catalog/authorize-xcap/scenario.ts';
import watched from '#catalog/watcher-information/scenario.ts';
import { runScenario, viewsAt } from '#scenario/run.ts';
import { type ValidScenario, validateScenario } from '#scenario/scenario.ts';
import type { EntityViews } from '#session/port.ts';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { hashOf } from '#trace/hash.ts';
import type { Change } from '#trace/record.ts';
import { answerActs, questionsAt } from './answers.ts';
import { errandOf, sendDocument, type Sent, type SendWay } from './documents.ts';
import { linkOf } from './open-link.ts';
import { ownDocuments } from './own-documents.ts';
import { parseLink } from './parse-link.ts';
import { goToStep } from './playback.ts';
import { momentOf, openScenario } from './runs.ts';
import { createSimulator, storyOf, type Simulator } from './simulator.ts';
import { selectRun } from './store.ts';

const ofXcap = validateScenario(xcap) as ValidScenario;

async function opened(scenario = ofXcap): Promise<Simulator> {
  const session = createFixtureSession();
  const simulator = createSimulator({
    ...session,
    run: (request) => {
      const trace = runScenario(scenario, request);
      if ('kind' in trace) return Promise.reject(new Error(trace.message));
      return Promise.resolve({ trace, hash: hashOf(trace) });
    },
  });
  await openScenario(simulator, scenario.id);
  return simulator;
}

const storyIn = (simulator: Simulator) => storyOf(simulator)!;
function viewsIn(simulator: Simulator, scenario = ofXcap): EntityViews {
  const { request } = selectRun(simulator.store.getState())!;
  const views = viewsAt(scenario, request, momentOf(storyIn(simulator), simulator.viewTime.getState()));
  if ('kind' in views) throw new Error(views.message);
  return Object.fromEntries(views);
}
/** At the first step at which the terminal knows that somebody waits. */
function standWhereAsked(simulator: Simulator, scenario = ofXcap): EntityViews {
  const story = storyIn(simulator);
  const told = story.steps.findLast(
    ({ message }) => message.label === '200 OK (NOTIFY)' && story.entity(message.from)?.role === 'presentity' && message.sentAt < 30e6,
  )!;
  goToStep(simulator, told.index);
  simulator.viewTime.setState({ s: story.steps[told.index]!.restS, t: told.message.sentAt, step: told.index, glide: undefined });
  return viewsIn(simulator, scenario);
}
const document = (simulator: Simulator) => ownDocuments(standWhereAsked(simulator))[0]!;
const RULES = (handling: string): string =>
  `<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="a"><actions><p:sub-handling xmlns:p="urn:ietf:params:xml:ns:pres-rules">${handling}</p:sub-handling></actions></rule></ruleset>`;

describe('a watcher who waits', () => {
  // In authorize-xcap the presentity's own answer is left out of the timeline, in watcher-information the beginning of work, which lets everybody in.
  it.each([ofXcap, validateScenario(watched) as ValidScenario])('is a question once the terminal was told, and is answered: $id', async (scenario) => {
    const simulator = await opened(scenario);
    expect(questionsAt(storyIn(simulator), viewsIn(simulator, scenario), simulator.viewTime.getState().t)).toEqual([]);
    const views = standWhereAsked(simulator, scenario);
    const { t } = simulator.viewTime.getState();
    const [question, ...others] = questionsAt(storyIn(simulator), views, t);
    expect([question, others]).toEqual([{ ue: expect.stringContaining('ue2') as string, watcher: 'sip:user1_public1@home1.net' }, []]);
    const acts = answerActs(storyIn(simulator), simulator.viewTime.getState(), question!);
    expect(acts.map(({ short }) => short)).toEqual(['Allow', 'Block', 'Politely block']);
    const answered = { ...scenario, timeline: scenario.timeline.slice(0, 5) };
    for (const [act, state] of [
      [acts[0]!, 'active'],
      [acts[1]!, 'terminated'],
      [acts[2]!, 'active'],
    ] as const) {
      const trace = runScenario(answered, { seed: 1, changes: [act.change] });
      if ('kind' in trace) throw new Error(trace.message);
      expect([
        act.short,
        trace.records.findLast((record) => record.kind === 'state' && record.machine.includes('subscriber') && record.key.startsWith('presence ')),
      ]).toMatchObject([act.short, { to: state }]);
    }
  });
});

describe('a document', () => {
  const send = async (sent: Sent, way?: SendWay) => {
    const simulator = await opened();
    const own = document(simulator);
    expect(own).toMatchObject({ usage: 'pres-rules', owner: 'sip:user2_public1@home2.net', kept: { text: expect.stringContaining('everybody') as string } });
    expect(await sendDocument(simulator, own, sent, way)).toBe(true);
    return simulator;
  };
  const notice = (simulator: Simulator): string => simulator.store.getState().layout.notice?.text ?? '';

  it('is put, the page stands at the PUT, and says what the server answered', async () => {
    const simulator = await send({ kind: 'whole', text: RULES('allow') });
    expect(notice(simulator)).toMatch(/^UE#2 puts its rules at step \d+: XDMS answers 200 OK\.$/);
    const { step } = simulator.viewTime.getState();
    expect(storyIn(simulator).steps[step]?.message).toMatchObject({ label: 'PUT' });
  });

  it.each<[string, Sent, SendWay, RegExp]>([
    ['409', { kind: 'whole', text: '<rules/>' }, {}, /answers 409 Conflict\. The server does not take it: .*rules/],
    ['412, read anew and put again', { kind: 'whole', text: RULES('block') }, { wrongTag: true }, /answers 200 OK\.$/],
    [
      'one rule',
      { kind: 'rule', id: 'a', text: /<rule [^]*<\/rule>/.exec(RULES('allow'))![0].replace('<rule', '<rule xmlns="urn:ietf:params:xml:ns:common-policy"') },
      {},
      /puts the rule “a” .* answers 201 Created\.$/,
    ],
    ['taken away', { kind: 'none' }, {}, /takes its rules away .* answers 200 OK\.$/],
  ])('%s', async (_what, sent, way, words) => {
    expect(notice(await send(sent, way))).toMatch(words);
  });

  it('that was sent stands in the link, and the link gives the same run', async () => {
    const simulator = await send({ kind: 'whole', text: RULES('polite-block') });
    const link = parseLink(linkOf(simulator)!);
    if (link === undefined || 'problem' in link) throw new Error('no link');
    const again = runScenario(ofXcap, { seed: link.seed, changes: JSON.parse(JSON.stringify(link.changes)) as Change[] });
    if ('kind' in again) throw new Error(again.message);
    expect(hashOf(again)).toBe(selectRun(simulator.store.getState())?.hash);
  });

  it('of the length that a server takes fits into a link; what is longer is said to be in none', async () => {
    const long = (length: number): string => RULES('allow').replace('<rule ', `<!--${'<>'.repeat(length / 2)}--><rule `);
    const fitting = await send({ kind: 'whole', text: long(60_000) });
    expect(parseLink(linkOf(fitting)!)).not.toHaveProperty('problem');
    const tooLong = await send({ kind: 'whole', text: long(300_000) });
    expect([linkOf(tooLong), notice(tooLong)]).toEqual([undefined, expect.stringMatching(/No link holds it/)]);
    expect(tooLong.store.getState().layout.notice?.offer).toBe('save-run');
  });

  it('that nobody answers says so', async () => {
    const simulator = await opened();
    expect(errandOf(storyIn(simulator), { ue: 'nobody', server: 'nowhere' }, 0)).toEqual({ request: undefined, answer: undefined, why: undefined });
  });
});
