/**
 * Judges from outside: programs that read what we write. A test that needs one says `describe.runIf(hasJudge('tshark'))`.
 * In CI a missing judge is an error; on a person's machine its tests are left out, and the end of `npm test` says so.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** tshark (Debian: tshark) reads captures; xmllint (Debian: libxml2-utils) validates documents against schemas. */
export type Judge = 'tshark' | 'xmllint';

/** Where the program is on the PATH, or undefined. */
function locate(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
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

/** Whether the judge can be asked here. Throws in CI when it cannot: there a judgement must not go missing silently. */
export function hasJudge(judge: Judge): boolean {
  const found = locate(judge) !== undefined;
  if (!found && process.env['CI'] === 'true') throw new Error(`${judge} is not installed: CI needs it (.ci/run installs it)`);
  return found;
}
