/** What the file of a run is called. */
import type { Trace } from '#trace/record.ts';

const DIGITS = 8;

/** A changed run is told from the plain one, and from others, by the first digits of its hash. */
export const fileNameOf = ({ scenario, seed, changes }: Pick<Trace, 'scenario' | 'seed' | 'changes'>, hash: string, ending: string): string =>
  `${scenario}-seed-${seed}${changes.length === 0 ? '' : `-changed-${hash.slice(0, DIGITS)}`}.${ending}`;
