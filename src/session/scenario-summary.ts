/** What the page shows of a scenario before it is run. */
import type { ScenarioGroup } from '#catalog/groups.ts';
import type { ValidScenario } from '#scenario/scenario.ts';
import type { ScenarioSummary } from './port.ts';

export const summaryOf = ({ id, title, summary, sources, chapters, changes, plainRun }: ValidScenario, group: ScenarioGroup): ScenarioSummary => ({
  id,
  title,
  summary,
  group,
  sources: (sources ?? []).map(({ document, clause, checked }) => ({ document, checked, ...(clause === undefined ? {} : { clause }) })),
  chapters: (chapters ?? []).filter((chapter) => chapter.prologue !== true).map((chapter) => chapter.title),
  choices: (changes ?? []).map(({ name, title: question, values }) => ({
    name,
    title: question,
    values: values.map(({ value, title: text }) => ({ value, title: text })),
  })),
  ...(plainRun === undefined ? {} : { plainRun }),
});
