import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { opponentsOf } from './counts.ts';
import { openRun, openScenario } from './runs.ts';
import { createSimulator } from './simulator.ts';
import { selectRun } from './store.ts';

describe('what the counts of a run are shown beside', () => {
  it('is the plain run of its scenario first, or that with what was left out, and then the other runs of the session', async () => {
    const session = createFixtureSession();
    const simulator = createSimulator(session);
    const scenarios = (await session.scenarios()).map((each) => ({ ...each, plainRun: { change: 'watcher', value: 'at-home', title: 'At home' } }));
    simulator.store.setState((state) => ({ session: { ...state.session, scenarios } }));
    await openScenario(simulator, 'subscribe-across-networks');
    const opponents = () => opponentsOf(simulator.store.getState().session, selectRun(simulator.store.getState())!);
    const plain = { scenario: 'subscribe-across-networks', seed: 1, changes: [{ kind: 'set', name: 'watcher', value: 'at-home' }] } as const;
    expect(opponents()).toEqual([{ id: 'plain', title: 'At home', request: plain }]);
    const away = { kind: 'do', at: 12, who: 'ue1', intent: { kind: 'deregister' } } as const;
    await openRun(simulator, { ...plain, changes: [{ kind: 'drop', record: 7 }, away] }, 'UE#1 switches off');
    expect(opponents().map(({ title }) => title)).toEqual(['At home', 'As the scenario has it (run 1)']);
    // What was done to a message is not done to another one of another run.
    expect(opponents()[0]?.request.changes).toEqual([plain.changes[0], away]);
    await openRun(simulator, plain, 'At home');
    expect(opponents().map(({ title }) => title)).toEqual(['Where the watcher is: roams in visited1.net', 'UE#1 switches off (run 2)']);
  });
});
