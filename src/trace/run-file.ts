/**
 * A run as a file: the scenario and what was changed, of any length, from which the same run is computed again. Where somebody brings a whole trace (`json.ts`), what makes the run is taken from it.
 * Left out: the messages themselves.
 */
import { changesInJson } from './parse-changes.ts';
import { integer, members, PathError, text } from './read-json.ts';
import type { Change, Trace } from './record.ts';

export interface RunFile {
  readonly engine: string;
  readonly scenario: string;
  readonly seed: number;
  readonly changes: readonly Change[];
  /** Of the records that the engine computed. */
  readonly hash: string;
}

export const formatRunFile = ({ engine, scenario, seed, changes }: Pick<Trace, 'engine' | 'scenario' | 'seed' | 'changes'>, hash: string): string =>
  `${JSON.stringify({ engine, scenario, seed, changes, hash } satisfies RunFile, undefined, 2)}\n`;

/** The run that a file names, or why it names none in a sentence. Never throws. */
export function parseRunFile(given: string): RunFile | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    return { problem: 'It is not JSON.' };
  }
  try {
    const { engine, scenario, seed, changes, hash } = members(value, 'the file');
    return {
      engine: text(engine, 'engine'),
      scenario: text(scenario, 'scenario'),
      seed: integer(0)(seed, 'seed'),
      changes: changesInJson(changes, 'changes'),
      hash: text(hash, 'hash'),
    };
  } catch (error) {
    if (error instanceof PathError) return { problem: `It is no run that this page has saved: ${error.message}.` };
    throw error;
  }
}
