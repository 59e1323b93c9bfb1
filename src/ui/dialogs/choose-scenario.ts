/** What the list of scenarios shows: the groups that the catalog gives, with those scenarios that have every word of the search in them. */
import type { AppState } from '#store/store.ts';

type Scenario = AppState['session']['scenarios'][number];

export interface ShownGroup {
  readonly group: Scenario['group'];
  readonly scenarios: readonly Scenario[];
}

/** `TS 24.141 A.3.2.1 · RFC 3856`: a clause that nobody checked is not named. */
export const sourcesOf = ({ sources }: Scenario): string =>
  [...new Set(sources.map(({ document, clause, checked }) => (checked && clause !== undefined ? `${document} ${clause}` : document)))].join(' · ');

const textOf = (scenario: Scenario): string =>
  [scenario.title, scenario.id, scenario.summary, scenario.group.of ?? '', scenario.group.title, sourcesOf(scenario)].join('\n').toLowerCase();

export function groupsMatching(scenarios: readonly Scenario[], search: string): readonly ShownGroup[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const shown: { readonly group: Scenario['group']; readonly scenarios: Scenario[] }[] = [];
  for (const scenario of scenarios) {
    const text = textOf(scenario);
    if (!words.every((word) => text.includes(word))) continue;
    const last = shown.at(-1);
    if (last?.group.id === scenario.group.id) last.scenarios.push(scenario);
    else shown.push({ group: scenario.group, scenarios: [scenario] });
  }
  return shown;
}

/** Where an arrow leads from place `from` (-1: the search field) among `count` scenarios. */
export function placeAfter(key: string, from: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return Math.min(from + 1, count - 1);
  if (key === 'ArrowUp') return from - 1;
  if (from === -1) return undefined;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
