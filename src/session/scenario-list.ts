/** What the page shows of every scenario before it is run. */
import { CATALOG } from '#catalog/catalog.ts';
import { groupOf, inGroups } from '#catalog/groups.ts';
import type { ScenarioSummary } from './port.ts';
import { summaryOf } from './scenario-summary.ts';

export const scenarioList = (): readonly ScenarioSummary[] => inGroups(CATALOG).map((scenario) => summaryOf(scenario, groupOf(scenario.id)));
