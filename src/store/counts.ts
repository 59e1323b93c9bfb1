/** What the counts of a run can be shown beside: the plain run of its scenario, or another run of this session. */
import type { RunRequest, ScenarioSummary } from '#session/port.ts';
import type { Change } from '#trace/record.ts';
import { isSameRequest, ORIGINAL_NAME } from './runs.ts';
import type { Run, SessionSlice } from './store.ts';

export interface Opponent {
  readonly id: string;
  readonly title: string;
  readonly request: RunRequest;
}

/** The plain run first. */
export function opponentsOf({ runs, scenarios }: Pick<SessionSlice, 'runs' | 'scenarios'>, run: Run): readonly Opponent[] {
  const scenario = scenarios.find(({ id }) => id === run.request.scenario);
  const plain = scenario === undefined ? undefined : counterpartOf(scenario, run.request);
  const others = runs.flatMap((other): Opponent[] => {
    if (other.id === run.id || (plain !== undefined && isSameRequest(other.request, plain.request))) return [];
    const title =
      other.request.scenario === run.request.scenario ? other.name : `${other.story.trace.title}${other.name === ORIGINAL_NAME ? '' : `: ${other.name}`}`;
    return [{ id: `run ${other.id}`, title: `${title} (run ${runs.indexOf(other) + 1})`, request: other.request }];
  });
  return plain === undefined ? others : [plain, ...others];
}

/** The same story without what the scenario is about; where that is what is shown, the story with it. What was done to single messages belongs to one run only. */
function counterpartOf({ plainRun, choices }: ScenarioSummary, request: RunRequest): Opponent | undefined {
  if (plainRun === undefined) return undefined;
  const { changes } = request;
  const isPlain = (each: Change): boolean => each.kind === 'set' && each.name === plainRun.change && each.value === plainRun.value;
  const kept = changes.filter((each) => each.kind === 'do' || (each.kind === 'set' && each.name !== plainRun.change));
  if (!changes.some(isPlain)) {
    const turned: Change = { kind: 'set', name: plainRun.change, value: plainRun.value };
    return { id: 'plain', title: plainRun.title, request: { ...request, changes: [turned, ...kept] } };
  }
  const choice = choices.find(({ name }) => name === plainRun.change);
  const usual = choice?.values[0]?.title;
  return { id: 'plain', title: usual === undefined ? ORIGINAL_NAME : `${choice?.title ?? ''}: ${usual}`, request: { ...request, changes: kept } };
}
