import { describe, expect, it } from 'vitest';
import { CATALOG, PRINCIPAL } from './catalog.ts';
import { groupOf, GROUPS, inGroups } from './groups.ts';

describe('groups of scenarios', () => {
  const listed = GROUPS.flatMap(({ scenarios }) => scenarios);

  it('hold every scenario of the catalog exactly once', () => {
    for (const { id } of CATALOG) expect(listed.filter((each) => each === id)).toEqual([id]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('name nothing that is not in the catalog', () => {
    const ids = new Set(CATALOG.map(({ id }) => id));
    expect(listed.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('have an id each, and names to tell them apart', () => {
    expect(new Set(GROUPS.map(({ id }) => id)).size).toBe(GROUPS.length);
    expect(new Set(GROUPS.map(({ title }) => title)).size).toBe(GROUPS.length);
  });

  it('put the scenarios in order, the principal one first and strangers last', () => {
    const ordered = inGroups([{ id: 'somebody-elses' }, ...CATALOG]);
    expect(ordered[0]?.id).toBe(PRINCIPAL);
    expect(ordered.at(-1)?.id).toBe('somebody-elses');
    const groups = ordered.map(({ id }) => groupOf(id).id);
    expect(groups.filter((id, i) => id !== groups[i - 1])).toEqual([
      ...GROUPS.filter(({ scenarios }) => CATALOG.some(({ id }) => scenarios.includes(id))).map(({ id }) => id),
      'others',
    ]);
    expect(groupOf('resolve-tel')).toEqual({ id: 'resolution', of: 'Watcher Presence Proxy', title: 'Address resolution' });
  });
});
