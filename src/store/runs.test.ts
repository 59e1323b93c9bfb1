import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import type { Change } from '#trace/record.ts';
import { CancelledError, type RunRequest, type SessionPort } from '#session/port.ts';
import { cancelWork, change, chooseRun, chooseScenario, execute, goToStep, redoChange, resetChanges, undoChange } from './commands.ts';
import { addressOf, linkOf, openLink } from './open-link.ts';
import { openFile } from './open-file.ts';
import { advance } from './playback.ts';
import { exportCurrent, openScenario, refreshViews, setChoices } from './runs.ts';
import { createSimulator, storyOf, type Simulator } from './simulator.ts';
import { selectRun } from './store.ts';
import { dropAct, possibleActs, publishAct } from './what-if.ts';

async function opened(session: SessionPort = createFixtureSession()): Promise<Simulator> {
  const simulator = createSimulator(session);
  simulator.store.setState((state) => state);
  const scenarios = await session.scenarios();
  simulator.store.setState((state) => ({ session: { ...state.session, scenarios } }));
  await openScenario(simulator, 'subscribe-across-networks');
  return simulator;
}

const request = (simulator: Simulator): RunRequest => selectRun(simulator.store.getState())!.request;
const changes = (simulator: Simulator): readonly Change[] => request(simulator).changes;
const story = (simulator: Simulator) => storyOf(simulator)!;
const notice = (simulator: Simulator): string => simulator.store.getState().layout.notice?.text ?? '';

function stand(simulator: Simulator, number: number): void {
  void execute(simulator, goToStep(story(simulator).first + number - 1));
  for (let i = 0; i < 100 && advance(simulator, 1 / 60); i++);
}

async function does(simulator: Simulator, id: string): Promise<void> {
  const act = possibleActs(story(simulator), simulator.viewTime.getState()).find((each) => each.id === id)!;
  await execute(simulator, change(act));
}

