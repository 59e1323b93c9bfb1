import { describe, expect, it } from 'vitest';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { groupsMatching, placeAfter } from './choose-scenario.ts';

const some = (await createFixtureSession().scenarios()).map((scenario, i) => ({
  ...scenario,
  group: i < 2 ? scenario.group : { id: 'resolution', of: 'Watcher Presence Proxy', title: 'Address resolution' },
}));
const idsOf = (search: string) => groupsMatching(some, search).map(({ group, scenarios }) => [group.id, ...scenarios.map(({ id }) => id)]);

describe('the list of scenarios', () => {
  it('shows group after group', () => {
    expect(idsOf('')).toEqual([
      ['service', some[0]?.id, 'registration'],
      ['resolution', 'publish', 'fetch'],
    ]);
  });

  it('finds every word of the search in title, id, summary, group and sources', () => {
    expect(idsOf('  FETCH ')).toEqual([['resolution', 'fetch']]);
    expect(idsOf('scenario publish sentence')).toEqual([['resolution', 'publish']]);
    expect(idsOf('watcher presence proxy')).toEqual([['resolution', 'publish', 'fetch']]);
    expect(idsOf(some[0]?.sources[0]?.document ?? '?')).toHaveLength(2);
    expect(idsOf('nothing of the kind')).toEqual([]);
  });

  it('moves by arrows, from the search field and back to it', () => {
    expect(placeAfter('ArrowDown', -1, 3)).toBe(0);
    expect(placeAfter('ArrowDown', 2, 3)).toBe(2);
    expect(placeAfter('ArrowUp', 0, 3)).toBe(-1);
    expect(placeAfter('End', 0, 3)).toBe(2);
    expect(placeAfter('Home', 2, 3)).toBe(0);
    // In the field they move the cursor.
    expect(placeAfter('End', -1, 3)).toBeUndefined();
    expect(placeAfter('ArrowDown', -1, 0)).toBeUndefined();
    expect(placeAfter('x', 1, 3)).toBeUndefined();
  });
});
