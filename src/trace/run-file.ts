/**
 * A run as a file: the scenario and what was changed, of any length, from which the same run is computed again. Where somebody brings a whole trace (`json.ts`), what makes the run is taken from it.
 * A scenario of somebody's own stands in it whole (`file`), as in no link. Both the page and the command line open it. Left out: the messages themselves.
 */
import { shortened } from '#base/quoted.ts';
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
  /** The scenario as JSON, where it is none of the catalog. */
  readonly own?: string;
  /** Where the file is a whole trace: what its scenario is called. A trace never holds its scenario. */
  readonly traceOf?: string;
}

export const formatRunFile = (
  { engine, scenario, seed, changes }: Pick<Trace, 'engine' | 'scenario' | 'seed' | 'changes'>,
  hash: string,
  own?: string,
): string => `${JSON.stringify({ engine, scenario, seed, changes, hash, ...(own === undefined ? {} : { file: JSON.parse(own) as unknown }) }, undefined, 2)}\n`;

/** Why a file names no run; `meant` where it was to name one all the same. */
export interface NoRunFile {
  readonly problem: string;
  readonly meant: boolean;
}

/** The run that a file names, or why it names none in a sentence. Never throws. */
export function parseRunFile(given: string): RunFile | NoRunFile {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    return { problem: 'It is not JSON.', meant: false };
  }
  let meant = false;
  try {
    const { format, engine, scenario, seed, changes, hash, file, records, title } = members(value, 'the file');
    if (format !== undefined) return { problem: 'It is a scenario file, not a saved run.', meant };
    meant = scenario !== undefined;
    return {
      engine: text(engine, 'engine'),
      scenario: text(scenario, 'scenario'),
      seed: integer(0)(seed, 'seed'),
      changes: changesInJson(changes, 'changes'),
      hash: text(hash, 'hash'),
      ...(file === undefined ? {} : { own: JSON.stringify(file) }),
      ...(records === undefined ? {} : { traceOf: text(title, 'title') }),
    };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'It is no saved run: it is nested too deeply to be read.', meant };
    if (error instanceof PathError) return { problem: `It is no saved run: ${error.message}.`, meant };
    throw error;
  }
}

const INSTEAD = 'Open the scenario file itself, or what Export > Run has saved of it.';

/** What is said where the scenario of a file is none of the catalog, and the file does not hold it. */
export const notHeld = ({ scenario, traceOf }: RunFile): string =>
  traceOf === undefined
    ? `There is no scenario “${shortened(scenario)}” in the catalog, and the file does not hold it. ${INSTEAD}`
    : `It is the trace of a scenario of somebody’s own, “${shortened(traceOf)}”: a trace holds the messages of a run, and not the scenario that they come from. ${INSTEAD}`;

/** What is said where a file gives another run than the one that was saved. `computed`: the run that it gives. */
export function unlikeSaved({ engine, scenario, own, traceOf }: RunFile, computed: Pick<Trace, 'engine' | 'title'>): string {
  const other = 'This is another run than the one that was saved';
  if (traceOf !== undefined && own === undefined && traceOf !== computed.title)
    return `${other}: the file is the trace of a scenario of somebody’s own, “${shortened(traceOf)}”, and this is the one that is called ${shortened(scenario)} in the catalog. ${INSTEAD}`;
  if (engine !== computed.engine) return `${other}: it was computed by engine ${shortened(engine)}, and ${computed.engine} gives other messages.`;
  const changed = `${other}: the messages that engine ${computed.engine} computes are others now`;
  return traceOf === undefined || own !== undefined
    ? `${changed}.`
    : `${changed}, or the file is the trace of a scenario of somebody’s own with the name of one of the catalog. ${INSTEAD}`;
}