describe('runs', () => {
  it('fork at the moment where the reader stands, and keep the earlier run', async () => {
    const simulator = await opened();
    stand(simulator, 5);
    const { t, step } = simulator.viewTime.getState();
    await does(simulator, 'switch-off');
    expect(changes(simulator)).toEqual([{ kind: 'do', at: Math.round(t), who: 'ue2', intent: { kind: 'deregister' } }]);
    expect(simulator.viewTime.getState()).toMatchObject({ step, playing: false });
    expect(simulator.viewTime.getState().t).toBeCloseTo(t, 3);
    expect(simulator.store.getState().session.runs.map((run) => run.name)).toEqual(['As the scenario has it', 'UE#2 switches off after step 5']);
    expect(notice(simulator)).toContain('UE#2 switches off after step 5');
  });

  it('go back to the earlier run, where it was left, and undo', async () => {
    const simulator = await opened();
    stand(simulator, 5);
    const before = simulator.viewTime.getState().s;
    await does(simulator, 'unsubscribe');
    stand(simulator, 9);
    void execute(simulator, chooseRun(1));
    expect(changes(simulator)).toEqual([]);
    expect(simulator.viewTime.getState().s).toBeCloseTo(before, 9);
    void execute(simulator, chooseRun(2));
    expect(simulator.viewTime.getState().step).toBe(story(simulator).first + 8);
    void execute(simulator, undoChange);
    expect(changes(simulator)).toEqual([]);
    expect(undoChange.enabled(simulator)).toBe(false);
    void execute(simulator, redoChange);
    expect(changes(simulator)).toHaveLength(1);
    expect(redoChange.enabled(simulator)).toBe(false);
    void execute(simulator, undoChange);
    await does(simulator, 'switch-off');
    void execute(simulator, chooseRun(1));
    expect(redoChange.enabled(simulator)).toBe(false);
  });

  it('forget drops that lie after a new change, because they may name other messages now', async () => {
    const simulator = await opened();
    stand(simulator, 9);
    const late = dropAct(story(simulator), simulator.viewTime.getState().step)!;
    await execute(simulator, change(late));
    stand(simulator, 2);
    await execute(simulator, change(dropAct(story(simulator), simulator.viewTime.getState().step)!));
    expect(changes(simulator)).toEqual([{ kind: 'drop', record: story(simulator).steps[story(simulator).first + 1]!.message.id }]);
  });

  it('take back all changes without making the first run again', async () => {
    const simulator = await opened();
    await does(simulator, 'switch-off');
    await does(simulator, 'switch-on');
    expect(changes(simulator)).toHaveLength(2);
    await execute(simulator, resetChanges);
    expect(changes(simulator)).toEqual([]);
    expect(simulator.store.getState().session.runs).toHaveLength(3);
    expect(resetChanges.enabled(simulator)).toBe(false);
  });

  it('take back all changes, and undo brings them back, then goes on to what was before', async () => {
    const simulator = await opened();
    await does(simulator, 'switch-off');
    await does(simulator, 'switch-on');
    await execute(simulator, resetChanges);
    await does(simulator, 'unsubscribe');
    const counts: number[] = [];
    for (let i = 0; i < 6 && undoChange.enabled(simulator); i++) {
      await execute(simulator, undoChange);
      counts.push(changes(simulator).length);
    }
    expect(counts).toEqual([0, 2, 1, 0]);
  });

  it('bring back what a link brought', async () => {
    const made = await opened();
    await does(made, 'switch-off');
    const simulator = await opened();
    await openLink(simulator, linkOf(made)!);
    expect(undoChange.enabled(simulator)).toBe(false);
    await execute(simulator, resetChanges);
    expect(changes(simulator)).toEqual([]);
    expect(notice(simulator)).toContain('Ctrl+Z');
    await execute(simulator, undoChange);
    expect(changes(simulator)).toHaveLength(1);
    expect(undoChange.enabled(simulator)).toBe(false);
  });

  it('turn a named change over, once, from the beginning', async () => {
    const simulator = await opened();
    stand(simulator, 4);
    await setChoices(simulator, { watcher: 'at-home' });
    await setChoices(simulator, { watcher: 'at-home', unknown: 'x' });
    expect(changes(simulator)).toEqual([{ kind: 'set', name: 'watcher', value: 'at-home' }]);
    expect(simulator.viewTime.getState().step).toBe(story(simulator).first - 1);
    await setChoices(simulator, { watcher: 'roaming' });
    expect(changes(simulator)).toEqual([]);
  });

  it('open a scenario with a named change turned over, under its words', async () => {
    const simulator = await opened();
    await execute(simulator, chooseScenario('subscribe-across-networks', 1, [{ name: 'watcher', value: 'at-home' }]));
    expect(changes(simulator)).toEqual([{ kind: 'set', name: 'watcher', value: 'at-home' }]);
    const [choice] = simulator.store.getState().session.scenarios[0]?.choices ?? [];
    const { runs } = simulator.store.getState().session;
    expect(runs.at(-1)?.name).toBe(`${choice?.title}: ${choice?.values.find(({ value }) => value === 'at-home')?.title}`);
    expect(runs.at(-1)?.parent).toBeUndefined();
  });

  it('know whom the watcher watches from the wire, not from names', async () => {
    const simulator = await opened();
    const subscribe = possibleActs(story(simulator), simulator.viewTime.getState()).find((act) => act.id === 'unsubscribe');
    expect(subscribe?.change).toMatchObject({ who: 'ue1', intent: { kind: 'unsubscribe', to: 'sip:user2_public1@home2.net' } });
    const publish = publishAct(story(simulator), simulator.viewTime.getState(), { basic: 'closed', note: 'Away' });
    expect(publish?.name).toBe('UE#2 publishes “Away” before step 1');
    expect(publish?.change).toMatchObject({ who: 'ue2', intent: { kind: 'publish', basic: 'closed', note: 'Away' } });
  });

  it('come back from a file, and say why where they cannot', async () => {
    const made = await opened();
    await does(made, 'switch-off');
    const { request: wanted, hash } = selectRun(made.store.getState())!;
    const file = (more: object = {}): string => JSON.stringify({ engine: '0.1.0', ...wanted, hash, ...more });
    const simulator = await opened();
    expect(await openFile(simulator, 'a.json', file())).toBe(true);
    expect(request(simulator)).toEqual(wanted);
    expect(notice(simulator)).toContain('“a.json” is opened');
    expect(await openFile(simulator, 'a.json', file({ hash: 'f0' }))).toBe(true);
    expect(notice(simulator)).toContain('another run than the one that was saved');
    expect(await openFile(simulator, 'b.json', '{')).toBe(false);
    // What is no saved run goes to the reader of scenarios, which has the last word.
    expect(notice(simulator)).toBe('“b.json” cannot be opened. “b.json” is no scenario.');
    expect(await openFile(simulator, 'large.json', ' '.repeat(500_001))).toBe(false);
    expect(notice(simulator)).toBe(
      '“large.json” cannot be opened. Not a valid scenario: the file has 500\u202f001 characters, and 500\u202f000 are read at most.',
    );
    expect(await openFile(simulator, 'c.json', file({ scenario: 'nowhere' }))).toBe(false);
    expect(notice(simulator)).toMatch(/^“c\.json” cannot be opened\. There is no scenario “nowhere” in the catalog, and the file does not hold it\. Open /);
    const asTrace = { records: [], title: 'Mine', hash: 'f0' };
    expect(await openFile(simulator, 'd.json', file({ ...asTrace, scenario: 'mine' }))).toBe(false);
    expect(notice(simulator)).toMatch(
      /^“d\.json” cannot be opened\. It is the trace of a scenario of somebody’s own, “Mine”: .* Export > Run has saved of it\.$/,
    );
    expect(request(simulator)).toEqual(wanted);
    expect(await openFile(simulator, 'e.json', file(asTrace))).toBe(true);
    expect(notice(simulator)).toMatch(/^This is another run .* “Mine”, and this is the one that is called subscribe-across-networks in the catalog\. Open /);
  });

  it('of a scenario of one’s own are in no link, come back with the history of the browser, and are told from every other', async () => {
    const session = createFixtureSession();
    const [first] = await session.scenarios();
    const withFiles: SessionPort = {
      ...session,
      readScenario: (file) => Promise.resolve({ ...first!, id: 'own-0a1b', title: 'My own', own: file }),
      run: (asked) => session.run(asked.own === undefined ? asked : { ...asked, scenario: first!.id }),
    };
    const simulator = await opened(withFiles);
    expect(await openFile(simulator, 'mine.json', '{"format":1}')).toBe(true);
    expect(request(simulator)).toEqual({ scenario: 'own-0a1b', seed: 1, changes: [], own: '{"format":1}' });
    expect(simulator.store.getState().session.scenarios[0]).toMatchObject({ title: 'My own', own: { name: 'mine.json' } });
    await does(simulator, 'switch-off');
    const wanted = request(simulator);
    expect(linkOf(simulator)).toBeUndefined();
    const { link, held } = addressOf(simulator)!;
    const again = createSimulator(withFiles);
    await openLink(again, link, held);
    expect(request(again)).toEqual(wanted);
    expect(notice(again)).toBe('');
    const other = createSimulator(withFiles);
    await openLink(other, link);
    expect(request(other)).toMatchObject({ scenario: 'subscribe-across-networks', changes: [] });
    expect(notice(other)).toMatch(/^The link leads to a scenario file of somebody’s own, which no link holds\./);
  });

  it('tell a failure in a sentence and keep the run at hand', async () => {
    const session = createFixtureSession();
    let broken = false;
    const simulator = await opened({
      ...session,
      run: (asked) => (broken ? Promise.reject(new Error('A change asks nobody for something.')) : session.run(asked)),
    });
    broken = true;
    await does(simulator, 'switch-off');
    expect(notice(simulator)).toBe('A change asks nobody for something.');
    expect(simulator.store.getState().session.phase.kind).toBe('ready');
    expect(changes(simulator)).toEqual([]);
  });

  it('show the earlier run when the person cancels', async () => {
    const session = createFixtureSession();
    let cancelled = false;
    const simulator = await opened({ ...session, run: (asked) => (cancelled ? Promise.reject(new CancelledError()) : session.run(asked)) });
    cancelled = true;
    await does(simulator, 'switch-off');
    expect(notice(simulator)).toBe('Cancelled. The earlier run is shown.');
  });

  it('can be given up only where there is a run to return to', async () => {
    const session = createFixtureSession();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const simulator = createSimulator({ ...session, run: async (asked) => held.then(() => session.run(asked)) });
    const first = openScenario(simulator, 'subscribe-across-networks');
    expect([simulator.store.getState().session.phase.kind, cancelWork.enabled(simulator)]).toEqual(['computing', false]);
    release();
    await first;
    const second = does(simulator, 'switch-off');
    expect([simulator.store.getState().session.phase.kind, cancelWork.enabled(simulator)]).toEqual(['computing', true]);
    await second;
    expect(cancelWork.enabled(simulator)).toBe(false);
  });

  it('fill the page with the problem when there is nothing else to show', async () => {
    const simulator = createSimulator({ ...createFixtureSession(), run: () => Promise.reject(new Error('The engine could not be loaded.')) });
    await openScenario(simulator, 'subscribe-across-networks');
    expect(simulator.store.getState().session.phase).toMatchObject({ kind: 'failed', problem: { what: 'The engine could not be loaded.' } });
  });

  it('ask for the state of the entities at the step, one question at a time, the latest one wins', async () => {
    const session = createFixtureSession();
    const asked: number[] = [];
    const simulator = await opened({
      ...session,
      viewsAt: (about, moment) => {
        asked.push(moment.record);
        return session.viewsAt(about, moment);
      },
    });
    const first = refreshViews(simulator);
    for (const number of [1, 2, 3]) {
      stand(simulator, number);
      void refreshViews(simulator);
    }
    await first;
    const third = story(simulator).steps[story(simulator).first + 2]!;
    expect(asked).toHaveLength(2);
    expect(asked.at(-1)).toBe(third.message.id);
    expect(simulator.store.getState().session.views?.step).toBe(third.index);
  });

  it('are exported with their changes', async () => {
    const simulator = await opened();
    await does(simulator, 'switch-off');
    const file = await exportCurrent(simulator, 'json');
    expect(JSON.parse(new TextDecoder().decode(file?.bytes))).toEqual(request(simulator));
  });
});

