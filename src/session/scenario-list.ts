/** What the page shows of every scenario before it is run. */
import { CATALOG } from '#catalog/catalog.ts';
import { groupOf, inGroups } from '#catalog/groups.ts';
import type { ScenarioSummary } from './port.ts';

export const scenarioList = (): readonly ScenarioSummary[] =>
  inGroups(CATALOG).map(({ id, title, summary, sources, chapters, changes, plainRun }) => ({
    id,
    title,
    summary,
    group: groupOf(id),
    sources: (sources ?? []).map(({ document, clause, checked }) => ({ document, checked, ...(clause === undefined ? {} : { clause }) })),
    chapters: (chapters ?? []).filter((chapter) => chapter.prologue !== true).map((chapter) => chapter.title),
    choices: (changes ?? []).map(({ name, title: question, values }) => ({
      name,
      title: question,
      values: values.map(({ value, title: text }) => ({ value, title: text })),
    })),
    ...(plainRun === undefined ? {} : { plainRun }),
  }));
