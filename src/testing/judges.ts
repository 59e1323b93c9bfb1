/**
 * Judges from outside: programs that read what we write. A test that needs one says `describe.runIf(hasJudge('tshark'))` (or `it.runIf`).
 * In CI a missing judge is an error; on a person's machine its tests are left out, and the end of `npm test` says so.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** tshark (Debian: tshark) reads captures; xmllint (Debian: libxml2-utils) validates documents against `schemas`, a folder beside the repository. */
export type Judge = 'tshark' | 'xmllint' | 'schemas';

/** The published schemas: they are not ours to ship, so they lie beside the repository. */
export const SCHEMAS = resolve(import.meta.dirname, '../../../shared/schemas');

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the program is on the PATH, or undefined. */
function locate(program: string, environment: Environment): string | undefined {
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Whether the judge can be asked here. In CI a judgement must not go missing silently: there it throws when it cannot. Elsewhere it says so, and the tests
 * that need the judge are left out.
 */
export function hasJudge(judge: Judge, environment: Environment = process.env, say = (text: string): unknown => process.stderr.write(text)): boolean {
  const found = judge === 'schemas' ? existsSync(SCHEMAS) : locate(judge, environment) !== undefined;
  if (found) return true;
  const lack = judge === 'schemas' ? `there is no folder ${SCHEMAS}` : `${judge} is not installed`;
  if ((environment['CI'] ?? '') !== '') throw new Error(`${lack}: CI needs it (.ci/run installs the programs)`);
  say(`Left out, because ${lack}: the tests that need it.\n`);
  return false;
}
