/** Holds a run against what its scenario expects: the ladders that the standards give, flow by flow. */
import type { SourceOfTruth, Trace } from '#trace/record.ts';
import type { NetworkPlan } from './plan.ts';
import type { Expectation, ValidScenario } from './scenario.ts';

/** Capability exchange and watchdog belong to the association, not to Cx. */
const BASE_DIAMETER = new Set(['CER', 'CEA', 'DWR', 'DWA', 'DPR', 'DPA']);

/** What a run says of the expectations of its scenario; those that are about another run are in neither list. */
export interface Judgement {
  /** One sentence for every expectation that is not met. */
  readonly broken: readonly string[];
  readonly met: readonly { readonly title: string; readonly source: SourceOfTruth }[];
}

export function judgeExpectations(scenario: ValidScenario, plan: NetworkPlan, trace: Trace): Judgement {
  const broken: string[] = [];
  const met: Judgement['met'][number][] = [];
  for (const expectation of scenario.expectations ?? []) {
    if (!applies(expectation, trace)) continue;
    const problem = problemOf(expectation, linesOf(scenario, plan, trace, expectation.chapter));
    const { title, source } = expectation;
    if (problem !== undefined) broken.push(`${title} (${sourceText(expectation)}): ${problem}`);
    else met.push({ title, source: { document: source.document, checked: source.checked, ...(source.clause === undefined ? {} : { clause: source.clause }) } });
  }
  return { broken, met };
}

/** Without `when` an expectation is about the scenario as it stands; a person who drops, asks or turns something may get another run. */
function applies(expectation: Expectation, trace: Trace): boolean {
  if (expectation.when === '*') return trace.changes.every((change) => change.kind === 'set');
  const wanted = Object.entries(expectation.when ?? {});
  const sets = trace.changes.filter((change) => change.kind === 'set');
  if (sets.length !== trace.changes.length || sets.length !== wanted.length) return false;
  return wanted.every(([name, value]) => sets.some((set) => set.name === name && set.value === value));
}

const sourceText = ({ source }: Expectation): string => (source.clause === undefined ? source.document : `${source.document} ${source.clause}`);

/** `role > role: label` of every first transmission in the chapter, in the order sent; without DNS and ESP, which carry what stands there already. */
export function linesOf(scenario: ValidScenario, plan: NetworkPlan, trace: Trace, chapter: string | undefined): readonly string[] {
  const index = scenario.chapters?.findIndex((one) => one.id === chapter) ?? -1;
  const from = trace.chapters[index]?.at ?? 0;
  const to = index < 0 ? Infinity : (trace.chapters[index + 1]?.at ?? Infinity);
  const roles = new Map<string, string>();
  for (const entity of plan.entities.values()) roles.set(entity.id, entity.scenarioRole);
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const record of trace.records) {
    if (
      record.kind !== 'message' ||
      record.at < from ||
      record.at >= to ||
      record.protocol === 'DNS' ||
      record.protocol === 'ESP' ||
      BASE_DIAMETER.has(record.label)
    )
      continue;
    // A retransmission is the same bytes between the same two; HTTP leaves those to TCP.
    const bytes = `${record.from} ${record.to} ${String.fromCharCode(...record.bytes.subarray(0, 400))}`;
    if (record.protocol !== 'HTTP' && seen.has(bytes)) continue;
    seen.add(bytes);
    lines.push(`${roles.get(record.from) ?? record.from} > ${roles.get(record.to) ?? record.to}: ${record.label}`);
  }
  return lines;
}

function problemOf(expectation: Expectation, lines: readonly string[]): string | undefined {
  for (const flow of expectation.flows) {
    let at = 0;
    for (const line of lines) if (line === flow[at]) at++;
    if (at < flow.length) return `"${flow[at] ?? ''}" is missing${at === 0 ? '' : ` after "${flow[at - 1] ?? ''}"`}.`;
  }
  if (expectation.match === 'contains') return undefined;
  const left = new Map<string, number>();
  for (const line of expectation.flows.flat()) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count === 0) return `"${line}" was not expected.`;
    left.set(line, count - 1);
  }
  return undefined;
}
