/** What a person changed: named changes are patches to the scenario, applied before anything runs. */
import type { Json } from '#base/machine.ts';
import { quoted } from '#base/quoted.ts';
import type { Change } from '#trace/record.ts';
import { type ScenarioError, validateScenario, type ValidScenario } from './scenario.ts';

/** The scenario as the `set` changes leave it, or why one of them cannot be made. Their patches go in the order in which the scenario lists the changes. */
export function applyNamedChanges(scenario: ValidScenario, changes: readonly Change[]): ValidScenario | ScenarioError {
  const sets = changes.filter((change) => change.kind === 'set');
  if (sets.length === 0) return scenario;
  const listed = scenario.changes ?? [];
  const stray = sets.find(({ name }) => !listed.some((change) => change.name === name));
  if (stray !== undefined) {
    const known = listed.map((change) => change.name).join(', ');
    return {
      kind: 'scenario-error',
      message: `The scenario ${scenario.id} has no change named ${quoted(stray.name)}${known === '' ? '' : `; it has: ${known}`}.`,
    };
  }
  const draft = copyOf(scenario as unknown as Json) as { [key: string]: Json };
  for (const { name, values } of listed) {
    for (const { value } of sets.filter((change) => change.name === name)) {
      const chosen = values.find((one) => one.value === value);
      if (chosen === undefined)
        return { kind: 'scenario-error', message: `The change ${name} takes ${values.map((one) => one.value).join(' or ')}, not ${quoted(value)}.` };
      for (const patch of chosen.patches) {
        // The value is the scenario's own: a later patch may lead into it.
        const obstacle = applyPatch(draft, patch.path, copyOf(patch.value));
        if (obstacle !== undefined) return { kind: 'scenario-error', message: `The change ${name}=${value} cannot be made: ${obstacle}.` };
      }
    }
  }
  return validateScenario(draft);
}

const copyOf = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

const isContainer = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null;

/** RFC 6901; objects that are missing on the way are made. Returns why the path leads nowhere, if it does. */
function applyPatch(document: { [key: string]: Json }, path: string, value: Json): string | undefined {
  const steps = path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  if ([...steps, last].some((step) => step === '__proto__' || step === 'constructor' || step === 'prototype')) return `${path} is no path of a scenario`;
  let here = document;
  for (const step of steps) {
    const next = here[step];
    if (next === undefined) here[step] = {};
    else if (!isContainer(next)) return `${path} leads through something that is not an object`;
    here = here[step] as { [key: string]: Json };
  }
  here[last] = value;
  return undefined;
}