describe('links', () => {
  it('lead another page to the same run, moment and selection', async () => {
    const simulator = await opened();
    stand(simulator, 6);
    await does(simulator, 'switch-off');
    const other = createSimulator(createFixtureSession());
    await openLink(other, linkOf(simulator)!);
    expect(request(other)).toEqual(request(simulator));
    expect(other.viewTime.getState()).toMatchObject({ step: simulator.viewTime.getState().step });
    expect(notice(other)).toBe('');
    expect(linkOf(other)).toBe(linkOf(simulator));
  });

  it('lead to the opening and into the prologue as well', async () => {
    const simulator = await opened();
    const other = createSimulator(createFixtureSession());
    await openLink(other, linkOf(simulator)!);
    expect(other.viewTime.getState()).toMatchObject({ t: simulator.viewTime.getState().t, step: story(simulator).first - 1 });
    void execute(simulator, goToStep(3));
    for (let i = 0; i < 100 && advance(simulator, 1 / 60); i++);
    await openLink(other, linkOf(simulator)!);
    expect(other.viewTime.getState().step).toBe(3);
    expect(story(other).prologueOpen).toBe(true);
  });

  it('say so when the run is not the one that was shared', async () => {
    const simulator = await opened();
    const link = linkOf(simulator)!;
    const other = createSimulator(createFixtureSession());
    await openLink(other, link.replace(/h=[0-9a-f]+/, 'h=0123456789ab').replace('e=0.1.0', 'e=0.0.9'));
    expect(notice(other)).toMatch(/another run than the one that was shared.*engine 0\.0\.9; this is 0\.1\.0/);
    expect(selectRun(other.store.getState())).toBeDefined();
  });

  it('say what in them was not understood, and open all the same', async () => {
    const plain = '#v=1&e=0.1.0&s=subscribe-across-networks&n=1';
    for (const [link, text] of [
      [plain, ''],
      [plain.replace('0.1.0', '0.0.9'), 'The link was made with engine 0.0.9; this is 0.1.0, so its messages may be others'],
      [`${plain}&t=10044000`, 'names a moment but no message: the story stands at what was sent last before it.'],
      [`${plain}&r=72`, 'names a message but no moment, so the story stands at its beginning.'],
      [`${plain}&n=2`, 'says its seed more than once; the last one counts.'],
      [`${plain}&zoom=3`, 'also holds “zoom”, which says nothing to this page.'],
      [`${plain}&t=1&r=987654`, 'No message of this run has the number 987654, so the story stands at its beginning.'],
      [`${plain}&x=nobody.net`, 'Nobody in this run has the name “nobody.net”.'],
      [`${plain}&p=987654`, 'No message of this run has the number 987654, so none is pinned.'],
    ] as const) {
      const simulator = createSimulator(createFixtureSession());
      await openLink(simulator, link);
      if (text === '') expect(notice(simulator)).toBe('');
      else expect(notice(simulator)).toContain(text);
      expect(selectRun(simulator.store.getState())).toBeDefined();
    }
  });

  it('stand at what was sent last before a moment that names no message', async () => {
    const simulator = await opened();
    const { steps, first } = story(simulator);
    const sentAt = steps[first + 3]?.message.sentAt ?? 0;
    const last = steps.findLast(({ message }) => message.sentAt <= sentAt);
    await openLink(simulator, `#v=1&e=0.1.0&s=subscribe-across-networks&n=1&t=${sentAt}`);
    expect(simulator.viewTime.getState().step).toBe(last?.index);
  });

  it('open the first scenario with a clear message when they are bad', async () => {
    for (const [link, text] of [
      ['#v=7', 'form 7'],
      ['#hello', 'names no version'],
      ['#v=1&e=0.1.0&s=no-such-thing&n=1', 'There is no scenario “no-such-thing”.'],
      ['#v=1&e=0.1.0&s=fetch&n=1&c=%5B%7B', 'The changes are not JSON'],
    ] as const) {
      const simulator = createSimulator(createFixtureSession());
      await openLink(simulator, link);
      expect(notice(simulator)).toContain(text);
      expect(request(simulator).scenario).toBe('subscribe-across-networks');
    }
  });
});
