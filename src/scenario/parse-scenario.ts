/** The door for a scenario that comes as a file: its length, its JSON, and then the schema. */
import { tooLong } from './file-size.ts';
import { type ScenarioError, type ValidScenario, validateScenario } from './scenario.ts';

/** Reads a user's own scenario file. Never throws. */
export function parseScenario(json: string): ValidScenario | ScenarioError {
  const problem = tooLong(json);
  if (problem !== undefined) return { kind: 'scenario-error', message: problem };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { kind: 'scenario-error', message: `Not a valid scenario: not JSON (${error instanceof Error ? error.message : 'unreadable'}).` };
  }
  try {
    return validateScenario(value);
  } catch (error) {
    // Lists in lists without end exhaust the stack.
    if (error instanceof RangeError) return { kind: 'scenario-error', message: 'Not a valid scenario: it is nested too deeply to be read.' };
    throw error;
  }
}
