import { describe, expect, it } from 'vitest';
import { openScenario } from '#store/runs.ts';
import { actsHere } from '#store/acts-here.ts';
import { standAtStep } from '#store/playback.ts';
import { createSimulator, storyOf } from '#store/simulator.ts';
import { datagramActs } from '#store/what-if.ts';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { entriesOf, matching } from './palette.ts';

describe('the palette', () => {
  it('finds commands, what can be done, entities and scenarios by their words, the best first', async () => {
    const session = createFixtureSession();
    const simulator = createSimulator(session);
    await openScenario(simulator, 'subscribe-across-networks');
    const scenarios = await session.scenarios();
    simulator.store.setState((state) => ({ session: { ...state.session, scenarios } }));
    const entries = entriesOf(simulator);
    expect(new Set(entries.map(({ group }) => group))).toEqual(new Set(['Commands', 'What if, at this moment', 'Entities', 'Scenarios']));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(matching(entries, '')).toEqual(entries);
    expect(matching(entries, 'PRICE')[0]).toMatchObject({ group: 'Commands', aside: 'M' });
    expect(matching(entries, 'ps')[0]).toMatchObject({ group: 'Entities', text: 'PS' });
    expect(matching(entries, 'what if switch')[0]?.text).toMatch(/^Switch the presentity/);
    expect(matching(entries, 'two across networks').some(({ group }) => group === 'Scenarios')).toBe(true);
    expect(matching(entries, 'counts')[0]?.aside).toBe('N');
    expect(matching(entries, 'coverage')[0]?.aside).toBe('C');
    // As the buttons have it, and by what else people call them.
    expect(matching(entries, 'share')[0]?.text).toBe('Share');
    expect(matching(entries, 'copy link').map(({ text }) => text)).toContain('Share');
    expect(matching(entries, 'export').map(({ text }) => text)).toEqual([
      'Export: Capture',
      'Export: Ladder',
      'Export: Mermaid',
      'Export: PlantUML',
      'Export: Trace',
      'Export: Run',
    ]);
    expect(matching(entries, 'wireshark')[0]?.text).toBe('Export: Capture');
    expect(matching(entries, 'no such thing at all')).toEqual([]);
  });

  it('finds everything that What if offers where the reader stands', async () => {
    const simulator = createSimulator(createFixtureSession());
    await openScenario(simulator, 'subscribe-across-networks');
    standAtStep(simulator, storyOf(simulator)!.first);
    simulator.store.setState((state) => ({ selection: { ...state.selection, entity: 'ue1' } }));
    const entries = entriesOf(simulator);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const first = (sought: string): string | undefined => matching(entries, sought)[0]?.text;
    expect(first('drop')).toBe('Drop this message');
    expect(matching(entries, 'drop')[0]?.aside).toBe('SUBSCRIBE, UE#1 → P-CSCF#1');
    expect(first('cut')).toBe('Cut the link between UE#1 and P-CSCF#1');
    expect(first('vanish')).toMatch(/^Let UE#1 vanish/);
    expect(first('edit')).toMatch(/^Edit this message/);
    const here = actsHere(simulator)!;
    const offered = [...here.ofPeople, ...here.ofEntity, ...here.ofMessage, here.ofLink!];
    for (const { label } of offered) expect(first(label)).toBe(label);
    // A datagram can come late, or twice.
    const datagram = storyOf(simulator)!.steps.find(
      ({ message, index }) => index > 0 && datagramActs(storyOf(simulator)!, index).length > 0 && message.arrivedAt !== undefined,
    );
    standAtStep(simulator, datagram!.index);
    expect(matching(entriesOf(simulator), 'delay')[0]?.text).toMatch(/^Delay this message/);
  });
});
