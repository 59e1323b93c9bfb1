/** What two runs took, row by row: every link, border, protocol and kind of message that either of them has. Pure. */
import type { Amount, LinkTraffic, Traffic } from './traffic.ts';

export type CountGroup = 'Kinds' | 'Links' | 'Borders' | 'Protocols' | 'In all';

export interface CountRow {
  readonly group: CountGroup;
  readonly name: string;
  readonly mine: Amount;
  /** Undefined where there is no other run. */
  readonly theirs: Amount | undefined;
}

const NOTHING: Amount = { messages: 0, bytes: 0 };

/** The rows of the first in front, in its order; what only the other has follows, group by group. */
export function sideBySide(one: Traffic, other: Traffic | undefined, nameOfLink: (link: LinkTraffic) => string): readonly CountRow[] {
  const rows: CountRow[] = [];
  const both = <T extends Amount>(group: CountGroup, mine: readonly T[], theirs: readonly T[] | undefined, nameOf: (each: T) => string): void => {
    const others = new Map(theirs?.map((each) => [nameOf(each), each]));
    for (const each of mine) {
      const name = nameOf(each);
      rows.push({ group, name, mine: each, theirs: theirs === undefined ? undefined : (others.get(name) ?? NOTHING) });
      others.delete(name);
    }
    for (const [name, amount] of others) rows.push({ group, name, mine: NOTHING, theirs: amount });
  };
  both('Kinds', one.kinds, other?.kinds, ({ kind }) => kind);
  both('Links', one.links, other?.links, nameOfLink);
  both('Borders', one.borders, other?.borders, ({ networks }) => networks.join(' | '));
  both('Protocols', one.protocols, other?.protocols, ({ protocol }) => protocol);
  rows.push({ group: 'In all', name: '', mine: one.total, theirs: other?.total });
  return rows;
}
