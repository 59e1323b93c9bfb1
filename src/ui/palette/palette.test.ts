import { describe, expect, it } from 'vitest';
import { openScenario } from '#store/runs.ts';
import { createSimulator } from '#store/simulator.ts';
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
});
