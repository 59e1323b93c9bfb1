/** How long a scenario file may be. Apart, because the page asks it before it hands a file on to the engine. */
import { inThousands } from '#base/thousands.ts';

/** Characters: many times the longest of the catalog. */
export const LONGEST_FILE = 500_000;

/** Why a text is not even read as a scenario; undefined where it is. */
export const tooLong = ({ length }: string): string | undefined =>
  length <= LONGEST_FILE
    ? undefined
    : `Not a valid scenario: the file has ${inThousands(String(length), '\u202f')} characters, and ${inThousands(String(LONGEST_FILE), '\u202f')} are read at most.`;
